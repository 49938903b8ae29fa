import { NOTHING } from '../platform/platform';
import type { IndexStatus } from '../protocol/protocol';
import type { App } from './app.svelte';

/** How often a building index is asked for its state, in milliseconds. */
const POLL = 500;

/** How far the search index is. */
export class IndexState {
  readonly #app: App;
  status = $state.raw<IndexStatus | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  /** Asks, and asks again while the index is behind the archive. */
  load(): void {
    clearTimeout(this.#timer);
    this.#app.attempt(async () => {
      if (!this.#app.session.archive) return;
      const status = await this.#app.platform.call('index_status', NOTHING);
      this.status = status;
      clearTimeout(this.#timer);
      if (status.building || status.applied < status.sequence) {
        this.#timer = setTimeout(() => this.load(), POLL);
      }
    });
  }

  async rebuild(): Promise<void> {
    this.status = await this.#app.platform.call('rebuild_index', NOTHING);
    this.load();
  }
}
