// A file of an import as the sheet shows it.
import type { ImportItem } from '../protocol/protocol';

/** Where a file stands: the first kinds before the import, the last ones after it. */
export type ItemState =
  | 'new'
  | 'near'
  | 'changed'
  | 'duplicate'
  | 'password'
  | 'mapping'
  | 'refused'
  | 'failed'
  | 'imported'
  | 'version'
  | 'skipped';

export interface Item extends Omit<ImportItem, 'outcome' | 'problems'> {
  state: ItemState;
  /** The file, and what of it where it is packed. */
  file: string;
  inside: string | null;
  /** Each once, with how often. */
  problems: { code: string; count: number }[];
}

const TABLES: ReadonlySet<string | null> = new Set(['csv', 'spreadsheet']);
const ASIDE: ReadonlySet<string> = new Set(['duplicate', 'skipped', 'failed']);
const PASSWORD = new Set(['password_needed', 'password_wrong']);

function stateOf({ path, outcome, error, format }: ImportItem, imported: boolean): ItemState {
  if (error && PASSWORD.has(error.code)) return 'password';
  if (imported) return outcome;
  // A table may be one report, but most are lists of reports; its rows are items of their own.
  if (TABLES.has(format) && !path.includes('!/') && !ASIDE.has(outcome)) return 'mapping';
  if (outcome === 'imported') return 'new';
  return outcome === 'version' ? 'changed' : outcome;
}

/** What was refused as no report, and can be one all the same where the user says so. */
const PAGES = new Set(['list_page', 'error_page', 'check_page', 'part_of_page', 'no_text']);

/** Whether a file was refused only for what it seems to be. */
export function isRefusedPage({ state, error }: Pick<Item, 'state' | 'error'>): boolean {
  return state === 'refused' && error !== null && PAGES.has(error.code);
}

/** A row of a job: of one that only reads, or of one that imported. */
export function itemOf(row: ImportItem, imported: boolean): Item {
  const { outcome: _, problems, ...rest } = row;
  const [file = '', ...inside] = row.path.split('!/');
  const counts = new Map<string, number>();
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1);
  return {
    ...rest,
    state: stateOf(row, imported),
    file,
    inside: inside.length > 0 ? inside.join(' › ') : null,
    problems: [...counts].map(([code, count]) => ({ code, count })),
  };
}

/** What a file is called where it has no title. */
export function nameOf({ file, inside }: Item): string {
  return (inside ?? file).replace(/[/\\]+$/, '').replace(/^.*[/\\]/, '');
}
