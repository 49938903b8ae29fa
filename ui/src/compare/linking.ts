/** Scrolls columns together by what they share. */

import { codePoint, span, type CodePoint } from '../text/offsets';
import { boxOf } from '../text/place';
import { isLaid } from '../text/sight.svelte';
import type { Page } from '../text/typeset';
import { firstWhere } from '../text/bisect';
import { interpolate, type Anchor } from './alignment';

/** A column on the screen. */
export interface Column {
  readonly page: Page;
  readonly scroller: HTMLElement;
}

/** Where in a column, from its top, the places meet that belong together. */
export const MEETING = 0.3;

/**
 * The height of a position in the window. In a section that is not laid out, by its share of the
 * section: such a section is out of sight, so that nobody sees the difference.
 */
function topOf({ page }: Column, at: CodePoint): number {
  const section = page.sections.find(({ range }) => at < range.end) ?? page.sections.at(-1);
  if (!section || isLaid(section)) return boxOf(page, span(at, at + 1))?.top ?? 0;
  const { top, height } = section.element.getBoundingClientRect();
  const { start, end } = section.range;
  return top + (height * Math.max(0, at - start)) / Math.max(1, end - start);
}

/** The height of the window at which a column meets the others. */
export function meetingLine({ scroller }: Column): number {
  const view = scroller.getBoundingClientRect();
  return view.top + view.height * MEETING;
}

/**
 * How far, in px, the other column is off from where it would stand beside the leading one. Only
 * the two anchors around the meeting line are measured, so that sections far away stay unlaid.
 */
export function distance(leading: Column, other: Column, anchors: readonly Anchor[]): number {
  const line = meetingLine(leading);
  const start: Anchor = { from: codePoint(0), to: codePoint(0) };
  const end: Anchor = {
    from: codePoint(Math.max(0, leading.page.text.length - 1)),
    to: codePoint(Math.max(0, other.page.text.length - 1)),
  };
  const behind = firstWhere(anchors.length, (i) => {
    const anchor = anchors[i];
    return anchor !== undefined && topOf(leading, anchor.from) > line;
  });
  const heights = [anchors[behind - 1] ?? start, anchors[behind] ?? end].map(({ from, to }) => ({
    from: topOf(leading, from),
    to: topOf(other, to),
  }));
  const [before, after] = heights;
  if (!before || !after) return 0;
  return interpolate(before, after, line) - meetingLine(other);
}
