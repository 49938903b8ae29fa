import { afterPaint } from '../components/afterPaint';
import { m } from '../i18n/messages';
import { importing } from '../import/importing.svelte';
import { NOTHING, toFailure, type CommandFailure } from '../platform/platform';
import type { ArchiveInfo, RecentArchive, Session } from '../protocol/protocol';
import type { App } from './app.svelte';

/** What is open. */
export class SessionState {
  readonly #app: App;
  version = $state('');
  /** `linux`, `macos` or `windows`. */
  platform = $state('');
  archive = $state.raw<ArchiveInfo | null>(null);
  recent = $state.raw<readonly RecentArchive[]>([]);
  /** Whether the first answer is still to come. */
  starting = $state(true);
  /** Whether an archive is being opened. */
  opening = $state(false);
  /** Why the last archive did not open. */
  failure = $state.raw<CommandFailure | null>(null);
  /** What asked for it, to ask again. */
  retry = $state.raw<(() => Promise<void>) | null>(null);
  /** Files to import as soon as an archive is open. */
  waiting = $state.raw<readonly string[]>([]);

  constructor(app: App) {
    this.#app = app;
  }

  async start(): Promise<void> {
    try {
      const session = await this.#app.platform.call('session', NOTHING);
      this.#app.settings.apply(session.settings);
      this.#apply(session);
      this.#tellOfTheLastRun(session);
      // The list comes into the first picture of the window, not after it.
      if (this.archive && this.#app.tabs.active.kind === 'library')
        await this.#app.library.follow(false);
    } catch (thrown) {
      this.failure = toFailure(thrown);
    } finally {
      this.starting = false;
    }
    // What is counted over the whole archive would take the processor from the first picture.
    afterPaint(() => {
      this.#loadRest();
      const { library, tabs } = this.#app;
      if (tabs.active.kind === 'library') this.#app.attempt(() => library.loadFacets());
    });
    await this.takeOpenedPaths();
  }

  /** Says what went wrong before the page was there. */
  #tellOfTheLastRun({ failure, failed, crash }: Session): void {
    const { platform, toasts } = this.#app;
    if (failure) this.failure = toFailure(failure);
    if (failed !== null) this.retry = () => this.open(failed);
    if (crash === null) return;
    toasts.lasting(() => m.crash_notice(), {
      label: () => m.crash_show(),
      run: () => this.#app.attempt(() => platform.call('reveal_path', { path: crash })),
    });
  }

  #apply(session: Session): void {
    const before = this.archive?.path;
    this.version = session.version;
    this.platform = session.platform;
    const { settingsAside: path } = session;
    if (path !== null) this.#app.toasts.show(() => m.settings_aside({ path }));
    this.archive = session.archive;
    this.recent = session.recent;
    if (session.archive?.path === before) return;
    this.#app.search.reset();
    this.#app.layout.restore(session.workspace);
    this.#app.library.reset();
    this.#app.changes.everything();
    if (!this.starting) this.#loadRest();
  }

  /** Asks for what the views share besides the list of reports. */
  #loadRest(): void {
    if (!this.archive) return;
    this.#app.tags.load();
    this.#app.collections.load();
    this.#app.jobs.load();
    this.#app.history.load();
    this.#app.index.load();
    this.#app.attempt(() => importing(this.#app).lookForPending());
  }

  async #open(ask: () => Promise<Session>): Promise<void> {
    this.opening = true;
    this.failure = null;
    try {
      await this.#app.layout.keep();
      this.#apply(await ask());
      this.retry = null;
    } catch (thrown) {
      this.failure = toFailure(thrown);
      const again = (this.retry = () => this.#open(ask));
      // Without an archive the welcome screen shows the failure in place.
      if (this.archive) this.#app.fail(thrown, () => void again());
    } finally {
      this.opening = false;
    }
    this.#app.attempt(() => this.#importWaiting());
  }

  open(path: string): Promise<void> {
    return this.#open(() => this.#app.platform.call('open_archive', { path }));
  }

  /** Opens the archive at a path that was typed, or makes it where there is none yet. */
  openOrCreate(path: string): Promise<void> {
    return this.#open(async () => {
      try {
        return await this.#app.platform.call('open_archive', { path });
      } catch (thrown) {
        if (toFailure(thrown).code !== 'missing') throw thrown;
        return this.#app.platform.call('create_archive', { path });
      }
    });
  }

  openExample(): Promise<void> {
    // Own files do not belong into the example.
    this.waiting = [];
    return this.#open(() => this.#app.platform.call('open_example', NOTHING));
  }

  #pick(): Promise<string[]> {
    return this.#app.platform.call('pick_paths', {
      kind: 'archive',
      title: m.archive_open_title(),
      suggested: null,
    });
  }

  async pickAndOpen(): Promise<void> {
    const [path] = await this.#pick();
    if (path) await this.open(path);
  }

  createAt(path: string): Promise<void> {
    return this.#open(() => this.#app.platform.call('create_archive', { path }));
  }

  async create(): Promise<void> {
    const [path] = await this.#app.platform.call('pick_paths', {
      kind: 'newArchive',
      title: m.archive_create_title(),
      suggested: `${m.archive_suggested_name()}.anjuan`,
    });
    if (path) await this.createAt(path);
  }

  close(): Promise<void> {
    return this.#open(() => this.#app.platform.call('close_archive', NOTHING));
  }

  /** Takes an archive off the list of recent ones; the file stays. */
  async forget(path: string): Promise<void> {
    const { recent } = await this.#app.platform.call('forget_recent', { path });
    this.recent = recent;
  }

  /** Lets the user show where an archive that was moved is now. */
  async locate(path: string): Promise<void> {
    const [found] = await this.#pick();
    if (!found) return;
    await this.open(found);
    if (!this.failure && found !== path) await this.forget(path);
  }

  /** Empties the list of archives opened lately. */
  async clearRecent(): Promise<void> {
    this.#apply(await this.#app.platform.call('clear_recent', NOTHING));
  }

  /** Opens what the system asked for: an archive, or files to import into the open one. */
  async takeOpenedPaths(): Promise<void> {
    await this.take(await this.#app.platform.call('take_opened_paths', NOTHING).catch(() => []));
  }

  /**
   * Opens the archive among some files, and imports the others, into a collection where one is
   * given: later, where no archive is open yet.
   */
  async take(paths: readonly string[], collection: string | null = null): Promise<void> {
    const archive = paths.find((path) => path.endsWith('.anjuan'));
    const files = paths.filter((path) => !path.endsWith('.anjuan'));
    this.waiting = [...this.waiting, ...files];
    if (archive) await this.open(archive);
    else await this.#importWaiting(collection);
  }

  async #importWaiting(collection: string | null = null): Promise<void> {
    if (!this.archive || this.waiting.length === 0) return;
    const files = [...this.waiting];
    this.waiting = [];
    this.#app.shell.importing = true;
    await importing(this.#app).take(files, collection);
  }

  /** Counts anew after a change. */
  changed(): void {
    this.#app.attempt(async () => {
      const session = await this.#app.platform.call('session', NOTHING);
      this.#apply(session);
    });
  }
}
