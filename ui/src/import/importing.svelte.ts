// What the import sheet holds: the files that were read, what is to become of each, and what did.
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { fileName } from '../activity/jobs';
import { m, number } from '../i18n/messages';
import { NOTHING, toFailure } from '../platform/platform';
import type {
  ImportRequest,
  Inspection,
  Job,
  MetadataEdit,
  PendingImport,
  TableChoice,
  TablePreview,
  TextRequest,
} from '../protocol/protocol';
import type { App } from '../state/app.svelte';
import { choiceOf, decided, EDITED_NOT, sourceOf, type Choice, type Edit } from './edits';
import { inGroup, type Group } from './groups';
import { isRefusedPage, itemOf, type Item } from './items';

/** Rows fetched at a time. */
const CHUNK = 500;

export class Importing {
  readonly #app: App;
  stage = $state<'choose' | 'review' | 'import'>('choose');
  /** Every file, in the order in which they were found. */
  items = $state.raw<readonly Item[]>([]);
  /** Where in `items` a file stands. */
  #places = new Map<string, number>();
  /** Rows told of, by job. */
  readonly #told = new Map<string, number>();
  readonly #fetching = new Set<string>();
  /** Jobs that told of more while their rows were fetched. */
  readonly #toldMore = new Set<string>();
  /** Jobs that came to their end and of which every row is here. */
  readonly #whole = new SvelteSet<string>();
  /** The jobs whose files are shown: the one that was asked for, and those that read a file again. */
  jobs = $state.raw<readonly string[]>([]);
  #paths: readonly string[] = [];
  readonly #tables = new Map<string, TableChoice>();
  /** Text that was pasted, in place of files. */
  #pasted: TextRequest | null = null;
  /** The collection that the reports go into. */
  collection = $state<string | null>(null);
  /** What is to become of files, where that is not the usual. */
  readonly edits = new SvelteMap<string, Edit>();
  group = $state<Group>('all');
  typed = $state('');
  /** The file that is looked at. */
  current = $state<string | null>(null);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** What is in it, or why that is not known. */
  preview = $state.raw<{ path: string; of: Inspection } | null>(null);
  /** The file of which no more can be seen. */
  unseen = $state<string | null>(null);
  table = $state.raw<{ path: string; of: TablePreview } | null>(null);

  /** An import of this archive that was broken off. */
  pending = $state.raw<PendingImport | null>(null);

  constructor(app: App) {
    this.#app = app;
  }

