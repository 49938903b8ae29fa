// The library's list: what is asked for, what has come, what is chosen.
import { emptyFilter, toFailure, type CommandFailure } from '../platform/platform';
import type {
  Facets,
  ReportFilter,
  ReportRow,
  ReportSelection,
  ReportSort,
} from '../protocol/protocol';
import type { App } from '../state/app.svelte';
import { Filtering } from './filtering.svelte';
import { PagedRows } from './pagedRows.svelte';
import {
  ALL_CHOSEN,
  chosenCount,
  isChosen,
  NOTHING_CHOSEN,
  only,
  toggled,
  underAnotherFilter,
  withAll,
  type Selection,
} from './selection';

export type { FacetKind } from './filtering.svelte';

/** After so many milliseconds an answer is long in coming. */
const SLOW = 250;

/** How a row is chosen: instead of the others, besides them, or with all from the last one. */
export type Choosing = 'alone' | 'toggle' | 'range' | 'addRange';

/** The order of the list. */
export type Order = {
  sort: ReportSort;
  descending: boolean;
};

/** Columns whose first click shows the newest, longest and most first; names go from the beginning. */
const LARGEST_FIRST: readonly ReportSort[] = ['published', 'characters', 'passages', 'imported'];

export class LibraryState extends Filtering {
  readonly #app: App;
  readonly rows: PagedRows;
  readonly order: Order;
  facets = $state.raw<Facets | null>(null);
  loading = $state(true);
  /** Whether the answer is long in coming: until then nothing in the window says so. */
  slow = $state(false);
  /** The filter of the list that has come. */
  answer = $state.raw<ReportFilter>(emptyFilter());
  failure = $state.raw<CommandFailure | null>(null);
  selection = $state.raw<Selection>(NOTHING_CHOSEN);
  /** The row that the keys act on. */
  cursor = $state(0);
  /** Which report that is, so that the cursor stays with it when the list changes. */
  #cursorId: string | null = null;
  /** Where a range of the selection began. */
  #anchor = 0;
  /** Counts the lists: each is seen from its beginning. */
  asked = $state(0);
  /** By how many rows the list has moved under whoever looks at it; a new object each time. */
  shifted = $state.raw<{ by: number } | null>(null);
  /** Counts the answers to what the user asked. */
  answered = $state(0);
  /** Which changes of the archive the list has, so that it is not asked for twice. */
  #seen = '';
  #generation = 0;
  #facetsAsked = 0;
  /** Counts the choices, so that a range whose rows come late gives way to a later choice. */
  #choices = 0;

  readonly count: number = $derived.by(() => chosenCount(this.selection, this.total));

  constructor(app: App) {
    super();
    this.#app = app;
    this.order = $derived(
      app.settings.page<Order>('librarySort', { sort: 'imported', descending: true }),
    );
    const list = () => ({ filter: this.filter, ...this.order });
    this.rows = new PagedRows(
      {
        rows: (offset, limit) => app.platform.call('reports', { ...list(), offset, limit }),
        ids: (offset, limit) => app.platform.call('report_ids', { ...list(), offset, limit }),
        position: (id) => app.platform.call('report_position', { id, ...list() }),
      },
      (thrown) => app.fail(thrown),
    );
  }

  get total(): number {
    return this.rows.total;
  }

  // Asking

