// An archive of very many made-up reports, for looking at the library at its full length in a
// browser and measuring it. Everything but the library's list goes to the archive in memory.
import type {
  Commands,
  Events,
  Facets,
  FacetValue,
  PlaceCount,
  ReportFilter,
  ReportRow,
  ReportSort,
  ReportView,
} from '../protocol/protocol';
import { MemoryPlatform, type MemoryOptions } from './memory';
import { noMetadata } from './platform';

const PROVINCES =
  '平川 海屏 云岭 安河 南浦 北原 青浦 白鹿 江临 溪山 东陵 西泽 龙川 凤台 明湖 丰州 永宁 长清 兴义 和田';
const CITIES = '云溪 安河 石门 临江 望海 清源 桃源 金沙 南埔 花山 松林 竹溪';
const COUNTIES = '白鹿 青石 长桥 大田 柳林 双河';
const BODIES = ['归国华侨联合会', '民政局', '统计局', '教育局', '文化和旅游局', '商务局'];
const KINDS = ['工作总结', '工作报告', '工作要点', '工作情况汇报', '年度报告'];
const SOURCES = [
  '侨网',
  '政府门户网站',
  '日报',
  '地方志办公室',
  '党建网',
  '统计信息网',
  '政务公开',
];
const PROBLEMS = ['date_missing', 'digits_stripped', 'glosses_removed', 'encoding_uncertain'];
const [FIRST_YEAR, LAST_YEAR] = [1998, 2025];

interface Place {
  name: string;
  value: string;
  parent: Place | null;
  rank: number;
}

