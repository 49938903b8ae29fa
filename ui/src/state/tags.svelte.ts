import { namesDownTo } from '../components/tree';
import { NOTHING } from '../platform/platform';
import type { Tag } from '../protocol/protocol';
import type { App } from './app.svelte';

/** The codebook, shared by all views. */
export class TagsState {
  readonly #app: App;
  list = $state.raw<readonly Tag[]>([]);
  readonly byId: ReadonlyMap<string, Tag> = $derived(
    new Map(this.list.map((tag) => [tag.id, tag])),
  );

  constructor(app: App) {
    this.#app = app;
  }

  load(): void {
    this.#app.attempt(async () => {
      if (!this.#app.session.archive) return;
      this.list = await this.#app.platform.call('tags', NOTHING);
    });
  }

  /** The names from the top of the tree down to a tag. */
  path(id: string): string[] {
    return namesDownTo(this.byId, id);
  }
}
