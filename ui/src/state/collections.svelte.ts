import { namesDownTo } from '../components/tree';
import { m, number } from '../i18n/messages';
import { NOTHING } from '../platform/platform';
import type { Collection, ReportSelection } from '../protocol/protocol';
import type { App } from './app.svelte';

/** The collections, and what is done with them. */
export class CollectionsState {
  readonly #app: App;
  /** Each before those below it, siblings in their order. */
  list = $state.raw<readonly Collection[]>([]);
  readonly byId: ReadonlyMap<string, Collection> = $derived(
    new Map(this.list.map((collection) => [collection.id, collection])),
  );

  /** The collection over which files are being dragged. */
  underFiles = $state<string | null>(null);

  constructor(app: App) {
    this.#app = app;
  }

  load(): void {
    this.#app.attempt(async () => {
      if (!this.#app.session.archive) return;
      this.list = await this.#app.platform.call('collections', NOTHING);
    });
  }

  /** The names from the top of the tree down to a collection. */
  path(id: string): string[] {
    return namesDownTo(this.byId, id);
  }

  /** The collections that lie directly in one, or at the top. */
  within(parent: string | null): Collection[] {
    return this.list.filter((collection) => collection.parent === parent);
  }

  /** Makes a collection; a name that is taken gets a number. */
  async create(
    name: string,
    parent: string | null,
    reports: ReportSelection = { ids: [] },
  ): Promise<Collection> {
    const taken = new Set(this.within(parent).map((collection) => collection.name));
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name} ${n}`;
    return this.#app.platform.call('create_collection', { name: free, parent, reports });
  }

  async rename(id: string, name: string): Promise<void> {
    if (this.byId.get(id)?.name === name) return;
    await this.#app.platform.call('update_collection', { id, name });
  }

  async remove(id: string): Promise<void> {
    const name = this.byId.get(id)?.name ?? '';
    await this.#app.platform.call('delete_collections', { ids: [id] });
    this.#app.history.done(() => m.collection_deleted({ name }));
  }

  /** Puts a collection before or after another one, or into it; null is the top of the tree. */
  async move(id: string, target: string | null, where: 'into' | 'before' | 'after'): Promise<void> {
    const at = target === null ? undefined : this.byId.get(target);
    if (target !== null && !at) return;
    if (where === 'into' || !at) {
      const position = this.within(target).filter((other) => other.id !== id).length;
      await this.#app.platform.call('move_collection', { id, parent: target, position });
      return;
    }
    const siblings = this.within(at.parent).filter((other) => other.id !== id);
    const position =
      siblings.findIndex((other) => other.id === at.id) + (where === 'after' ? 1 : 0);
    await this.#app.platform.call('move_collection', { id, parent: at.parent, position });
  }

  /** Puts reports into a collection, and says how many. */
  async add(id: string, reports: ReportSelection, count: number): Promise<void> {
    const { name } = await this.#app.platform.call('add_to_collection', { id, reports });
    this.#app.history.done(() => m.collection_added({ count: number(count), name }));
  }

  async takeOut(id: string, reports: ReportSelection, count: number): Promise<void> {
    const { name } = await this.#app.platform.call('remove_from_collection', { id, reports });
    this.#app.history.done(() => m.collection_removed({ count: number(count), name }));
  }
}
