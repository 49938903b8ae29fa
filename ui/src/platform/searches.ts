// Searching the archive in memory: small true computations over its texts, for component tests.
import type {
  Collocate,
  CommandError,
  Commands,
  ConcordanceLine,
  ConcordanceSort,
  Facets,
  HitReason,
  Passage,
  QueryPart,
  QuerySuggestion,
  Question,
  Range,
  ReportFilter,
  ReportRow,
  ReportView,
  SavedSearch,
  SearchHit,
  SearchSort,
  SearchTier,
  Snippet,
} from '../protocol/protocol';
import { edited, folded, inWords, matches, phrases, print, read, type Candidate } from './queries';
import { emptyFilter } from './platform';
import { SYLLABLES } from './samples';

/** What a search needs of the archive around it. */
export interface Searched {
  reports: () => { row: ReportRow; view: Omit<ReportView, 'passages'> }[];
  passes: (row: ReportRow, filter: ReportFilter) => boolean;
  facets: (filter: ReportFilter, among: ReadonlySet<string>) => Facets;
  tagName: (id: string) => string;
  /** The reports of a collection and of those below it. */
  collected: (id: string) => ReadonlySet<string>;
  passages: (report: string) => readonly Passage[];
  saved: () => readonly SavedSearch[];
  keep: (label: string, saved: readonly SavedSearch[]) => void;
  mark: (passages: { report: string; range: Range; tags: string[] }[]) => void;
  id: () => string;
  fault: (code: CommandError['code'], text: string) => never;
}

const points = (text: string) => Array.from(text);
const TIERS: readonly SearchTier[] = ['exact', 'words', 'some'];
const SEGMENTER = new Intl.Segmenter('zh', { granularity: 'word' });

interface Word extends Range {
  word: string;
}

/** The words of a text with their places, punctuation left out. */
function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  for (const { segment, isWordLike } of SEGMENTER.segment(text)) {
    const end = at + points(segment).length;
    if (isWordLike) words.push({ word: folded(segment).join(''), start: at, end });
    at = end;
  }
  return words;
}

