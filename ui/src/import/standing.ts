// Where in a source the values stand that were recognised, so that they can be believed.
import { isoDate } from '../library/dates';
import type { Inspection, Metadata } from '../protocol/protocol';

export interface Standing {
  /** `title byline heading signature text aside file address`. */
  where: string;
  /** The line, where it says more than the value. */
  quote: string;
  /** Where in the reading text. */
  start?: number;
}

/** Blocks looked through at either end of a text: the values stand there. */
const FIRST = 60;
const LAST = 20;
/** Longer lines are shown by what stands around the value. */
const QUOTED = 32;

const WHERE: Record<string, string> = {
  title: 'title',
  byline: 'byline',
  heading: 'heading',
  signature: 'signature',
};
const DATE =
  /[\d０-９〇○零一二三四五六七八九]{4}\s*[年\-/.]\s*[\d０-９一二三四五六七八九十]{1,3}(?:\s*[月\-/.]\s*[\d０-９一二三四五六七八九十]{1,3}\s*[日号]?)?/gu;
const TENS = '〇一二三四五六七八九';

/** Chinese months and days as figures: 十二月 as 12月. */
function figures(date: string): string {
  return date.replace(
    /([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)(?=[月日号])/gu,
    (all, a, ten, b) => {
      if (all === '') return all;
      const tens = ten === '' ? 0 : a === '' ? 1 : TENS.indexOf(a);
      const ones = ten === '' ? TENS.indexOf(a || b) : b === '' ? 0 : TENS.indexOf(b);
      return String(tens * 10 + ones);
    },
  );
}

const plain = (text: string) => text.normalize('NFKC').replace(/\s/gu, '').toLowerCase();

function holds(line: string, field: string, value: string): boolean {
  if (field !== 'published' && field !== 'delivered') return plain(line).includes(plain(value));
  const day = value.slice(0, 10);
  for (const [found] of line.matchAll(DATE)) {
    const iso = isoDate(figures(found));
    if (iso && (iso.startsWith(day) || (day.startsWith(iso) && day.length === iso.length)))
      return true;
  }
  return false;
}

function around(line: string, value: string): string {
  const text = line.trim();
  if (Array.from(text).length <= QUOTED) return text;
  const at = Math.max(0, text.indexOf(value) - 8);
  return `${at > 0 ? '…' : ''}${text.slice(at, at + QUOTED)}…`;
}

/** Where the values of some fields stand; those that are found nowhere are left out. */
export function standing(
  known: Metadata,
  { text, blocks, furniture }: Pick<Inspection, 'text' | 'blocks' | 'furniture'>,
  file: string,
): Map<string, Standing> {
  const characters = Array.from(text);
  const ends = [...blocks.slice(0, FIRST), ...blocks.slice(Math.max(FIRST, blocks.length - LAST))];
  const lines = [
    ...ends.map(({ kind, start, end }) => ({
      where: WHERE[kind] ?? 'text',
      line: characters.slice(start, end).join(''),
      start,
    })),
    ...furniture.map((piece) => ({ where: 'aside', line: piece.text, start: undefined })),
    { where: 'file', line: file, start: undefined },
    { where: 'address', line: known.address ?? '', start: undefined },
  ];
  // What stands at the head says more than what stands in a sentence.
  const rank = ['title', 'byline', 'aside', 'signature', 'heading', 'text', 'file', 'address'];
  lines.sort((a, b) => rank.indexOf(a.where) - rank.indexOf(b.where));

  const found = new Map<string, Standing>();
  const values: [string, string | null | undefined][] = [
    ['title', known.title],
    ['published', known.published],
    ['delivered', known.delivered],
    ['source', known.source],
    ['editor', known.editor],
    ['organisation', known.organisation],
    ['authors', known.authors[0]],
    ['place', known.place?.replace(/^.*(?:省|自治区|自治州|市)(?=.+)/u, '')],
  ];
  for (const [field, value] of values) {
    if (!value) continue;
    const at = lines.find(({ line }) => line !== '' && holds(line, field, value));
    if (!at) continue;
    const quote = plain(at.line) === plain(value) ? '' : around(at.line, value);
    found.set(field, {
      where: at.where,
      quote,
      ...(at.start === undefined ? {} : { start: at.start }),
    });
  }
  return found;
}
