// The one seam between the page and everything outside it.
import type {
  CommandError,
  Commands,
  ErrorCode,
  Events,
  Metadata,
  Question,
  ReportFilter,
} from '../protocol/protocol';

/** A point of the page, in its own pixels. */
export interface Point {
  x: number;
  y: number;
}

/** Files dragged over or dropped on the window; `at` is where, as far as the system tells. */
export type FileDrop =
  | { phase: 'over'; at?: Point }
  | { phase: 'leave' }
  /** Absolute paths, in the order of the system. */
  | { phase: 'drop'; paths: string[]; at?: Point };

export type Unsubscribe = () => void;

export interface Platform {
  /** Runs a command of the archive. Rejects with a {@link CommandFailure} and nothing else. */
  call<K extends keyof Commands>(name: K, request: Commands[K][0]): Promise<Commands[K][1]>;
  /** Hears of an event until the returned function is called. */
  on<K extends keyof Events>(event: K, handler: (payload: Events[K]) => void): Unsubscribe;
  /** Hears of files dragged over the window until the returned function is called. */
  onFileDrop(handler: (drop: FileDrop) => void): Unsubscribe;
  /** Shows the whole page larger or smaller: 1 is its own size. */
  zoom(factor: number): void;
}

/** The request of commands that need none. */
export const NOTHING: Commands['session'][0] = {};

/** What is known of a report of which nothing is known. */
export function noMetadata(): Metadata {
  return {
    title: null,
    published: null,
    authors: [],
    source: null,
    editor: null,
    place: null,
    organisation: null,
    script: null,
    language: null,
    delivered: null,
    period: null,
    kind: null,
    level: null,
    address: null,
  };
}

/** The filter that lets every report through. */
export function emptyFilter(): ReportFilter {
  return {
    text: '',
    places: [],
    organisations: [],
    sources: [],
    years: [],
    scripts: [],
    tags: [],
    collections: [],
    problems: [],
    memo: null,
    passages: null,
    exclude: {
      places: [],
      organisations: [],
      sources: [],
      years: [],
      scripts: [],
      tags: [],
      collections: [],
      problems: [],
    },
  };
}

/** The question that asks nothing. */
export function emptyQuestion(): Question {
  return { query: '', within: [], filter: emptyFilter(), relaxed: false };
}

/** A {@link CommandError} as an exception. */
export class CommandFailure extends Error implements CommandError {
  readonly code: ErrorCode;
  readonly hints: string[];

  constructor(error: CommandError) {
    super(error.message);
    this.name = 'CommandFailure';
    this.code = error.code;
    this.hints = error.hints;
  }
}

const CODES: ReadonlySet<string> = new Set<ErrorCode>([
  'bad_request',
  'no_archive',
  'not_found',
  'missing',
  'conflict',
  'not_an_archive',
  'newer_archive',
  'damaged_archive',
  'locked',
  'unreadable',
  'unwritable',
  'unsupported_format',
  'disk_full',
  'missing_font',
  'missing_program',
  'program_failed',
  'cancelled',
  'internal',
  'password_needed',
  'password_wrong',
  'damaged_file',
  'too_large',
  'empty_file',
  'list_page',
  'error_page',
  'check_page',
  'no_text',
  'data_file',
]);

/**
 * Makes a failure of anything that was thrown. The shell itself refuses calls with a plain string
 * (a command without permission, arguments of the wrong form), the archive with a `CommandError`.
 */
export function toFailure(thrown: unknown): CommandFailure {
  if (thrown instanceof CommandFailure) return thrown;
  if (thrown instanceof Error) {
    return new CommandFailure({ code: 'internal', message: thrown.message, hints: [] });
  }
  if (typeof thrown === 'object' && thrown !== null) {
    const { code, message, hints } = thrown as Partial<CommandError>;
    return new CommandFailure({
      code: code !== undefined && CODES.has(code) ? code : 'internal',
      message: typeof message === 'string' ? message : JSON.stringify(thrown),
      hints: Array.isArray(hints) ? hints.filter((hint) => typeof hint === 'string') : [],
    });
  }
  return new CommandFailure({ code: 'internal', message: String(thrown), hints: [] });
}
