import { NOTHING } from '../platform/platform';
import type { Collection } from '../protocol/protocol';
import type { App } from './app.svelte';

export class CollectionsState {
  readonly #app: App;
  list = $state.raw<readonly Collection[]>([]);

  constructor(app: App) {
    this.#app = app;
  }

  load(): void {
    this.#app.attempt(async () => {
      if (!this.#app.session.archive) return;
      this.list = await this.#app.platform.call('collections', NOTHING);
    });
  }
}
