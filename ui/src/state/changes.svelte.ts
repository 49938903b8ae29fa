import type { ArchiveChanged } from '../protocol/protocol';
import type { Platform, Unsubscribe } from '../platform/platform';

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

  listen(after: (change: ArchiveChanged) => void): Unsubscribe {
    return this.#platform.on('archive_changed', (change) => {
      for (const kind of change.kinds) {
        if (kind === 'reports') this.reports++;
        else if (kind === 'tags') this.tags++;
        else if (kind === 'passages') this.passages++;
        else if (kind === 'collections') this.collections++;
        else this.everything();
      }
      this.all++;
      after(change);
    });
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
