import { emptyFilter, emptyQuestion, toFailure, type CommandFailure } from '../platform/platform';
import type {
  QueryEdit,
  QueryNote,
  QueryPart,
  Question,
  Range,
  ReportFilter,
  SavedSearch,
  SearchHit,
  SearchPage,
  SearchSort,
  TierCount,
} from '../protocol/protocol';
import { Filtering } from '../library/filtering.svelte';
import { QueryHistory } from '../search/queryHistory.svelte';
import type { App } from './app.svelte';

/** Hits asked for at a time. */
const PAGE = 40;
/** A query that rests so long, in milliseconds, is one to come back to. */
const RESTED = 2500;

/** A place in the hits: which report, which of its matches. */
export interface Cursor {
  hit: number;
  match: number;
}

/** What the results are shown as. */
export const SEARCH_VIEWS = ['reports', 'concordance', 'charts', 'collocates', 'keywords'] as const;
export type SearchView = (typeof SEARCH_VIEWS)[number];

/** The question, its hits, and where in them the user stands. */
export class SearchState extends Filtering {
  readonly #app: App;
  readonly history = new QueryHistory();
  query = $state('');
  /** Queries whose results are searched. */
  within = $state.raw<readonly string[]>([]);
  sort = $state<SearchSort>('relevance');
  view = $state<SearchView>('reports');
  /** Whether reports with the single words come as well; kept among what the page keeps. */
  readonly relaxed: boolean = $derived.by(() => this.#app.settings.page('searchRelaxed', false));
  /** What is asked now. */
  readonly question: Question = $derived({
    query: this.query,
    within: [...this.within],
    filter: this.filter,
    relaxed: this.relaxed,
  });

  /** The question that everything below answers; another object for each answer. */
  asked = $state.raw<Question>(emptyQuestion());
  /** Its query; empty, where nothing is shown. */
  readonly answered: string = $derived(this.asked.query);
  /** Which state of the archive it answers for. */
  version = $state('');
  hits = $state.raw<readonly SearchHit[]>([]);
  total = $state(0);
  tiers = $state.raw<readonly TierCount[]>([]);
  approximate = $state(false);
  tree = $state.raw<QueryPart | null>(null);
  notes = $state.raw<readonly QueryNote[]>([]);
  milliseconds = $state(0);
  searching = $state(false);
  failure = $state.raw<CommandFailure | null>(null);
  cursor = $state.raw<Cursor | null>(null);
  /** Where the next hit is, when one walks through something other than the hits. */
  #walker: ((by: 1 | -1) => unknown) | null = null;
  /** Counts the questions, so that a late answer to an old one is thrown away. */
  #generation = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    super();
    this.#app = app;
  }

  // Asking

  /** Asks a query; the answer to an earlier one that comes later is never shown. */
  ask(query: string): Promise<void> {
    this.query = query;
    return this.#ask();
  }

  /** Asks the same again, because the archive changed. */
  again(): void {
    if (this.query.trim() !== '') void this.#ask(true);
  }

  override setFilter(changes: Partial<ReportFilter>): void {
    this.filter = { ...this.filter, ...changes };
    void this.#ask();
  }

  sortBy(sort: SearchSort): void {
    this.sort = sort;
    void this.#ask();
  }

  relax(relaxed: boolean): void {
    this.#app.settings.setPage('searchRelaxed', relaxed);
    void this.#ask();
  }

  /** Searches in what was found: what is asked next narrows it down. */
  searchWithin(query = ''): void {
    const now = this.query.trim();
    if (now === '') return;
    this.history.note(now);
    this.within = [...this.within, now];
    void this.ask(query);
  }

  /** No longer only in the results of this query. */
  widen(at: number): void {
    const gone = this.within[at];
    if (gone === undefined) return;
    this.within = this.within.toSpliced(at, 1);
    // With nothing typed since, one is back where one was.
    void this.ask(this.query.trim() === '' ? gone : this.query);
  }

  /** Asks what was kept. */
  askSaved({ question, sort }: Pick<SavedSearch, 'question' | 'sort'>): void {
    this.within = question.within;
    this.filter = question.filter;
    this.sort = sort;
    if (question.relaxed !== this.relaxed) {
      this.#app.settings.setPage('searchRelaxed', question.relaxed);
    }
    this.history.note(question.query);
    void this.ask(question.query);
  }

