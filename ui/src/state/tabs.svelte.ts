import type { Range } from '../protocol/protocol';
import type { JsonValue } from '../protocol/serde_json/JsonValue';
import type { App } from './app.svelte';
import * as layouts from './workspace';
import type { Column, Side, Tab, View, Workspace } from './workspace';

export type { Tab, View } from './workspace';

/** The open things, in columns side by side. What opens, opens in the column in front. */
export class TabsState {
  readonly #app: App;
  #layout = $state.raw<Workspace>(layouts.FIRST);
  readonly columns: readonly Column[] = $derived(this.#layout.columns);
  readonly list: readonly Tab[] = $derived(layouts.tabsOf(this.#layout));
  readonly byId: ReadonlyMap<string, Tab> = $derived(
    new Map(this.list.map((tab) => [tab.id, tab])),
  );
  readonly column: Column = $derived(layouts.activeColumn(this.#layout));
  readonly active: Tab = $derived(layouts.activeTab(this.#layout));
  readonly activeId: string = $derived(this.active.id);
  /**
   * The tabs that were in front once, in the order in which they were first: only these have a
   * pane. The order never changes, so that moving a tab moves no node and makes none anew.
   */
  mounted = $state.raw<readonly string[]>([layouts.FIRST.columns[0]?.active ?? '']);
  /** Where each report tab was read: code points. */
  readonly #places = new Map<string, number>();
  /** Counts the changes of places, which are many and no one's concern but the keeper's. */
  moved = $state(0);

  constructor(app: App) {
    this.#app = app;
  }

  get layout(): Workspace {
    return this.#layout;
  }

  #set(next: Workspace): void {
    if (next === this.#layout) return;
    this.#layout = next;
    const known = new Set(layouts.tabsOf(next).map(({ id }) => id));
    const shown = next.columns.map(({ active }) => active);
    this.mounted = [
      ...this.mounted.filter((id) => known.has(id)),
      ...shown.filter((id) => !this.mounted.includes(id)),
    ];
    for (const id of this.#places.keys()) if (!known.has(id)) this.#places.delete(id);
  }

  // --- opening and closing ----------------------------------------------------------------------

  /** Opens a view, or brings its tab to the front. */
  open(view: View): void {
    this.#set(layouts.open(this.#layout, view));
  }

  /** Opens a report, at a range where one is given. */
  openReport(report: string, title: string, target?: Range): void {
    const open = layouts.tabOfReport(this.#layout, report);
    if (open && !target) this.activate(open.id);
    else this.open({ kind: 'report', report, title, ...(target ? { target: { ...target } } : {}) });
  }

  /**
   * Opens a report in the column to the right of a tab's; once more, where the tab itself shows it
   * and no other does.
   */
  openReportBeside(from: string, report: string, title: string, target?: Range): void {
    const shows = (tab: Tab | undefined) => tab?.kind === 'report' && tab.report === report;
    const here = this.columnOf(from)?.id;
    if (shows(this.byId.get(from))) {
      const other = this.list.find((tab) => tab.id !== from && shows(tab));
      if (other) this.activate(other.id);
      else this.duplicate(from);
      this.openReport(report, title, target);
      return;
    }
    this.openReport(report, title, target);
    if (this.column.id === here) this.moveAside(this.activeId, 'right');
  }

  /** Opens the comparison: of these reports, else of those that it had. */
  openCompare(reports?: string[]): void {
    const open = this.list.find((tab) => tab.kind === 'compare');
    const before = open?.kind === 'compare' ? open.reports : [];
    this.open({ kind: 'compare', reports: reports ?? before });
  }

  activate(id: string): void {
    this.#set(layouts.activate(this.#layout, id));
  }

  activateColumn(id: number): void {
    this.#set(layouts.activateColumn(this.#layout, id));
  }

  close(...ids: string[]): void {
    this.#set(layouts.close(this.#layout, ids));
  }

  /** The other tabs of a tab's strip that are not pinned; with `right`, those behind it alone. */
  others(id: string, right = false): string[] {
    const tabs = layouts.columnOf(this.#layout, id)?.tabs ?? [];
    const at = tabs.findIndex((tab) => tab.id === id);
    return tabs.flatMap((tab, i) =>
      tab.id === id || tab.pinned || tab.kind === 'library' || (right && i < at) ? [] : tab.id,
    );
  }

  get canReopen(): boolean {
    return this.#layout.closed.length > 0;
  }

  reopen(): void {
    this.#set(layouts.reopen(this.#layout));
  }

  /** Closes the tabs of reports that are no more. */
  forget(reports: readonly string[]): void {
    this.#set(layouts.forget(this.#layout, reports));
  }

  /** Gives a report's tabs their title, where it was opened without or the title was corrected. */
  retitle(report: string, title: string): void {
    this.#set(layouts.retitle(this.#layout, report, title));
  }

  /** Goes to the tab so many places on in its strip, around the end. */
  step(by: number): void {
    const { tabs, active } = this.column;
    const at = tabs.findIndex(({ id }) => id === active);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next) this.activate(next.id);
  }

  // --- arranging --------------------------------------------------------------------------------

  columnOf(id: string): Column | undefined {
    return layouts.columnOf(this.#layout, id);
  }

  move(id: string, column: number, at: number): void {
    this.#set(layouts.move(this.#layout, id, column, at));
  }

  shift(id: string, by: number): void {
    this.#set(layouts.shift(this.#layout, id, by));
  }

  canSplit(id: string, beside: number): boolean {
    return layouts.canSplit(this.#layout, id, beside);
  }

  split(id: string, beside: number, side: Side): void {
    this.#set(layouts.split(this.#layout, id, beside, side));
  }

  canDuplicate(id: string): boolean {
    return layouts.canDuplicate(this.#layout, id);
  }

  /** Opens a report again in a new column to the right; moves another view there. */
  duplicate(id: string): void {
    const place = this.#places.get(id);
    this.#set(layouts.duplicate(this.#layout, id));
    // The copy begins where the first one is.
    if (place !== undefined && this.activeId !== id) this.#places.set(this.activeId, place);
  }

  /** Whether a tab can go to the column beside its own, or into a new one there. */
  canMoveAside(id: string, side: Side): boolean {
    return layouts.moveAside(this.#layout, id, side) !== this.#layout;
  }

  moveAside(id: string, side: Side): void {
    this.#set(layouts.moveAside(this.#layout, id, side));
  }

  pin(id: string, pinned: boolean): void {
    this.#set(layouts.pin(this.#layout, id, pinned));
  }

  resize(at: number, share: number): void {
    this.#set(layouts.resize(this.#layout, at, share));
  }

  equalise(): void {
    this.#set(layouts.equalise(this.#layout));
  }

  // --- keeping ----------------------------------------------------------------------------------

  place(id: string): number {
    return this.#places.get(id) ?? 0;
  }

  keepPlace(id: string, place: number): void {
    if (this.#places.get(id) === place) return;
    this.#places.set(id, place);
    this.moved++;
  }

  /** The layout as it is kept. */
  keep(): JsonValue {
    const { shell, search } = this.#app;
    const kept = { workspace: this.#layout, places: this.#places };
    const { query, within, history } = search;
    return layouts.keep({
      ...kept,
      inspector: shell.inspector,
      query,
      within,
      queries: history.list,
    });
  }

  /** One tab alone, as the layout of a window of its own. */
  keepAlone(id: string): JsonValue {
    const tab = this.byId.get(id);
    const alone = tab ? layouts.open(layouts.FIRST, tab) : layouts.FIRST;
    const { shell, search } = this.#app;
    const places = new Map(tab ? [[layouts.activeTab(alone).id, this.place(id)]] : []);
    return layouts.keep({
      workspace: alone,
      places,
      inspector: shell.inspector,
      query: tab?.kind === 'search' ? search.query : '',
      within: tab?.kind === 'search' ? search.within : [],
      queries: search.history.list,
    });
  }

  /** Lays the window out as it was kept, as at first where nothing was; the query is not asked. */
  restore(json: JsonValue | null): void {
    const { workspace, places, inspector, query, within, queries } = layouts.restore(json);
    this.#layout = workspace;
    this.mounted = workspace.columns.map(({ active }) => active);
    this.#places.clear();
    for (const [id, place] of places) this.#places.set(id, place);
    this.#app.shell.activity = false;
    this.#app.shell.inspector = inspector;
    const { search } = this.#app;
    search.query = query;
    search.within = within;
    search.history.list = queries;
  }

  /** Back to the library alone. */
  reset(): void {
    this.restore(null);
  }
}
