/**
 * Which sections of a page are laid out.
 *
 * The engine leaves sections out of sight unlaid (`content-visibility`). Nothing in them can be
 * measured, and WebKit looks for the place of each highlight in them again at every layout: 35 ms at
 * each key of a memo beside a report of 300,000 characters that had been scrolled through. So bars
 * are drawn and ranges painted only where sections are in sight and laid out.
 */

import type { IntervalIndex } from './intervals';
import { span, type Span } from './offsets';
import type { Page, Section } from './typeset';

/** How far outside its scroller a section counts as in sight, in px. */
const NEAR = 300;

export class Sight {
  /** Laid out and in sight or near. */
  near = $state.raw<readonly Section[]>([]);
  /** Grows with each new layout. */
  layout = $state(0);

  /** Watches a page until the returned function is called. */
  watch(page: Page, scroller: HTMLElement): () => void {
    this.near = [];
    const sections = new Map<Element, Section>(page.sections.map((s) => [s.element, s]));
    /** In sight by their boxes, but perhaps not laid out yet. */
    const entered = new Set<Section>();
    let frame = 0;
    const take = (): void => {
      frame = 0;
      const ready = [...entered].filter(isLaid);
      ready.forEach((section) => entered.delete(section));
      if (ready.length > 0) this.near = [...this.near, ...ready];
      if (entered.size > 0) frame = requestAnimationFrame(take);
    };
    const sight = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const section = sections.get(target);
          if (!section) continue;
          if (isIntersecting && !this.near.includes(section)) entered.add(section);
          if (isIntersecting) continue;
          entered.delete(section);
          this.near = this.near.filter((other) => other !== section);
        }
        take();
      },
      { root: scroller, rootMargin: `${NEAR}px` },
    );
    const size = new ResizeObserver(() => this.layout++);
    for (const element of sections.keys()) {
      sight.observe(element);
      size.observe(element);
    }
    return () => {
      sight.disconnect();
      size.disconnect();
      cancelAnimationFrame(frame);
    };
  }
}

/** Whether the content of a section is laid out. */
export function isLaid({ margin }: Section): boolean {
  return margin.checkVisibility?.({ contentVisibilityAuto: true }) ?? true;
}

/** Something painted: by its key it is known again, so that what stays is not painted anew. */
export interface Painted {
  readonly key: string;
  readonly ranges: () => AbstractRange[];
}

/**
 * The same place, not followed when nodes change: the nodes of a page never do, and WebKit looks for
 * the place of a range that could move at every layout (0.12 ms each), of one that cannot only once.
 */
function still(range: Range): StaticRange {
  return new StaticRange(range);
}

/** What of many spans lies in sections that are laid out. */
export function paintedIn<T extends Span>(
  page: Page,
  sections: readonly Section[],
  spans: IntervalIndex<T>,
): Painted[] {
  return sections.flatMap(({ range }) =>
    spans.within(range).map((place) => {
      const part = span(Math.max(place.start, range.start), Math.min(place.end, range.end));
      return { key: `${part.start}-${part.end}`, ranges: () => page.ranges(part).map(still) };
    }),
  );
}
