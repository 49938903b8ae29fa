/** Draws the bars of passages into the margin of a section, measured from the lines they cover. */

import type { IntervalIndex } from '../text/intervals';
import { span, type Span } from '../text/offsets';
import type { Page, Section } from '../text/typeset';

/** A passage in the margin. */
export interface Bar extends Span {
  readonly id: string;
  readonly lane: number;
  readonly colours: readonly string[];
}

/** Width of a bar and of what lies between two, in px, as long as the margin has room. */
const BAR = 4;
const GAP = 3;
/** Room in px between the text and the first bar. */
const CLEAR = 10;

/** Draws the bars of a section in place of those that it had. `lanes` is the number of lanes of all. */
export function drawBars(
  page: Page,
  section: Section,
  bars: IntervalIndex<Bar>,
  lanes: number,
): void {
  const { top } = section.element.getBoundingClientRect();
  const width = section.margin.clientWidth || 56;
  const pitch = Math.min(BAR + GAP, (width - CLEAR) / Math.max(1, lanes));
  const measured = bars.within(section.range).flatMap((bar) => {
    const start = Math.max(bar.start, section.range.start);
    const end = Math.min(bar.end, section.range.end);
    const first = page.ranges(span(start, start + 1))[0]?.getBoundingClientRect?.();
    const last = page
      .ranges(span(end - 1, end))
      .at(-1)
      ?.getBoundingClientRect?.();
    return [{ bar, from: (first?.top ?? top) - top, to: (last?.bottom ?? top) - top }];
  });
  section.margin.replaceChildren(
    ...measured.map(({ bar, from, to }) => {
      const element = document.createElement('div');
      element.className = 'bar';
      element.dataset['passage'] = bar.id;
      element.dataset['lane'] = String(bar.lane);
      const { style } = element;
      style.insetInlineEnd = `${CLEAR + bar.lane * pitch}px`;
      style.insetBlockStart = `${from}px`;
      style.height = `${Math.max(8, to - from)}px`;
      style.width = `${Math.max(2, pitch - GAP)}px`;
      style.background = stripes(bar.colours);
      return element;
    }),
  );
}

/** One colour, or equal parts of several from top to bottom. */
function stripes(colours: readonly string[]): string {
  if (colours.length === 1) return colours[0] ?? '';
  const stops = colours.map((colour, i) => {
    const from = (100 * i) / colours.length;
    return `${colour} ${from}% ${from + 100 / colours.length}%`;
  });
  return `linear-gradient(${stops.join(', ')})`;
}
