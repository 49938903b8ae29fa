// The lines of a concordance, fetched by pages as they are looked at.
import { SvelteMap } from 'svelte/reactivity';
import { toFailure, type CommandFailure, type Platform } from '../platform/platform';
import type { ConcordanceLine, ConcordanceSort, Question } from '../protocol/protocol';

/** Lines asked for at a time. */
export const PAGE = 100;
/** Pages kept; those farthest from what is looked at go first. */
const KEPT = 60;
/** Lines that the archive gives at once. */
const MOST_AT_ONCE = 1000;
/** Questions under way at a time. */
const AT_ONCE = 2;

export class ConcordanceLines {
  readonly #platform: Platform;
  readonly #pages = new SvelteMap<number, readonly ConcordanceLine[]>();
  readonly #asked = new Set<number>();
  /** Counts the lists: a page of an earlier one is thrown away. */
  #generation = 0;
  #question: Question | null = null;
  #sort: ConcordanceSort = 'text';
  #key = '';
  #looked: readonly [first: number, last: number] = [0, 0];
  total = $state(0);
  reports = $state(0);
  found = $state(0);
  cut = $state(false);
  /** Whether the first lines are still to come. */
  waiting = $state(false);
  cancelled = $state(false);
  failure = $state.raw<CommandFailure | null>(null);
  /** Counts the lists that have come. */
  lists = $state(0);

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  get(index: number): ConcordanceLine | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Asks for the lines of a question, unless they are here. */
  ask(question: Question, sort: ConcordanceSort, version: string): void {
    const key = JSON.stringify([question, sort, version]);
    if (key === this.#key && !this.failure && !this.cancelled) return;
    this.#key = key;
    this.#question = question;
    this.#sort = sort;
    this.again();
  }

  again = (): void => {
    this.#generation++;
    this.#asked.clear();
    this.#pages.clear();
    this.#looked = [0, 0];
    this.total = 0;
    this.failure = null;
    this.cancelled = false;
    this.waiting = true;
    void this.#page(0);
  };

  /** What is still to come is no longer wanted. */
  drop(): void {
    if (!this.waiting && this.#asked.size === 0) return;
    this.#generation++;
    this.#asked.clear();
    this.#key = '';
    this.waiting = false;
  }

  /** Says which lines are looked at; fetches them, and the page that comes next. */
  look(first: number, last: number): void {
    const down = first >= this.#looked[0];
    this.#looked = [first, last];
    const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    const pages = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    for (const page of [...pages, down ? to + 1 : from - 1]) {
      if (this.#asked.size >= AT_ONCE) return;
      if (page < 0 || page * PAGE >= this.total) continue;
      if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#page(page);
    }
  }

  /** A line, fetched where it is not here. */
  async fetch(index: number): Promise<ConcordanceLine | undefined> {
    return this.get(index) ?? (await this.stretch(index, index))[0];
  }

  /** The lines of a stretch, both ends included, fetched where they are not here. */
  async stretch(from: number, to: number): Promise<readonly ConcordanceLine[]> {
    const here = Array.from({ length: to - from + 1 }, (_, i) => this.get(from + i));
    if (here.every((line) => line !== undefined)) return here;
    const question = this.#question;
    if (!question) return [];
    const fetched: ConcordanceLine[] = [];
    for (let offset = from; offset <= to; offset += MOST_AT_ONCE) {
      const limit = Math.min(MOST_AT_ONCE, to - offset + 1);
      const request = { question, sort: this.#sort, offset, limit };
      fetched.push(...(await this.#platform.call('concordance', request)).lines);
    }
    return fetched;
  }

  async #page(page: number): Promise<void> {
    const question = this.#question;
    if (!question) return;
    const generation = this.#generation;
    this.#asked.add(page);
    try {
      const request = { question, sort: this.#sort, offset: page * PAGE, limit: PAGE };
      const came = await this.#platform.call('concordance', request);
      if (generation !== this.#generation) return;
      this.#pages.set(page, came.lines);
      const first = this.waiting;
      this.total = came.total;
      this.reports = came.reports;
      this.found = came.found;
      this.cut = came.cut;
      this.waiting = false;
      if (first) this.lists++;
      this.#forget();
    } catch (thrown) {
      if (generation !== this.#generation) return;
      const failure = toFailure(thrown);
      this.waiting = false;
      if (failure.code === 'cancelled') this.cancelled = true;
      else this.failure = failure;
    } finally {
      if (generation === this.#generation) {
        this.#asked.delete(page);
        if (!this.failure && !this.cancelled) this.look(...this.#looked);
      }
    }
  }

  #forget(): void {
    if (this.#pages.size <= KEPT) return;
    const middle = (this.#looked[0] + this.#looked[1]) / 2 / PAGE;
    const farthest = [...this.#pages.keys()].sort(
      (a, b) => Math.abs(b - middle) - Math.abs(a - middle),
    );
    for (const page of farthest.slice(0, this.#pages.size - KEPT)) this.#pages.delete(page);
  }
}

/** Lines as a table that other programs take from the clipboard. */
export function asTable(lines: readonly ConcordanceLine[]): string {
  const cell = (text: string | null) => (text ?? '').replace(/[\t\r\n]+/g, ' ');
  return lines
    .map(({ left, middle, right, title, place, published }) =>
      [left, middle, right, title, place, published].map(cell).join('\t'),
    )
    .join('\n');
}
