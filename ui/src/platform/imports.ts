// Importing into the archive in memory: reading files, and writing what was chosen of them.
import type {
  CommandError,
  Commands,
  Furniture,
  ImportChoice,
  ImportCounts,
  ImportItem,
  ImportRequest,
  Inspection,
  Job,
  Metadata,
  MetadataEdit,
  NearPair,
  NearReport,
  TableChoice,
  TextRequest,
} from '../protocol/protocol';
import { corrected } from '../import/edits';
import { FILES, found, type FileInMemory } from './files';
import { CommandFailure } from './platform';

/** What importing needs of the archive around it. */
export interface Around {
  id: () => string;
  now: () => string;
  /** Milliseconds for each file. */
  pace: number;
  begin: (job: Job) => void;
  job: (id: string) => Job;
  moved: (job: Job) => void;
  /** The report that a file was imported as. */
  reportAt: (path: string) => { id: string; title: string } | null;
  reportTitled: (title: string) => { id: string; title: string } | null;
  add: (path: string, inspection: Inspection) => string;
  remove: (report: string) => void;
  collect: (collection: string, report: string) => void;
}

/** A file to deal with, under the name that its item has. */
interface Named {
  path: string;
  file: FileInMemory;
}

export const NO_COUNTS: ImportCounts = {
  imported: 0,
  duplicates: 0,
  versions: 0,
  near: 0,
  refused: 0,
  failed: 0,
  skipped: 0,
  ignored: 0,
};

function fault(code: CommandError['code'], text: string): never {
  throw new CommandFailure({ code, message: text, hints: [] });
}

export class ImportsInMemory {
  readonly #around: Around;
  readonly #told = new Map<string, ImportItem[]>();
  #pairs: NearPair[] = [];
  /** Files by path; several of one path are the members of a packed file. */
  readonly files: FileInMemory[] = [...FILES];

  constructor(around: Around) {
    this.#around = around;
  }

