import { toFailure } from '../platform/platform';
import type { JsonValue } from '../protocol/serde_json/JsonValue';
import type { App } from './app.svelte';

/** So long after the last change the layout is kept, in milliseconds. */
const REST = 400;
/** So many reports are looked up at a time. */
const AT_ONCE = 8;

/** Keeps how the window is laid out for the archive that is open, and lays it out so again. */
export class LayoutState {
  readonly #app: App;
  /** What is kept already, to write nothing twice. */
  #kept = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A layout that could not be kept is told once: the next change would tell it again. */
  #failed = false;

  constructor(app: App) {
    this.#app = app;
  }

  /** Keeps what changes, until the returned function is called. */
  watch(): () => void {
    const { tabs, shell, search, session, platform } = this.#app;
    const keep = () => void this.keep();
    const hidden = () => {
      if (document.visibilityState === 'hidden') keep();
    };
    const end = $effect.root(() => {
      $effect(() => {
        void [tabs.layout, tabs.moved, shell.inspector, search.query];
        void [search.within, search.history.list];
        if (!session.archive) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(keep, REST);
      });
    });
    // Whichever comes when a window goes away: no engine sends all of them.
    window.addEventListener('pagehide', keep);
    document.addEventListener('visibilitychange', hidden);
    const closing = platform.on('window_closing', () =>
      this.#app.attempt(async () => {
        await this.keep();
        await platform.call('close_window', {});
      }),
    );
    return () => {
      end();
      closing();
      clearTimeout(this.#timer);
      window.removeEventListener('pagehide', keep);
      document.removeEventListener('visibilitychange', hidden);
    };
  }

  /** Keeps the layout now, where it has changed. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    const { session, tabs, platform } = this.#app;
    if (!session.archive) return;
    const workspace = tabs.keep();
    const written = JSON.stringify(workspace);
    if (written === this.#kept) return;
    this.#kept = written;
    try {
      await platform.call('set_workspace', { workspace, archive: session.archive.path });
    } catch (thrown) {
      if (!this.#failed) this.#app.fail(thrown);
      this.#failed = true;
    }
  }

  /** Lays the window out as it was kept for the archive that was opened. */
  restore(workspace: JsonValue | null): void {
    const { tabs, search, session } = this.#app;
    clearTimeout(this.#timer);
    tabs.restore(workspace);
    this.#kept = JSON.stringify(tabs.keep());
    const { query } = search;
    if (!session.archive) return;
    // The window comes first, the hits of a search that may not even be in front after it.
    if (query.trim() !== '') setTimeout(() => search.query === query && search.ask(query), 0);
    void this.#check();
  }

  /** Looks whether the reports of the tabs are still there: those that are not go in silence. */
  async #check(): Promise<void> {
    const { tabs, platform } = this.#app;
    const reports = new Set(tabs.list.flatMap((tab) => (tab.kind === 'report' ? tab.report : [])));
    const all = [...reports];
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const looks = all.slice(from, from + AT_ONCE).map(async (id) => {
        try {
          tabs.retitle(id, (await platform.call('report_preview', { id })).title);
        } catch (thrown) {
          if (toFailure(thrown).code === 'not_found') tabs.forget([id]);
        }
      });
      await Promise.all(looks);
    }
  }
}
