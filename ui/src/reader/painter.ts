/**
 * Paints ranges of text without touching the page's nodes, by the CSS Custom Highlight API.
 *
 * There is a fixed set of named highlights: one for each layer and one for each colour that a tag
 * has; each takes as many ranges as there are. Several panes show text at the same time, while
 * the registry is one for the whole document, so each pane paints as an owner and takes only its
 * own ranges away again.
 */

/** The layers, lowest first: where opaque, a later one lies on top. Their looks are in page.css. */
export const LAYERS = [
  'repair',
  'shared',
  'shared-current',
  'hit',
  'hit-current',
  'focus',
  'pending',
] as const;

/** A layer that is not a tag's colour. */
export type Layer = (typeof LAYERS)[number];

/** What paints ranges. */
export interface Painter {
  /** Shows ranges in a layer in place of those that the owner showed there before. */
  paint(owner: object, layer: Layer, ranges: Iterable<AbstractRange>): void;
  /** Shows ranges in the colours of tags (`#rrggbb`) in place of all that the owner showed before. */
  paintTags(owner: object, byColour: ReadonlyMap<string, readonly AbstractRange[]>): void;
  /** Takes everything of an owner away. */
  forget(owner: object): void;
}

/** The part of `CSS.highlights` that is used. */
export interface Registry {
  set(name: string, highlight: Highlight): unknown;
}

/** The engine's own registry, sheets and highlights, or a stand-in for them. */
export interface PaintEngine {
  readonly registry: Registry;
  readonly newHighlight: () => Highlight;
  /** Makes a rule stand; called once for each new colour. */
  readonly addRule: (rule: string) => void;
}

/** Paints with an engine that knows the Custom Highlight API. */
export class HighlightPainter implements Painter {
  readonly #engine: PaintEngine;
  readonly #highlights = new Map<string, Highlight>();
  readonly #slots = new Map<string, string>();
  readonly #painted = new WeakMap<object, Map<string, AbstractRange[]>>();

  constructor(engine: PaintEngine) {
    this.#engine = engine;
  }

  paint(owner: object, layer: Layer, ranges: Iterable<AbstractRange>): void {
    this.#replace(owner, layer, [...ranges]);
  }

  paintTags(owner: object, byColour: ReadonlyMap<string, readonly AbstractRange[]>): void {
    const names = new Set<string>();
    for (const [colour, ranges] of byColour) {
      const name = this.#slot(colour);
      names.add(name);
      this.#replace(owner, name, [...ranges]);
    }
    for (const name of this.#painted.get(owner)?.keys() ?? []) {
      if (name.startsWith('tag-') && !names.has(name)) this.#replace(owner, name, []);
    }
  }

  forget(owner: object): void {
    for (const name of this.#painted.get(owner)?.keys() ?? []) this.#replace(owner, name, []);
    this.#painted.delete(owner);
  }

  #replace(owner: object, name: string, ranges: AbstractRange[]): void {
    let own = this.#painted.get(owner);
    if (!own) this.#painted.set(owner, (own = new Map<string, AbstractRange[]>()));
    const before = own.get(name) ?? [];
    if (before.length === 0 && ranges.length === 0) return;
    const highlight = this.#highlight(name);
    for (const range of before) highlight.delete(range);
    for (const range of ranges) highlight.add(range);
    own.set(name, ranges);
  }

  #highlight(name: string): Highlight {
    let highlight = this.#highlights.get(name);
    if (!highlight) {
      highlight = this.#engine.newHighlight();
      // Tags lie below all layers.
      highlight.priority = 1 + LAYERS.indexOf(name as Layer);
      this.#highlights.set(name, highlight);
      this.#engine.registry.set(name, highlight);
    }
    return highlight;
  }

  #slot(colour: string): string {
    const known = this.#slots.get(colour);
    if (known) return known;
    const name = `tag-${this.#slots.size}`;
    this.#slots.set(colour, name);
    this.#engine.addRule(
      `::highlight(${name}) { background-color: color-mix(in srgb, ${safeColour(colour)} var(--tag-wash), transparent); }`,
    );
    return name;
  }
}

/** Paints nothing: for an engine without the API. Tags are still in the margin and the lists. */
export class BlankPainter implements Painter {
  paint(): void {}
  paintTags(): void {}
  forget(): void {}
}

/** A colour that can stand in a rule; anything that is no `#rrggbb` becomes grey. */
export function safeColour(colour: string): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? colour : '#808080';
}

/** A painter for a document, by what its engine can do. */
export function painterFor(document: Document): Painter {
  const registry = (globalThis.CSS as { highlights?: Registry } | undefined)?.highlights;
  if (!registry || typeof Highlight === 'undefined') return new BlankPainter();
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return new HighlightPainter({
    registry,
    newHighlight: () => new Highlight(),
    addRule: (rule) => sheet.insertRule(rule, sheet.cssRules.length),
  });
}

let shared: Painter | undefined;

/** The window's painter. */
export function painter(): Painter {
  shared ??= painterFor(document);
  return shared;
}

/** Puts another painter in place, for tests. */
export function usePainter(replacement: Painter | undefined): void {
  shared = replacement;
}
