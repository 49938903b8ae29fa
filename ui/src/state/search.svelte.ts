import type { CommandFailure, Platform } from '../platform/platform';
import { toFailure } from '../platform/platform';
import type { QueryChip, QueryNote, Range, SearchHit } from '../protocol/protocol';
import type { App } from './app.svelte';

/** Hits asked for at a time. */
const PAGE = 40;

/** A place in the hits: which report, which of its matches. */
export interface Cursor {
  hit: number;
  match: number;
}

/** The query, its hits, and where in them the user stands. */
export class SearchState {
  readonly #platform: Platform;
  query = $state('');
  /** The query that the hits belong to. */
  answered = $state('');
  hits = $state.raw<readonly SearchHit[]>([]);
  total = $state(0);
  chips = $state.raw<readonly QueryChip[]>([]);
  notes = $state.raw<readonly QueryNote[]>([]);
  milliseconds = $state(0);
  searching = $state(false);
  failure = $state.raw<CommandFailure | null>(null);
  cursor = $state.raw<Cursor | null>(null);
  /** Counts the questions, so that a late answer to an old one is thrown away. */
  #generation = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Asks a query; the answer to an earlier one that comes later is never shown. */
  async ask(query: string): Promise<void> {
    this.query = query;
    const generation = ++this.#generation;
    if (query.trim() === '') {
      this.#clear();
      return;
    }
    this.searching = true;
    try {
      const page = await this.#platform.call('search', { query, offset: 0, limit: PAGE });
      if (generation !== this.#generation) return;
      this.answered = query;
      this.hits = page.hits;
      this.total = page.total;
      this.chips = page.chips;
      this.notes = page.notes;
      this.milliseconds = page.milliseconds;
      this.failure = null;
      this.cursor = null;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.#clear();
      this.failure = toFailure(thrown);
    } finally {
      if (generation === this.#generation) this.searching = false;
    }
  }

  /** Asks the same again, because the archive changed. */
  again(): void {
    if (this.query.trim() !== '') void this.ask(this.query);
  }

  /** Asks for the hits behind those that are here. */
  async more(): Promise<void> {
    if (this.searching || this.hits.length >= this.total) return;
    const generation = this.#generation;
    this.searching = true;
    try {
      const { answered: query, hits } = this;
      const page = await this.#platform.call('search', { query, offset: hits.length, limit: PAGE });
      if (generation === this.#generation) this.hits = [...hits, ...page.hits];
    } catch (thrown) {
      if (generation === this.#generation) this.failure = toFailure(thrown);
    } finally {
      if (generation === this.#generation) this.searching = false;
    }
  }

  reset(): void {
    this.#generation++;
    this.query = '';
    this.#clear();
  }

  #clear(): void {
    this.answered = '';
    this.hits = [];
    this.total = 0;
    this.chips = [];
    this.notes = [];
    this.failure = null;
    this.cursor = null;
    this.searching = false;
  }

  /** Opens the report of a place in the hits, at its match; beside a tab where one is given. */
  openAt(app: App, cursor: Cursor, beside?: string): void {
    const hit = this.hits[cursor.hit];
    if (!hit) return;
    this.cursor = cursor;
    const match: Range | undefined = hit.matches[cursor.match];
    if (beside === undefined) app.tabs.openReport(hit.report, hit.title, match);
    else app.tabs.openReportBeside(beside, hit.report, hit.title, match);
  }

  /** Walks to the next match, through all reports and around the end. */
  async walk(app: App, by: 1 | -1): Promise<void> {
    if (this.hits.length === 0) return;
    let { hit, match } = this.cursor ?? { hit: 0, match: by > 0 ? -1 : 0 };
    match += by;
    const last = (at: number) => Math.max(0, (this.hits[at]?.matches.length ?? 0) - 1);
    if (match < 0) {
      hit = hit > 0 ? hit - 1 : this.hits.length - 1;
      match = last(hit);
    } else if (match > last(hit)) {
      if (hit + 1 >= this.hits.length) await this.more();
      hit = hit + 1 < this.hits.length ? hit + 1 : 0;
      match = 0;
    }
    this.openAt(app, { hit, match });
  }
}