  /** Asks for another list, to be seen from its beginning. */
  #restart(): void {
    this.#anchor = 0;
    void this.load(true);
  }

  /**
   * Asks for the list: anew from its beginning, or as it is now where one stands in it. Resolves
   * when the rows have come.
   */
  async load(fromTop = false, withFacets = true): Promise<void> {
    const generation = ++this.#generation;
    const { filter } = this;
    this.loading = true;
    const late = setTimeout(() => {
      if (generation === this.#generation) this.slow = true;
    }, SLOW);
    const rows = this.rows.load(fromTop).then((shift) => {
      if (shift === null || generation !== this.#generation) return;
      this.failure = null;
      this.answer = filter;
      if (fromTop) {
        this.cursor = 0;
        this.#cursorId = null;
        this.asked++;
      } else this.#follow(shift);
      this.answered++;
    });
    const both = Promise.allSettled([rows, withFacets ? this.loadFacets() : null]);
    void both.then((answers) => {
      clearTimeout(late);
      if (generation !== this.#generation) return;
      this.loading = false;
      this.slow = false;
      const failed = answers.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') this.failure = toFailure(failed.reason);
    });
    await Promise.allSettled([rows]);
  }

  /**
   * Asks for the list where the archive has changed since. Resolves when the rows have come. Without
   * the facets, `loadFacets` is to follow.
   */
  async follow(withFacets = true): Promise<void> {
    const { reports, passages, collections } = this.#app.changes;
    const now = [reports, passages, collections].join(' ');
    if (now === this.#seen) return;
    const first = this.#seen === '';
    this.#seen = now;
    await this.load(first, withFacets);
  }

  async loadFacets(): Promise<void> {
    if (!this.#app.session.archive) return;
    const asked = ++this.#facetsAsked;
    const facets = await this.#app.platform.call('facets', this.filter);
    if (asked === this.#facetsAsked) this.facets = facets;
  }

  /** Goes along with a list whose rows have moved by so many places. */
  #follow(shift: number): void {
    const within = (index: number) => Math.max(0, Math.min(index, this.total - 1));
    const there = [...this.rows.entries()].find(([, row]) => row.id === this.#cursorId);
    this.cursor = there?.[0] ?? within(this.cursor + shift);
    this.#anchor = within(this.#anchor + shift);
    if (shift !== 0) this.shifted = { by: shift };
  }

  sortBy(sort: ReportSort, descending?: boolean): void {
    const now = this.order;
    const order: Order = {
      sort,
      descending:
        descending ?? (now.sort === sort ? !now.descending : LARGEST_FIRST.includes(sort)),
    };
    this.#app.settings.setPage('librarySort', { ...order });
    // The order changes no count.
    this.#anchor = 0;
    void this.load(true, false);
  }

  override setFilter(changes: Partial<ReportFilter>): void {
    this.filter = { ...this.filter, ...changes };
    this.selection = underAnotherFilter(this.selection);
    this.#restart();
  }

  /** Begins anew, because another archive was opened. */
  reset(): void {
    this.filter = emptyFilter();
    this.selection = NOTHING_CHOSEN;
    this.facets = null;
    this.#anchor = 0;
    this.#seen = '';
  }

  // Choosing

  isChosen(id: string): boolean {
    return isChosen(this.selection, id);
  }

  /** The chosen reports, as the archive is told of them. */
  get request(): ReportSelection {
    return this.selection.kind === 'some'
      ? { ids: [...this.selection.ids] }
      : { filter: this.filter, except: [...this.selection.except] };
  }

  /** The row under the cursor. */
  get current(): ReportRow | undefined {
    return this.rows.get(this.cursor);
  }

  async choose(index: number, how: Choosing): Promise<void> {
    const choice = ++this.#choices;
    this.cursor = index;
    this.#cursorId = this.rows.get(index)?.id ?? null;
    if (how === 'range' || how === 'addRange') {
      const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
      if (from === 0 && to === this.total - 1) {
        this.selection = ALL_CHOSEN;
        return;
      }
      const ids = await this.rows.ids(from, to);
      if (choice !== this.#choices) return;
      this.selection = how === 'range' ? only(ids) : withAll(this.selection, ids);
      return;
    }
    this.#anchor = index;
    const row = this.rows.get(index) ?? (await this.rows.fetch(index));
    if (row === undefined || choice !== this.#choices) return;
    this.#cursorId = row.id;
    this.selection = how === 'toggle' ? toggled(this.selection, row.id) : only([row.id]);
  }

  /** Moves the cursor and leaves the choice as it is. */
  moveTo(index: number): void {
    this.cursor = index;
    this.#cursorId = this.rows.get(index)?.id ?? null;
  }

  selectAll(): void {
    this.#choices++;
    if (this.total > 0) this.selection = ALL_CHOSEN;
  }

  chooseOnly(id: string): void {
    this.#choices++;
    this.selection = only([id]);
  }

  clearSelection(): void {
    this.#choices++;
    this.selection = NOTHING_CHOSEN;
  }

  /**
   * The chosen reports by identifier, in the order of the list as far as it has come, then the
   * others; all are fetched where all are chosen.
   */
  async chosenIds(): Promise<string[]> {
    const { selection } = this;
    if (selection.kind === 'all') {
      const ids = await this.rows.ids(0, this.total - 1);
      return ids.filter((id) => !selection.except.has(id));
    }
    const places = new Map([...this.rows.entries()].map(([index, row]) => [row.id, index]));
    const place = (id: string) => places.get(id) ?? Number.MAX_SAFE_INTEGER;
    return [...selection.ids].sort((a, b) => place(a) - place(b));
  }
}
