// The columns of the library's list: which are shown, in what order, how wide.
import { m } from '../i18n/messages';
import type { ReportSort } from '../protocol/protocol';

export type ColumnId =
  | 'title'
  | 'place'
  | 'organisation'
  | 'authors'
  | 'published'
  | 'source'
  | 'script'
  | 'characters'
  | 'passages'
  | 'problems'
  | 'imported';

export interface Column {
  id: ColumnId;
  label: () => string;
  sort: ReportSort | null;
  /** Narrowest width in rem, and share of what is left. */
  width: number;
  grow: number;
  /** The larger, the earlier it gives way in a narrow window; 0 never. */
  yields: number;
  number?: boolean;
  /** Not shown until it is asked for. */
  extra?: boolean;
}

export const COLUMNS: readonly Column[] = [
  { id: 'title', label: () => m.column_title(), sort: 'title', width: 16, grow: 7, yields: 0 },
  { id: 'place', label: () => m.column_place(), sort: 'place', width: 7, grow: 1, yields: 2 },
  {
    id: 'organisation',
    label: () => m.column_organisation(),
    sort: 'organisation',
    width: 9,
    grow: 1.5,
    yields: 6,
  },
  {
    id: 'authors',
    label: () => m.column_authors(),
    sort: 'authors',
    width: 6,
    grow: 0.5,
    yields: 7,
    extra: true,
  },
  {
    id: 'published',
    label: () => m.column_published(),
    sort: 'published',
    width: 7.25,
    grow: 0,
    yields: 0,
  },
  { id: 'source', label: () => m.column_source(), sort: 'source', width: 6.5, grow: 1, yields: 5 },
  { id: 'script', label: () => m.column_script(), sort: null, width: 3.25, grow: 0, yields: 4 },
  {
    id: 'characters',
    label: () => m.column_characters(),
    sort: 'characters',
    width: 4.75,
    grow: 0,
    yields: 3,
    number: true,
  },
  {
    id: 'passages',
    label: () => m.column_passages(),
    sort: 'passages',
    width: 5.75,
    grow: 0,
    yields: 1,
  },
  { id: 'problems', label: () => m.column_problems(), sort: null, width: 3.75, grow: 0, yields: 2 },
  {
    id: 'imported',
    label: () => m.column_imported(),
    sort: 'imported',
    width: 8.5,
    grow: 0,
    yields: 7,
    extra: true,
  },
];

/** The columns as they are shown at first. */
export const FIRST_SHOWN: readonly string[] = COLUMNS.filter(({ extra }) => !extra).map(
  ({ id }) => id,
);

/** Widths that the user has set, in rem; 0 is as at first. */
export type Widths = Partial<Record<ColumnId, number>>;

const GAP = 0.75;
const NARROWEST = 2.5;
const WIDEST = 40;

/** The columns to show, in the user's order; the title is always among them. */
export function arranged(shown: readonly string[]): Column[] {
  const ids = shown.includes('title') ? shown : ['title', ...shown];
  return ids.flatMap((id) => COLUMNS.filter((column) => column.id === id));
}

/** A width that a column may have. */
export function boundedWidth(rem: number): number {
  return Math.round(Math.max(NARROWEST, Math.min(WIDEST, rem)) * 100) / 100;
}

const leastWidth = (column: Column, widths: Widths) =>
  column.id === 'title' ? column.width : widths[column.id] || column.width;

/** The columns that fit into a width in rem, those that yield last kept longest. */
export function fitting(columns: readonly Column[], width: number, widths: Widths = {}): Column[] {
  const kept = [...columns];
  const needed = () => kept.reduce((sum, column) => sum + leastWidth(column, widths) + GAP, GAP);
  while (needed() > width) {
    const next = kept.filter(({ yields }) => yields > 0).sort((a, b) => b.yields - a.yields)[0];
    if (!next) break;
    kept.splice(kept.indexOf(next), 1);
  }
  return kept;
}

/** The columns as a grid's template. The title takes what the others leave. */
export function template(columns: readonly Column[], widths: Widths = {}): string {
  return columns
    .map(({ id, width, grow }) => {
      if (id === 'title') return `minmax(${width / 2}rem, ${grow}fr)`;
      const set = widths[id];
      if (set) return `${set}rem`;
      return grow > 0 ? `minmax(${width}rem, ${grow}fr)` : `${width}rem`;
    })
    .join(' ');
}

/** The order with one column moved by so many places. */
export function moved(shown: readonly string[], id: string, by: number): string[] {
  const from = shown.indexOf(id);
  const to = Math.max(0, Math.min(shown.length - 1, from + by));
  if (from < 0 || to === from) return [...shown];
  const next = shown.filter((other) => other !== id);
  next.splice(to, 0, id);
  return next;
}
