// Finding a place in the guide as one types. A hundred sections: they are simply looked through.
import { lines, type Guide } from './guide';

/** A place in the guide, as the list of hits shows it. */
export interface HelpHit {
  page: string;
  title: string;
  heading: string;
  anchor: string;
  /** Text around what was found, cut into pieces. */
  snippet: { text: string; found: boolean }[];
}

/** A section, folded for looking through it. */
interface Place {
  page: string;
  title: string;
  heading: string;
  anchor: string;
  lines: { shown: string; folded: string }[];
  keywords: string;
  sounds: string;
}

export type HelpIndex = readonly Place[];

/** Capitals and full-width forms are no difference. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** What of a guide is looked through. */
export function indexed(guide: Guide): HelpIndex {
  return guide.pages.flatMap((page) =>
    page.sections.map((section, at) => ({
      page: page.id,
      title: page.title,
      heading: section.heading,
      anchor: section.anchor,
      lines: lines(section.of).map((shown) => ({ shown, folded: folded(shown) })),
      // What belongs to the page finds its beginning.
      keywords: at === 0 ? folded(page.keywords) : '',
      sounds: at === 0 ? page.sounds : '',
    })),
  );
}

const HAN = /\p{sc=Han}/u;

/** What to look for: words, and pairs of neighbouring characters where Chinese runs on. */
function terms(word: string): string[] {
  const characters = Array.from(word);
  if (characters.length < 3 || !characters.every((c) => HAN.test(c))) return [word];
  return characters.slice(1).map((c, i) => `${characters[i]}${c}`);
}

/** How good a place is for a word as a whole, from 0. */
function whole(place: Place, word: string): number {
  if (folded(place.heading).includes(word)) return place.anchor === '' ? 12 : 8;
  if (place.keywords.includes(word)) return 7;
  if (/^[a-z]{2,}$/.test(word) && ` ${place.sounds}`.includes(` ${word}`)) return 6;
  return place.lines.some((line) => line.folded.includes(word)) ? 3 : 0;
}

/** How good a place is for a word, or for most of its pairs of characters. */
function score(place: Place, word: string): number {
  const found = whole(place, word);
  const pairs = terms(word);
  if (found > 0 || pairs.length === 1) return found;
  const scores = pairs.map((pair) => whole(place, pair));
  const hits = scores.filter((one) => one > 0).length;
  // 怎么打标签 asks for 标签: a quarter of what was typed has to be there.
  return hits * 4 >= pairs.length
    ? (scores.reduce((sum, one) => sum + one, 0) / pairs.length) * 0.8
    : 0;
}

/** Characters shown in front of what was found, and altogether. */
const BEFORE = 14;
const SHOWN = 72;

function snippet(place: Place, words: string[]): HelpHit['snippet'] {
  const wanted = words.flatMap((word) => {
    const pairs = terms(word);
    const inText = place.lines.some((line) => line.folded.includes(word));
    return inText || pairs.length === 1 ? [word] : pairs;
  });
  const counted = place.lines.map((line) => wanted.filter((w) => line.folded.includes(w)).length);
  const best = counted.indexOf(Math.max(0, ...counted));
  const line = place.lines[Math.max(0, best)];
  if (!line) return [];
  // Folding keeps the length of nearly every text; where it does not, nothing is marked.
  const same = line.folded.length === line.shown.length;
  const first = same
    ? Math.min(
        ...wanted.map((w) => line.folded.indexOf(w)).filter((at) => at >= 0),
        line.shown.length,
      )
    : 0;
  const start = first === line.shown.length || first <= BEFORE * 2 ? 0 : first - BEFORE;
  const shown = line.shown.slice(start, start + SHOWN);
  const marks = new Array<boolean>(shown.length).fill(false);
  if (same) {
    for (const w of wanted) {
      for (let at = line.folded.indexOf(w, start); at >= 0; at = line.folded.indexOf(w, at + 1)) {
        marks.fill(true, at - start, at - start + w.length);
      }
    }
  }
  const pieces: HelpHit['snippet'] = [];
  const add = (text: string, found: boolean) => {
    const last = pieces.at(-1);
    if (last && last.found === found) last.text += text;
    else if (text !== '') pieces.push({ text, found });
  };
  add(start > 0 ? '…' : '', false);
  for (let i = 0; i < shown.length; i++) add(shown[i] ?? '', marks[i] ?? false);
  add(start + SHOWN < line.shown.length ? '…' : '', false);
  return pieces;
}

/** The places that a query means, best first. */
export function find(index: HelpIndex, query: string, limit = 20): HelpHit[] {
  const words = folded(query)
    .split(/[\s，。、；：？！,.;:?!]+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  return index
    .map((place) => ({ place, scores: words.map((word) => score(place, word)) }))
    .filter(({ scores }) => scores.every((one) => one > 0))
    .map(({ place, scores }) => ({ place, total: scores.reduce((sum, one) => sum + one, 0) }))
    .sort((a, b) => b.total - a.total)
    .slice(0, limit)
    .map(({ place }) => ({
      page: place.page,
      title: place.title,
      heading: place.heading,
      anchor: place.anchor,
      snippet: snippet(place, words),
    }));
}