/** The same numbers each time. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Counted = 'places' | 'organisations' | 'sources' | 'years' | 'scripts' | 'problems';
const COUNTED: readonly Counted[] = [
  'places',
  'organisations',
  'sources',
  'years',
  'scripts',
  'problems',
];

interface Entry {
  row: ReportRow;
  place: Place;
  year: number;
  at: number;
}

export class ManyPlatform extends MemoryPlatform {
  #entries: Entry[] = [];
  readonly #byId = new Map<string, Entry>();
  readonly #orders = new Map<ReportSort, Entry[]>();
  #last: { key: string; list: Entry[] } | null = null;
  readonly #many: number;
  readonly #listeners = new Set<() => void>();

  constructor(options: MemoryOptions & { many: number }) {
    super(options);
    this.#many = options.many;
  }

  override async call<K extends keyof Commands>(
    name: K,
    request: Commands[K][0],
  ): Promise<Commands[K][1]> {
    type Answer = (request: Commands[K][0]) => Commands[K][1] | undefined;
    const answers = this.#answers as unknown as Partial<Record<K, Answer>>;
    const answer = answers[name];
    if (this.#entries.length === 0) this.#make();
    if (!answer) {
      const answered = await super.call(name, request);
      const { archive } = answered as Commands['session'][1];
      if (archive) archive.reports = this.#entries.length;
      return answered;
    }
    const start = performance.now();
    const found = answer(request);
    if (found === undefined) return super.call(name, request);
    // As it crosses the edge of the window.
    const copy = structuredClone(found);
    // What is measured of the page is less by what the sample takes here.
    performance.measure(`answer ${name}`, { start });
    return copy;
  }

  override on<K extends keyof Events>(event: K, handler: (payload: Events[K]) => void) {
    if (event === 'archive_changed') this.#listeners.add(handler as () => void);
    return super.on(event, handler);
  }

  #changed(): void {
    const change = { sequence: 1, kinds: ['reports'], report: null };
    for (const hear of this.#listeners) (hear as (payload: typeof change) => void)(change);
  }

  readonly #answers = {
    reports: ({ filter, sort, descending, offset, limit }: Commands['reports'][0]) => {
      const list = this.#list(filter, sort, descending);
      return { total: list.length, rows: list.slice(offset, offset + limit).map(({ row }) => row) };
    },
    report_ids: ({ filter, sort, descending, offset, limit }: Commands['report_ids'][0]) =>
      this.#list(filter, sort, descending)
        .slice(offset, offset + limit)
        .map(({ row }) => row.id),
    report_position: ({ id, filter, sort, descending }: Commands['report_position'][0]) => {
      const at = this.#list(filter, sort, descending).findIndex(({ row }) => row.id === id);
      return at < 0 ? null : at;
    },
    facets: (filter: Commands['facets'][0]) => this.#facets(filter),
    report_preview: ({ id }: Commands['report_preview'][0]) => {
      const entry = this.#byId.get(id);
      if (!entry) return undefined;
      const view = viewOf(entry);
      return {
        id,
        title: entry.row.title,
        path: view.path,
        metadata: view.metadata,
        beginning: view.text.slice(entry.row.title.length + 1, entry.row.title.length + 201),
        characters: entry.row.characters,
        memo: '',
        passages: 0,
        tags: [],
        collections: [],
        problems: entry.row.problems,
        imported: entry.row.imported,
        revisions: 1,
        nearReports: [],
      };
    },
    report: ({ id }: Commands['report'][0]) => {
      const entry = this.#byId.get(id);
      return entry && viewOf(entry);
    },
    delete_reports: (selection: Commands['delete_reports'][0]) => {
      const gone = new Set(
        'ids' in selection
          ? selection.ids
          : this.#list(selection.filter, 'imported', true)
              .map(({ row }) => row.id)
              .filter((id) => !selection.except.includes(id)),
      );
      this.#entries = this.#entries.filter(({ row }) => !gone.has(row.id));
      this.#orders.clear();
      this.#last = null;
      queueMicrotask(() => this.#changed());
      return {};
    },
  };

  #make(): void {
    const next = sequence(7);
    const collator = new Intl.Collator('zh-Hans-u-co-pinyin');
    const place = (name: string, parent: Place | null): Place => ({
      name,
      value: (parent?.value ?? '') + name,
      parent,
      rank: 0,
    });
    const places = PROVINCES.split(' ').flatMap((p) => {
      const province = place(`${p}省`, null);
      const cities = CITIES.split(' ').flatMap((c) => {
        const city = place(`${c}市`, province);
        return [city, ...COUNTIES.split(' ').map((county) => place(`${county}县`, city))];
      });
      return [province, ...cities];
    });
    places
      .toSorted((a, b) => collator.compare(a.value, b.value))
      .forEach((each, i) => (each.rank = i));
    for (let at = 0; at < this.#many; at++) {
      const here = places[next(places.length)] as Place;
      const body = BODIES[next(BODIES.length)] as string;
      // More of later years, as archives have.
      const year =
        LAST_YEAR - Math.floor(((next(1000) * next(1000)) / 1e6) * (LAST_YEAR - FIRST_YEAR + 1));
      const month = String(1 + next(12)).padStart(2, '0');
      const day = String(1 + next(28)).padStart(2, '0');
      const kind = KINDS[next(KINDS.length)] as string;
      const id = `0197b000-0000-7000-8000-${String(at).padStart(12, '0')}`;
      const row: ReportRow = {
        id,
        title: `${here.name}${body}${year}年${kind}`,
        file: `${at}.html`,
        published: next(20) === 0 ? null : `${year}-${month}-${day}`,
        place: here.value,
        organisation: `${here.name}${body}`,
        source: `${here.name}${SOURCES[next(SOURCES.length)]}`,
        authors: [],
        script: next(8) === 0 ? 'Hant' : 'Hans',
        characters: 800 + next(30_000),
        passages: 0,
        tags: [],
        memo: false,
        problems: next(6) === 0 ? [PROBLEMS[next(PROBLEMS.length)] as string] : [],
        imported: new Date(Date.UTC(2026, 0, 1) + at * 61_000).toISOString(),
      };
      const entry = { row, place: here, year: row.published === null ? 0 : year, at };
      this.#entries.push(entry);
      this.#byId.set(id, entry);
    }
  }

  #order(sort: ReportSort): Entry[] {
    const known = this.#orders.get(sort);
    if (known) return known;
    const keys: Partial<Record<ReportSort, (entry: Entry) => number | string>> = {
      characters: ({ row }) => row.characters,
      passages: ({ row }) => row.passages,
      published: ({ row }) => row.published ?? '9999',
      imported: ({ at }) => at,
    };
    // Text is compared by the place that begins it, then by itself: quick, and near enough.
    const key = keys[sort] ?? (({ place }: Entry) => place.rank * 1e4);
    const order = this.#entries.toSorted((a, b) => {
      const [x, y] = [key(a), key(b)];
      return x < y ? -1 : x > y ? 1 : a.row.title < b.row.title ? -1 : 1;
    });
    this.#orders.set(sort, order);
    return order;
  }

  #list(filter: ReportFilter, sort: ReportSort, descending: boolean): Entry[] {
    const key = JSON.stringify([filter, sort, descending]);
    if (this.#last?.key === key) return this.#last.list;
    const passing = this.#order(sort).filter((entry) => failing(entry, filter).length === 0);
    const list = descending ? passing.reverse() : passing;
    this.#last = { key, list };
    return list;
  }

  #facets(filter: ReportFilter): Facets {
    const counts = new Map<Counted, Map<string, number>>(COUNTED.map((kind) => [kind, new Map()]));
    let total = 0;
    for (const entry of this.#entries) {
      const fails = failing(entry, filter);
      if (fails.length > 1) continue;
      if (fails.length === 0) total++;
      for (const kind of COUNTED) {
        if (fails.length === 1 && fails[0] !== kind) continue;
        const of = counts.get(kind) as Map<string, number>;
        for (const value of valuesOf(entry, kind)) of.set(value, (of.get(value) ?? 0) + 1);
      }
    }
    const common = (kind: Counted): FacetValue[] =>
      [...(counts.get(kind) ?? [])]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, 200);
    const years = counts.get('years') ?? new Map<string, number>();
    return {
      total,
      places: placeCounts(counts.get('places') ?? new Map<string, number>()),
      organisations: common('organisations'),
      sources: common('sources'),
      years: Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => ({
        year: FIRST_YEAR + i,
        count: years.get(String(FIRST_YEAR + i)) ?? 0,
      })),
      scripts: common('scripts'),
      tags: [],
      collections: [],
      problems: common('problems'),
      memo: 0,
      passages: 0,
    };
  }
}

function valuesOf({ row, place, year }: Entry, kind: Counted): string[] {
  switch (kind) {
    case 'places': {
      const values: string[] = [];
      for (let at: Place | null = place; at; at = at.parent) values.push(at.value);
      return values;
    }
    case 'organisations':
      return [row.organisation ?? ''];
    case 'sources':
      return [row.source ?? ''];
    case 'years':
      return year === 0 ? [] : [String(year)];
    case 'scripts':
      return [row.script ?? ''];
    case 'problems':
      return row.problems;
  }
}

/** The kinds of condition that a report does not meet. */
function failing(entry: Entry, filter: ReportFilter): (Counted | 'text' | 'own')[] {
  const failed: (Counted | 'text' | 'own')[] = [];
  const { row } = entry;
  for (const word of filter.text.split(/\s+/)) {
    if (word !== '' && !row.title.includes(word) && !row.place?.includes(word)) {
      failed.push('text');
      break;
    }
  }
  if (filter.passages || filter.memo || filter.tags.length > 0 || filter.collections.length > 0)
    failed.push('own');
  for (const kind of COUNTED) {
    const wanted: readonly (string | number)[] = filter[kind];
    const unwanted: readonly (string | number)[] = filter.exclude[kind];
    if (wanted.length === 0 && unwanted.length === 0) continue;
    const values = valuesOf(entry, kind);
    const has = (value: string | number) => values.includes(String(value));
    if ((wanted.length > 0 && !wanted.some(has)) || unwanted.some(has)) failed.push(kind);
  }
  return failed;
}

