// A text cut at what was mended and what is odd in it, to be shown with what stood there before.
import type { Block, Furniture, Problem, Repair } from '../protocol/protocol';
import { firstWhere } from '../text/bisect';
import { span, TextOffsets } from '../text/offsets';

export type Segment =
  | { kind: 'text'; text: string }
  /** `now` stands in the text, `was` in the source. */
  | { kind: 'repair'; index: number; of: string; was: string; now: string }
  | { kind: 'odd'; code: string; text: string };

/** What is shown one under the other: a block of the text, or what was set aside before it. */
export type Line =
  | { kind: 'block'; block: Block; index: number; segments: Segment[] }
  | { kind: 'aside'; pieces: (readonly [number, Furniture])[] };

/** What the lines of a text are made of. */
export interface Marked {
  text: string;
  blocks: readonly Block[];
  furniture: readonly Furniture[];
  repairs: readonly Repair[];
  problems: readonly Problem[];
}

/** The lines of a text, with every repair in exactly one of them. */
export function linesOf({ text, blocks, furniture, repairs, problems }: Marked): Line[] {
  const offsets = new TextOffsets(text);
  const slice = (start: number, end: number) => offsets.slice(span(start, end));
  const mended = [...repairs.entries()].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  const odd = problems
    .flatMap(({ code, start, end }) =>
      start === undefined || end === undefined || start >= end ? [] : [{ code, start, end }],
    )
    .sort((a, b) => a.start - b.start);
  const asides = new Map<number, (readonly [number, Furniture])[]>();
  furniture.forEach((piece, index) => {
    const before = firstWhere(blocks.length, (i) => (blocks[i]?.start ?? 0) >= piece.position);
    asides.set(before, [...(asides.get(before) ?? []), [index, piece]]);
  });

  /** Text without repairs, cut where something odd begins and ends. */
  let nextOdd = 0;
  const plain = (start: number, end: number): Segment[] => {
    const segments: Segment[] = [];
    let at = start;
    while (nextOdd < odd.length && (odd[nextOdd]?.end ?? 0) <= at) nextOdd++;
    for (const { code, start: from, end: to } of odd.slice(nextOdd)) {
      if (from >= end) break;
      if (to <= at) continue;
      if (from > at) segments.push({ kind: 'text', text: slice(at, from) });
      const until = Math.min(to, end);
      segments.push({ kind: 'odd', code, text: slice(Math.max(at, from), until) });
      at = until;
    }
    if (at < end) segments.push({ kind: 'text', text: slice(at, end) });
    return segments;
  };

  const lines: Line[] = [];
  let next = 0;
  blocks.forEach((block, index) => {
    const pieces = asides.get(index);
    if (pieces) lines.push({ kind: 'aside', pieces });
    const segments: Segment[] = [];
    // What was mended between two blocks, a break put in, is shown at the end of the first.
    const until = blocks[index + 1]?.start ?? Infinity;
    let at = block.start;
    for (let found = mended[next]; found && found[1].start < until; found = mended[++next]) {
      const [place, { kind: of, start, end, original: was }] = found;
      const from = Math.max(at, Math.min(start, block.end));
      segments.push(...plain(at, from));
      segments.push({ kind: 'repair', index: place, of, was, now: slice(start, end) });
      at = Math.max(from, Math.min(end, block.end));
    }
    segments.push(...plain(at, block.end));
    lines.push({ kind: 'block', block, index, segments });
  });
  const last = asides.get(blocks.length);
  if (last) lines.push({ kind: 'aside', pieces: last });
  return lines;
}

/** How a change is written where it is seen: a break has a sign of its own. */
export function visible(text: string): string {
  return text.replaceAll('\n', '↵').replaceAll('\u3000', '□').replaceAll(' ', '␣');
}

/** The kinds of repairs with how many there are of each, most common first. */
export function kindsOf(repairs: readonly Repair[]): { kind: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { kind } of repairs) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
}
