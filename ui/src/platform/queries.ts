// Queries for the archive in memory: read, printed, changed and held against a report, naively.
import type { QueryEdit, QueryNote, QueryPart, Range, ReportRow } from '../protocol/protocol';
import { fold } from './samples';

const points = (text: string) => Array.from(text);
export const folded = (text: string) => points(text).map(fold);
const HAN = /\p{Script=Han}/u;

/** Every place where the needle stands, by code points of the hay, both folded. */
export function occurrences(hay: readonly string[], needle: readonly string[]): Range[] {
  const found: Range[] = [];
  if (needle.length === 0) return found;
  for (let i = 0; i + needle.length <= hay.length; i++) {
    if (needle.every((unit, k) => hay[i + k] === unit)) {
      found.push({ start: i, end: i + needle.length });
    }
  }
  return found;
}

const FIELDS: Readonly<Record<string, string>> = {
  地区: 'place',
  地區: 'place',
  place: 'place',
  年: 'year',
  year: 'year',
  来源: 'source',
  來源: 'source',
  source: 'source',
  标签: 'tag',
  標籤: 'tag',
  tag: 'tag',
  标题: 'title',
  標題: 'title',
  title: 'title',
};

type Token =
  | { t: 'open' | 'close' | 'minus' | 'and' | 'or' | 'not'; start: number; end: number }
  | { t: 'near'; relation: string; start: number; end: number }
  | { t: 'part'; part: QueryPart };

const QUOTES: Readonly<Record<string, string>> = { '"': '"', '“': '”', '「': '」', '『': '』' };
const isSpace = (c: string | undefined) => c !== undefined && /\s/u.test(c);

function leaf(kind: string, value: string, range: Range, quoted = false, field = ''): QueryPart {
  const words = quoted || /\s/u.test(value) ? `"${value}"` : value;
  const marks: Record<string, string> = {
    original: `=${words}`,
    loose: `${words}~`,
    expression: `/${value}/`,
  };
  return {
    kind,
    value,
    quoted,
    text: field === '' ? (marks[kind] ?? words) : `${field}:${words}`,
    range,
    relations: [],
    parts: [],
  };
}

function operator(chunk: string, start: number, end: number): Token | null {
  if (['OR', '或', '||'].includes(chunk)) return { t: 'or', start, end };
  if (['AND', '与', '與', '且', '&&'].includes(chunk)) return { t: 'and', start, end };
  if (['NOT', '非', '!'].includes(chunk)) return { t: 'not', start, end };
  if (/^(NEAR(\/\d+)?|近\/\d+|句|段|SENTENCE|PARAGRAPH)$/.test(chunk)) {
    return { t: 'near', relation: chunk, start, end };
  }
  return null;
}

function tokens(query: string, notes: QueryNote[]): Token[] {
  const all = points(query);
  const found: Token[] = [];
  const say = (code: string, message: string, start: number, end: number) =>
    notes.push({ code, message, range: { start, end } });
  const quotedFrom = (at: number): { value: string; end: number } | null => {
    const closing = QUOTES[all[at] ?? ''];
    if (closing === undefined) return null;
    const end = all.indexOf(closing, at + 1);
    if (end < 0) {
      say('unbalanced_quote', 'A quotation mark has no partner.', at, at + 1);
      return { value: all.slice(at + 1).join(''), end: all.length };
    }
    return { value: all.slice(at + 1, end).join(''), end: end + 1 };
  };
  for (let at = 0; at < all.length;) {
    const c = all[at] ?? '';
    if (isSpace(c)) {
      at++;
      continue;
    }
    if ('(（'.includes(c)) found.push({ t: 'open', start: at, end: ++at });
    else if (')）'.includes(c)) found.push({ t: 'close', start: at, end: ++at });
    else if ('-－'.includes(c) && at + 1 < all.length && !isSpace(all[at + 1]))
      found.push({ t: 'minus', start: at, end: ++at });
    else {
      const quoted = quotedFrom(at);
      if (quoted) {
        const range = { start: at, end: quoted.end };
        if (quoted.value !== '')
          found.push({ t: 'part', part: leaf('phrase', quoted.value, range, true) });
        at = quoted.end;
        continue;
      }
      let end = at;
      while (end < all.length && !isSpace(all[end]) && !'()（）'.includes(all[end] ?? '')) {
        end++;
        if (':：'.includes(all[end - 1] ?? '') && QUOTES[all[end] ?? ''] !== undefined) break;
      }
      const chunk = all.slice(at, end).join('');
      const [, field = '', value = ''] = /^([^:：]+)[:：](.*)$/u.exec(chunk) ?? [];
      const kind = FIELDS[field.toLowerCase()];
      if (kind !== undefined) {
        const behind = value === '' ? quotedFrom(end) : null;
        const stop = behind?.end ?? end;
        const wanted = behind?.value ?? value;
        if (wanted === '') say('empty_field', `The field ${field} has no value.`, at, stop);
        else
          found.push({
            t: 'part',
            part: leaf(kind, wanted, { start: at, end: stop }, behind !== null, field),
          });
        at = stop;
        continue;
      }
      found.push(operator(chunk, at, end) ?? { t: 'part', part: word(chunk, at, end) });
      at = end;
    }
  }
  return found;
}

