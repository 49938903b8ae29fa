/** Where positions of a page are on the screen, and back. */

import type { CodePoint, Span } from './offsets';
import { span } from './offsets';
import type { Page } from './typeset';

/** The position under a point of the window; none if no text of the page is there. */
export function positionAt(page: Page, x: number, y: number): CodePoint | undefined {
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? page.position(range.startContainer, range.startOffset) : undefined;
}

/**
 * The position of the character under a point. A caret goes to the nearer side of a character, so
 * in its right half the caret lies behind it.
 */
export function characterAt(page: Page, x: number, y: number): CodePoint | undefined {
  const at = positionAt(page, x, y);
  if (at === undefined) return undefined;
  for (const start of [at, at - 1]) {
    if (start < 0) continue;
    const box = boxOf(page, span(start, start + 1));
    if (box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)
      return span(start, start + 1).start;
  }
  return undefined;
}

/** The box of the first line of a range. */
export function boxOf(page: Page, range: Span): DOMRect | undefined {
  const dom = page.ranges(range)[0] ?? page.enclosing(range);
  // jsdom has no layout.
  return dom?.getClientRects?.()[0] ?? dom?.getBoundingClientRect?.();
}

/** The line of a caret: a box without width. */
export function caretBox(page: Page, at: CodePoint): DOMRect | undefined {
  const behind = page.ranges(span(at, at + 1))[0];
  const next = behind?.getClientRects?.()[0];
  if (next) return new DOMRect(next.left, next.top, 0, next.height);
  return endBox(page, at);
}

/** The line behind the character before a position: where a range ends, also at a line's end. */
export function endBox(page: Page, at: CodePoint): DOMRect | undefined {
  const before = at > 0 ? page.ranges(span(at - 1, at))[0]?.getClientRects?.() : undefined;
  const last = before?.[before.length - 1];
  return last && new DOMRect(last.right, last.top, 0, last.height);
}

/** The position at the upper edge of a scroller. */
export function topOf(page: Page, scroller: HTMLElement): CodePoint | undefined {
  const view = scroller.getBoundingClientRect();
  for (let y = view.top + 8; y < view.bottom; y += 12) {
    const at = positionAt(page, view.left + view.width / 2, y);
    if (at !== undefined) return at;
  }
  return undefined;
}

/** How far down in its scroller a range is brought: a third leaves what follows in sight. */
const REST = 0.3;

/**
 * Scrolls a range into the upper part of its scroller, unless `onlyIfHidden` and it is in sight.
 * `rest` is how far down it comes to stand, as a part of the height.
 */
export function reveal(
  page: Page,
  scroller: HTMLElement,
  range: Span,
  { onlyIfHidden = false, smooth = false, rest = REST } = {},
): void {
  const move = (behavior: ScrollBehavior): void => {
    const box = boxOf(page, range);
    if (!box) return;
    const view = scroller.getBoundingClientRect();
    const margin = 48;
    if (onlyIfHidden && box.top >= view.top + margin && box.bottom <= view.bottom - margin) return;
    scroller.scrollBy?.({ top: box.top - view.top - view.height * rest, behavior });
  };
  const block = page.blockElement(page.text.blockAt(range.start));
  if (block?.checkVisibility?.({ contentVisibilityAuto: true }) === false) {
    // Nothing in a section that is not laid out has a place; its block brings it into sight.
    block.scrollIntoView({ block: 'start' });
    requestAnimationFrame(() => requestAnimationFrame(() => move('instant')));
    return;
  }
  const calm = window.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;
  if (smooth && !calm) {
    move('smooth');
    return;
  }
  move('instant');
  // Sections that come into sight take their real heights, which moves what lies behind them.
  requestAnimationFrame(() => move('instant'));
}
