// The library's list: what is asked for, what has come, what is chosen.
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { emptyFilter, toFailure, type CommandFailure } from '../platform/platform';
import type { Facets, FacetValue, ReportFilter, ReportRow, ReportSort } from '../protocol/protocol';
import type { App } from '../state/app.svelte';

/** Rows asked for at a time. */
const PAGE = 100;

/** The kinds of filter, besides the text. */
export type FacetKind = Exclude<keyof ReportFilter, 'text'>;

/** The kinds whose values the archive counts. */
const COUNTED = ['places', 'organisations', 'sources', 'years', 'scripts', 'problems'] as const;

export class LibraryState {
  readonly #app: App;
  filter = $state.raw<ReportFilter>(emptyFilter());
  sort = $state<ReportSort>('imported');
  descending = $state(true);
  total = $state(0);
  /** Rows that have come, by their place in the list. */
  rows = new SvelteMap<number, ReportRow>();
  facets = $state.raw<Facets | null>(null);
  loading = $state(true);
  failure = $state.raw<CommandFailure | null>(null);
  /** Chosen reports, by identifier. */
  selected = new SvelteSet<string>();
  /** The row that the keys act on. */
  cursor = $state(0);
  /** Where a range of the selection began. */
  #anchor = 0;
  /** Counts the questions: each list is seen from its beginning. */
  asked = $state(0);
  #pages = new Set<number>();
  #generation = 0;

  readonly filtered: boolean = $derived(
    this.filter.text.trim() !== '' ||
      Object.values(this.filter).some((value) => Array.isArray(value) && value.length > 0),
  );

  constructor(app: App) {
    this.#app = app;
  }

  /** Asks for another list, to be seen from its beginning. */
  #restart(): void {
    this.cursor = 0;
    this.#anchor = 0;
    this.asked++;
    void this.load();
  }

  /** Asks for the list again, because the archive changed. */
  async load(): Promise<void> {
    const generation = ++this.#generation;
    this.loading = true;
    try {
      const [page, facets] = await Promise.all([this.#ask(0, PAGE), this.#askFacets()]);
      if (generation !== this.#generation) return;
      this.#pages = new Set([0]);
      this.rows.clear();
      page.rows.forEach((row, i) => this.rows.set(i, row));
      this.total = page.total;
      this.facets = facets;
      this.failure = null;
      this.cursor = Math.max(0, Math.min(this.cursor, page.total - 1));
    } catch (thrown) {
      if (generation === this.#generation) this.failure = toFailure(thrown);
    } finally {
      if (generation === this.#generation) this.loading = false;
    }
  }

  #ask(offset: number, limit: number) {
    const { filter, sort, descending } = this;
    return this.#app.platform.call('reports', { filter, sort, descending, offset, limit });
  }

  /**
   * The values to filter by. Those of a kind that is filtered already are counted without that
   * filter: else choosing one value would hide the others that could be added to it.
   */
  async #askFacets(): Promise<Facets> {
    const { filter } = this;
    const ask = (asked: ReportFilter) => this.#app.platform.call('facets', asked);
    const chosen = COUNTED.filter((kind) => filter[kind].length > 0);
    const [all, ...each] = await Promise.all([
      ask(filter),
      ...chosen.map((kind) => ask({ ...filter, [kind]: [] })),
    ]);
    const facets: Facets = { ...all };
    chosen.forEach((kind, i) => (facets[kind] = each[i]?.[kind] ?? []));
    return facets;
  }

  /** Asks for the page around a row, where it has not come. */
  need(index: number): void {
    const page = Math.floor(index / PAGE);
    if (this.#pages.has(page)) return;
    this.#pages.add(page);
    const generation = this.#generation;
    this.#app.attempt(async () => {
      const { rows } = await this.#ask(page * PAGE, PAGE);
      if (generation !== this.#generation) return;
      rows.forEach((row, i) => this.rows.set(page * PAGE + i, row));
    });
  }

  sortBy(column: ReportSort): void {
    // A first click shows the newest and the longest first, and names from the beginning.
    const large: ReportSort[] = ['published', 'characters', 'passages', 'imported'];
    this.descending = this.sort === column ? !this.descending : large.includes(column);
    this.sort = column;
    this.#restart();
  }

  setText(text: string): void {
    this.filter = { ...this.filter, text };
    this.#restart();
  }

  /** Adds a value to the filter, or takes it out. */
  toggle(kind: FacetKind, value: string): void {
    const typed: string | number = kind === 'years' ? Number(value) : value;
    const before: readonly (string | number)[] = this.filter[kind];
    const after = before.includes(typed)
      ? before.filter((other) => other !== typed)
      : [...before, typed];
    this.filter = { ...this.filter, [kind]: after };
    this.#restart();
  }

  has(kind: FacetKind, value: string): boolean {
    const values: readonly (string | number)[] = this.filter[kind];
    return values.includes(kind === 'years' ? Number(value) : value);
  }

  /** Shows one collection alone, or everything. */
  showCollection(id: string | null): void {
    this.filter = { ...this.filter, collections: id === null ? [] : [id] };
    this.#restart();
  }

  clearFilter(): void {
    this.filter = emptyFilter();
    this.#restart();
  }

  // Selection

  /** Chooses a row: alone, added (`toggle`), or with all from where the last choice was (`range`). */
  async select(index: number, how: 'alone' | 'toggle' | 'range'): Promise<void> {
    this.cursor = index;
    if (how === 'range') {
      const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
      const ids = await this.#idsOf(from, to);
      this.selected.clear();
      for (const id of ids) this.selected.add(id);
      return;
    }
    this.#anchor = index;
    const id = this.rows.get(index)?.id;
    if (id === undefined) return;
    if (how === 'toggle') {
      if (!this.selected.delete(id)) this.selected.add(id);
    } else {
      this.selected.clear();
      this.selected.add(id);
    }
  }

  async #idsOf(from: number, to: number): Promise<string[]> {
    const known = Array.from({ length: to - from + 1 }, (_, i) => this.rows.get(from + i)?.id);
    if (known.every((id) => id !== undefined)) return known;
    return (await this.#ask(from, to - from + 1)).rows.map(({ id }) => id);
  }

  async selectAll(): Promise<void> {
    if (this.total === 0) return;
    const ids = await this.#idsOf(0, this.total - 1);
    this.selected.clear();
    for (const id of ids) this.selected.add(id);
  }

  /** The chosen reports in the order of the list as far as it has come, then the others. */
  get chosen(): string[] {
    const order = new Map([...this.rows].map(([index, row]) => [row.id, index]));
    const place = (id: string) => order.get(id) ?? Number.MAX_SAFE_INTEGER;
    return [...this.selected].sort((a, b) => place(a) - place(b));
  }
}

/** A value of a facet that lies under others: a city under its province. */
export interface FacetNode extends FacetValue {
  label: string;
  depth: number;
}

/** Divisions under those that their names begin with, in the order of the counts. */
export function placeTree(values: readonly FacetValue[]): FacetNode[] {
  const nodes: FacetNode[] = [];
  const place = (above: string, depth: number, within: readonly FacetValue[]) => {
    const tops = within.filter(
      ({ value }) =>
        !within.some((other) => other.value !== value && value.startsWith(other.value)),
    );
    for (const top of tops) {
      nodes.push({ ...top, label: top.value.slice(above.length) || top.value, depth });
      const below = within.filter(
        ({ value }) => value !== top.value && value.startsWith(top.value),
      );
      place(top.value, depth + 1, below);
    }
  };
  place('', 0, values);
  return nodes;
}