/** A chunk that is no operator and no field, by the signs that it bears. */
function word(chunk: string, start: number, end: number): QueryPart {
  const range = { start, end };
  const expression = /^\/(.+)\/$/u.exec(chunk)?.[1];
  if (expression !== undefined) return leaf('expression', expression, range);
  if (chunk.length > 2 && chunk.endsWith('~')) return leaf('loose', chunk.slice(0, -1), range);
  if (chunk.length > 1 && chunk.startsWith('=')) return leaf('original', chunk.slice(1), range);
  if (/[*?]/.test(chunk) && HAN.test(chunk)) return leaf('wildcard', chunk, range);
  return leaf('phrase', chunk, range);
}

/** Joins parts; one alone stands for itself. */
function joined(kind: 'all' | 'any' | 'near', parts: QueryPart[], relations: string[] = []) {
  const [first] = parts;
  if (parts.length < 2 || !first) return first ?? null;
  const part: QueryPart = {
    kind,
    value: null,
    quoted: false,
    text: '',
    range: { start: first.range.start, end: parts.at(-1)?.range.end ?? first.range.end },
    relations,
    parts,
  };
  return { ...part, text: print(part) };
}

/** A part as it can be typed; in brackets where it holds others and stands among others. */
export function print(part: QueryPart, inside = false): string {
  const bracketed = (text: string) => (inside ? `(${text})` : text);
  const within = part.parts.map((each) => print(each, true));
  switch (part.kind) {
    case 'all':
      return bracketed(within.join(' '));
    case 'any':
      return bracketed(within.join(' OR '));
    case 'near':
      return bracketed(
        within
          .map((text, i) => (i > 0 ? `${part.relations[i - 1] ?? 'NEAR'} ${text}` : text))
          .join(' '),
      );
    case 'not':
      return `-${within[0] ?? ''}`;
    default:
      return part.text;
  }
}

export interface Reading {
  tree: QueryPart | null;
  notes: QueryNote[];
}

