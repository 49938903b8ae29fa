/** Which of many overlapping spans lie at a position. */

import { firstWhere } from './bisect';
import type { CodePoint, Span } from './offsets';

/** Whether two half-open spans share a position. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/**
 * Spans that can be asked for a position or a range.
 *
 * Sorted by start, with the largest end of all before kept beside each, so that a look-up walks
 * back only as far as a span can still reach. Built in `n log n`, asked in `log n` plus the walk.
 */
export class IntervalIndex<T extends Span> {
  readonly #spans: readonly T[];
  readonly #reach: Uint32Array;

  constructor(spans: Iterable<T>) {
    this.#spans = [...spans]
      .filter((s) => s.start < s.end)
      .sort((a, b) => a.start - b.start || a.end - b.end);
    this.#reach = new Uint32Array(this.#spans.length);
    let reach = 0;
    this.#spans.forEach((s, i) => {
      reach = Math.max(reach, s.end);
      this.#reach[i] = reach;
    });
  }

  /** All spans that contain a position, smallest first. */
  at(position: CodePoint): T[] {
    return this.#touching(position, position + 1).sort(bySize);
  }

  /** All spans that overlap a range, in order of their starts. */
  within({ start, end }: Span): T[] {
    return this.#touching(start, end);
  }

  /** The smallest span that contains a position. */
  smallestAt(position: CodePoint): T | undefined {
    return this.at(position)[0];
  }

  #touching(start: number, end: number): T[] {
    const spans = this.#spans;
    const found: T[] = [];
    // From the last span that starts before `end` back to where none reaches `start` any more.
    for (
      let i = firstWhere(spans.length, (at) => (spans[at]?.start ?? 0) >= end) - 1;
      i >= 0;
      i--
    ) {
      if ((this.#reach[i] ?? 0) <= start) break;
      const candidate = spans[i];
      if (candidate && candidate.end > start) found.push(candidate);
    }
    return found.reverse();
  }
}

function bySize(a: Span, b: Span): number {
  return a.end - a.start - (b.end - b.start) || a.start - b.start;
}
