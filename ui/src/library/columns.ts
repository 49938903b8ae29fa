import { m } from '../i18n/messages';
import type { ReportSort } from '../protocol/protocol';

export type ColumnId =
  | 'title'
  | 'place'
  | 'organisation'
  | 'published'
  | 'source'
  | 'script'
  | 'characters'
  | 'passages'
  | 'problems';

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
}

export const COLUMNS: readonly Column[] = [
  { id: 'title', label: () => m.column_title(), sort: 'title', width: 20, grow: 7, yields: 0 },
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
    id: 'published',
    label: () => m.column_published(),
    sort: 'published',
    width: 7,
    grow: 0,
    yields: 0,
  },
  { id: 'source', label: () => m.column_source(), sort: 'source', width: 6.5, grow: 1, yields: 5 },
  { id: 'script', label: () => m.column_script(), sort: null, width: 2.5, grow: 0, yields: 4 },
  {
    id: 'characters',
    label: () => m.column_characters(),
    sort: 'characters',
    width: 4.5,
    grow: 0,
    yields: 3,
    number: true,
  },
  {
    id: 'passages',
    label: () => m.column_passages(),
    sort: 'passages',
    width: 5.5,
    grow: 0,
    yields: 1,
  },
  { id: 'problems', label: () => m.column_problems(), sort: null, width: 3.5, grow: 0, yields: 2 },
];

const GAP = 0.75;

/** The columns that fit into a width in rem, those that yield last kept longest. */
export function fitting(columns: readonly Column[], width: number): Column[] {
  const kept = [...columns];
  const needed = () => kept.reduce((sum, column) => sum + column.width + GAP, GAP);
  while (needed() > width) {
    const next = kept.filter(({ yields }) => yields > 0).sort((a, b) => b.yields - a.yields)[0];
    if (!next) break;
    kept.splice(kept.indexOf(next), 1);
  }
  return kept;
}

/** The columns as a grid's template. */
export function template(columns: readonly Column[]): string {
  return columns
    .map(({ width, grow }) => (grow > 0 ? `minmax(${width}rem, ${grow}fr)` : `${width}rem`))
    .join(' ');
}
