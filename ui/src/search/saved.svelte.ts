import { m } from '../i18n/messages';
import { NOTHING } from '../platform/platform';
import type { SavedSearch } from '../protocol/protocol';
import type { App } from '../state/app.svelte';

/** The searches that are kept under a name. */
export class SavedSearches {
  readonly #app: App;
  list = $state.raw<readonly SavedSearch[]>([]);

  constructor(app: App) {
    this.#app = app;
  }

  async load(): Promise<void> {
    if (!this.#app.session.archive) return;
    this.list = await this.#app.platform.call('saved_searches', NOTHING);
  }

  /** Keeps the search that is shown. */
  async save(name: string): Promise<void> {
    const { search, platform, toasts } = this.#app;
    const { question, sort } = search;
    await platform.call('save_search', { id: null, name, question, sort });
    search.history.note(question.query);
    await this.load();
    toasts.show(() => m.saved_done({ name: name.trim() }));
  }

  async rename(saved: SavedSearch, name: string): Promise<void> {
    await this.#app.platform.call('save_search', { ...saved, name });
    await this.load();
  }

  /** Forgets a search. */
  async remove(saved: SavedSearch): Promise<void> {
    await this.#app.platform.call('delete_searches', { ids: [saved.id] });
    await this.load();
    this.#app.history.done(() => m.saved_removed({ name: saved.name }));
  }
}
