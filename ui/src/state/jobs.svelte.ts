import { fileName } from '../activity/jobs';
import { number } from '../i18n/format';
import { m } from '../i18n/messages';
import { NOTHING, toFailure, type Unsubscribe } from '../platform/platform';
import type {
  ExportHitsRequest,
  ExportPdfRequest,
  Job,
  RecogniseRequest,
} from '../protocol/protocol';
import { importing } from '../import/importing.svelte';
import type { App } from './app.svelte';

/** Kinds of jobs that the import sheet shows. */
const IN_SHEET: ReadonlySet<Job['kind']> = new Set(['import', 'preview', 'reread']);

/** The jobs of this run, newest first. */
export class JobsState {
  readonly #app: App;
  list = $state.raw<readonly Job[]>([]);
  readonly running: readonly Job[] = $derived(this.list.filter((job) => job.state === 'running'));
  /** The import that the import sheet shows. */
  importId = $state<string | null>(null);
  readonly import: Job | null = $derived(this.list.find((job) => job.id === this.importId) ?? null);

  constructor(app: App) {
    this.#app = app;
  }

  /** Jobs whose end is shown where they were begun, and needs no message. */
  readonly #watched = new Set<string>();
  /** Jobs that were asked for and have no name yet. */
  #beginning = 0;

  listen(): Unsubscribe {
    return this.#app.platform.on('job_changed', (job) => {
      const known = this.list.find((other) => other.id === job.id);
      this.put(job);
      if (known?.state === 'running' && job.state !== 'running') this.#ended(job);
    });
  }

  /** Lets a dialog show the end of a job, until the returned function is called. */
  watch(id: string): () => void {
    this.#watched.add(id);
    return () => void this.#watched.delete(id);
  }

  /** One quiet message at the end of what went on unseen; a failure stays until it is closed. */
  #ended(job: Job): void {
    const { shell, toasts, platform } = this.#app;
    const shown =
      this.#watched.has(job.id) ||
      // So quick that whoever began it does not know yet which it is.
      this.#beginning > 0 ||
      (shell.importing && IN_SHEET.has(job.kind)) ||
      shell.activity;
    if (shown || job.state === 'cancelled') return;
    if (job.error) {
      const { report, subject } = job;
      toasts.error(
        toFailure(job.error),
        report === null
          ? null
          : {
              label: () => m.recognition_open(),
              run: () => this.#app.tabs.openReport(report, subject),
            },
      );
    } else if (job.kind === 'preview') {
      toasts.show(() => m.toast_survey_done({ count: number(job.done) }), {
        label: () => m.activity_show(),
        run: () => this.show(job),
      });
    } else if (job.kind === 'import') {
      const { imported, near, duplicates, failed, refused } = job.counts;
      toasts.show(
        () =>
          m.toast_import_done({
            imported: number(imported + near),
            duplicates: number(duplicates),
            failed: number(failed + refused),
          }),
        { label: () => m.activity_show(), run: () => this.show(job) },
      );
    } else if (job.kind === 'recognise') {
      const [first] = job.items.filter(({ outcome }) => outcome === 'version');
      const { versions, failed } = job.counts;
      if (versions === 0 && failed === 0) toasts.show(() => m.toast_recognise_none());
      else
        toasts.show(
          () =>
            failed > 0
              ? m.toast_recognise_failed({ count: number(versions), failed: number(failed) })
              : m.toast_recognise_done({ count: number(versions) }),
          versions === 1 && first?.report
            ? { label: () => m.recognition_open(), run: () => this.openResult(job) }
            : { label: () => m.activity_show(), run: () => this.show(job) },
        );
    } else if (job.export) {
      const { path, pages } = job.export;
      const name = fileName(path);
      toasts.show(() => m.toast_export_done({ name, pages: number(pages) }), {
        label: () => m.export_open(),
        run: () => this.#app.attempt(() => platform.call('open_path', { path })),
      });
    } else if (job.kind === 'export' && job.path !== null) {
      const { path } = job;
      toasts.show(() => m.toast_hits_done({ name: fileName(path) }), {
        label: () => m.export_open(),
        run: () => this.#app.attempt(() => platform.call('open_path', { path })),
      });
    }
  }

  /** Shows what a job is at, or came to: an import in its sheet, any other in the tray. */
  show(job: Job): void {
    if (IN_SHEET.has(job.kind)) {
      importing(this.#app).showJob(job);
      this.#app.shell.importing = true;
    } else this.#app.shell.activity = true;
  }

  /** Opens the report that a job was about. */
  openResult(job: Job): void {
    const item = job.items.find(({ outcome, report }) => outcome === 'version' && report);
    if (item?.report)
      this.#app.tabs.openReport(item.report, item.metadata?.title ?? fileName(item.path));
  }

  /** Takes in what is known of a job now. */
  put(job: Job): void {
    const known = this.list.find((other) => other.id === job.id);
    this.list = known
      ? this.list.map((other) => (other.id === job.id ? merged(other, job) : other))
      : [job, ...this.list];
  }

  load(): void {
    this.#app.attempt(async () => {
      this.list = await this.#app.platform.call('jobs', NOTHING);
    });
  }

  /** Shows in the import sheet a job that was asked for; returns it. */
  async beginInSheet(asked: Promise<Job>): Promise<string> {
    return (this.importId = await this.#begin(asked));
  }

  /** Begins to write a PDF; returns its job. */
  startExport(request: ExportPdfRequest): Promise<string> {
    return this.#begin(this.#app.platform.call('start_export', request));
  }

  /** Begins to write the places that a search finds to a table; returns its job. */
  startHitsExport(request: ExportHitsRequest): Promise<string> {
    return this.#begin(this.#app.platform.call('start_hits_export', request));
  }

  /** Begins to recognise the text of scans; returns its job. */
  startRecognition(request: RecogniseRequest): Promise<string> {
    return this.#begin(this.#app.platform.call('recognise', request));
  }

  /** Begins a backup of the open archive; returns its job. */
  startBackup(): Promise<string> {
    return this.#begin(this.#app.platform.call('start_backup', NOTHING));
  }

  /** Begins to make an archive of a backup; returns its job. */
  restoreBackup(path: string, name: string): Promise<string> {
    return this.#begin(this.#app.platform.call('restore_backup', { path, name }));
  }

  async #begin(asked: Promise<Job>): Promise<string> {
    this.#beginning++;
    try {
      const job = await asked;
      // Its first events may have come before the answer.
      if (!this.list.some((other) => other.id === job.id)) this.put(job);
      return job.id;
    } finally {
      this.#beginning--;
    }
  }

  async cancel(id: string): Promise<void> {
    this.put(await this.#app.platform.call('cancel_job', { id }));
  }
}

/** A job never goes back from an end to running: an answer may arrive after a later event. */
function merged(known: Job, news: Job): Job {
  return known.state !== 'running' && news.state === 'running' ? known : news;
}
