// The numbers behind the charts.
import { bars } from '../library/years';
import type { PlaceCount, YearCount } from '../protocol/protocol';

export interface YearBar {
  year: number;
  /** Reports found. */
  count: number;
  /** All reports of the archive. */
  all: number;
  /** Found of all, 0 where the archive has none. */
  share: number;
}

/** A bar for every year from the first to the last in which something was found. */
export function yearBars(found: readonly YearCount[], archive: readonly YearCount[]): YearBar[] {
  const all = new Map(archive.map(({ year, count }) => [year, count]));
  return bars(found.filter(({ count }) => count > 0)).map(({ year, count }) => {
    const there = all.get(year) ?? 0;
    return { year, count, all: there, share: there > 0 ? count / there : 0 };
  });
}

/** Round steps for an axis from 0 to at least `most`; whole ones for counts. */
export function ticks(most: number, whole: boolean): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const used = whole ? Math.max(1, Math.round(step)) : step;
  return Array.from({ length: Math.ceil(most / used - 1e-9) + 1 }, (_, i) => i * used);
}

/** The places under a place, and the way down to it; the top where it is not there. */
export function placesUnder(
  roots: readonly PlaceCount[],
  value: string | null,
): { way: PlaceCount[]; places: readonly PlaceCount[] } {
  const down = (level: readonly PlaceCount[], way: PlaceCount[]): PlaceCount[] | null => {
    for (const place of level) {
      const here = [...way, place];
      if (place.value === value) return here;
      const found = down(place.below, here);
      if (found) return found;
    }
    return null;
  };
  const way = value === null ? [] : (down(roots, []) ?? []);
  return { way, places: way.at(-1)?.below ?? roots };
}

/** Where one begins to look: below a place that is the only one of its level. */
export function firstPlace(roots: readonly PlaceCount[]): string | null {
  let at: string | null = null;
  let level = roots;
  for (let [only, more] = level; only && !more && only.below.length > 0; [only, more] = level) {
    at = only.value;
    level = only.below;
  }
  return at;
}
