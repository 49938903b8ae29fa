/**
 * Paints ranges of text without touching the page's nodes, by the CSS Custom Highlight API.
 *
 * There is a fixed set of named highlights: one for each layer and one for each colour that a tag
 * has; each takes as many ranges as there are. Several panes show text at the same time, while
 * the registry is one for the whole document, so each pane paints as an owner and takes only its
 * own ranges away again.
 */

import type { Painted } from '../text/sight.svelte';

/** The layers, lowest first: where opaque, a later one lies on top. Their looks are in page.css. */
export const LAYERS = [
  'repair',
  'uncertain',
  'shared',
  'shared-current',
  'hit',
  'hit-current',
  'focus',
  'pending',
] as const;

/** A layer that is not a tag's colour. */
export type Layer = (typeof LAYERS)[number];

/** What paints ranges. Things whose keys the owner painted before stay as they are. */
export interface Painter {
  /** Shows things in a layer in place of those that the owner showed there before. */
  paint(owner: object, layer: Layer, things: readonly Painted[]): void;
  /** Shows things in the colours of tags (`#rrggbb`) in place of all that the owner showed before. */
  paintTags(owner: object, byColour: ReadonlyMap<string, readonly Painted[]>): void;
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
  /** The ranges of each owner by highlight and key. */
  readonly #painted = new WeakMap<object, Map<string, Map<string, AbstractRange[]>>>();

  constructor(engine: PaintEngine) {
    this.#engine = engine;
  }

  paint(owner: object, layer: Layer, things: readonly Painted[]): void {
    this.#replace(owner, layer, things);
  }

  paintTags(owner: object, byColour: ReadonlyMap<string, readonly Painted[]>): void {
    const names = new Set<string>();
    for (const [colour, things] of byColour) {
      const name = this.#slot(colour);
      names.add(name);
      this.#replace(owner, name, things);
    }
    for (const name of this.#painted.get(owner)?.keys() ?? []) {
      if (name.startsWith('tag-') && !names.has(name)) this.#replace(owner, name, []);
    }
  }

  forget(owner: object): void {
    for (const name of this.#painted.get(owner)?.keys() ?? []) this.#replace(owner, name, []);
    this.#painted.delete(owner);
  }

  #replace(owner: object, name: string, things: readonly Painted[]): void {
    let own = this.#painted.get(owner);
    if (!own) this.#painted.set(owner, (own = new Map<string, Map<string, AbstractRange[]>>()));
    const before = own.get(name);
    if (!before && things.length === 0) return;
    const highlight = this.#highlight(name);
    const after = new Map<string, AbstractRange[]>();
    for (const { key, ranges } of things) {
      if (after.has(key)) continue;
      const kept = before?.get(key);
      const shown = kept ?? ranges();
      if (!kept) for (const range of shown) highlight.add(range);
      after.set(key, shown);
    }
    for (const [key, ranges] of before ?? []) {
      if (!after.has(key)) for (const range of ranges) highlight.delete(range);
    }
    own.set(name, after);
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
