// The rows of a long list, fetched by pages as they are looked at.
import { SvelteMap } from 'svelte/reactivity';
import type { ReportRow, ReportsPage } from '../protocol/protocol';

/** Rows asked for at a time. */
export const PAGE = 100;
/** Pages kept; those farthest from what is looked at go first. */
const KEPT = 60;
/** Questions under way at a time: a thumb dragged down the bar asks only for where it comes to rest. */
const AT_ONCE = 2;

/** How the archive is asked for a stretch of the list. */
export interface AskRows {
  rows: (offset: number, limit: number) => Promise<ReportsPage>;
  ids: (offset: number, limit: number) => Promise<string[]>;
  /** Where in the list a report stands now. */
  position: (id: string) => Promise<number | null>;
}

/**
 * Rows by their place in the list. Those of before stay until the new ones have come, so that
 * nothing blinks when the archive changes.
 */
export class PagedRows {
  readonly #ask: AskRows;
  readonly #failed: (thrown: unknown) => void;
  readonly #pages = new SvelteMap<number, readonly ReportRow[]>();
  /** Pages asked for and not come. */
  readonly #asked = new Set<number>();
  /** The rows that are looked at, and the way that the list was last scrolled. */
  #first = 0;
  #last = 0;
  #down = true;
  /** Counts the lists: an answer to a question about another one is dropped. */
  #generation = 0;
  total = $state(0);

  constructor(ask: AskRows, failed: (thrown: unknown) => void) {
    this.#ask = ask;
    this.#failed = failed;
  }

  get(index: number): ReportRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Whether any row has come. */
  get empty(): boolean {
    return this.#pages.size === 0;
  }

  /** Every row that is here, with its place. */
  *entries(): Generator<[number, ReportRow]> {
    for (const [page, rows] of this.#pages) {
      for (const [i, row] of rows.entries()) yield [page * PAGE + i, row];
    }
  }

  /**
   * Asks for the list anew, from its beginning or around the rows that are looked at. Returns by how
   * many places these have moved, so that they can be kept in sight; null, where a later question
   * overtook this one.
   */
  async load(fromTop: boolean): Promise<number | null> {
    const generation = ++this.#generation;
    this.#asked.clear();
    if (fromTop) this.#first = this.#last = 0;
    // Who stands at the top wants to see what comes there.
    const anchor = this.#first === 0 ? undefined : this.get(this.#first)?.id;
    const now = anchor === undefined ? null : await this.#ask.position(anchor);
    if (generation !== this.#generation) return null;
    const shift = now === null ? 0 : now - this.#first;
    const [first, last] = [this.#first + shift, this.#last + shift];
    const from = Math.floor(first / PAGE);
    const pages = Math.floor(last / PAGE) - from + 1;
    let { total, rows } = await this.#ask.rows(from * PAGE, pages * PAGE);
    if (generation !== this.#generation) return null;
    let at = from;
    if (rows.length === 0 && total > 0) {
      // The list has become shorter than where one stood in it.
      at = Math.floor((total - 1) / PAGE);
      ({ total, rows } = await this.#ask.rows(at * PAGE, PAGE));
      if (generation !== this.#generation) return null;
    }
    [this.#first, this.#last] = [first, last];
    this.#pages.clear();
    for (let i = 0; i * PAGE < rows.length; i++) {
      this.#pages.set(at + i, rows.slice(i * PAGE, (i + 1) * PAGE));
    }
    this.total = total;
    return shift;
  }

  /** Says which rows are looked at; fetches them, and the page that comes next. */
  look(first: number, last: number): void {
    if (first !== this.#first) this.#down = first > this.#first;
    this.#first = first;
    this.#last = last;
    this.#fetch();
  }

  #fetch(): void {
    for (const page of this.#wanted()) {
      if (this.#asked.size >= AT_ONCE) return;
      if (this.#pages.has(page) || this.#asked.has(page)) continue;
      this.#asked.add(page);
      void this.#page(page);
    }
  }

  /** What is in sight first, then what comes next on the way. */
  #wanted(): number[] {
    const [from, to] = [Math.floor(this.#first / PAGE), Math.floor(this.#last / PAGE)];
    const ahead = this.#down ? to + 1 : from - 1;
    const pages = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return [...pages, ahead].filter((page) => page >= 0 && page * PAGE < this.total);
  }

  async #page(page: number): Promise<void> {
    const generation = this.#generation;
    try {
      const { rows } = await this.#ask.rows(page * PAGE, PAGE);
      if (generation !== this.#generation) return;
      this.#pages.set(page, rows);
      this.#forget();
    } catch (thrown) {
      if (generation === this.#generation) this.#failed(thrown);
      return;
    } finally {
      if (generation === this.#generation) this.#asked.delete(page);
    }
    this.#fetch();
  }

  #forget(): void {
    if (this.#pages.size <= KEPT) return;
    const here = Math.floor(this.#first / PAGE);
    const farthest = [...this.#pages.keys()].sort(
      (a, b) => Math.abs(b - here) - Math.abs(a - here),
    );
    for (const page of farthest.slice(0, this.#pages.size - KEPT)) this.#pages.delete(page);
  }

  /** A row, fetched where it is not here. */
  async fetch(index: number): Promise<ReportRow | undefined> {
    return this.get(index) ?? (await this.#ask.rows(index, 1)).rows[0];
  }

  /** The identifiers of a stretch of rows, both ends included. */
  async ids(from: number, to: number): Promise<string[]> {
    const here = Array.from({ length: to - from + 1 }, (_, i) => this.get(from + i)?.id);
    if (here.every((id) => id !== undefined)) return here;
    return this.#ask.ids(from, to - from + 1);
  }
}
