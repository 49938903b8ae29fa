// Years as bars and as ranges.
import type { YearCount } from '../protocol/protocol';

/** One bar for every year from the first to the last that has a report, also for empty ones. */
export function bars(values: readonly YearCount[]): YearCount[] {
  if (values.length === 0) return [];
  const counts = new Map(values.map(({ year, count }) => [year, count]));
  return between(Math.min(...counts.keys()), Math.max(...counts.keys())).map((year) => ({
    year,
    count: counts.get(year) ?? 0,
  }));
}

/** Every year from one to another, whichever is the earlier. */
export function between(a: number, b: number): number[] {
  const first = Math.min(a, b);
  return Array.from({ length: Math.abs(b - a) + 1 }, (_, i) => first + i);
}

/** Years as stretches without gaps: 2001, 2002, 2005 as 2001–2002 and 2005–2005. */
export function runs(years: readonly number[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  for (const year of [...new Set(years)].sort((a, b) => a - b)) {
    const before = found.at(-1);
    if (before && before[1] === year - 1) before[1] = year;
    else found.push([year, year]);
  }
  return found;
}

/**
 * The range between two handles, one of them moved to a year. A handle that passes the other one
 * pushes it along. The whole span is no filter.
 */
export function withHandle(
  span: readonly [first: number, last: number],
  range: readonly [first: number, last: number],
  handle: 'first' | 'last',
  year: number,
): number[] {
  const at = Math.max(span[0], Math.min(span[1], year));
  const [from, to] =
    handle === 'first' ? [at, Math.max(at, range[1])] : [Math.min(at, range[0]), at];
  return from === span[0] && to === span[1] ? [] : between(from, to);
}
