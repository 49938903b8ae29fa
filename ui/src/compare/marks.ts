/** What a comparison shows in its columns: shared passages with numbers, and their counts. */

import type { Comparison, SharedPassage } from '../protocol/protocol';
import { span, type Span } from '../text/offsets';

/** One side of a shared passage, as it stands in a column. */
export interface Mark extends Span {
  /** The same on both sides; counted from 1 in the order of the first column. */
  readonly number: number;
  readonly report: string;
  readonly chars: number;
  /** The other side. */
  readonly partner: Span & { readonly report: string };
}

/** The sides of one shared passage. */
export interface MarkPair {
  readonly number: number;
  readonly chars: number;
  readonly sides: readonly [Mark, Mark];
}

/** The shared passages of at least `minimum` characters, numbered as one reads the first column. */
export function markPairs(
  comparison: Comparison,
  columns: readonly string[],
  minimum: number,
): MarkPair[] {
  const column = (report: string) => columns.indexOf(report);
  const oriented = comparison.passages
    .filter((p) => p.chars >= minimum && column(p.a.report) >= 0 && column(p.b.report) >= 0)
    .map((p): SharedPassage =>
      column(p.a.report) <= column(p.b.report) ? p : { ...p, a: p.b, b: p.a },
    )
    .sort(
      (x, y) =>
        column(x.a.report) - column(y.a.report) ||
        x.a.start - y.a.start ||
        column(x.b.report) - column(y.b.report) ||
        x.b.start - y.b.start,
    );
  return oriented.map(({ a, b, chars }, index) => {
    const here = { ...span(a.start, a.end), report: a.report };
    const there = { ...span(b.start, b.end), report: b.report };
    const number = index + 1;
    return {
      number,
      chars,
      sides: [
        { ...here, number, chars, partner: there },
        { ...there, number, chars, partner: here },
      ],
    };
  });
}

/** How many characters of a column lie in a shared passage, overlaps counted once. */
export function covered(marks: readonly Span[]): number {
  let total = 0;
  let reached = 0;
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start)) {
    total += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return total;
}