function placeCounts(counts: ReadonlyMap<string, number>): PlaceCount[] {
  const nodes = new Map<string, PlaceCount>();
  const top: PlaceCount[] = [];
  for (const [value, count] of [...counts].sort(
    ([a], [b]) => a.length - b.length || (a < b ? -1 : 1),
  )) {
    const above = /^(.*?[省市])[^省市]+[市县]$/u.exec(value)?.[1];
    const parent = value.endsWith('县')
      ? nodes.get(value.replace(/[^省市]+县$/u, ''))
      : above && nodes.get(above);
    const name = parent ? value.slice(parent.value.length) : value;
    const node: PlaceCount = { value, name, count, below: [] };
    nodes.set(value, node);
    (parent ? parent.below : top).push(node);
  }
  return top;
}

function viewOf({ row }: Entry): ReportView {
  const paragraph =
    '一年来，在市委的领导下，紧紧围绕中心、服务大局，团结动员广大归侨侨眷和海外侨胞，各项工作取得新的成效。现将有关情况报告如下。';
  const lines = [
    row.title,
    paragraph,
    ...['一、主要工作', '二、存在的问题', '三、下一步打算'].flatMap((heading) => [
      heading,
      ...Array.from({ length: 4 }, () => paragraph.repeat(2)),
    ]),
  ];
  let at = 0;
  const blocks = lines.map((line, i) => {
    const start = at;
    at += line.length + 1;
    const range = { start, end: start + line.length };
    if (i === 0) return { kind: 'title', ...range };
    return /^[一二三]、/.test(line)
      ? { kind: 'heading', level: 1, ...range }
      : { kind: 'paragraph', ...range };
  });
  const { title, published, authors, source, place, organisation, script } = row;
  return {
    id: row.id,
    revision: `${row.id}-1`,
    path: `/报告/${row.file}`,
    encoding: 'UTF-8',
    metadata: {
      ...noMetadata(),
      title,
      published,
      authors,
      source,
      place,
      organisation,
      script,
      language: 'zh',
    },
    text: lines.join('\n'),
    blocks,
    furniture: [],
    repairs: [],
    problems: [],
    recognition: null,
    passages: [],
    memo: '',
    revisions: 1,
    nearReports: [],
  };
}
