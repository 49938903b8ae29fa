/** A text caret that is moved by keys over a page that cannot be typed into. */

import { codePoint, span, type CodePoint, type Span } from '../text/offsets';
import { caretBox, positionAt, reveal } from '../text/place';
import type { CaretStep } from '../text/reading';
import type { Page } from '../text/typeset';

/** How a key moves the caret; lines are known to the layout alone. */
export type CaretMove =
  | { readonly by: CaretStep; readonly forwards: boolean }
  | { readonly by: 'line'; readonly forwards: boolean }
  | { readonly by: 'blockEnd'; readonly forwards: boolean };

/** The move that a key stands for; none if the key is not the caret's. */
export function caretMove(event: KeyboardEvent): CaretMove | undefined {
  if (event.altKey || event.metaKey) return undefined;
  const { key, ctrlKey } = event;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return { by: ctrlKey ? 'sentence' : 'character', forwards: key === 'ArrowRight' };
    case 'ArrowUp':
    case 'ArrowDown':
      return { by: ctrlKey ? 'block' : 'line', forwards: key === 'ArrowDown' };
    case 'Home':
    case 'End':
      return { by: ctrlKey ? 'text' : 'blockEnd', forwards: key === 'End' };
    default:
      return undefined;
  }
}

export class Caret {
  /** Where the selection began, and where the caret is. */
  anchor = $state<CodePoint>(codePoint(0));
  head = $state<CodePoint>(codePoint(0));
  on = $state(false);
  /** Where on the line going up and down tries to stay, in px of the window. */
  #goal: number | null = null;

  readonly selected: Span | null = $derived(
    this.on && this.anchor !== this.head ? span(this.anchor, this.head) : null,
  );

  /** Puts the caret somewhere, without a selection. */
  place(at: CodePoint): void {
    this.anchor = this.head = at;
    this.#goal = null;
    this.on = true;
  }

  leave(): void {
    this.on = false;
    this.#goal = null;
  }

  /** Moves; returns what it passed over, to be read out. */
  move(page: Page, scroller: HTMLElement, step: CaretMove, extend: boolean): Span {
    const from = this.head;
    if (step.by === 'line') this.head = this.#line(page, scroller, step.forwards);
    else {
      this.#goal = null;
      if (step.by === 'blockEnd') {
        const block = page.text.blocks[page.text.blockAt(from)];
        this.head = codePoint((step.forwards ? block?.end : block?.start) ?? from);
      } else this.head = page.text.move(from, step.by, step.forwards);
    }
    if (!extend) this.anchor = this.head;
    reveal(page, scroller, span(this.head, this.head + 1), { onlyIfHidden: true });
    return span(from, this.head);
  }

  /** The position one line up or down, nearest to where the caret was on its line at first. */
  #line(page: Page, scroller: HTMLElement, forwards: boolean): CodePoint {
    reveal(page, scroller, span(this.head, this.head + 1), { onlyIfHidden: true });
    const box = caretBox(page, this.head);
    if (!box) return page.text.move(this.head, 'block', forwards);
    this.#goal ??= box.left;
    const middle = box.top + box.height / 2;
    // Over margins between blocks it may take more than one line's height.
    for (let lines = 1; lines <= 5; lines += 0.5) {
      const y = middle + (forwards ? 1 : -1) * lines * box.height;
      const at = positionAt(page, this.#goal, y);
      if (at === undefined) continue;
      const there = caretBox(page, at);
      if (there && Math.abs(there.top - box.top) > box.height / 2) return at;
    }
    return page.text.move(this.head, 'block', forwards);
  }
}