function counted<T>(values: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Log-likelihood of two observed counts in two texts of given size (Dunning 1993). */
function logLikelihood(a: number, b: number, sizeA: number, sizeB: number): number {
  const all = (a + b) / (sizeA + sizeB || 1);
  const part = (seen: number, expected: number) =>
    seen > 0 && expected > 0 ? seen * Math.log(seen / expected) : 0;
  return 2 * (part(a, sizeA * all) + part(b, sizeB * all));
}

/** The first matches of a report, each with its sentence around it. */
function snippets(text: string, found: readonly Range[]): Snippet[] {
  const all = points(text);
  const made: Snippet[] = [];
  for (const match of found) {
    if (made.length === 3) break;
    if (made.some((snippet) => match.start < snippet.end)) continue;
    let { start, end } = match;
    while (start > 0 && match.start - start < 40 && !/[。！？\n]/.test(all[start - 1] ?? ''))
      start--;
    while (end < all.length && end - match.end < 60 && !/[。！？\n]/.test(all[end - 1] ?? ''))
      end++;
    made.push({ text: all.slice(start, end).join(''), start, end });
  }
  return made;
}

interface Found {
  row: ReportRow;
  view: Omit<ReportView, 'passages'>;
  candidate: Candidate;
  tier: SearchTier;
  ranges: Range[];
}

const VOCABULARY: readonly (readonly [string, string])[] = [
  ['软件', '软体'],
  ['网络', '网路'],
  ['信息', '资讯'],
  ['视频', '影片'],
  ['质量', '品质'],
];

const syllables = (text: string) => points(text).map((c) => SYLLABLES.get(c) ?? c);

export class SearchesInMemory {
  readonly #in: Searched;

  constructor(searched: Searched) {
    this.#in = searched;
  }

  /** Every report that answers, best tier first, in the order of the archive. */
  #found(question: Question): Found[] {
    const { tree } = read(question.query);
    if (!tree) return [];
    const before = question.within.map((query) => read(query).tree).filter((each) => each !== null);
    const parts = (text: string) => wordsOf(text).map(({ word }) => word);
    const ways: [SearchTier, QueryPart][] = [['exact', tree]];
    if (question.relaxed) {
      ways.push(['words', inWords(tree, 'all', parts)], ['some', inWords(tree, 'any', parts)]);
    }
    const found: Found[] = [];
    for (const { row, view } of this.#in.reports()) {
      if (!this.#in.passes(row, question.filter)) continue;
      const candidate: Candidate = {
        row,
        tags: row.tags.map((id) => this.#in.tagName(id)),
        text: view.text,
        units: folded(view.text),
      };
      if (before.some((each) => matches(each, candidate) === null)) continue;
      for (const [tier, way] of ways) {
        const ranges = matches(way, candidate);
        if (ranges === null) continue;
        ranges.sort((a, b) => a.start - b.start || a.end - b.end);
        const once = ranges.filter(
          ({ start, end }, i) => start !== ranges[i - 1]?.start || end !== ranges[i - 1]?.end,
        );
        found.push({ row, view, candidate, tier, ranges: once });
        break;
      }
    }
    return found.sort((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier));
  }

  #why(tree: QueryPart, { candidate, view }: Found): HitReason[] {
    return phrases(tree).flatMap((part) => {
      const [first] = matches(part, candidate) ?? [];
      if (!first) return [];
      const block = view.blocks.find(({ start, end }) => first.start >= start && first.start < end);
      const phrase = part.value ?? print(part);
      const written = points(view.text).slice(first.start, first.end).join('');
      const place = block?.kind === 'title' || block?.kind === 'heading' ? block.kind : 'text';
      return [{ phrase, place, alternative: part.kind === 'phrase' && written !== phrase }];
    });
  }

  search({ question, sort, offset, limit }: Commands['search'][0]): Commands['search'][1] {
    const started = performance.now();
    const { tree, notes } = read(question.query);
    const found = this.#found(question);
    const compare = SORTS[sort];
    found.sort((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || compare(a, b));
    const tiers = counted(found.map(({ tier }) => tier));
    const hits = found.slice(offset, offset + limit).map((each): SearchHit => {
      const { row, view, tier, ranges } = each;
      const { title, place, published, script, source } = row;
      return {
        report: row.id,
        ...{ title, place, published, script, source, tier },
        score: ranges.length,
        why: tree ? this.#why(tree, each) : [],
        matches: ranges,
        snippets: snippets(view.text, ranges),
      };
    });
    const none = found.length > 0 && !tiers.has('exact');
    return {
      total: found.length,
      tiers: TIERS.slice(0, question.relaxed ? 3 : 1).map((tier) => ({
        tier,
        count: tiers.get(tier) ?? 0,
      })),
      approximate: false,
      hits,
      tree,
      notes: none
        ? [...notes, { code: 'no_exact_hits', message: 'Nothing stands exactly so.', range: null }]
        : notes,
      milliseconds: performance.now() - started,
    };
  }

  facets(question: Question): Facets {
    const everywhere = { ...question, filter: emptyFilter() };
    const found = this.#found(everywhere).map(({ row }) => row.id);
    return this.#in.facets(question.filter, new Set(found));
  }

  edit({ query, path, edit }: Commands['edit_query'][0]): string {
    return edited(query, path, edit) ?? this.#in.fault('bad_request', 'There is no such part.');
  }

  suggest(question: Question): QuerySuggestion[] {
    const { tree } = read(question.query);
    const [only, more] = tree ? phrases(tree) : [];
    if (!tree || !only || more || only.value === null) return [];
    const asked = only.value.trim();
    const latin = /^[a-zü]{2,}$/i.test(asked);
    const others: { kind: QuerySuggestion['kind']; text: string }[] = [];
    if (latin) {
      const typed = asked.toLowerCase();
      for (const word of this.#vocabulary()) {
        const sounds = syllables(word);
        const initials = sounds.map((sound) => sound[0] ?? '').join('');
        if (sounds.join('') === typed || initials === typed)
          others.push({ kind: 'pinyin', text: word });
      }
    } else {
      const length = points(asked).length;
      const sound = syllables(asked).join(' ');
      const unit = folded(asked).join('');
      for (const word of this.#vocabulary()) {
        if (points(word).length !== length || word === unit || length < 2) continue;
        if (syllables(word).join(' ') === sound) others.push({ kind: 'homophone', text: word });
      }
      for (const pair of VOCABULARY) {
        const at = pair.findIndex((word) => unit === folded(word).join(''));
        const text = pair[1 - at];
        if (at >= 0 && text !== undefined) others.push({ kind: 'region', text });
      }
    }
    return others
      .map(({ kind, text }): QuerySuggestion => {
        const query = points(question.query)
          .toSpliced(only.range.start, only.range.end - only.range.start, text)
          .join('');
        return { kind, text, query, total: this.#found({ ...question, query }).length };
      })
      .filter(({ total }) => total > 0)
      .sort((a, b) => b.total - a.total)
      .slice(0, 8);
  }

  #vocabulary(): Set<string> {
    return new Set(
      this.#in
        .reports()
        .flatMap(({ view }) => wordsOf(view.text).map(({ word }) => word))
        .filter((word) => points(word).length > 1),
    );
  }

  /** Every place found, in an order of lines. */
  #lines(question: Question, sort: ConcordanceSort): { lines: ConcordanceLine[]; found: number } {
    const found = this.#found(question).sort((a, b) => later(a.row, b.row));
    const lines = found.flatMap(({ row, candidate, ranges }): ConcordanceLine[] => {
      const all = points(candidate.text.replaceAll('\n', ' '));
      const { id: report, title, place, published, script } = row;
      return ranges.map((range) => ({
        ...{ report, title, place, published, script, range },
        left: all.slice(Math.max(0, range.start - 40), range.start).join(''),
        middle: all.slice(range.start, range.end).join(''),
        right: all.slice(range.end, range.end + 40).join(''),
      }));
    });
    const left = ({ left: text }: ConcordanceLine) => points(text).toReversed().join('');
    const by = (...keys: ((line: ConcordanceLine) => string)[]) =>
      lines.sort((a, b) => {
        for (const key of keys) {
          const [x, y] = [key(a), key(b)];
          if (x !== y) return x < y ? -1 : 1;
        }
        return 0;
      });
    if (sort === 'left') by(left, ({ right }) => right);
    else if (sort === 'right') by(({ right }) => right, left);
    else if (sort === 'middle')
      by(
        ({ middle }) => middle,
        ({ right }) => right,
      );
    else if (sort === 'place') by(({ place }) => place ?? '\u{10ffff}');
    else if (sort === 'oldest') by(({ published }) => published ?? '\u{10ffff}');
    return { lines, found: found.length };
  }

  concordance({
    question,
    sort,
    offset,
    limit,
  }: Commands['concordance'][0]): Commands['concordance'][1] {
    const { lines, found } = this.#lines(question, sort);
    return {
      total: lines.length,
      reports: new Set(lines.map(({ report }) => report)).size,
      found,
      cut: false,
      lines: lines.slice(offset, offset + limit),
    };
  }

  collocates({
    question,
    before,
    behind,
    limit,
  }: Commands['collocates'][0]): Commands['collocates'][1] {
    const all = this.#in
      .reports()
      .map(({ row, view }) => ({ id: row.id, words: wordsOf(view.text) }));
    const overall = counted(all.flatMap(({ words }) => words.map(({ word }) => word)));
    const size = all.reduce((sum, { words }) => sum + words.length, 0);
    const left = new Map<string, number>();
    const right = new Map<string, number>();
    const reports = new Map<string, Set<string>>();
    let places = 0;
    let around = 0;
    for (const { row, ranges } of this.#found(question)) {
      const words = all.find(({ id }) => id === row.id)?.words ?? [];
      for (const range of ranges) {
        places++;
        const first = words.findIndex(({ end }) => end > range.start);
        const behindAt = words.findIndex(({ start }) => start >= range.end);
        const last = behindAt < 0 ? words.length : behindAt;
        const at = first < 0 ? words.length : first;
        for (const [side, near] of [
          [left, words.slice(Math.max(0, at - before), at)],
          [right, words.slice(last, last + behind)],
        ] as const) {
          around += near.length;
          for (const { word } of near) {
            side.set(word, (side.get(word) ?? 0) + 1);
            reports.set(word, (reports.get(word) ?? new Set()).add(row.id));
          }
        }
      }
    }
    const collocates = [...reports].map(([word, of]): Collocate => {
      const [l, r] = [left.get(word) ?? 0, right.get(word) ?? 0];
      const [seen, total] = [l + r, overall.get(word) ?? 0];
      const rest = Math.max(0, total - seen);
      return {
        word,
        before: l,
        behind: r,
        reports: of.size,
        overall: total,
        expected: (total * around) / (size || 1),
        logLikelihood: logLikelihood(seen, rest, around, Math.max(1, size - around)),
        logDice: 14 + Math.log2((2 * seen) / (places + total || 1)),
      };
    });
    const telling = collocates.filter(({ before: l, behind: r, expected }) => l + r > expected);
    return {
      places,
      cut: false,
      words: size,
      collocates: telling.sort((a, b) => b.logLikelihood - a.logLikelihood).slice(0, limit),
    };
  }

  keyness({ question, reference, limit }: Commands['keyness'][0]): Commands['keyness'][1] {
    const found = new Set(this.#found(question).map(({ row }) => row.id));
    const held = reference.kind === 'collection' ? this.#in.collected(reference.id) : null;
    const all = this.#in
      .reports()
      .map(({ row, view }) => ({ id: row.id, words: wordsOf(view.text) }));
    const target = all.filter(({ id }) => found.has(id));
    const others = all.filter(({ id }) => !found.has(id) && (held === null || held.has(id)));
    const count = (some: typeof all) =>
      counted(some.flatMap(({ words }) => words.map(({ word }) => word)));
    const size = (some: typeof all) => some.reduce((sum, { words }) => sum + words.length, 0);
    const [here, there] = [count(target), count(others)];
    const [sizeHere, sizeThere] = [size(target), size(others)];
    const share = (n: number, of: number) => (n || 0.5) / (of || 1);
    const words = [...new Set([...here.keys(), ...there.keys()])].map((word) => {
      const [a, b] = [here.get(word) ?? 0, there.get(word) ?? 0];
      const logRatio = Math.log2(share(a, sizeHere) / share(b, sizeThere));
      const strength = logLikelihood(a, b, sizeHere, sizeThere);
      const having = (some: typeof all) =>
        some.filter((report) => report.words.some((each) => each.word === word)).length;
      const [c, d] = [having(target), having(others)];
      const spread = logLikelihood(c, d, target.length, others.length);
      return {
        word,
        target: a,
        reference: b,
        reports: c,
        logLikelihood: logRatio < 0 ? -strength : strength,
        dispersion: c * others.length < d * target.length ? -spread : spread,
        logRatio,
      };
    });
    // So many of either side.
    const more = words.filter(({ logRatio }) => logRatio > 0);
    const fewer = words.filter(({ logRatio }) => logRatio < 0);
    return {
      reports: target.length,
      referenceReports: others.length,
      byDispersion: false,
      words: sizeHere,
      referenceWords: sizeThere,
      keyWords:
        others.length === 0
          ? []
          : [
              ...more.sort((a, b) => b.logLikelihood - a.logLikelihood).slice(0, limit),
              ...fewer.sort((a, b) => a.logLikelihood - b.logLikelihood).slice(0, limit),
            ],
    };
  }

  similar(id: string): Commands['similar_reports'][1] {
    const all = this.#in.reports().map(({ row, view }) => ({
      row,
      counts: counted(wordsOf(view.text).map(({ word }) => word)),
    }));
    const one = all.find(({ row }) => row.id === id);
    if (!one) return this.#in.fault('not_found', `There is no report ${id}.`);
    const spread = counted(all.flatMap(({ counts }) => [...counts.keys()]));
    const weight = (word: string, n: number) =>
      (1 + Math.log(n)) * Math.log((all.length + 1) / (spread.get(word) ?? 1));
    return all
      .filter((other) => other !== one)
      .map(({ row, counts }) => {
        const shared = [...one.counts]
          .filter(([word]) => counts.has(word) && points(word).length > 1)
          .map(([word, n]) => ({
            word,
            value: weight(word, n) * weight(word, counts.get(word) ?? 1),
          }))
          .sort((a, b) => b.value - a.value);
        const { title, place, published, script } = row;
        return {
          report: row.id,
          ...{ title, place, published, script },
          score: shared.reduce((sum, { value }) => sum + value, 0),
          words: shared.slice(0, 6).map(({ word }) => word),
        };
      })
      .filter(({ words }) => words.length > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, 20);
  }

  // Saved searches

  saved(): SavedSearch[] {
    return this.#in.saved().toSorted((a, b) => a.name.localeCompare(b.name, 'zh-Hans'));
  }

  save({ id, name, question, sort }: Commands['save_search'][0]): SavedSearch {
    const named = name.trim();
    if (named === '') this.#in.fault('bad_request', 'A search needs a name.');
    const before = this.#in.saved();
    if (before.some((other) => other.name === named && other.id !== id)) {
      this.#in.fault('conflict', `A search of that name exists: ${named}.`);
    }
    if (id !== null && !before.some((other) => other.id === id)) {
      this.#in.fault('not_found', `There is no search ${id}.`);
    }
    const kept: SavedSearch = { id: id ?? this.#in.id(), name: named, question, sort };
    this.#in.keep('search_save', [...before.filter((other) => other.id !== kept.id), kept]);
    return kept;
  }

  forget(ids: readonly string[]): void {
    const kept = this.#in.saved().filter(({ id }) => !ids.includes(id));
    this.#in.keep('search_delete', kept);
  }

  // Marking

  tag({ question, tags, sentences, preview }: Commands['tag_hits'][0]): Commands['tag_hits'][1] {
    const wanted = this.#found(question).flatMap(({ row, candidate, ranges }) => {
      const whole = ranges.map((range) => (sentences ? sentence(candidate.units, range) : range));
      const once = new Map(whole.map((range) => [`${range.start} ${range.end}`, range]));
      return [...once.values()].map((range) => ({ report: row.id, range }));
    });
    const isThere = ({ report, range }: (typeof wanted)[number]) =>
      this.#in
        .passages(report)
        .some(
          (passage) =>
            passage.start === range.start &&
            passage.end === range.end &&
            tags.every((tag) => passage.tags.includes(tag)),
        );
    const fresh = wanted.filter((each) => !isThere(each));
    if (!preview && fresh.length > 0) this.#in.mark(fresh.map((each) => ({ ...each, tags })));
    return {
      passages: fresh.length,
      reports: new Set(fresh.map(({ report }) => report)).size,
      existing: wanted.length - fresh.length,
    };
  }

  /** The lines that an export writes. */
  exported(question: Question, sort: ConcordanceSort): ConcordanceLine[] {
    return this.#lines(question, sort).lines;
  }
}

function sentence(units: readonly string[], { start, end }: Range): Range {
  const isEnd = (c: string | undefined) => c === undefined || /[。！？\n]/u.test(c);
  let [from, to] = [start, end];
  while (from > 0 && !isEnd(units[from - 1])) from--;
  while (to < units.length && !isEnd(units[to])) to++;
  if (units[to] !== undefined && units[to] !== '\n') to++;
  return { start: from, end: to };
}

const later = (a: ReportRow, b: ReportRow) =>
  (b.published ?? '').localeCompare(a.published ?? '') || a.id.localeCompare(b.id);

const SORTS: Record<SearchSort, (a: Found, b: Found) => number> = {
  relevance: (a, b) => b.ranges.length - a.ranges.length,
  newest: (a, b) => later(a.row, b.row),
  oldest: (a, b) => (a.row.published ?? '9').localeCompare(b.row.published ?? '9'),
  place: (a, b) => (a.row.place ?? '').localeCompare(b.row.place ?? '', 'zh-Hans'),
  longest: (a, b) => b.row.characters - a.row.characters,
  shortest: (a, b) => a.row.characters - b.row.characters,
};
