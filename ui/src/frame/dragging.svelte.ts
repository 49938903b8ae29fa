// A tab that is being dragged: HTML drag and drop is dead in a window that takes files from the
// system, so this is done with pointer events.
import { getContext, setContext } from 'svelte';
import type { Tab, TabsState } from '../state/tabs.svelte';

/** Where a tab would go. */
export type Drop =
  /** Into a strip, before the `at`-th of its other tabs; `left` is the place of the mark in it. */
  | { column: number; zone: 'strip'; at: number; left: number }
  /** Into a new column beside this one. */
  | { column: number; zone: 'left' | 'right' }
  /** Into this column. */
  | { column: number; zone: 'whole' };

/** So far the pointer goes before a press becomes a drag, in px. */
const SLACK = 6;
/** So much of a pane's width at either side splits it. */
const EDGE = 0.3;
/** So near to the edge of what scrolls, it scrolls; and by so much in a frame; in px. */
const NEAR = 28;
const SPEED = 9;

export class TabDrag {
  readonly #tabs: TabsState;
  /** What is dragged, once it has left its place. */
  tab = $state.raw<Tab | null>(null);
  at = $state.raw({ x: 0, y: 0 });
  drop = $state.raw<Drop | null>(null);
  #end: (() => void) | undefined;

  constructor(tabs: TabsState) {
    this.#tabs = tabs;
  }

  /** Begins where a tab is pressed; the rest is heard from the window. */
  press(event: PointerEvent, tab: Tab): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    this.#end?.();
    const start = { x: event.clientX, y: event.clientY };
    const { pointerId, currentTarget } = event;
    let frame = 0;
    const move = (now: PointerEvent) => {
      if (now.pointerId !== pointerId) return;
      this.at = { x: now.clientX, y: now.clientY };
      if (!this.tab) {
        if (Math.hypot(this.at.x - start.x, this.at.y - start.y) < SLACK) return;
        this.tab = tab;
        // Moves outside of the window are told only to what has captured the pointer.
        if (currentTarget instanceof Element) currentTarget.setPointerCapture?.(pointerId);
        frame = requestAnimationFrame(scroll);
      }
      this.drop = this.#under();
    };
    const scroll = () => {
      if (scrollNear(this.at)) this.drop = this.#under();
      frame = requestAnimationFrame(scroll);
    };
    const up = (now: PointerEvent) => {
      if (now.pointerId !== pointerId) return;
      const { drop } = this;
      const dragged = this.tab;
      // Its button goes from this strip; the focus follows it into the other one.
      const focused = document.activeElement;
      const follows = drop && focused instanceof HTMLElement && focused.closest('[data-strip]');
      if (follows) focused.blur();
      this.#end?.();
      if (!dragged || !drop) return;
      this.#put(dragged.id, drop);
      if (follows)
        requestAnimationFrame(() => document.getElementById(`tab-${dragged.id}`)?.focus());
    };
    const key = (pressed: KeyboardEvent) => {
      if (!this.tab || pressed.key !== 'Escape') return;
      pressed.preventDefault();
      pressed.stopPropagation();
      this.#end?.();
    };
    const cancel = () => this.#end?.();
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', cancel);
    window.addEventListener('blur', cancel);
    window.addEventListener('keydown', key, true);
    this.#end = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', cancel);
      window.removeEventListener('blur', cancel);
      window.removeEventListener('keydown', key, true);
      cancelAnimationFrame(frame);
      this.#end = undefined;
      this.tab = null;
      this.drop = null;
    };
  }

  /** What lies under the pointer, as a place to drop the tab at; none where it cannot go. */
  #under(): Drop | null {
    const { x, y } = this.at;
    const element = document.elementFromPoint(x, y);
    const strip = element?.closest<HTMLElement>('[data-strip]');
    if (strip) return this.#inStrip(strip);
    const pane = element?.closest<HTMLElement>('[data-column]');
    const { tab } = this;
    if (!pane || !tab) return null;
    const column = Number(pane.dataset['column']);
    const box = pane.getBoundingClientRect();
    const part = (x - box.left) / box.width;
    const side = part < EDGE ? 'left' : part > 1 - EDGE ? 'right' : null;
    if (side && this.#tabs.canSplit(tab.id, column)) return { column, zone: side };
    // In the middle it joins the tabs there, if it is not among them.
    return this.#tabs.columnOf(tab.id)?.id === column ? null : { column, zone: 'whole' };
  }

  #inStrip(strip: HTMLElement): Drop {
    const others = [...strip.querySelectorAll<HTMLElement>('[data-tab]')].filter(
      (element) => element.dataset['tab'] !== this.tab?.id,
    );
    const boxes = others.map((element) => element.getBoundingClientRect());
    const at = boxes.filter((box) => box.left + box.width / 2 < this.at.x).length;
    const edge = boxes[at]?.left ?? boxes.at(-1)?.right ?? strip.getBoundingClientRect().left;
    const left = edge - strip.getBoundingClientRect().left + strip.scrollLeft;
    return { column: Number(strip.dataset['strip']), zone: 'strip', at, left };
  }

  #put(id: string, drop: Drop): void {
    const tabs = this.#tabs;
    if (drop.zone === 'strip') tabs.move(id, drop.column, drop.at);
    else if (drop.zone === 'whole') tabs.move(id, drop.column, Infinity);
    else tabs.split(id, drop.column, drop.zone);
  }
}

/** Scrolls the strip, or the row of columns, whose edge is near; tells whether it did. */
function scrollNear({ x, y }: { x: number; y: number }): boolean {
  const element = document.elementFromPoint(x, y);
  const scroller =
    element?.closest<HTMLElement>('[data-strip]') ??
    element?.closest<HTMLElement>('[data-columns]');
  if (!scroller) return false;
  const box = scroller.getBoundingClientRect();
  const by = x < box.left + NEAR ? -SPEED : x > box.right - NEAR ? SPEED : 0;
  const before = scroller.scrollLeft;
  if (by !== 0) scroller.scrollLeft += by;
  return scroller.scrollLeft !== before;
}

const DRAG = Symbol('drag');

export function provideTabDrag(tabs: TabsState): TabDrag {
  return setContext(DRAG, new TabDrag(tabs));
}

export function useTabDrag(): TabDrag {
  return getContext<TabDrag>(DRAG);
}
