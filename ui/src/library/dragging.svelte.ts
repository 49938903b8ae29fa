// Dragging of reports and collections onto collections, by pointer events: the window takes the
// system's own drag and drop for files.

export type Dragged = { kind: 'reports' } | { kind: 'collection'; id: string };

/** Where something would be dropped: `id` is a collection, or null for the top of the tree. */
export interface DropPlace {
  id: string | null;
  where: 'into' | 'before' | 'after';
}

/** The attribute by which the page is asked what lies under the pointer; empty for the top. */
export const DROP = 'data-drop-collection';

/** Pixels that a press must move to be a drag. */
const THRESHOLD = 5;
/** The upper and lower part of a collection between which it is dropped into it. */
const EDGE = 0.28;

function lineAt(x: number, y: number): Element | null {
  return document.elementFromPoint(x, y)?.closest(`[${DROP}]`) ?? null;
}

/** The collection that lies at a point of the page. */
export function collectionAt(x: number, y: number): string | null {
  return lineAt(x, y)?.getAttribute(DROP) || null;
}

export class Dragging {
  dragged = $state.raw<Dragged | null>(null);
  /** What the badge at the pointer says. */
  badge = $state('');
  x = $state(0);
  y = $state(0);
  over = $state.raw<DropPlace | null>(null);

  /**
   * Follows a press. `lift` is asked once it has become a drag; null, and it stays none. `drop` hears
   * where it ended; Escape or a drop elsewhere end it without.
   */
  press(
    event: PointerEvent,
    lift: () => { dragged: Dragged; badge: string } | null,
    drop: (place: DropPlace) => void,
  ): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const { clientX, clientY } = event;
    const ends = new AbortController();
    const { signal } = ends;
    const end = () => {
      ends.abort();
      this.dragged = null;
      this.over = null;
    };
    const move = (moved: PointerEvent) => {
      if (this.dragged === null) {
        if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < THRESHOLD) return;
        const lifted = lift();
        if (lifted === null) return end();
        this.dragged = lifted.dragged;
        this.badge = lifted.badge;
        getSelection()?.removeAllRanges();
      }
      this.x = moved.clientX;
      this.y = moved.clientY;
      this.over = this.#place(moved);
    };
    const up = () => {
      const { dragged, over } = this;
      end();
      if (dragged === null) return;
      // The click that follows belongs to the drag.
      addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener('click', swallow, { capture: true }));
      if (over) drop(over);
    };
    const key = (pressed: KeyboardEvent) => {
      if (pressed.key !== 'Escape' || this.dragged === null) return;
      pressed.preventDefault();
      pressed.stopPropagation();
      end();
    };
    addEventListener('pointermove', move, { signal });
    addEventListener('pointerup', up, { signal });
    addEventListener('pointercancel', end, { signal });
    addEventListener('keydown', key, { signal, capture: true });
  }

  #place(event: PointerEvent): DropPlace | null {
    const element = lineAt(event.clientX, event.clientY);
    if (!element) return null;
    const id = element.getAttribute(DROP) || null;
    if (this.dragged?.kind !== 'collection') return id === null ? null : { id, where: 'into' };
    if (id === null) return { id, where: 'into' };
    const box = element.getBoundingClientRect();
    const at = (event.clientY - box.top) / box.height;
    return { id, where: at < EDGE ? 'before' : at > 1 - EDGE ? 'after' : 'into' };
  }
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