export function read(query: string): Reading {
  const notes: QueryNote[] = [];
  const list = tokens(query, notes);
  let at = 0;
  const say = (code: string, message: string, { start, end }: Range) =>
    notes.push({ code, message, range: { start, end } });
  const peek = () => list[at];

  function part(): QueryPart | null {
    const token = peek();
    if (!token) return null;
    if (token.t === 'part') {
      at++;
      return token.part;
    }
    if (token.t !== 'open') return null;
    at++;
    const inner = any();
    const closing = peek();
    if (closing?.t === 'close') at++;
    else say('unbalanced_parenthesis', 'A bracket has no partner.', token);
    return inner;
  }
  function row(): QueryPart | null {
    const first = part();
    if (!first) return null;
    const [parts, relations] = [[first], [] as string[]];
    for (let token = peek(); token?.t === 'near'; token = peek()) {
      at++;
      const next = part();
      if (next) {
        parts.push(next);
        relations.push(token.relation);
      } else say('dangling_operator', 'An operator has nothing behind it.', token);
    }
    return joined('near', parts, relations);
  }
  function unary(): QueryPart | null {
    const token = peek();
    if (token?.t !== 'minus' && token?.t !== 'not') return row();
    at++;
    const inner = unary();
    if (!inner) {
      say('dangling_operator', 'An operator has nothing behind it.', token);
      return null;
    }
    const range = { start: token.start, end: inner.range.end };
    const not = { ...inner, kind: 'not', value: null, quoted: false, relations: [], range };
    return { ...not, parts: [inner], text: `-${print(inner, true)}` };
  }
  function all(): QueryPart | null {
    const parts: QueryPart[] = [];
    for (let token = peek(); token && token.t !== 'or' && token.t !== 'close'; token = peek()) {
      if (token.t === 'and' || token.t === 'near') {
        if (parts.length === 0)
          say('dangling_operator', 'An operator has nothing before it.', token);
        at++;
        continue;
      }
      const next = unary();
      if (next) parts.push(next);
    }
    return joined('all', parts);
  }
  function any(): QueryPart | null {
    const parts: QueryPart[] = [];
    for (;;) {
      const next = all();
      if (next) parts.push(next);
      const token = peek();
      if (token?.t !== 'or') break;
      if (!next) say('dangling_operator', 'An operator has nothing before it.', token);
      at++;
    }
    return joined('any', parts);
  }

  const parts: QueryPart[] = [];
  while (at < list.length) {
    const next = any();
    if (next) parts.push(next);
    const token = peek();
    if (token?.t === 'close') {
      say('unbalanced_parenthesis', 'A bracket has no partner.', token);
      at++;
    }
  }
  const tree = joined('all', parts);
  if (!tree && query.trim() !== '') {
    notes.push({
      code: 'nothing_to_search',
      message: 'There is nothing to search for.',
      range: null,
    });
  }
  return { tree, notes };
}

/** The query after a change of the part at a path; `null` where there is none. */
export function edited(query: string, path: readonly number[], edit: QueryEdit): string | null {
  const { tree } = read(query);
  if (!tree) return null;
  let found = false;
  const change = (part: QueryPart, rest: readonly number[]): QueryPart | null => {
    const [next, ...further] = rest;
    if (next === undefined) {
      found = true;
      return edit.kind === 'remove'
        ? null
        : edit.kind === 'replace'
          ? { ...leaf('phrase', edit.text, part.range), text: edit.text }
          : edit.kind === 'negate'
            ? part.kind === 'not'
              ? (part.parts[0] ?? null)
              : { ...part, kind: 'not', parts: [part] }
            : leaf('phrase', part.value ?? '', part.range, !part.quoted);
    }
    if (!part.parts[next]) return part;
    const parts = part.parts.flatMap((each, i) => {
      const now = i === next ? change(each, further) : each;
      return now ? [now] : [];
    });
    if (part.kind === 'not') return parts.length === 0 ? null : { ...part, parts };
    const relations =
      parts.length < part.parts.length
        ? part.relations.toSpliced(Math.max(0, next - 1), 1)
        : part.relations;
    return joined(part.kind as 'all', parts, relations);
  };
  const changed = change(tree, path);
  return found ? (changed ? print(changed) : '') : null;
}

/** What the tree is held against. */
export interface Candidate {
  row: ReportRow;
  /** The names of its tags. */
  tags: readonly string[];
  text: string;
  /** The reading text, folded. */
  units: readonly string[];
}

/** Where a phrase, or what stands for one, is in a text; `null` for other parts. */
function places(part: QueryPart, { text, units }: Candidate): Range[] | null {
  const value = part.value ?? '';
  switch (part.kind) {
    case 'phrase':
      return occurrences(units, folded(value));
    case 'original':
      return occurrences(points(text), points(value));
    case 'loose': {
      const wanted = folded(value);
      const found: Range[] = [];
      for (let at = 0; at + wanted.length <= units.length; at++) {
        const wrong = wanted.filter((unit, i) => units[at + i] !== unit).length;
        if (wrong <= 1) found.push({ start: at, end: at + wanted.length });
      }
      return found;
    }
    case 'wildcard':
    case 'expression': {
      const source =
        part.kind === 'expression'
          ? value
          : folded(value)
              .map((c) =>
                c === '*'
                  ? '[^。！？\\n]{0,40}?'
                  : c === '?'
                    ? '.'
                    : c.replace(/[.+^${}()|[\]\\]/, '\\$&'),
              )
              .join('');
      try {
        const line = units.join('');
        return [...line.matchAll(new RegExp(source, 'gu'))]
          .filter(([hit]) => hit !== '')
          .map((hit) => {
            const start = points(line.slice(0, hit.index)).length;
            return { start, end: start + points(hit[0]).length };
          });
      } catch {
        return [];
      }
    }
    default:
      return null;
  }
}