  readonly job: Job | null = $derived.by(() => this.#app.jobs.import);
  readonly followed: readonly Job[] = $derived.by(() =>
    this.#app.jobs.list.filter(({ id }) => this.jobs.includes(id)),
  );
  readonly running: boolean = $derived.by(() =>
    this.followed.some(({ id }) => !this.#whole.has(id)),
  );
  readonly ended: boolean = $derived.by(() => this.stage === 'import' && !this.running);

  /** The files that are shown: of the group that was asked for, with the words that were typed. */
  readonly shown: readonly Item[] = $derived.by(() => {
    const words = this.typed.toLowerCase().split(/\s+/).filter(Boolean);
    if (this.group === 'all' && words.length === 0) return this.items;
    const imported = this.stage === 'import';
    return this.items.filter(
      (item) =>
        inGroup(item, this.group, imported) &&
        words.every((word) =>
          [item.metadata?.title, item.path, item.metadata?.organisation].some((text) =>
            text?.toLowerCase().includes(word),
          ),
        ),
    );
  });
  readonly item: Item | null = $derived.by(() =>
    this.current === null ? null : this.at(this.current),
  );
  /** How many are to be imported. */
  readonly wanted: number = $derived.by(
    () => this.items.filter((item) => this.choice(item) !== 'skip').length,
  );

  at(path: string): Item | null {
    const { items } = this;
    const place = this.#places.get(path);
    return place === undefined ? null : (items[place] ?? null);
  }

  edit(path: string): Edit {
    return this.edits.get(path) ?? EDITED_NOT;
  }

  choice(item: Item): Choice {
    return decided(item, this.edit(item.path));
  }

  /** Looks at files before they are imported, or imports them straight away. */
  async take(paths: readonly string[], collection: string | null = null): Promise<void> {
    const request = { paths: [...paths], collection, choices: [], tables: [] };
    // More files join those that wait for a word.
    if (this.stage === 'review' && !this.#pasted && collection === this.collection) {
      await this.#alsoRead(request);
      this.#paths = [...this.#paths, ...paths];
      return;
    }
    this.clear();
    this.collection = collection;
    this.#paths = [...paths];
    const straight = this.#app.settings.page('importStraight', false);
    await this.#run(straight ? 'start_import' : 'start_preview', request);
  }

  async #run(command: 'start_preview' | 'start_import', request: ImportRequest): Promise<void> {
    this.stage = command === 'start_preview' ? 'review' : 'import';
    try {
      const asked = this.#app.platform.call(command, request);
      this.jobs = [await this.#app.jobs.beginInSheet(asked)];
    } catch (thrown) {
      if (this.items.length === 0) this.clear();
      throw thrown;
    }
  }

  /** Reads files besides those that were read. */
  async #alsoRead(request: ImportRequest): Promise<void> {
    const job = await this.#app.platform.call('start_preview', request);
    this.#app.jobs.put(job);
    this.jobs = [...this.jobs, job.id];
  }

  /** Shows a job that was begun elsewhere, or goes on. */
  showJob(job: Job): void {
    if (this.jobs.includes(job.id)) return;
    this.clear();
    this.stage = job.kind === 'preview' ? 'review' : 'import';
    this.#app.jobs.importId = job.id;
    this.jobs = [job.id];
  }

  /** Looks at text that was pasted. */
  async look(pasted: TextRequest): Promise<void> {
    const { collection } = this;
    const of = await this.#app.platform.call('inspect_text', pasted);
    this.clear();
    this.collection = collection;
    this.#pasted = pasted;
    this.stage = 'review';
    this.#put([this.#inspected('', of)]);
    this.preview = { path: '', of };
  }

  /** Imports what was chosen of the files that were looked at, or of some of them. */
  async begin(only: readonly Item[] | null = null): Promise<void> {
    const { collection } = this;
    if (this.#pasted) return this.#keep(this.#pasted);
    const items = only ?? this.items;
    const choices = items.flatMap((item) => choiceOf(item, this.edit(item.path)) ?? []);
    const paths = only ? only.map(({ path }) => path) : [...this.#paths];
    this.group = 'all';
    this.typed = '';
    this.chosen = new Set();
    const tables = [...this.#tables.values()];
    await this.#run('start_import', { paths, collection, choices, tables });
  }

  async #keep(pasted: TextRequest): Promise<void> {
    const edit = this.edit('');
    const { metadata, choice } = edit;
    const item = await this.#app.platform.call('import_text', {
      ...pasted,
      ...(this.collection === null ? {} : { collection: this.collection }),
      metadata,
      keep: choice === 'import',
      ...sourceOf(edit),
    });
    this.stage = 'import';
    this.#put([itemOf({ ...item, path: '' }, true)]);
  }

  /** Asks for an import that the end of the program broke off; tells of it where there is one. */
  async lookForPending(): Promise<void> {
    this.pending = await this.#app.platform.call('pending_import', NOTHING);
    const { pending } = this;
    if (!pending || this.#app.shell.importing) return;
    const { subject, done, total } = pending;
    this.#app.toasts.lasting(
      () =>
        m.import_pending({ subject: fileName(subject), done: number(done), total: number(total) }),
      { label: () => m.import_resume(), run: () => this.#app.attempt(() => this.resume()) },
    );
  }

  /** Goes on with it. */
  async resume(): Promise<void> {
    this.clear();
    this.pending = null;
    this.stage = 'import';
    this.#app.shell.importing = true;
    const asked = this.#app.platform.call('resume_import', NOTHING);
    this.jobs = [await this.#app.jobs.beginInSheet(asked)];
  }

  async discard(): Promise<void> {
    this.pending = null;
    await this.#app.platform.call('discard_import', NOTHING);
  }

  /** Begins anew. */
  clear(): void {
    this.#app.jobs.importId = null;
    this.stage = 'choose';
    this.items = [];
    this.#places.clear();
    this.#told.clear();
    this.#whole.clear();
    this.jobs = [];
    this.#paths = [];
    this.#tables.clear();
    this.#pasted = null;
    this.edits.clear();
    this.group = 'all';
    this.typed = '';
    this.current = null;
    this.chosen = new Set();
    this.preview = null;
    this.table = null;
    this.collection = null;
  }

  /** Fetches what a job told of since. */
  async follow(job: Job): Promise<void> {
    if (this.#fetching.has(job.id)) {
      this.#toldMore.add(job.id);
      return;
    }
    this.#fetching.add(job.id);
    try {
      for (;;) {
        this.#toldMore.delete(job.id);
        const offset = this.#told.get(job.id) ?? 0;
        const request = { id: job.id, outcomes: [], problems: [], offset, limit: CHUNK };
        const { items, total } = await this.#app.platform.call('job_items', request);
        if (!this.jobs.includes(job.id)) return;
        this.#told.set(job.id, offset + items.length);
        this.#put(items.map((row) => itemOf(row, job.kind !== 'preview')));
        const all = items.length === 0 || offset + items.length >= total;
        // What was asked before the job's last word may lack the last rows.
        if (all && !this.#toldMore.has(job.id)) return;
      }
    } finally {
      this.#fetching.delete(job.id);
      const { state } = this.followed.find(({ id }) => id === job.id) ?? job;
      if (state !== 'running') this.#whole.add(job.id);
    }
  }

  #put(rows: readonly Item[]): void {
    if (rows.length === 0) return;
    const items = [...this.items];
    for (const row of rows) {
      const place = this.#places.get(row.path) ?? items.length;
      this.#places.set(row.path, place);
      items[place] = row;
    }
    this.items = items;
    this.current ??= items[0]?.path ?? null;
  }

  #remove(path: string): void {
    const items = this.items.filter((item) => item.path !== path);
    this.#places = new Map(items.map((item, place) => [item.path, place]));
    this.items = items;
  }

  /** Looks at a file. */
  show(path: string): void {
    this.current = path;
    const item = this.at(path);
    if (!item || this.#pasted || this.preview?.path === path) return;
    if (item.state === 'mapping') this.lookAtTable(path);
    if (item.state !== 'password' && item.state !== 'failed') {
      this.#app.attempt(async () => {
        const { password, encoding } = this.edit(path);
        try {
          const of = await this.#inspect(path, password, encoding, isRefusedPage(item));
          if (this.current === path) this.preview = { path, of };
        } catch (thrown) {
          // Of some, a row of a table or a page that is no report, there is no more than was told.
          if (this.current === path) this.unseen = path;
          if (item.error === null && item.inside === null) throw thrown;
        }
      });
    }
  }

  #inspect(
    path: string,
    password: string | null,
    encoding: string | null,
    anyway = false,
  ): Promise<Inspection> {
    return this.#app.platform.call('inspect_source', {
      path,
      ...(password === null ? {} : { password }),
      ...(encoding === null ? {} : { encoding }),
      ...(anyway ? { anyway } : {}),
    });
  }

  /** A file that was looked at by itself, as the job would have told of it. */
  #inspected(path: string, of: Inspection): Item {
    const repairs = new Map<string, number>();
    for (const { kind } of of.repairs) repairs.set(kind, (repairs.get(kind) ?? 0) + 1);
    const { format, encoding, metadata, problems, near } = of;
    const known = near?.same === 'bytes' || near?.same === 'text';
    const outcome = known ? 'duplicate' : near ? 'near' : 'imported';
    return itemOf(
      {
        path,
        outcome,
        report: near?.report ?? null,
        ...{ format, encoding, metadata, problems, near },
        error: null,
        address: metadata.address,
        characters: Array.from(of.text).length,
        repairs: [...repairs].map(([value, count]) => ({ value, count })),
        beginning: '',
      },
      false,
    );
  }

  /** Tries a password on files; tells whether it opened the first of them. */
  async unlock(paths: readonly string[], password: string): Promise<boolean> {
    const opened: Item[] = [];
    for (const path of paths) {
      try {
        const of = await this.#inspect(path, password, null);
        opened.push(this.#inspected(path, of));
        this.change(path, { password });
        if (this.current === path) this.preview = { path, of };
      } catch (thrown) {
        const { code } = toFailure(thrown);
        if (code !== 'password_wrong' && code !== 'password_needed') throw thrown;
      }
    }
    this.#put(opened);
    return opened.some(({ path }) => path === paths[0]);
  }

  /** Reads a file again in another encoding. */
  async readAs(path: string, encoding: string): Promise<void> {
    const of = await this.#inspect(path, this.edit(path).password, encoding);
    // What was said of repairs was of those before.
    this.change(path, { encoding, undo: new Set(), restore: new Set() });
    this.#put([this.#inspected(path, of)]);
    if (this.current === path) this.preview = { path, of };
  }

  lookAtTable(path: string, sheet?: string, header?: boolean): void {
    this.#app.attempt(async () => {
      const of = await this.#app.platform.call('table_preview', {
        path,
        ...(sheet === undefined ? {} : { sheet }),
        ...(header === undefined ? {} : { header }),
      });
      if (this.current === path) this.table = { path, of };
    });
  }

  /** Reads the reports of a table, now that its columns are known. */
  async map(choice: TableChoice): Promise<void> {
    const { path } = choice;
    this.#tables.set(path, choice);
    const { collection } = this;
    await this.#alsoRead({ paths: [path], collection, choices: [], tables: [choice] });
    const place = this.shown.findIndex((item) => item.path === path);
    this.#remove(path);
    this.current = (this.shown[place] ?? this.shown.at(-1))?.path ?? null;
    this.chosen = new Set();
  }

  /** Imports a page that was refused, once the rest is done. */
  async importAnyway(item: Item): Promise<void> {
    this.choose([item], 'import');
    const choice = choiceOf(item, this.edit(item.path));
    const request = { paths: [item.path], collection: this.collection, tables: [] };
    const job = await this.#app.platform.call('start_import', {
      ...request,
      choices: choice ? [choice] : [],
    });
    this.#app.jobs.put(job);
    this.jobs = [...this.jobs, job.id];
  }

  /** The files that an act is for: those that are chosen, or else the one that is looked at. */
  get meant(): Item[] {
    if (this.chosen.size > 0) return this.items.filter(({ path }) => this.chosen.has(path));
    return this.item ? [this.item] : [];
  }

  change(path: string, change: Partial<Edit>): void {
    this.edits.set(path, { ...this.edit(path), ...change });
  }

  choose(items: readonly Item[], choice: Choice, of: string | null = null): void {
    for (const { path } of items) this.change(path, { choice, of });
  }

  /** Changes what is known of files. */
  correct(items: readonly Item[], change: MetadataEdit): void {
    for (const { path } of items) {
      this.change(path, { metadata: { ...this.edit(path).metadata, ...change } });
    }
  }
}

const OF = new WeakMap<App, Importing>();

/** The import of a window: there is one, so that it goes on when its sheet is closed. */
export function importing(app: App): Importing {
  let found = OF.get(app);
  if (!found) OF.set(app, (found = new Importing(app)));
  return found;
}
