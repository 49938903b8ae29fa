// Where the card of the tour stands beside what it points to.

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** From the edges of the window, and from what it points to. */
const MARGIN = 12;
const GAP = 14;

/**
 * The corner of a card of a size: on the first side of the anchor where it has room, else in the
 * lower right corner of the window, so that it never lies over what it points to without need.
 */
export function placeCard(
  anchor: Box | null,
  card: { width: number; height: number },
  window: { width: number; height: number },
): { left: number; top: number } {
  const corner = {
    left: Math.max(MARGIN, window.width - card.width - MARGIN),
    // The status line stays free.
    top: Math.max(MARGIN, window.height - card.height - MARGIN - 32),
  };
  if (!anchor) return corner;
  const right = anchor.left + anchor.width;
  const bottom = anchor.top + anchor.height;
  const within = (at: number, size: number, all: number) =>
    Math.max(MARGIN, Math.min(at, all - size - MARGIN));
  const level = within(anchor.top, card.height, window.height);
  const along = within(anchor.left, card.width, window.width);
  if (right + GAP + card.width + MARGIN <= window.width) return { left: right + GAP, top: level };
  if (bottom + GAP + card.height + MARGIN <= window.height) {
    return { left: along, top: bottom + GAP };
  }
  if (anchor.top - GAP - card.height >= MARGIN) {
    return { left: along, top: anchor.top - GAP - card.height };
  }
  if (anchor.left - GAP - card.width >= MARGIN) {
    return { left: anchor.left - GAP - card.width, top: level };
  }
  return corner;
}
