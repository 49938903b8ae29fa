// Everything that the components share, in one object that they get from the context.
import { getContext, setContext } from 'svelte';
import { m } from '../i18n/messages';
import { CommandsState } from '../commands/commands.svelte';
import { HelpState } from '../help/help.svelte';
import { LibraryState } from '../library/library.svelte';
import { TourState } from '../tour/tour.svelte';
import { followSystemMenu } from '../frame/systemMenu.svelte';
import type { Platform } from '../platform/platform';
import { toFailure } from '../platform/platform';
import { ChangesState } from './changes.svelte';
import { CollectionsState } from './collections.svelte';
import { HistoryState } from './history.svelte';
import { IndexState } from './index.svelte';
import { JobsState } from './jobs.svelte';
import { LayoutState } from './layout.svelte';
import { SearchState } from './search.svelte';
import { SessionState } from './session.svelte';
import { SettingsState } from './settings.svelte';
import { ShellState } from './shell.svelte';
import { TabsState } from './tabs.svelte';
import { TagsState } from './tags.svelte';
import { ToastsState } from './toasts.svelte';

export class App {
  readonly platform: Platform;
  readonly toasts = new ToastsState();
  readonly shell = new ShellState();
  readonly changes: ChangesState;
  readonly settings: SettingsState;
  readonly session: SessionState;
  readonly tabs: TabsState;
  readonly layout: LayoutState;
  readonly tags: TagsState;
  readonly collections: CollectionsState;
  readonly jobs: JobsState;
  readonly index: IndexState;
  readonly history: HistoryState;
  readonly search: SearchState;
  readonly library: LibraryState;
  readonly commands: CommandsState;
  readonly help: HelpState;
  readonly tour: TourState;

  constructor(platform: Platform) {
    this.platform = platform;
    this.changes = new ChangesState(platform);
    this.settings = new SettingsState(this);
    this.session = new SessionState(this);
    this.tabs = new TabsState(this);
    this.layout = new LayoutState(this);
    this.tags = new TagsState(this);
    this.collections = new CollectionsState(this);
    this.jobs = new JobsState(this);
    this.index = new IndexState(this);
    this.history = new HistoryState(this);
    this.search = new SearchState(this);
    this.library = new LibraryState(this);
    this.commands = new CommandsState(this);
    this.help = new HelpState(this);
    this.tour = new TourState(this);
  }

  /** Asks for the session and begins to listen; ends when the returned function is called. */
  start(): () => void {
    const ends = [
      this.changes.listen((kinds) => {
        this.session.changed();
        // Deleting reports takes their passages along, which changes the counts of tags.
        this.tags.load();
        if (kinds.has('collections') || kinds.has('reports')) this.collections.load();
        this.history.load();
        this.index.load();
      }),
      this.jobs.listen(),
      this.platform.on('paths_opened', () => this.session.takeOpenedPaths()),
      this.settings.followSystem(),
      this.settings.listen(),
      this.layout.watch(),
      followSystemMenu(this),
    ];
    void this.session.start();
    return () => ends.forEach((end) => end());
  }

  /** Runs something that may fail, and says so where it does. */
  attempt(action: () => unknown): void {
    void (async () => action())().catch((thrown: unknown) => this.fail(thrown));
  }

  /** Copies a text, and says what was copied where something is to be said. */
  copy(text: string, said?: () => string): void {
    this.attempt(async () => {
      await navigator.clipboard.writeText(text);
      if (said) this.toasts.show(said);
    });
  }

  /**
   * Tells the user what failed. A cancelled dialog or job is no failure, and neither is a question
   * about an archive that was closed before the answer. `retry` asks once more.
   */
  fail(thrown: unknown, retry: (() => void) | null = null): void {
    const failure = toFailure(thrown);
    const { archive, opening } = this.session;
    if (failure.code === 'cancelled') return;
    if (failure.code === 'no_archive' && (opening || archive === null)) return;
    this.toasts.error(failure, retry && { label: () => m.error_retry(), run: retry });
  }
}

const APP = Symbol('app');

/** The context for components that are mounted from outside (the page's start, the tests). */
export function appContext(app: App): Map<symbol, unknown> {
  return new Map([[APP, app]]);
}

export function provideApp(app: App): App {
  return setContext(APP, app);
}

export function useApp(): App {
  return getContext<App>(APP);
}