  /** Changes a part of the query that is shown. */
  async edit(path: readonly number[], edit: QueryEdit): Promise<void> {
    const { answered: query } = this;
    if (query !== this.query) return;
    const changed = await this.#app.platform.call('edit_query', { query, path: [...path], edit });
    // What was typed meanwhile counts more.
    if (this.query === query) await this.ask(changed);
  }

  async #ask(same = false): Promise<void> {
    const generation = ++this.#generation;
    const { question, sort } = this;
    const { reports, tags, collections } = this.#app.changes;
    clearTimeout(this.#rest);
    if (question.query.trim() === '') {
      this.#clear();
      return;
    }
    this.searching = true;
    // Who has scrolled down stays there when the archive changes.
    const limit = same ? Math.max(PAGE, this.hits.length) : PAGE;
    try {
      const page = await this.#app.platform.call('search', { question, sort, offset: 0, limit });
      if (generation !== this.#generation) return;
      this.version = [reports, tags, collections].join(' ');
      this.#take(question, page, same);
      this.#rest = setTimeout(() => {
        if (page.total > 0) this.history.note(question.query);
      }, RESTED);
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.#clear();
      this.failure = toFailure(thrown);
    } finally {
      if (generation === this.#generation) this.searching = false;
    }
  }

  #take(question: Question, page: SearchPage, same: boolean): void {
    const { cursor } = this;
    const at = cursor && same ? this.hits[cursor.hit]?.report : undefined;
    this.hits = page.hits;
    this.total = page.total;
    this.tiers = page.tiers;
    this.approximate = page.approximate;
    this.tree = page.tree;
    this.notes = page.notes;
    this.milliseconds = page.milliseconds;
    this.failure = null;
    const hit = at === undefined ? -1 : page.hits.findIndex(({ report }) => report === at);
    this.cursor = cursor && hit >= 0 ? { hit, match: cursor.match } : null;
    if (!same) this.#walker = null;
    this.asked = question;
  }

  /** Asks for the hits behind those that are here. */
  async more(): Promise<void> {
    if (this.searching || this.hits.length >= this.total) return;
    const generation = this.#generation;
    this.searching = true;
    try {
      const { asked: question, sort, hits } = this;
      const request = { question, sort, offset: hits.length, limit: PAGE };
      const page = await this.#app.platform.call('search', request);
      if (generation === this.#generation) this.hits = [...hits, ...page.hits];
    } catch (thrown) {
      if (generation === this.#generation) this.failure = toFailure(thrown);
    } finally {
      if (generation === this.#generation) this.searching = false;
    }
  }

  /** Begins anew, because another archive was opened. */
  reset(): void {
    this.#generation++;
    clearTimeout(this.#rest);
    this.query = '';
    this.within = [];
    this.filter = emptyFilter();
    this.sort = 'relevance';
    this.view = 'reports';
    this.history.list = [];
    this.#clear();
  }

  #clear(): void {
    this.asked = emptyQuestion();
    this.hits = [];
    this.total = 0;
    this.tiers = [];
    this.approximate = false;
    this.tree = null;
    this.notes = [];
    this.failure = null;
    this.cursor = null;
    this.#walker = null;
    this.searching = false;
  }

  // Walking

  /** Opens the report of a place in the hits, at its match; beside a tab where one is given. */
  openAt(cursor: Cursor, beside?: string): void {
    const hit = this.hits[cursor.hit];
    if (!hit) return;
    this.cursor = cursor;
    this.#walker = null;
    this.open(hit, hit.matches[cursor.match], beside);
  }

  /** Opens a report that was found; beside a tab where one is given. */
  open(found: Pick<SearchHit, 'report' | 'title'>, range?: Range, beside?: string): void {
    const { tabs } = this.#app;
    this.history.note(this.answered);
    if (beside === undefined) tabs.openReport(found.report, found.title, range);
    else tabs.openReportBeside(beside, found.report, found.title, range);
  }

  /** The next hit comes from somewhere else, until another question is asked or a hit is opened. */
  walkAlong(walker: (by: 1 | -1) => unknown): void {
    this.#walker = walker;
  }

  /** Walks to the next match, through all reports and around the end. */
  async walk(by: 1 | -1): Promise<void> {
    if (this.#walker) {
      await this.#walker(by);
      return;
    }
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
    this.openAt({ hit, match });
  }
}
