/** What of the window's frame is open. */
export class ShellState {
  palette = $state(false);
  importing = $state(false);
  settings = $state(false);
  activity = $state(false);
  inspector = $state(true);
  /** The application's menu. */
  menu = $state(false);
  /** A report that the library is to show among its rows; a new object asks again. */
  reveal = $state.raw<{ report: string } | null>(null);
  /** Counts the requests to put the cursor into the search field. */
  searchFocus = $state(0);

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
