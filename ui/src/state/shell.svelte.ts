import type { App } from './app.svelte';

/** What of the window's frame is open. */
export class ShellState {
  palette = $state(false);
  importing = $state(false);
  settings = $state(false);
  /** The section that the settings open at. */
  settingsAt = $state('general');
  activity = $state(false);
  inspector = $state(true);
  /** The application's menu. */
  menu = $state(false);
  /** A report that the library is to show among its rows; a new object asks again. */
  reveal = $state.raw<{ report: string } | null>(null);
  /** Counts the requests to put the cursor into the search field. */
  searchFocus = $state(0);

  /** A tag or collection that its view is to show; the view takes it away. */
  wanted = $state.raw<{ tag: string } | { collection: string } | null>(null);

  showTag(app: App, tag: string): void {
    this.wanted = { tag };
    app.tabs.open({ kind: 'codebook' });
  }

  showCollection(app: App, collection: string): void {
    this.wanted = { collection };
    app.tabs.open({ kind: 'library' });
  }

  /** Opens the settings, at a section where one is named. */
  openSettings(at?: string): void {
    if (at !== undefined) this.settingsAt = at;
    this.settings = true;
  }

  toggleActivity(): void {
    this.activity = !this.activity;
  }

  toggleInspector(): void {
    this.inspector = !this.inspector;
  }

  focusSearch(): void {
    this.searchFocus++;
  }
}