const within = (value: string | null, wanted: string) =>
  value !== null && occurrences(folded(value), folded(wanted)).length > 0;

function field(part: QueryPart, { row, tags }: Candidate): boolean {
  const value = part.value ?? '';
  switch (part.kind) {
    case 'place':
      return within(row.place, value);
    case 'source':
      return within(row.source, value);
    case 'title':
      return within(row.title, value);
    case 'tag':
      return tags.some((tag) => tag.includes(value));
    case 'year': {
      const [from = '', to = from] = value.split('..');
      const year = Number(row.published?.slice(0, 4));
      return year >= Number(from) && year <= Number(to);
    }
    default:
      return false;
  }
}

/** Whether what stands between two places keeps to a relation. */
function isNear(a: Range, b: Range, relation: string, units: readonly string[]): boolean {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  const between = units.slice(first.end, second.start);
  if (relation === '句' || relation === 'SENTENCE')
    return !between.some((c) => /[。！？\n]/u.test(c));
  if (relation === '段' || relation === 'PARAGRAPH') return !between.includes('\n');
  return between.length <= Number(/\d+/.exec(relation)?.[0] ?? 10);
}

/** The places of a tree in a report; `null` where the report does not answer it. */
export function matches(part: QueryPart, candidate: Candidate): Range[] | null {
  const phrase = places(part, candidate);
  if (phrase) return phrase.length > 0 ? phrase : null;
  const each = () => part.parts.map((inner) => matches(inner, candidate));
  switch (part.kind) {
    case 'not':
      return part.parts.some((inner) => matches(inner, candidate) !== null) ? null : [];
    case 'any': {
      const found = each().filter((ranges) => ranges !== null);
      return found.length > 0 ? found.flat() : null;
    }
    case 'all': {
      const found = each();
      return found.some((ranges) => ranges === null)
        ? null
        : found.flatMap((ranges) => ranges ?? []);
    }
    case 'near': {
      const found = each();
      if (found.some((ranges) => ranges === null)) return null;
      const sets = found.map((ranges) => ranges ?? []);
      const kept = sets.map((ranges, i) =>
        ranges.filter((range) => {
          const ok = (other: readonly Range[] | undefined, relation: string | undefined) =>
            other === undefined ||
            other.some((each) => isNear(range, each, relation ?? '', candidate.units));
          return ok(sets[i - 1], part.relations[i - 1]) && ok(sets[i + 1], part.relations[i]);
        }),
      );
      return kept.some((ranges) => ranges.length === 0) ? null : kept.flat();
    }
    default:
      return field(part, candidate) ? [] : null;
  }
}

/** The parts of a tree that look for text and are not excluded. */
export function phrases(part: QueryPart): QueryPart[] {
  if (part.kind === 'not') return [];
  if (part.parts.length > 0) return part.parts.flatMap(phrases);
  return ['phrase', 'original', 'loose', 'wildcard', 'expression'].includes(part.kind)
    ? [part]
    : [];
}

/** The tree with every phrase that was not quoted taken apart into its words. */
export function inWords(
  part: QueryPart,
  kind: 'all' | 'any',
  words: (text: string) => string[],
): QueryPart {
  if (part.kind === 'not') return part;
  if (part.kind === 'phrase' && !part.quoted) {
    const parts = words(part.value ?? '').map((text) => leaf('phrase', text, part.range));
    return joined(kind, parts) ?? part;
  }
  return { ...part, parts: part.parts.map((inner) => inWords(inner, kind, words)) };
}
