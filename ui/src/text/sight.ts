/** Drawing beside sections only while they are in or near sight. */

import type { Page, Section } from './typeset';

/** How far outside its scroller a section counts as near, in px. */
const NEAR = 400;

/**
 * Draws each section when it comes near, and again when it takes another size; `onlayout` hears of
 * the latter too. Ends with the returned function.
 */
export function whileInSight(
  page: Page,
  scroller: HTMLElement | null,
  draw: (section: Section) => void,
  onlayout?: () => void,
): () => void {
  const sections = new Map<Element, Section>(page.sections.map((s) => [s.element, s]));
  const near = new Set<Element>();
  const redraw = (element: Element): void => {
    const section = sections.get(element);
    if (section) draw(section);
  };
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) {
          near.add(target);
          redraw(target);
        } else near.delete(target);
      }
    },
    { root: scroller, rootMargin: `${NEAR}px` },
  );
  const size = new ResizeObserver((entries) => {
    onlayout?.();
    for (const { target } of entries) if (near.has(target)) redraw(target);
  });
  for (const element of sections.keys()) {
    sight.observe(element);
    size.observe(element);
  }
  return () => {
    sight.disconnect();
    size.disconnect();
  };
}
