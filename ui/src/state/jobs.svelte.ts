import { NOTHING, type Unsubscribe } from '../platform/platform';
import type { Job } from '../protocol/protocol';
import type { App } from './app.svelte';

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

  listen(): Unsubscribe {
    return this.#app.platform.on('job_changed', (job) => this.#put(job));
  }

  #put(job: Job): void {
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

  async startImport(paths: string[], collection: string | null = null): Promise<void> {
    const job = await this.#app.platform.call('start_import', { paths, collection });
    // Its first events may have come before the answer.
    if (!this.list.some((other) => other.id === job.id)) this.#put(job);
    this.importId = job.id;
  }

  async cancel(id: string): Promise<void> {
    this.#put(await this.#app.platform.call('cancel_job', { id }));
  }
}

/** A job never goes back from an end to running: an answer may arrive after a later event. */
function merged(known: Job, news: Job): Job {
  return known.state !== 'running' && news.state === 'running' ? known : news;
}
