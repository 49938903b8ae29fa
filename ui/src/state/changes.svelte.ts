import type { Platform, Unsubscribe } from '../platform/platform';

/** Shortest time between two tellings, in milliseconds: an import changes the archive far oftener. */
const APART = 200;

/**
 * Counts the changes of the archive by what they touched. An effect that reads a count runs again
 * after each such change: `void app.changes.passages`.
 */
export class ChangesState {
  readonly #platform: Platform;
  reports = $state(0);
  tags = $state(0);
  passages = $state(0);
  collections = $state(0);
  /** Of any kind. */
  all = $state(0);

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /**
   * Listens; `after` hears of what changed, with the changes that follow each other closely (an
   * import) told as one. A change that stands alone is told at once.
   */
  listen(after: (kinds: ReadonlySet<string>) => void): Unsubscribe {
    let pending = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      const kinds = pending;
      pending = new Set();
      timer = kinds.size > 0 ? setTimeout(tell, APART) : undefined;
      if (kinds.size === 0) return;
      if (kinds.has('reports')) this.reports++;
      if (kinds.has('tags')) this.tags++;
      if (kinds.has('passages')) this.passages++;
      if (kinds.has('collections')) this.collections++;
      if (kinds.has('archive')) this.everything();
      else this.all++;
      after(kinds);
    };
    const end = this.#platform.on('archive_changed', ({ kinds }) => {
      for (const kind of kinds) pending.add(kind);
      // What the user marks is shown at once; only what comes in numbers waits.
      if (timer !== undefined && !kinds.some((kind) => kind === 'tags' || kind === 'passages'))
        return;
      clearTimeout(timer);
      tell();
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }

  /** Another archive: nothing known holds. */
  everything(): void {
    this.reports++;
    this.tags++;
    this.passages++;
    this.collections++;
    this.all++;
  }
}
