/** Lanes in the margin, so that bars of passages that lie side by side never collide. */

import type { Block } from '../protocol/protocol';
import { span, type Span } from '../text/offsets';

/**
 * Gives each span the lowest lane in which nothing overlaps it, taking them by their starts.
 * That uses as few lanes as there can be: as many as spans lie over the densest place.
 *
 * Returns the lane of each span, in the order given.
 */
export function assignLanes(spans: readonly Span[]): number[] {
  const order = [...spans.entries()].sort(
    ([i, a], [j, b]) => a.start - b.start || b.end - a.end || i - j,
  );
  const lanes = new Array<number>(spans.length).fill(0);
  /** Where the last span of each lane ends. */
  const ends: number[] = [];
  for (const [index, { start, end }] of order) {
    let lane = ends.findIndex((taken) => taken <= start);
    if (lane < 0) lane = ends.length;
    ends[lane] = end;
    lanes[index] = lane;
  }
  return lanes;
}

/**
 * Widens a passage to what its bar may cover: a bar is as tall as the lines that the passage
 * touches, and no line holds more than `lineLength` characters or reaches over a block's end.
 * Two passages whose widened spans do not overlap share no line, however the text is laid out.
 */
export function barSpan(passage: Span, blocks: readonly Block[], lineLength: number): Span {
  const first = blocks.findLast((block) => block.start <= passage.start);
  const last = blocks.find((block) => block.end >= passage.end);
  return span(
    Math.max(first?.start ?? 0, passage.start - lineLength + 1),
    Math.min(last?.end ?? Infinity, passage.end + lineLength - 1),
  );
}
