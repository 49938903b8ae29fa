// What an edit of many reports at once does to each field, and what the reports have in it now.
import type { Metadata, Period, SetMetadataRequest } from '../protocol/protocol';
import { isoDate } from './dates';

export const FIELDS = [
  'title',
  'delivered',
  'published',
  'period',
  'place',
  'organisation',
  'source',
  'authors',
  'editor',
  'kind',
  'level',
  'address',
] as const;
export type Field = (typeof FIELDS)[number];

/** The kinds of reports that are told apart, and the levels of those who report. */
export const KINDS = [
  'work_report',
  'summary',
  'multi_year',
  'plan',
  'interview',
  'news',
  'speech',
  'law',
  'notice',
  'statistics',
  'article',
  'other',
] as const;
export const LEVELS = ['national', 'province', 'prefecture', 'county', 'township'] as const;

/** The years that a report covers, as they are written: 2021, 2016-2020. */
export const writtenPeriod = (period: Period | null): string =>
  period === null
    ? ''
    : period.from === period.to
      ? `${period.from}`
      : `${period.from}-${period.to}`;

/** Years as they are written; null, where they are none. */
export function periodOf(text: string): Period | null {
  const years = /^(\d{4})(?:\s*[-–—~～至到]+\s*(\d{4}))?\s*年?度?$/u.exec(
    text.normalize('NFKC').trim(),
  );
  if (!years) return null;
  const [from, to] = [Number(years[1]), Number(years[2] ?? years[1])];
  return from <= to ? { from, to } : null;
}

/** What becomes of a field: it stays, gets a value, or loses its own. */
export type Edit = { act: 'keep' } | { act: 'set'; value: string } | { act: 'clear' };
export type Edits = Readonly<Record<Field, Edit>>;

export const KEEP: Edit = { act: 'keep' };
export const keepAll = (): Record<Field, Edit> =>
  Object.fromEntries(FIELDS.map((field) => [field, KEEP])) as Record<Field, Edit>;

/** Values of a field among the reports, most common first. */
export interface Present {
  values: readonly { value: string; count: number }[];
  /** Whether these are all there are; of very many reports only some are looked at. */
  complete: boolean;
}

/** The one value that all reports have, the empty one among them; null where they differ. */
export function common({ values, complete }: Present): string | null {
  return complete && values.length === 1 ? (values[0]?.value ?? null) : null;
}

/** Names as they are written into one field. */
export const joined = (authors: readonly string[]) => authors.join('、');

export function authorsOf(text: string): string[] {
  return text
    .split(/[、,，;；]/)
    .map((author) => author.trim())
    .filter((author) => author !== '');
}

function valueOf(metadata: Metadata, field: Field): string {
  if (field === 'period') return writtenPeriod(metadata.period);
  return field === 'authors' ? joined(metadata.authors) : (metadata[field] ?? '');
}

/** What a field holds among reports that are all known. */
export function present(all: readonly Metadata[], field: Field, complete: boolean): Present {
  const counts = new Map<string, number>();
  for (const metadata of all) {
    const value = valueOf(metadata, field);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts].map(([value, count]) => ({ value, count }));
  return { values: values.sort((a, b) => b.count - a.count), complete };
}

/** What typing into a field means, where all reports have `before` in it (null: they differ). */
export function typed(text: string, before: string | null): Edit {
  if (before !== null && text.trim() === before) return KEEP;
  if (text.trim() !== '') return { act: 'set', value: text };
  return before === null || before === '' ? KEEP : { act: 'clear' };
}

/** Fields that hold a day. */
export const DATES: ReadonlySet<Field> = new Set(['published', 'delivered']);

export function isValid(field: Field, edit: Edit): boolean {
  if (edit.act !== 'set') return true;
  if (field === 'period') return periodOf(edit.value) !== null;
  return !DATES.has(field) || isoDate(edit.value) !== null;
}

export function changesAnything(edits: Edits): boolean {
  return FIELDS.some((field) => edits[field].act !== 'keep');
}

/** The edits as the archive is asked for them: null keeps, the empty string clears. */
export function request(edits: Edits): Omit<SetMetadataRequest, 'reports'> {
  const text = (field: Field): string | null => {
    const edit = edits[field];
    if (edit.act === 'keep') return null;
    return edit.act === 'clear' ? '' : edit.value.trim();
  };
  const authors = text('authors');
  const date = (field: Field) => {
    const written = text(field);
    return written === null ? null : isoDate(written);
  };
  const period = text('period');
  // What the protocol leaves out where it stays.
  const later = {
    delivered: date('delivered'),
    period: period && writtenPeriod(periodOf(period)),
    kind: text('kind'),
    level: text('level'),
    address: text('address'),
  };
  return {
    title: text('title'),
    published: date('published'),
    place: text('place'),
    organisation: text('organisation'),
    source: text('source'),
    editor: text('editor'),
    authors: authors === null ? null : authorsOf(authors),
    ...Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null)),
  };
}
