/** Draws the numbers of shared passages into the margin of a section. */

import type { IntervalIndex } from '../text/intervals';
import { span } from '../text/offsets';
import type { Page, Section } from '../text/typeset';
import type { Mark } from './marks';

/** Height of a badge with the room under it, in rem: two never lie over each other. */
const PITCH = 1.2;

/** Draws the badges of a section in place of those that it had; `current` stands out. */
export function drawBadges(
  page: Page,
  section: Section,
  marks: IntervalIndex<Mark>,
  current: number | null,
): void {
  const { top } = section.element.getBoundingClientRect();
  const begun = marks.within(section.range).filter((mark) => mark.start >= section.range.start);
  const tops = begun.map(
    ({ start }) =>
      (page.ranges(span(start, start + 1))[0]?.getBoundingClientRect?.().top ?? top) - top,
  );
  const pitch = PITCH * (parseFloat(getComputedStyle(document.documentElement).fontSize) || 16);
  let free = 0;
  section.margin.replaceChildren(
    ...begun.map((mark, i) => {
      const at = Math.max(free, tops[i] ?? 0);
      free = at + pitch;
      const badge = document.createElement('button');
      badge.type = 'button';
      badge.className = 'badge';
      badge.tabIndex = -1;
      badge.dataset['number'] = String(mark.number);
      badge.classList.toggle('current', mark.number === current);
      badge.textContent = String(mark.number);
      badge.style.insetBlockStart = `${at}px`;
      return badge;
    }),
  );
}
