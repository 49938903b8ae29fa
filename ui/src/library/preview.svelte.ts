// What is shown of the report under the cursor.
import type { ReportPreview, ReportView } from '../protocol/protocol';
import type { App } from '../state/app.svelte';
import { codePoint, span } from '../text/offsets';
import { ReadingText, type OutlineEntry } from '../text/reading';

/** Milliseconds that one rests on a report before its whole text is fetched. */
const REST = 150;
/** Blocks that are shown of a text: a first look is no reading. */
const BLOCKS = 80;

export interface Piece {
  kind: string;
  level: number;
  text: string;
}

/** A text as far as it is looked at. */
export interface TextBeginning {
  revision: string;
  outline: readonly OutlineEntry[];
  pieces: readonly Piece[];
  /** Whether the text goes on. */
  more: boolean;
  encoding: string | null;
}

function beginning(view: ReportView): TextBeginning {
  const text = ReadingText.of(view);
  const below = text.blocks.filter(({ kind }) => kind !== 'title');
  return {
    revision: view.revision,
    outline: text.outline().filter(({ level }) => level > 0),
    pieces: below.slice(0, BLOCKS).map(({ kind, level = 1, start, end }) => ({
      kind,
      level,
      text: text.slice(span(codePoint(start), codePoint(end))),
    })),
    more: below.length > BLOCKS,
    encoding: view.encoding,
  };
}

/**
 * Follows the cursor: the card of a report at once, its text where one rests. While one report is
 * being fetched, those that are passed over are not asked for.
 */
export class PreviewState {
  readonly #app: App;
  /** The report to be shown. */
  #wanted: string | null = null;
  #fetching = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  card = $state.raw<ReportPreview | null>(null);
  text = $state.raw<TextBeginning | null>(null);

  constructor(app: App) {
    this.#app = app;
  }

  /** Shows a report, also one that is shown already and has changed. */
  show(id: string | null): void {
    if (id !== this.#wanted) this.text = null;
    this.#wanted = id;
    clearTimeout(this.#timer);
    if (id === null) {
      this.card = null;
      return;
    }
    if (!this.#fetching) void this.#fetch(id);
  }

  async #fetch(id: string): Promise<void> {
    this.#fetching = true;
    try {
      const card = await this.#app.platform.call('report_preview', { id });
      if (this.#wanted === id) this.card = card;
    } catch {
      // A report that has just been deleted: the list will go on to another one.
      if (this.#wanted === id) this.card = null;
    } finally {
      this.#fetching = false;
    }
    if (this.#wanted === id) this.#timer = setTimeout(() => void this.#read(id), REST);
    else if (this.#wanted !== null) void this.#fetch(this.#wanted);
  }

  async #read(id: string): Promise<void> {
    const view = await this.#app.platform.call('report', { id }).catch(() => null);
    if (view && this.#wanted === id) this.text = beginning(view);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#wanted = null;
  }
}
