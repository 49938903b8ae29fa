// An archive in memory: the behaviour of the real one, naively, for component tests and for looking
// at the page in a browser. Nothing here is meant to be fast.
import { DEFAULTS } from '../settings/defaults';
import { patched } from '../settings/patch';
import type {
  ArchiveChanged,
  Backup,
  Block,
  Collection,
  CommandError,
  Commands,
  Comparison,
  ErrorCode,
  Events,
  Facets,
  FacetValue,
  FontFamily,
  HistoryEntry,
  Inspection,
  Job,
  OcrState,
  OpenWindowRequest,
  Passage,
  PlaceCount,
  RecentArchive,
  ReportFilter,
  ReportRow,
  ReportSelection,
  ReportSort,
  ReportView,
  SavedSearch,
  Settings,
  SharedPassage,
  StoredPlace,
  Tag,
} from '../protocol/protocol';
import type { JsonValue } from '../protocol/serde_json/JsonValue';
import {
  CommandFailure,
  noMetadata,
  toFailure,
  type FileDrop,
  type Platform,
  type Unsubscribe,
} from './platform';
import { behind, ImportsInMemory, mended, NO_COUNTS, withPiece } from './imports';
import { folded, occurrences } from './queries';
import { SearchesInMemory } from './searches';
import { RECOGNISED, SAMPLES, SAMPLE_TAGS, SYLLABLES, type Sample } from './samples';

interface Report {
  view: Omit<ReportView, 'passages'>;
  imported: string;
}

/** Everything that undo brings back. Maps are copied on writing, their values never changed. */
interface Content {
  reports: ReadonlyMap<string, Report>;
  tags: ReadonlyMap<string, Omit<Tag, 'passages'>>;
  passages: ReadonlyMap<string, Passage>;
  collections: ReadonlyMap<string, Gathered>;
  searches: readonly SavedSearch[];
}

/** A collection; those of one parent stand in the order in which they lie in the map. */
type Gathered = Pick<Collection, 'id' | 'name' | 'parent'> & { members: readonly string[] };

interface Step extends HistoryEntry {
  before: Content;
  after: Content;
  kinds: string[];
  report: string | null;
}

export interface MemoryOptions {
  /** Settings other than those that the program comes with. */
  settings?: Partial<Settings>;
  /** Begin with the example archive open. */
  open?: boolean;
  /** Milliseconds that every call takes. */
  delay?: number;
  /** Milliseconds for each file of an import. */
  pace?: number;
  /** More reports, copies of the samples, to fill the library. */
  copies?: number;
}

type Handler = (payload: never) => void;
type Requests = { [K in keyof Commands]: (request: Commands[K][0]) => Commands[K][1] };

const NONE: Content = {
  reports: new Map(),
  tags: new Map(),
  passages: new Map(),
  collections: new Map(),
  searches: [],
};

function fault(code: CommandError['code'], text: string): never {
  throw new CommandFailure({ code, message: text, hints: [] });
}

const points = (text: string) => Array.from(text);
const slice = (text: string, start: number, end: number) => points(text).slice(start, end).join('');
const BY_PINYIN = new Intl.Collator('zh-Hans-u-co-pinyin-kn');
const BY_STROKES = new Intl.Collator('zh-Hant-u-co-stroke-kn');

/** The kinds of facets. */
const KINDS = [
  'places',
  'organisations',
  'sources',
  'years',
  'scripts',
  'tags',
  'collections',
  'problems',
] as const;
type Kind = (typeof KINDS)[number];

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** Whether what was typed stands in a value: in characters, in pinyin or in its initials. */
function meets(typed: string, value: string): boolean {
  if (occurrences(folded(value), folded(typed)).length > 0) return true;
  if (!/^[a-zü]+$/i.test(typed)) return false;
  const syllables = points(value).map((c) => SYLLABLES.get(c) ?? c.toLowerCase());
  const runs = (rest: string, from: number): boolean =>
    rest === '' ||
    Array.from(
      { length: Math.min(rest.length, syllables[from]?.length ?? 0) },
      (_, i) => i + 1,
    ).some(
      (taken) =>
        syllables[from]?.startsWith(rest.slice(0, taken)) && runs(rest.slice(taken), from + 1),
    );
  return syllables.some((_, from) => runs(typed.toLowerCase(), from));
}

/** The divisions of a place, outermost first: each with all above it, and by its own name. */
function divisions(place: string): { value: string; name: string }[] {
  const parts = place.match(/.+?(?:自治区|自治州|省|市|州|盟|县|区|旗)/gu) ?? [];
  const named = parts.join('') === place ? parts : place === '' ? [] : [place];
  return named.map((name, i) => ({ name, value: named.slice(0, i + 1).join('') }));
}

function placeTree(counts: ReadonlyMap<string | number, number>): PlaceCount[] {
  const roots: PlaceCount[] = [];
  for (const place of counts.keys()) {
    let level = roots;
    for (const { value, name } of divisions(String(place))) {
      let node = level.find((each) => each.value === value);
      if (!node) level.push((node = { value, name, count: counts.get(value) ?? 0, below: [] }));
      level = node.below;
    }
  }
  return roots;
}