  start(kind: 'preview' | 'import', request: ImportRequest): Job {
    const files = this.#named(request);
    return this.#run(kind, request.paths[0] ?? '', files, (named) => {
      const item = this.#item(named, request, kind === 'import');
      if (kind === 'import' && request.collection !== null && item.report) {
        this.#around.collect(request.collection, item.report);
      }
      return item;
    });
  }

  items({ id, offset, limit }: Commands['job_items'][0]): Commands['job_items'][1] {
    const told = this.#told.get(id) ?? fault('not_found', `There is no import ${id}.`);
    return { total: told.length, items: told.slice(offset, offset + limit) };
  }

  inspect({ path, password, encoding, anyway }: Commands['inspect_source'][0]): Inspection {
    const [named] = this.#named({ paths: [path], collection: null, choices: [], tables: [] });
    const file = named?.file ?? fault('unreadable', `${path} cannot be read.`);
    if (file.password !== undefined && password !== file.password) {
      if (password === undefined) fault('password_needed', `${path} is encrypted.`);
      fault('password_wrong', `That is not the password of ${path}.`);
    }
    if (file.outcome === 'refused' && file.error && !anyway) {
      fault(file.error.code, file.error.message);
    }
    const inspection = { ...read(file), near: this.#near(file, path) };
    return encoding === undefined ? inspection : { ...inspection, encoding };
  }

  inspectText(request: TextRequest): Inspection {
    return { ...found(fromPaste(request)), near: null };
  }

  importText(request: TextRequest): ImportItem {
    const file = fromPaste(request);
    const inspection = { ...asWanted(found(file), request), near: null };
    const metadata = edited(inspection.metadata, request.metadata);
    const report = this.#around.add('', { ...inspection, metadata });
    if (request.collection !== undefined) this.#around.collect(request.collection, report);
    return { ...row('', file, inspection), outcome: 'imported', report, metadata };
  }

  table({
    path,
    sheet,
    header = true,
  }: Commands['table_preview'][0]): Commands['table_preview'][1] {
    const file = this.files.find((each) => each.path === path);
    const table = file?.table ?? fault('data_file', `${path} is no table.`);
    const [names = []] = table.rows;
    const rows = table.rows.slice(header ? 1 : 0);
    return {
      path,
      sheets: table.sheets,
      sheet: sheet ?? table.sheet,
      header,
      columns: names.map((name, i) => ({
        name: header ? name : '',
        field: header ? (table.fields[i] ?? null) : null,
        samples: rows.map((cells) => cells[i] ?? ''),
      })),
      rows,
      total: header ? table.total : table.total + 1,
    };
  }

  nearPairs(): NearPair[] {
    return this.#pairs;
  }

  resolveNear({ report, other, action }: Commands['resolve_near'][0]): void {
    this.#pairs = this.#pairs.filter((pair) => pair.report !== report || pair.other !== other);
    if (action === 'version') this.#around.remove(report);
  }

  /** The files that a request means: folders with all that is in them, the rows of tables. */
  #named({ paths, tables = [] }: ImportRequest): Named[] {
    return paths.flatMap((path): Named[] => {
      const here = this.files
        .map((file) => ({
          file,
          path: file.inside === undefined ? file.path : `${file.path}!/${file.inside}`,
        }))
        .filter(
          (named) =>
            named.path === path ||
            named.path.startsWith(`${path}/`) ||
            named.path.startsWith(`${path}!/`),
        )
        .flatMap((named) => {
          const choice = tables.find((table) => table.path === named.path);
          return choice ? rowsOf(named.file, choice) : [named];
        });
      if (here.length > 0) return here;
      const message = `${path} cannot be read: no such file.`;
      const error = { code: 'unreadable' as const, message };
      return [{ path, file: { path, bytes: 0, format: null, outcome: 'failed', error } }];
    });
  }

  #near(file: FileInMemory, path: string): NearReport | null {
    const there = this.#around.reportAt(path);
    if (there) return { report: there.id, title: there.title, likeness: 1, same: 'bytes' };
    const like = file.near && this.#around.reportTitled(file.near.title);
    if (!file.near || !like) return null;
    const { likeness, same = 'near' } = file.near;
    return { report: like.id, title: like.title, likeness, same };
  }

  /** What becomes of a file, or what became of it. */
  #item({ path, file }: Named, { choices = [] }: ImportRequest, write: boolean): ImportItem {
    const choice = choices.findLast(
      (each) => each.path === path || path.startsWith(`${each.path}/`),
    );
    const action = choice?.action ?? 'take';
    const failed = (error: ImportItem['error'], outcome: ImportItem['outcome']): ImportItem => ({
      ...row(path, file, null),
      outcome,
      error,
    });
    if (action === 'skip') return failed(null, 'skipped');
    if (file.password !== undefined && choice?.password !== file.password) {
      const message = 'The file is encrypted.';
      return failed({ code: 'password_needed', message, hints: [] }, 'failed');
    }
    const error = file.error ? { ...file.error, hints: [] } : null;
    if (file.outcome && (action !== 'keep' || file.body === undefined)) {
      const known = file.known ? found(file).metadata : null;
      return { ...failed(error, file.outcome), metadata: known };
    }
    const near = this.#near(file, path);
    const own = choice?.path === path ? choice : {};
    const inspection = { ...asWanted(read(file), own), near };
    const metadata = edited(inspection.metadata, choice?.metadata);
    const item = { ...row(path, file, inspection), metadata };
    if (near?.same === 'bytes' && action === 'take') {
      return { ...item, outcome: 'duplicate', report: near.report };
    }
    const outcome =
      action === 'version' ? 'version' : near && action === 'take' ? 'near' : 'imported';
    if (!write) return { ...item, outcome };
    const report = this.#around.add(path, { ...inspection, metadata });
    if (outcome === 'near' && near) {
      this.#pairs = [
        ...this.#pairs,
        {
          report,
          title: metadata.title ?? '',
          other: near.report,
          otherTitle: near.title,
          likeness: near.likeness,
          same: near.same,
          at: this.#around.now(),
        },
      ];
    }
    return { ...item, outcome, report };
  }

  #run(
    kind: 'preview' | 'import',
    subject: string,
    files: readonly Named[],
    one: (named: Named) => ImportItem,
  ): Job {
    const began = performance.now();
    const told: ImportItem[] = [];
    const job: Job = {
      id: this.#around.id(),
      kind: kind as Job['kind'],
      state: 'running',
      subject,
      report: null,
      started: this.#around.now(),
      ended: null,
      done: 0,
      total: files.length,
      speed: 0,
      secondsLeft: null,
      items: [],
      counts: NO_COUNTS,
      export: null,
      error: null,
      path: null,
    };
    this.#told.set(job.id, told);
    this.#around.begin(job);
    const next = () => {
      const now = this.#around.job(job.id);
      if (now.state !== 'running') return;
      const named = files[now.done];
      if (named === undefined) {
        const ended = this.#around.now();
        this.#around.moved({ ...now, state: 'done', ended, secondsLeft: null });
        return;
      }
      const item = one(named);
      told.push(item);
      const done = now.done + 1;
      const speed = done / Math.max(0.001, (performance.now() - began) / 1000);
      const counts = { ...now.counts };
      if (item.outcome === 'imported') counts.imported++;
      else if (item.outcome === 'near') counts.near++;
      else if (item.outcome === 'duplicate') counts.duplicates++;
      else if (item.outcome === 'version') counts.versions++;
      else if (item.outcome === 'refused') counts.refused++;
      else if (item.outcome === 'skipped') counts.skipped++;
      else counts.failed++;
      const secondsLeft = Math.ceil((now.total - done) / speed);
      this.#around.moved({ ...now, done, speed, secondsLeft, counts });
      setTimeout(next, this.#around.pace);
    };
    setTimeout(next, this.#around.pace);
    return job;
  }
}

function row(path: string, file: FileInMemory, inspection: Inspection | null): ImportItem {
  const repairs = new Map<string, number>();
  for (const { kind } of inspection?.repairs ?? []) {
    repairs.set(kind, (repairs.get(kind) ?? 0) + 1);
  }
  return {
    path,
    outcome: 'imported',
    report: null,
    metadata: inspection?.metadata ?? null,
    problems: inspection?.problems ?? [],
    error: null,
    address: inspection?.metadata.address ?? null,
    format: file.format,
    encoding: file.encoding ?? null,
    characters: Array.from(inspection?.text ?? '').length,
    near: inspection?.near ?? null,
    repairs: [...repairs].map(([value, count]) => ({ value, count })),
    beginning: '',
  };
}

function edited(known: Metadata, edit: MetadataEdit = {}): Metadata {
  return corrected(known, edit) ?? known;
}

/** What is found in a file; of a page that is read all the same, what it was refused as, too. */
function read(file: FileInMemory): Omit<Inspection, 'near'> {
  const { outcome, error } = file;
  if (outcome !== 'refused' || !error) return found(file);
  return found({ ...file, problems: [error.code, ...(file.problems ?? [])] });
}

/** A text with some repairs taken back. */
export function mended<
  T extends Pick<Inspection, 'text' | 'blocks' | 'repairs' | 'problems' | 'furniture'>,
>(inspection: T, undo: readonly number[]): T {
  const undone = new Set(undo);
  let { text } = inspection;
  let { blocks, repairs, problems } = inspection;
  // From the end, so that the places before stay.
  const order = [...inspection.repairs.entries()].sort(([, a], [, b]) => b.start - a.start);
  for (const [index, { start, end, original }] of order) {
    if (!undone.has(index)) continue;
    const characters = Array.from(text);
    characters.splice(start, end - start, ...Array.from(original));
    text = characters.join('');
    const by = Array.from(original).length - (end - start);
    const moved = <T extends { start?: number; end?: number }>(range: T): T =>
      range.start === undefined || range.end === undefined
        ? range
        : {
            ...range,
            start: range.start >= end && range.start > start ? range.start + by : range.start,
            end: range.end >= end ? range.end + by : range.end,
          };
    blocks = blocks.map(moved);
    problems = problems.map(moved);
    repairs = repairs.map((repair, i) => (i === index ? repair : moved(repair)));
  }
  return {
    ...inspection,
    text,
    blocks,
    problems,
    repairs: repairs.filter((_, index) => !undone.has(index)),
  };
}

/** Where a range is once a piece that was set aside stands in the text. */
export function behind<T extends { start: number; end: number }>(piece: Furniture, range: T): T {
  const by = Array.from(piece.text).length + 1;
  return range.start < piece.position
    ? range
    : { ...range, start: range.start + by, end: range.end + by };
}

/** A text with a piece that was set aside in its place. */
export function withPiece<T extends Pick<Inspection, 'text' | 'blocks' | 'furniture'>>(
  inspection: T,
  index: number,
): T {
  const piece = inspection.furniture[index];
  if (!piece) return inspection;
  const characters = Array.from(inspection.text);
  characters.splice(piece.position, 0, ...Array.from(`${piece.text}\n`));
  const end = piece.position + Array.from(piece.text).length;
  const added = { kind: 'paragraph' as const, start: piece.position, end };
  const blocks = [...inspection.blocks.map((block) => behind(piece, block)), added];
  return {
    ...inspection,
    text: characters.join(''),
    blocks: blocks.sort((a, b) => a.start - b.start),
    furniture: inspection.furniture.filter((_, i) => i !== index),
  };
}

/** A text as the user wants it: with repairs taken back and pieces put back. */
function asWanted<T extends Omit<Inspection, 'near'>>(
  inspection: T,
  { undo = [], restore = [] }: Pick<ImportChoice, 'undo' | 'restore'>,
): T {
  const pieces = restore.toSorted((a, b) => b - a);
  return pieces.reduce<T>(withPiece, mended(inspection, undo));
}

/** The reports of a table, one for each of its rows. */
function rowsOf(file: FileInMemory, { path, header, fields }: TableChoice): Named[] {
  const rows = (file.table?.rows ?? []).slice(header ? 1 : 0);
  return rows.map((cells, i) => {
    const of = (field: string) => cells[fields.findIndex((each) => each === field)] || null;
    return {
      path: `${path}!/${i + 1 + Number(header)}`,
      file: {
        path,
        bytes: cells.join('').length * 3,
        format: 'spreadsheet',
        known: {
          title: of('title'),
          organisation: of('organisation'),
          published: of('published')?.replace(/\D+/g, '-').replace(/-$/, '') ?? null,
          place: of('place'),
          source: of('source'),
        },
        body: of('text') ?? '',
      },
    };
  });
}

/** What was pasted, as a file: its first line is the title. */
function fromPaste({ text, html, address }: TextRequest): FileInMemory {
  const plain = html
    ? (new DOMParser().parseFromString(text, 'text/html').body.textContent ?? '')
    : text;
  const [title = '', ...rest] = plain.trim().split(/\r?\n/);
  const date = /(\d{4})年(\d{1,2})月(\d{1,2})日/.exec(plain);
  const iso = date?.slice(1).map((part) => part.padStart(2, '0'));
  return {
    path: '',
    bytes: new Blob([plain]).size,
    format: 'text',
    known: { title, address: address ?? null, published: iso?.join('-') ?? null },
    body: rest.filter((line) => line.trim() !== '').join('\n'),
    problems: iso ? [] : ['date_missing'],
  };
}
