import type { App } from './app.svelte';

/** Text from the clipboard, with its markup where it has one. */
export interface Pasted {
  text: string;
  html: string | null;
}

/** What of the window's frame is open. */
export class ShellState {
  palette = $state(false);
  importing = $state(false);
  /** Text that is to become a report, while it is looked at in the import sheet. */
  pasting = $state.raw<Pasted | null>(null);
  settings = $state(false);
  /** The section that the settings open at. */
  settingsAt = $state('general');
  activity = $state(false);
  inspector = $state(true);
  /** The application's menu. */
  menu = $state(false);
  /** A report that the library is to show among its rows; a new object asks again. */
  reveal = $state.raw<{ report: string } | null>(null);
  /** The report whose like are looked for. */
  similar = $state.raw<{ report: string; title: string } | null>(null);
  /** Counts the requests to put the cursor into the search field. */
  searchFocus = $state(0);

  /** What a view is to show, a tag, a collection, reports with problems; the view takes it away. */
  wanted = $state.raw<
    { tag: string } | { collection: string } | { problems: readonly string[] } | null
  >(null);

  /** Opens the import sheet with text that is to become a report, or for it to be pasted. */
  paste(pasted: Pasted = { text: '', html: null }): void {
    this.pasting = pasted;
    this.importing = true;
  }

  showTag(app: App, tag: string): void {
    this.wanted = { tag };
    app.tabs.open({ kind: 'codebook' });
  }

  showCollection(app: App, collection: string): void {
    this.wanted = { collection };
    app.tabs.open({ kind: 'library' });
  }

  showProblems(app: App, problems: readonly string[]): void {
    this.wanted = { problems };
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