/** The reading text and its blocks from a sample's body. */
function laidOut(title: string, body: string): { text: string; blocks: Block[] } {
  const blocks: Block[] = [];
  const lines = [`! ${title}`, ...body.split('\n')];
  let at = 0;
  const texts = lines.map((line) => {
    const [, mark, text = line] = /^(#{1,2}|!) (.*)$/.exec(line) ?? [];
    const length = points(text).length;
    const range = { start: at, end: at + length };
    if (mark === '!') blocks.push({ kind: 'title', ...range });
    else if (mark) blocks.push({ kind: 'heading', level: mark.length, ...range });
    else blocks.push({ kind: 'paragraph', ...range });
    at += length + 1;
    return text;
  });
  return { text: texts.join('\n'), blocks };
}

/** Fonts that a system may have. */
const FAMILIES: FontFamily[] = [
  { name: 'LXGW WenKai', serif: false, simplified: true, traditional: true },
  { name: 'Noto Sans CJK SC', serif: false, simplified: true, traditional: true },
  { name: 'Noto Serif CJK SC', serif: true, simplified: true, traditional: true },
  { name: 'Noto Serif CJK TC', serif: true, simplified: true, traditional: true },
  { name: 'WenQuanYi Micro Hei', serif: false, simplified: true, traditional: false },
];

/** Where a system may keep what. */
const PLACES: StoredPlace[] = [
  { kind: 'archive', path: '', exists: true, bytes: 1_840_000, files: 1 },
  {
    kind: 'backups',
    path: '/家/.local/share/anjuan/backups',
    exists: true,
    bytes: 5_520_000,
    files: 3,
  },
  {
    kind: 'settings',
    path: '/家/.config/anjuan/settings.json',
    exists: true,
    bytes: 1_200,
    files: 1,
  },
  { kind: 'data', path: '/家/.local/share/anjuan', exists: true, bytes: 9_400_000, files: 6 },
  { kind: 'cache', path: '/家/.cache/anjuan', exists: true, bytes: 24_000_000, files: 41 },
  {
    kind: 'crashes',
    path: '/家/.local/share/anjuan/crashes',
    exists: false,
    bytes: 0,
    files: 0,
  },
];

/** A job that has done nothing yet. */
const idle = () => ({
  state: 'running' as const,
  subject: '',
  report: null,
  ended: null,
  done: 0,
  total: 0,
  speed: 0,
  secondsLeft: null,
  items: [],
  counts: NO_COUNTS,
  export: null,
  error: null,
  path: null,
});

export class MemoryPlatform implements Platform {
  readonly #delay: number;
  readonly #pace: number;
  readonly #copies: number;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #drops = new Set<(drop: FileDrop) => void>();
  #next = 1;
  #sequence = 0;
  #archive: { path: string; name: string; example: boolean } | null = null;
  #content: Content = NONE;
  #undo: Step[] = [];
  #redo: Step[] = [];
  #jobs: Job[] = [];
  #recent: RecentArchive[] = [
    {
      path: '/家/论文/侨联报告.anjuan',
      name: '侨联报告',
      opened: '2026-02-27T09:12:00Z',
      reports: 214,
      missing: false,
    },
    {
      path: '/家/移动硬盘/旧文库.anjuan',
      name: '旧文库',
      opened: '2025-11-03T02:40:00Z',
      reports: null,
      missing: true,
    },
  ];
  #settings: Settings = DEFAULTS;
  #backups: Backup[] = [];
  /** The layouts that were kept, by archive. */
  readonly workspaces = new Map<string, JsonValue>();
  /** What the machine has to recognise text with. */
  ocr: OcrState = {
    path: '/usr/bin/tesseract',
    version: 'tesseract 5.3.0',
    languages: ['chi_sim', 'eng', 'osd'],
  };
  /** The password that scans are encrypted with. */
  scanPassword: string | null = null;
  /** The windows that were opened. */
  readonly windows: OpenWindowRequest[] = [];
  readonly imports: ImportsInMemory;
  readonly searches: SearchesInMemory;

  constructor({
    open = false,
    delay = 0,
    pace = 120,
    copies = 0,
    settings = {},
  }: MemoryOptions = {}) {
    this.#settings = { ...this.#settings, ...settings };
    this.#delay = delay;
    this.#pace = pace;
    this.#copies = copies;
    this.imports = new ImportsInMemory({
      id: () => this.#id(),
      now: () => this.#now(),
      pace,
      begin: (job) => {
        this.#need();
        this.#jobs = [job, ...this.#jobs];
      },
      job: (id) => this.#job(id),
      moved: (job) => this.#moved(job),
      reportAt: (path) => this.#found(({ view }) => view.path === path),
      reportTitled: (title) => this.#found(({ view }) => view.metadata.title === title),
      add: (path, inspection) => this.#import(path, inspection),
      remove: (id) => {
        const reports = new Map(this.#content.reports);
        reports.delete(id);
        this.#change('report_delete', ['reports'], { reports });
      },
      collect: (id, report) => {
        const known = this.#content.collections.get(id);
        if (!known) return;
        const members = [...new Set([...known.members, report])];
        const collections = new Map(this.#content.collections).set(id, { ...known, members });
        this.#content = { ...this.#content, collections };
      },
    });
    this.searches = new SearchesInMemory({
      reports: () =>
        [...this.#need().reports.values()].map((report) => ({
          row: this.#row(report),
          view: report.view,
        })),
      passes: (row, filter) => this.#passes(row, filter),
      facets: (filter, among) => this.#facets(filter, among),
      tagName: (id) => this.#content.tags.get(id)?.name ?? '',
      collected: (id) => {
        this.#collection(id);
        const below = (each: string): string[] => [
          ...(this.#content.collections.get(each)?.members ?? []),
          ...[...this.#content.collections.values()]
            .filter(({ parent }) => parent === each)
            .flatMap((child) => below(child.id)),
        ];
        return new Set(below(id));
      },
      passages: (report) => this.#passagesOf(report),
      saved: () => this.#need().searches,
      keep: (label, searches) => this.#change(label, ['searches'], { searches }),
      mark: (marks) => {
        const at = this.#now();
        const passages = new Map(this.#content.passages);
        for (const { report, range, tags } of marks) {
          const { view } = this.#report(report);
          const passage = this.#passage({ report, ...range, tags, memo: '' }, view, at);
          passages.set(passage.id, passage);
        }
        this.#change('hits_tag', ['passages'], { passages });
      },
      id: () => this.#id(),
      fault,
    });
    if (open) this.#fill();
  }

  async call<K extends keyof Commands>(name: K, request: Commands[K][0]): Promise<Commands[K][1]> {
    if (this.#delay > 0) await new Promise((resolve) => setTimeout(resolve, this.#delay));
    await Promise.resolve();
    try {
      // What crosses the edge is a copy, as it is in the window.
      return structuredClone(this.#commands[name](structuredClone(request)));
    } catch (thrown) {
      throw toFailure(thrown);
    }
  }

  on<K extends keyof Events>(event: K, handler: (payload: Events[K]) => void): Unsubscribe {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler as Handler));
    return () => handlers.delete(handler as Handler);
  }

  onFileDrop(handler: (drop: FileDrop) => void): Unsubscribe {
    this.#drops.add(handler);
    return () => this.#drops.delete(handler);
  }

  /** How a browser comes nearest to the zoom of a window. */
  zoom(factor: number): void {
    document.documentElement.style.setProperty('zoom', String(factor));
  }

  /** Acts as if files were dragged over or dropped. */
  drop(drop: FileDrop): void {
    for (const handler of this.#drops) handler(drop);
  }

  /** Acts as if something had happened elsewhere: in another window, in a thread of the archive. */
  tell<K extends keyof Events>(event: K, payload: Events[K]): void {
    this.#emit(event, payload);
  }

  #emit<K extends keyof Events>(event: K, payload: Events[K]): void {
    for (const handler of this.#handlers.get(event) ?? []) {
      (handler as (payload: Events[K]) => void)(structuredClone(payload));
    }
  }

  #id(): string {
    return `0197a000-0000-7000-8000-${String(this.#next++).padStart(12, '0')}`;
  }

  #now(): string {
    return new Date().toISOString();
  }

  // Changes

  #changed(kinds: string[], report: string | null): void {
    this.#sequence++;
    const change: ArchiveChanged = { sequence: this.#sequence, kinds, report };
    queueMicrotask(() => this.#emit('archive_changed', change));
  }

  #change(label: string, kinds: string[], content: Partial<Content>, report: string | null = null) {
    const before = this.#content;
    this.#content = { ...before, ...content };
    this.#changed(kinds, report);
    this.#undo.unshift({
      sequence: this.#sequence,
      label,
      author: this.#settings.coder,
      at: this.#now(),
      before,
      after: this.#content,
      kinds,
      report,
    });
    this.#redo = [];
  }

  #step(from: Step[], to: Step[], side: 'before' | 'after') {
    const step = from.shift();
    if (!step) return { applied: false, label: null, report: null };
    this.#content = step[side];
    to.unshift(step);
    this.#changed(step.kinds, step.report);
    return { applied: true, label: step.label, report: step.report };
  }

  // Filling

  #add(sample: Sample, at: string, suffix = ''): { id: string; view: Report['view'] } {
    const id = this.#id();
    const title = (sample.metadata.title ?? sample.path) + suffix;
    const view: Report['view'] = {
      id,
      revision: this.#id(),
      path: sample.path,
      encoding: 'UTF-8',
      metadata: { ...noMetadata(), ...sample.metadata, title, language: 'zh' },
      ...laidOut(title, sample.body),
      furniture: (sample.furniture ?? []).map((piece) => ({ ...piece, position: 0 })),
      repairs: [],
      problems: sample.problems ?? [],
      recognition: null,
      memo: '',
      revisions: 1,
      nearReports: [],
    };
    this.#content = {
      ...this.#content,
      reports: new Map(this.#content.reports).set(id, { view, imported: at }),
    };
    return { id, view };
  }

  #fill(): void {
    this.#archive = { path: '/家/案卷/示例文库.anjuan', name: '示例文库', example: true };
    this.#content = NONE;
    this.#undo = [];
    this.#redo = [];
    // The same archive has the same identifiers.
    this.#next = 1;
    const tags = new Map<string, Omit<Tag, 'passages'>>();
    const named = new Map<string, string>();
    for (const { name, parent, colour, description } of SAMPLE_TAGS) {
      const id = this.#id();
      named.set(name, id);
      tags.set(id, { id, name, parent: named.get(parent ?? '') ?? null, colour, description });
    }
    const passages = new Map<string, Passage>();
    const samples = SAMPLES.filter(({ later }) => !later);
    const yunxi: string[] = [];
    samples.forEach((sample, i) => {
      const at = new Date(Date.UTC(2026, 2, 3 + i, 8, 15)).toISOString();
      const { id, view } = this.#add(sample, at);
      if (sample.metadata.place?.includes('云溪')) yunxi.push(id);
      for (const { quote, tags: names, memo = '' } of sample.tagged ?? []) {
        const [range] = occurrences(points(view.text), points(quote));
        if (!range) throw new Error(`the sample has no ${quote}`);
        const passage = this.#id();
        passages.set(passage, {
          id: passage,
          report: id,
          revision: view.revision,
          ...range,
          quote,
          tags: names.map((name) => named.get(name) as string),
          memo,
          coder: '林',
          created: at,
          modified: at,
          state: 'kept',
        });
      }
    });
    for (let i = 0; i < this.#copies; i++) {
      const sample = samples[i % samples.length] as Sample;
      const year = 2005 + (i % 18);
      const published = `${year}-${String(1 + (i % 12)).padStart(2, '0')}-15`;
      this.#add(
        { ...sample, metadata: { ...sample.metadata, published } },
        this.#now(),
        `（${i + 1}）`,
      );
    }
    const collection = this.#id();
    this.#content = {
      ...this.#content,
      tags,
      passages,
      collections: new Map([
        [collection, { id: collection, name: '云溪一带', parent: null, members: yunxi }],
      ]),
    };
    this.#sequence = this.#content.reports.size + passages.size;
  }

  // Reading

  #need(): Content {
    return this.#archive ? this.#content : fault('no_archive', 'No archive is open.');
  }

  #report(id: string): Report {
    return this.#need().reports.get(id) ?? fault('not_found', `There is no report ${id}.`);
  }

  #passagesOf(report: string): Passage[] {
    return [...this.#need().passages.values()]
      .filter((passage) => passage.report === report)
      .sort((a, b) => a.start - b.start || b.end - a.end);
  }

  /** A new passage, which is not kept yet. */
  #passage(
    given: Pick<Passage, 'report' | 'start' | 'end' | 'tags' | 'memo'>,
    { revision, text }: Report['view'],
    at: string,
  ): Passage {
    return {
      ...given,
      id: this.#id(),
      revision,
      quote: slice(text, given.start, given.end),
      coder: this.#settings.coder,
      created: at,
      modified: at,
      state: 'kept',
    };
  }

  #view(id: string): ReportView {
    return { ...this.#report(id).view, passages: this.#passagesOf(id) };
  }

  #row({ view, imported }: Report): ReportRow {
    const passages = this.#passagesOf(view.id);
    const counts = new Map<string, number>();
    for (const tag of passages.flatMap((passage) => passage.tags)) {
      counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
    const { title, published, place, organisation, source, authors, script } = view.metadata;
    const file = view.path?.replace(/^.*[/\\]/, '') ?? null;
    return {
      id: view.id,
      title: title ?? file ?? view.id,
      file,
      published,
      place,
      organisation,
      source,
      authors,
      script,
      characters: points(view.text).length,
      passages: passages.length,
      tags: [...counts].sort((a, b) => b[1] - a[1]).map(([tag]) => tag),
      memo: view.memo !== '',
      problems: [...new Set(view.problems.map(({ code }) => code))],
      imported,
    };
  }

  /** What stands in a row for each kind of facet. */
  #values(row: ReportRow): Record<Kind, (string | number)[]> {
    const within = (id: string): string[] => {
      const above = this.#content.collections.get(id)?.parent;
      return above ? [id, ...within(above)] : [id];
    };
    const gathered = [...this.#content.collections.values()].filter(({ members }) =>
      members.includes(row.id),
    );
    return {
      places: divisions(row.place ?? '').map(({ value }) => value),
      organisations: row.organisation === null ? [] : [row.organisation],
      sources: row.source === null ? [] : [row.source],
      years: row.published === null ? [] : [Number(row.published.slice(0, 4))],
      scripts: row.script === null ? [] : [row.script],
      tags: row.tags.flatMap((id) => this.#above(id)),
      collections: gathered.flatMap(({ id }) => within(id)),
      problems: row.problems,
    };
  }

  /** A tag and those above it. */
  #above(id: string): string[] {
    const parent = this.#content.tags.get(id)?.parent;
    return parent ? [id, ...this.#above(parent)] : [id];
  }

  /** Whether a row passes, the conditions of one kind left out. */
  #passes(row: ReportRow, filter: ReportFilter, without?: Kind | 'memo' | 'passages'): boolean {
    const values = this.#values(row);
    const fields = [row.title, row.place, row.organisation, row.source, row.file, ...row.authors];
    return (
      words(filter.text).every((word) => fields.some((field) => field && meets(word, field))) &&
      KINDS.filter((kind) => kind !== without).every((kind) => {
        const wanted: readonly (string | number)[] = filter[kind];
        const unwanted: readonly (string | number)[] = filter.exclude[kind];
        const has = values[kind];
        return (
          (wanted.length === 0 || wanted.some((value) => has.includes(value))) &&
          !unwanted.some((value) => has.includes(value))
        );
      }) &&
      (without === 'memo' || filter.memo === null || row.memo === filter.memo) &&
      (without === 'passages' || filter.passages === null || row.passages > 0 === filter.passages)
    );
  }

  #allRows(): ReportRow[] {
    return [...this.#need().reports.values()].map((report) => this.#row(report));
  }

  #rows(filter: ReportFilter): ReportRow[] {
    return this.#allRows().filter((row) => this.#passes(row, filter));
  }

  #sorted(filter: ReportFilter, sort: ReportSort, descending: boolean): ReportRow[] {
    const key = (row: ReportRow) => (sort === 'authors' ? (row.authors[0] ?? null) : row[sort]);
    return this.#rows(filter).sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      // What is not known stands last, whichever way the rest is sorted.
      if (x === null || y === null) return Number(x === null) - Number(y === null);
      const order =
        typeof x === 'number' && typeof y === 'number'
          ? x - y
          : sort === 'published' || sort === 'imported'
            ? Number(String(x) > String(y)) - Number(String(x) < String(y))
            : this.#collator.compare(String(x), String(y));
      return (descending ? -order : order) || Number(a.id > b.id) - Number(a.id < b.id);
    });
  }

  get #collator(): Intl.Collator {
    return BY_STROKES && this.#settings.collation === 'stroke' ? BY_STROKES : BY_PINYIN;
  }

  /** What the reports can be filtered by; among some of them, where these are given. */
  #facets(filter: ReportFilter, among?: ReadonlySet<string>): Facets {
    const all = this.#allRows().filter(({ id }) => among?.has(id) ?? true);
    const count = (kind: Kind): Map<string | number, number> => {
      const counts = new Map<string | number, number>();
      for (const row of all.filter((each) => this.#passes(each, filter, kind))) {
        for (const value of new Set(this.#values(row)[kind])) {
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
      for (const value of [...filter[kind], ...filter.exclude[kind]]) {
        counts.set(value, counts.get(value) ?? 0);
      }
      return counts;
    };
    const common = (kind: Kind): FacetValue[] =>
      [...count(kind)]
        .map(([value, n]) => ({ value: String(value), count: n }))
        .sort((a, b) => b.count - a.count || this.#collator.compare(a.value, b.value));
    const inOrder = (kind: Kind, ids: Iterable<string>): FacetValue[] => {
      const counts = count(kind);
      return [...ids].map((value) => ({ value, count: counts.get(value) ?? 0 }));
    };
    const years = count('years');
    for (const row of this.#allRows()) {
      const [year] = this.#values(row).years;
      if (year !== undefined) years.set(year, years.get(year) ?? 0);
    }
    const kept = (without: 'memo' | 'passages') =>
      all.filter((row) => this.#passes(row, filter, without));
    return {
      total: all.filter((row) => this.#passes(row, filter)).length,
      places: placeTree(count('places')),
      organisations: common('organisations'),
      sources: common('sources'),
      years: [...years]
        .map(([year, n]) => ({ year: Number(year), count: n }))
        .sort((a, b) => a.year - b.year),
      scripts: common('scripts'),
      tags: inOrder('tags', this.#content.tags.keys()).filter(
        ({ value, count: n }) => n > 0 || filter.tags.includes(value),
      ),
      collections: inOrder(
        'collections',
        this.#collections().map(({ id }) => id),
      ),
      problems: common('problems'),
      memo: kept('memo').filter(({ memo }) => memo).length,
      passages: kept('passages').filter(({ passages }) => passages > 0).length,
    };
  }

  /** The reports of a selection. */
  #selected(selection: ReportSelection): string[] {
    if ('ids' in selection) {
      for (const id of selection.ids) this.#report(id);
      return selection.ids;
    }
    return this.#rows(selection.filter)
      .map(({ id }) => id)
      .filter((id) => !selection.except.includes(id));
  }

  /** Each collection before those below it. */
  #collections(parent: string | null = null): Collection[] {
    const all = [...this.#need().collections.values()];
    return all
      .filter((each) => each.parent === parent)
      .flatMap(({ members, ...collection }) => {
        const there = members.filter((id) => this.#content.reports.has(id));
        const below = this.#collections(collection.id);
        const inAny = [collection, ...below].flatMap(
          ({ id }) => this.#content.collections.get(id)?.members ?? [],
        );
        return [
          {
            ...collection,
            reports: there.length,
            reportsBelow: new Set(inAny.filter((id) => this.#content.reports.has(id))).size,
          },
          ...below,
        ];
      });
  }

  #collection(id: string): Collection {
    return (
      this.#collections().find((collection) => collection.id === id) ??
      fault('not_found', `There is no collection ${id}.`)
    );
  }

  /** Keeps collections, after a look at their names. */
  #gather(label: string, collections: ReadonlyMap<string, Gathered>): void {
    const names = [...collections.values()].map(({ parent, name }) => `${parent}/${name}`);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) fault('conflict', `A collection of that name exists: ${twice}.`);
    this.#change(label, ['collections'], { collections });
  }

  #remember(id: string, label: string, change: (members: readonly string[]) => string[]) {
    this.#collection(id);
    const collection = this.#content.collections.get(id) as Gathered;
    const members = change(collection.members);
    const collections = new Map(this.#content.collections).set(id, { ...collection, members });
    this.#gather(label, collections);
    return this.#collection(id);
  }

  #tags(): Tag[] {
    const content = this.#need();
    const counts = new Map<string, number>();
    for (const { tags } of content.passages.values()) {
      for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
    return [...content.tags.values()].map((tag) => ({ ...tag, passages: counts.get(tag.id) ?? 0 }));
  }

  #tag(id: string): Tag {
    return (
      this.#tags().find((tag) => tag.id === id) ?? fault('not_found', `There is no tag ${id}.`)
    );
  }

  #path(tag: Pick<Tag, 'name' | 'parent'>): string[] {
    const above = tag.parent === null ? undefined : this.#content.tags.get(tag.parent);
    return above ? [...this.#path(above), tag.name] : [tag.name];
  }

  #under(id: string): Set<string> {
    const under = new Set([id]);
    for (let grown = true; grown;) {
      grown = false;
      for (const tag of this.#content.tags.values()) {
        if (tag.parent !== null && under.has(tag.parent) && !under.has(tag.id)) {
          under.add(tag.id);
          grown = true;
        }
      }
    }
    return under;
  }

  #session(): Commands['session'][1] {
    return {
      version: '0.1.0',
      archive: this.#archive && {
        ...this.#archive,
        reports: this.#content.reports.size,
        passages: this.#content.passages.size,
        sequence: this.#sequence,
      },
      recent: this.#recent,
      settings: this.#settings,
      settingsAside: null,
      platform: 'linux',
      window: 'main',
      workspace: this.workspaces.get(this.#archive?.path ?? '') ?? null,
      failure: null,
      failed: null,
      crash: null,
    };
  }

  #use(path: string): Commands['session'][1] {
    const name = path.replace(/^.*[/\\]/, '').replace(/\.anjuan$/, '');
    this.#archive = { path, name, example: false };
    this.#content = NONE;
    this.#undo = [];
    this.#redo = [];
    this.#sequence = 0;
    this.#recent = [
      { path, name, opened: this.#now(), reports: 0, missing: false },
      ...this.#recent.filter((recent) => recent.path !== path),
    ];
    return this.#session();
  }

  // Comparing

  #compare({ reports }: Commands['compare'][0]): Comparison {
    const views = reports.map((id) => this.#report(id).view);
    const passages: SharedPassage[] = [];
    views.forEach((a, i) => {
      for (const b of views.slice(i + 1)) passages.push(...shared(a, b));
    });
    const sections = views.map((view) => headed(view));
    const rows = (sections[0] ?? []).map((section) => ({
      theme: section.heading.replace(/^[一二三四五六七八九十]+、/, ''),
      cells: [
        section.range,
        ...sections.slice(1).flatMap((others) => {
          const likest = others
            .map((other) => ({ other, alike: alike(section.text, other.text) }))
            .sort((x, y) => y.alike - x.alike)[0];
          return likest && likest.alike > 0.08 ? [likest.other.range] : [];
        }),
      ],
    }));
    return { passages, rows };
  }

  // Importing

  #found(wanted: (report: Report) => boolean): { id: string; title: string } | null {
    const report = [...this.#content.reports.values()].find(wanted);
    return report ? { id: report.view.id, title: report.view.metadata.title ?? '' } : null;
  }

  #import(path: string, inspection: Inspection): string {
    const id = this.#id();
    const { text, blocks, furniture, repairs, problems, metadata, encoding } = inspection;
    const view: Report['view'] = {
      id,
      revision: this.#id(),
      path,
      encoding,
      metadata,
      ...{ text, blocks, furniture, repairs, problems },
      recognition: null,
      memo: '',
      revisions: 1,
      nearReports: [],
    };
    const reports = new Map(this.#content.reports).set(id, { view, imported: this.#now() });
    this.#change('import', ['reports'], { reports });
    return id;
  }

  // Jobs

  #moved(job: Job): void {
    this.#jobs = this.#jobs.map((other) => (other.id === job.id ? job : other));
    this.#emit('job_changed', job);
  }

  #job(id: string): Job {
    return this.#jobs.find((job) => job.id === id) ?? fault('not_found', `There is no job ${id}.`);
  }

  /** A copy of the archive, or an archive made of one. */
  #copy(kind: 'backup' | 'restore', name = ''): Job {
    this.#need();
    const job: Job = {
      ...idle(),
      id: this.#id(),
      kind,
      subject: name || (this.#archive?.name ?? ''),
      started: this.#now(),
      total: 4,
    };
    this.#jobs = [job, ...this.#jobs];
    const next = () => {
      const now = this.#job(job.id);
      if (now.state !== 'running') return;
      if (now.done < now.total) {
        this.#moved({ ...now, done: now.done + 1 });
        setTimeout(next, this.#pace);
        return;
      }
      const at = this.#now();
      const folder = '/家/.local/share/anjuan/backups/示例文库';
      const path =
        kind === 'restore'
          ? `/家/案卷/${name}.anjuan`
          : `${folder}/示例文库 ${at.replace(/[-:]|\.\d+/g, '')} manual.anjuan`;
      if (kind === 'backup') {
        this.#backups = [{ path, at, bytes: 1_840_000, automatic: false }, ...this.#backups];
      }
      this.#moved({ ...now, state: 'done', ended: at, path });
    };
    setTimeout(next, this.#pace);
    return job;
  }

  /** Every scan is two pages, and reads the same. */
  #recognise({ reports, again, password }: Commands['recognise'][0]): Job {
    this.#need();
    if (this.ocr.path === null) {
      fault('missing_program', 'The program tesseract is not on this machine.');
    }
    const ids = this.#selected(reports);
    const wanted = ids.filter((id) => {
      const { problems, recognition } = this.#report(id).view;
      return problems.some(({ code }) => code === 'no_text_layer') || (again && recognition);
    });
    const [one] = ids;
    const job: Job = {
      ...idle(),
      id: this.#id(),
      kind: 'recognise',
      subject: ids.length === 1 && one ? this.#row(this.#report(one)).title : '',
      report: ids.length === 1 && one ? one : null,
      started: this.#now(),
      total: 2 * wanted.length,
    };
    this.#jobs = [job, ...this.#jobs];
    const next = () => {
      const now = this.#job(job.id);
      if (now.state !== 'running') return;
      if (this.scanPassword !== null && password !== this.scanPassword) {
        const code: ErrorCode = password === undefined ? 'password_needed' : 'password_wrong';
        const error = { code, message: `${now.subject} is encrypted.`, hints: [] };
        this.#moved({ ...now, state: 'failed', ended: this.#now(), error });
        return;
      }
      if (now.done < now.total) {
        this.#moved({ ...now, done: now.done + 1, secondsLeft: now.total - now.done - 1 });
        setTimeout(next, this.#pace);
        return;
      }
      const items = wanted.map((id) => this.#recognised(id));
      const counts = { ...now.counts, versions: items.length, skipped: ids.length - items.length };
      this.#moved({
        ...now,
        items,
        counts,
        state: 'done',
        ended: this.#now(),
        secondsLeft: null,
      });
    };
    setTimeout(next, this.#pace);
    return job;
  }

  #recognised(id: string): Job['items'][number] {
    const report = this.#report(id);
    const { path, body, uncertain } = RECOGNISED;
    const shown = laidOut(RECOGNISED.title, body);
    const problems = [
      { code: 'recognised', message: 'The text of pages 1, 2 was recognised from pictures.' },
      ...uncertain.map((words) => {
        const start = points(shown.text.slice(0, shown.text.indexOf(words))).length;
        const end = start + points(words).length;
        const message = `“${words}” was recognised with a confidence of 41 %.`;
        return { code: 'recognition_uncertain', message, start, end };
      }),
    ];
    const metadata = { ...report.view.metadata, title: RECOGNISED.title, script: 'Hans' };
    const view: Report['view'] = {
      ...report.view,
      ...shown,
      metadata,
      problems,
      revision: this.#id(),
      revisions: report.view.revisions + 1,
      recognition: { program: 'tesseract 5.3.0', confidence: 91, pages: 2, of: 2 },
    };
    const reports = new Map(this.#content.reports).set(id, { ...report, view });
    this.#change('report_recognise', ['reports'], { reports }, id);
    return {
      path: report.view.path ?? path,
      outcome: 'version',
      report: id,
      metadata,
      problems,
      error: null,
      address: null,
      format: 'pdf',
      encoding: 'UTF-8',
      characters: points(shown.text).length,
      near: null,
      repairs: [],
      beginning: '',
    };
  }

  #startExport({ reports, path, tags }: Commands['start_export'][0]): Job {
    this.#need();
    const total = reports.reduce((sum, id) => sum + points(this.#report(id).view.text).length, 0);
    const job: Job = {
      ...idle(),
      id: this.#id(),
      kind: 'export',
      subject: path,
      started: this.#now(),
      total,
    };
    this.#jobs = [job, ...this.#jobs];
    const began = performance.now();
    const step = Math.ceil(total / 8);
    const next = () => {
      const now = this.#job(job.id);
      if (now.state !== 'running') return;
      if (now.done < total) {
        const done = Math.min(total, now.done + step);
        const speed = done / Math.max(0.001, (performance.now() - began) / 1000);
        this.#moved({ ...now, done, speed, secondsLeft: Math.ceil((total - done) / speed) });
        setTimeout(next, this.#pace);
        return;
      }
      const highlights = reports
        .flatMap((id) => this.#passagesOf(id))
        .filter((passage) => tags.length === 0 || passage.tags.some((tag) => tags.includes(tag)));
      this.#moved({
        ...now,
        state: 'done',
        ended: this.#now(),
        secondsLeft: null,
        path,
        export: {
          path,
          pages: reports.length * 2,
          highlights: highlights.length,
          bytes: 120_000,
          missing: [],
          unplaced: [],
        },
      });
    };
    setTimeout(next, this.#pace);
    return job;
  }

  #exportHits({ question, sort, path }: Commands['start_hits_export'][0]): Job {
    const total = this.searches.exported(question, sort).length;
    const job: Job = {
      ...idle(),
      id: this.#id(),
      kind: 'export',
      subject: path,
      started: this.#now(),
      total,
    };
    this.#jobs = [job, ...this.#jobs];
    setTimeout(() => {
      const now = this.#job(job.id);
      if (now.state !== 'running') return;
      this.#moved({ ...now, done: total, state: 'done', ended: this.#now(), path });
    }, this.#pace);
    return job;
  }

  readonly #commands: Requests = {
    session: () => this.#session(),
    open_archive: ({ path }) =>
      this.#recent.some((recent) => recent.path === path && recent.missing)
        ? fault('missing', `${path} is not there.`)
        : path.endsWith('.anjuan')
          ? this.#use(path)
          : fault('not_an_archive', `${path} is no archive.`),
    create_archive: ({ path }) => this.#use(path),
    open_example: () => {
      this.#fill();
      return this.#session();
    },
    close_archive: () => {
      this.#archive = null;
      this.#content = NONE;
      return this.#session();
    },
    forget_recent: ({ path }) => {
      this.#recent = this.#recent.filter((recent) => recent.path !== path);
      return this.#session();
    },
    take_opened_paths: () => [],
    open_window: (request) => {
      this.windows.push(request);
      return {};
    },
    close_window: () => ({}),
    quit: () => ({}),
    set_workspace: ({ workspace, archive }) => {
      const { path } = this.#archive ?? fault('no_archive', 'No archive is open.');
      if (archive === undefined || archive === path) this.workspaces.set(path, workspace);
      return {};
    },
    set_menu: () => ({}),
    set_settings: ({ changes }) => (this.#settings = patched(this.#settings, changes)),
    clear_recent: () => {
      this.#recent = [];
      return this.#session();
    },
    clear_crashes: () => ({}),
    fonts: () => FAMILIES,
    ocr_state: () => this.ocr,
    storage: () =>
      PLACES.filter(({ kind }) => kind !== 'archive' || this.#archive !== null).map((place) => ({
        ...place,
        path: place.kind === 'archive' ? (this.#archive?.path ?? '') : place.path,
      })),
    spell: ({ texts }) =>
      texts.map((text) => {
        const syllables = points(text.toLowerCase()).map((c) => SYLLABLES.get(c) ?? c);
        return {
          initials: syllables.map((syllable) => syllable[0] ?? '').join(''),
          pinyin: syllables.join(''),
        };
      }),
    backups: () => {
      this.#need();
      return { folder: '/家/.local/share/anjuan/backups/示例文库', list: this.#backups };
    },
    start_backup: () => this.#copy('backup'),
    restore_backup: ({ path, name }) => {
      if (!this.#backups.some((backup) => backup.path === path)) {
        fault('not_found', `There is no backup ${path}.`);
      }
      return this.#copy('restore', name);
    },
    pick_paths: ({ kind, suggested }) => {
      if (kind === 'archive') return ['/家/论文/侨联报告.anjuan'];
      if (kind === 'newArchive') return [`/家/${suggested ?? '新文库.anjuan'}`];
      if (kind.startsWith('save')) return [`/家/${suggested ?? '报告.pdf'}`];
      return [...new Set(this.imports.files.map(({ path }) => path))];
    },
    open_path: () => ({}),
    reveal_path: () => ({}),

    reports: ({ filter, sort, descending, offset, limit }) => {
      const rows = this.#sorted(filter, sort, descending);
      return { total: rows.length, rows: rows.slice(offset, offset + limit) };
    },
    report_ids: ({ filter, sort, descending, offset, limit }) =>
      this.#sorted(filter, sort, descending)
        .slice(offset, offset + limit)
        .map(({ id }) => id),
    report_position: ({ id, filter, sort, descending }) => {
      const at = this.#sorted(filter, sort, descending).findIndex((row) => row.id === id);
      return at < 0 ? null : at;
    },
    report_preview: ({ id }) => {
      const { view, imported } = this.#report(id);
      const row = this.#row(this.#report(id));
      const below = view.blocks.find(({ kind }) => kind !== 'title')?.start ?? 0;
      const passages = this.#passagesOf(id);
      return {
        id,
        title: row.title,
        path: view.path,
        metadata: view.metadata,
        beginning: slice(view.text, below, below + 200),
        characters: row.characters,
        memo: view.memo,
        passages: passages.length,
        tags: row.tags.map((tag) => ({
          value: tag,
          count: passages.filter(({ tags }) => tags.includes(tag)).length,
        })),
        collections: this.#collections()
          .map((collection) => collection.id)
          .filter((each) => this.#content.collections.get(each)?.members.includes(id)),
        problems: row.problems,
        imported,
        revisions: view.revisions,
        nearReports: view.nearReports,
      };
    },
    facets: (filter) => this.#facets(filter),
    library_values: ({ filter, column, text, limit }) => {
      const kind = ({ place: 'places', organisation: 'organisations', source: 'sources' } as const)[
        column as 'place'
      ] as Kind | undefined;
      const counts = new Map<string, number>();
      for (const row of this.#allRows().filter((each) => this.#passes(each, filter, kind))) {
        const values = column === 'author' ? row.authors : [row[column]];
        for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return [...counts]
        .filter(([value]) => words(text).every((word) => meets(word, value)))
        .sort(([a, x], [b, y]) => y - x || this.#collator.compare(a, b))
        .slice(0, limit)
        .map(([value, n]) => ({ value, count: n }));
    },
    report: ({ id }) => this.#view(id),
    set_metadata: ({ reports: selection, ...changes }) => {
      const ids = this.#selected(selection);
      const reports = new Map(this.#need().reports);
      for (const id of ids) {
        const report = this.#report(id);
        const metadata = { ...report.view.metadata };
        const { authors, period, ...texts } = changes;
        for (const [key, value] of Object.entries(texts)) {
          if (value !== null) metadata[key as 'title'] = value === '' ? null : value;
        }
        if (period !== undefined) {
          const [from, to = from] = period.split('-').map(Number);
          metadata.period = from && to ? { from, to } : null;
        }
        if (authors !== null) metadata.authors = authors;
        reports.set(id, { ...report, view: { ...report.view, metadata } });
      }
      this.#change('report_metadata', ['reports'], { reports }, ids.length === 1 ? ids[0] : null);
      return {};
    },
    set_report_memo: ({ id, memo }) => {
      const report = this.#report(id);
      const reports = new Map(this.#content.reports);
      reports.set(id, { ...report, view: { ...report.view, memo } });
      this.#change('report_memo', ['reports'], { reports }, id);
      return {};
    },
    delete_reports: (selection) => {
      const ids = this.#selected(selection);
      const reports = new Map(this.#need().reports);
      for (const id of ids) reports.delete(id);
      const passages = new Map(
        [...this.#content.passages].filter(([, passage]) => reports.has(passage.report)),
      );
      this.#change('report_delete', ['reports', 'passages'], { reports, passages });
      return {};
    },
    restore_furniture: ({ id, index }) => {
      const report = this.#report(id);
      const { view } = report;
      const piece = view.furniture[index] ?? fault('not_found', `There is no piece ${index}.`);
      const revision = this.#id();
      const restored: Report['view'] = {
        ...withPiece(view, index),
        revision,
        revisions: view.revisions + 1,
      };
      const passages = new Map(this.#content.passages);
      for (const passage of this.#passagesOf(id)) {
        passages.set(passage.id, { ...behind(piece, passage), revision });
      }
      const reports = new Map(this.#content.reports).set(id, { ...report, view: restored });
      this.#change('report_restore_furniture', ['reports', 'passages'], { reports, passages }, id);
      return this.#view(id);
    },

    tags: () => this.#tags(),
    create_tag: ({ name, parent, colour, description }) => {
      const tags = new Map(this.#need().tags);
      let above = parent;
      let made: string | null = null;
      for (const part of name.split('/').map((piece) => piece.trim())) {
        if (part === '') fault('bad_request', 'A tag needs a name.');
        const known = [...tags.values()].find((tag) => tag.parent === above && tag.name === part);
        made = known?.id ?? this.#id();
        if (!known) {
          const next = SAMPLE_TAGS[tags.size % SAMPLE_TAGS.length]?.colour ?? '#b5573a';
          tags.set(made, {
            id: made,
            name: part,
            parent: above,
            colour: colour ?? next,
            description: description ?? '',
          });
        }
        above = made;
      }
      if (tags.size === this.#content.tags.size) fault('conflict', `The tag ${name} exists.`);
      this.#change('tag_create', ['tags'], { tags });
      return this.#tag(made ?? '');
    },
    update_tag: ({ id, name, parent, colour, description }) => {
      const { passages: _, ...tag } = this.#tag(id);
      if (parent && this.#under(id).has(parent))
        fault('conflict', 'A tag cannot lie under itself.');
      const tags = new Map(this.#content.tags).set(id, {
        ...tag,
        name: name ?? tag.name,
        parent: parent === null ? tag.parent : parent === '' ? null : parent,
        colour: colour ?? tag.colour,
        description: description ?? tag.description,
      });
      this.#change('tag_update', ['tags'], { tags });
      return this.#tag(id);
    },
    delete_tags: ({ ids }) => {
      const gone = new Set(ids.flatMap((id) => [...this.#under(id)]));
      const tags = new Map([...this.#need().tags].filter(([id]) => !gone.has(id)));
      const passages = new Map(
        [...this.#content.passages].map(([id, passage]) => [
          id,
          { ...passage, tags: passage.tags.filter((tag) => !gone.has(tag)) },
        ]),
      );
      this.#change('tag_delete', ['tags', 'passages'], { tags, passages });
      return {};
    },
    suggest_tags: ({ query, limit }) => {
      const wanted = query.trim().toLowerCase();
      const suggestions = this.#tags().flatMap((tag) => {
        const syllables = points(tag.name).map((c) => SYLLABLES.get(c) ?? c);
        const matched =
          wanted === ''
            ? 'recent'
            : occurrences(folded(tag.name), folded(wanted)).length > 0
              ? 'name'
              : syllables.join('').startsWith(wanted)
                ? 'pinyin'
                : syllables
                      .map((s) => s[0])
                      .join('')
                      .startsWith(wanted)
                  ? 'initials'
                  : null;
        return matched ? [{ tag, path: this.#path(tag), matched }] : [];
      });
      const order = ['recent', 'name', 'pinyin', 'initials'];
      suggestions.sort(
        (a, b) =>
          order.indexOf(a.matched) - order.indexOf(b.matched) || b.tag.passages - a.tag.passages,
      );
      return suggestions.slice(0, limit);
    },

    passages: ({ report, tag }) => {
      const under = tag === null ? null : this.#under(tag);
      return [...this.#need().passages.values()]
        .filter((passage) => report === null || passage.report === report)
        .filter((passage) => under === null || passage.tags.some((id) => under.has(id)))
        .map((passage) => {
          const { view } = this.#report(passage.report);
          return {
            passage,
            title: view.metadata.title ?? view.id,
            place: view.metadata.place,
            published: view.metadata.published,
            script: view.metadata.script,
            before: slice(view.text, Math.max(0, passage.start - 32), passage.start),
            after: slice(view.text, passage.end, passage.end + 32),
          };
        });
    },
    create_passage: ({ report, start, end, tags, memo }) => {
      const { view } = this.#report(report);
      if (start >= end || end > points(view.text).length) {
        fault('bad_request', `There is no range ${start}..${end}.`);
      }
      for (const tag of tags) this.#tag(tag);
      const passage = this.#passage({ report, start, end, tags, memo }, view, this.#now());
      const passages = new Map(this.#content.passages).set(passage.id, passage);
      this.#change('passage_create', ['passages'], { passages }, report);
      return passage;
    },
    update_passage: ({ id, start, end, tags, memo, confirm }) => {
      const passage =
        this.#need().passages.get(id) ?? fault('not_found', `There is no passage ${id}.`);
      const { view } = this.#report(passage.report);
      const range = { start: start ?? passage.start, end: end ?? passage.end };
      if (range.start >= range.end) fault('bad_request', 'A passage cannot be empty.');
      const changed: Passage = {
        ...passage,
        ...range,
        quote: slice(view.text, range.start, range.end),
        tags: tags ?? passage.tags,
        memo: memo ?? passage.memo,
        modified: this.#now(),
        state: confirm ? 'kept' : passage.state,
      };
      const passages = new Map(this.#content.passages).set(id, changed);
      this.#change('passage_update', ['passages'], { passages }, passage.report);
      return changed;
    },
    delete_passages: ({ ids }) => {
      const report = this.#need().passages.get(ids[0] ?? '')?.report ?? null;
      const passages = new Map(this.#content.passages);
      for (const id of ids) passages.delete(id);
      this.#change('passage_delete', ['passages'], { passages }, report);
      return {};
    },

    undo: () => this.#step(this.#undo, this.#redo, 'before'),
    redo: () => this.#step(this.#redo, this.#undo, 'after'),
    history: () => {
      const entry = ({ sequence, label, author, at }: Step) => ({ sequence, label, author, at });
      return { undo: this.#undo.map(entry), redo: this.#redo.map(entry) };
    },

    collections: () => this.#collections(),
    create_collection: ({ name, parent, reports }) => {
      if (parent !== null) this.#collection(parent);
      const id = this.#id();
      const members = this.#selected(reports);
      this.#gather(
        'collection_create',
        new Map(this.#need().collections).set(id, { id, name, parent, members }),
      );
      return this.#collection(id);
    },
    update_collection: ({ id, name }) => {
      this.#collection(id);
      const collection = this.#content.collections.get(id) as Gathered;
      this.#gather(
        'collection_update',
        new Map(this.#content.collections).set(id, { ...collection, name }),
      );
      return this.#collection(id);
    },
    move_collection: ({ id, parent, position }) => {
      this.#collection(id);
      for (let above = parent; above !== null; above = this.#collection(above).parent) {
        if (above === id) fault('conflict', 'A collection cannot lie in itself.');
      }
      const collection = { ...(this.#content.collections.get(id) as Gathered), parent };
      const others = [...this.#content.collections.values()].filter((each) => each.id !== id);
      const next = others.filter((each) => each.parent === parent)[position];
      others.splice(next ? others.indexOf(next) : others.length, 0, collection);
      this.#gather('collection_move', new Map(others.map((each) => [each.id, each])));
      return this.#collection(id);
    },
    add_to_collection: ({ id, reports }) =>
      this.#remember(id, 'collection_add', (members) => [
        ...new Set([...members, ...this.#selected(reports)]),
      ]),
    remove_from_collection: ({ id, reports }) => {
      const gone = new Set(this.#selected(reports));
      return this.#remember(id, 'collection_remove', (members) =>
        members.filter((member) => !gone.has(member)),
      );
    },
    delete_collections: ({ ids }) => {
      const gone = new Set<string>();
      const remove = (id: string) => {
        gone.add(id);
        for (const each of this.#content.collections.values())
          if (each.parent === id) remove(each.id);
      };
      for (const id of ids) remove(this.#collection(id).id);
      const collections = new Map([...this.#content.collections].filter(([id]) => !gone.has(id)));
      this.#change('collection_delete', ['collections'], { collections });
      return {};
    },

    search: (request) => this.searches.search(request),
    search_facets: (question) => this.searches.facets(question),
    edit_query: (request) => this.searches.edit(request),
    suggest_queries: (question) => this.searches.suggest(question),
    concordance: (request) => this.searches.concordance(request),
    collocates: (request) => this.searches.collocates(request),
    keyness: (request) => this.searches.keyness(request),
    similar_reports: ({ id }) => this.searches.similar(id),
    saved_searches: () => this.searches.saved(),
    save_search: (request) => this.searches.save(request),
    delete_searches: ({ ids }) => {
      this.searches.forget(ids);
      return {};
    },
    tag_hits: (request) => this.searches.tag(request),
    start_hits_export: (request) => this.#exportHits(request),
    find_in_report: ({ report, words }) =>
      occurrences(folded(this.#report(report).view.text), folded(words)),
    index_status: () => ({
      indexed: this.#need().reports.size,
      applied: this.#sequence,
      sequence: this.#sequence,
      bytes: 48_000,
      building: false,
    }),
    check_index: () => ({
      sampled: 200,
      missed: 0,
      rebuilt: false,
      status: this.#commands.index_status({}),
    }),
    rebuild_index: () => this.#commands.index_status({}),
    compare: (request) => this.#compare(request),
    start_preview: (request) => this.imports.start('preview', request),
    job_items: (request) => this.imports.items(request),
    inspect_source: (request) => this.imports.inspect(request),
    inspect_text: (request) => this.imports.inspectText(request),
    import_text: (request) => this.imports.importText(request),
    table_preview: (request) => this.imports.table(request),
    undo_repair: ({ id, index }) => {
      const report = this.#report(id);
      const revision = this.#id();
      const { view } = report;
      const changed = { ...mended(view, [index]), revision };
      const reports = new Map(this.#content.reports).set(id, {
        ...report,
        view: { ...changed, revisions: view.revisions + 1 },
      });
      this.#change('report_undo_repair', ['reports'], { reports }, id);
      return this.#view(id);
    },
    near_pairs: () => this.imports.nearPairs(),
    resolve_near: (request) => {
      this.imports.resolveNear(request);
      return {};
    },
    pending_import: () => null,
    discard_import: () => ({}),
    start_import: (request) => this.imports.start('import', request),
    resume_import: () => fault('not_found', 'No import was broken off.'),
    recognise: (request) => this.#recognise(request),
    reread: () => fault('bad_request', 'What is in memory has no originals.'),
    jobs: () => this.#jobs,
    cancel_job: ({ id }) => {
      const job = this.#job(id);
      if (job.state === 'running') {
        this.#moved({ ...job, state: 'cancelled', ended: this.#now(), secondsLeft: null });
      }
      return this.#job(id);
    },
    start_export: (request) => this.#startExport(request),
  };
}

/** Twelve or more characters that are equal after folding. */
const SHARED = 12;

function shared(a: Report['view'], b: Report['view']): SharedPassage[] {
  const [x, y] = [folded(a.text), folded(b.text)];
  const seeds = new Map<string, number[]>();
  for (let j = 0; j + SHARED <= y.length; j++) {
    const seed = y.slice(j, j + SHARED).join('');
    if (!seed.includes('\n')) seeds.set(seed, [...(seeds.get(seed) ?? []), j]);
  }
  const found: SharedPassage[] = [];
  for (let i = 0; i + SHARED <= x.length; i++) {
    const j = seeds.get(x.slice(i, i + SHARED).join(''))?.[0];
    if (j === undefined) continue;
    let chars = SHARED;
    while (x[i + chars] !== undefined && x[i + chars] !== '\n' && x[i + chars] === y[j + chars]) {
      chars++;
    }
    found.push({
      a: { report: a.id, start: i, end: i + chars },
      b: { report: b.id, start: j, end: j + chars },
      chars,
    });
    i += chars - 1;
  }
  return found;
}

function headed(view: Report['view']) {
  const heads = view.blocks.filter(({ kind }) => kind === 'heading');
  return heads.map((head, i) => {
    const end = heads[i + 1]?.start ?? points(view.text).length + 1;
    return {
      heading: slice(view.text, head.start, head.end),
      text: slice(view.text, head.start, end - 1),
      range: { report: view.id, start: head.start, end: end - 1 },
    };
  });
}

/** Pairs of neighbouring characters that two texts have in common, of all they have. */
function alike(a: string, b: string): number {
  const pairs = (text: string) => {
    const units = folded(text);
    return new Set(units.slice(1).map((unit, i) => `${units[i]}${unit}`));
  };
  const [x, y] = [pairs(a), pairs(b)];
  const common = [...x].filter((pair) => y.has(pair)).length;
  return common / (x.size + y.size - common || 1);
}
