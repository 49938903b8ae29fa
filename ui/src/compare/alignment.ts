/**
 * Which places of two reports belong together, for scrolling one with the other: shared passages
 * first, themes where those leave room, never a fraction of the length.
 */

import type { Comparison, ReportRange } from '../protocol/protocol';
import { codePoint, type CodePoint } from '../text/offsets';

/** A place in one report and the place that belongs to it in the other. */
export interface Anchor {
  readonly from: CodePoint;
  readonly to: CodePoint;
}

/** A candidate with how much it says for itself. */
interface Weighted extends Anchor {
  readonly weight: number;
}

/** What a theme's beginning weighs, in shared characters: more than a formula, less than a passage. */
const THEME_WEIGHT = 24;

/**
 * The anchors from one report to another, strictly rising in both: scrolling down the one never
 * scrolls up the other. Of pairs that cross, those stay that together share most characters.
 */
export function anchors(comparison: Comparison, from: string, to: string): Anchor[] {
  const candidates: Weighted[] = [];
  const add = (a: ReportRange, b: ReportRange, weight: number, atEnds: boolean): void => {
    const [here, there] = a.report === from ? [a, b] : [b, a];
    if (here.report !== from || there.report !== to) return;
    candidates.push({ from: codePoint(here.start), to: codePoint(there.start), weight });
    if (atEnds) candidates.push({ from: codePoint(here.end), to: codePoint(there.end), weight: 1 });
  };
  for (const { a, b, chars } of comparison.passages) add(a, b, chars, true);
  for (const { cells } of comparison.rows) {
    const here = cells.find((cell) => cell.report === from);
    const there = cells.find((cell) => cell.report === to);
    if (here && there) add(here, there, THEME_WEIGHT, false);
  }
  return heaviestChain(candidates);
}

/** The heaviest subset that rises strictly in both coordinates. */
function heaviestChain(candidates: readonly Weighted[]): Anchor[] {
  const sorted = [...candidates].sort((a, b) => a.from - b.from || b.to - a.to);
  // Fenwick tree over the ranks of `to`: the best chain that ends at or below a rank.
  const ranks = new Map(
    [...new Set(sorted.map((c) => c.to))].sort((a, b) => a - b).map((to, i) => [to, i + 1]),
  );
  interface Link {
    readonly candidate: Weighted;
    readonly total: number;
    readonly before: Link | undefined;
  }
  const best: (Link | undefined)[] = [];
  let heaviest: Link | undefined;
  for (const candidate of sorted) {
    const rank = ranks.get(candidate.to) ?? 0;
    let before: Link | undefined;
    for (let i = rank - 1; i > 0; i -= i & -i) {
      const link = best[i];
      if (link && link.total > (before?.total ?? 0)) before = link;
    }
    const link = { candidate, total: candidate.weight + (before?.total ?? 0), before };
    for (let i = rank; i <= ranks.size; i += i & -i) {
      if (link.total > (best[i]?.total ?? 0)) best[i] = link;
    }
    if (link.total > (heaviest?.total ?? 0)) heaviest = link;
  }
  const chain: Anchor[] = [];
  for (let link = heaviest; link; link = link.before) {
    chain.push({ from: link.candidate.from, to: link.candidate.to });
  }
  return chain.reverse();
}

/** A pair of heights, in px from the top of each column's content. */
export interface Height {
  readonly from: number;
  readonly to: number;
}

/**
 * The height in one column that belongs to a height in the other: straight between the pair
 * before and the pair behind it.
 */
export function interpolate(before: Height, behind: Height, at: number): number {
  const length = behind.from - before.from;
  if (length <= 0) return before.to;
  const part = Math.min(1, Math.max(0, (at - before.from) / length));
  return before.to + part * (behind.to - before.to);
}
