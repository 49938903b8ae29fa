import type { Range } from '../protocol/protocol';
import type { App } from './app.svelte';

/** What a tab shows. */
export type View =
  | { kind: 'library' }
  | { kind: 'search' }
  | { kind: 'codebook' }
  | { kind: 'compare'; reports: string[] }
  | {
      kind: 'report';
      report: string;
      title: string;
      /** Where to open it: code points. A new object asks to go there again. */
      target?: Range;
    };

export type Tab = View & { id: string };

const LIBRARY: Tab = { kind: 'library', id: 'library' };

function idOf(view: View): string {
  return view.kind === 'report' ? `report:${view.report}` : view.kind;
}

/** The open things. The library is always first and is never closed. */
export class TabsState {
  readonly #app: App;
  list = $state.raw<readonly Tab[]>([LIBRARY]);
  activeId = $state<string>(LIBRARY.id);
  readonly active: Tab = $derived(this.list.find((tab) => tab.id === this.activeId) ?? LIBRARY);
  /** The tab that was in front before, to go back to on closing. */
  #before: string[] = [];

  constructor(app: App) {
    this.#app = app;
  }

  /** Opens a view, or brings its tab to the front. */
  open(view: View): void {
    const tab: Tab = { ...view, id: idOf(view) };
    const known = this.list.some(({ id }) => id === tab.id);
    this.list = known
      ? this.list.map((other) => (other.id === tab.id ? tab : other))
      : [...this.list, tab];
    this.activate(tab.id);
  }

  /** Opens a report, at a range where one is given. */
  openReport(report: string, title: string, target?: Range): void {
    const open = this.list.find((tab) => tab.kind === 'report' && tab.report === report);
    if (open && !target) this.activate(open.id);
    else this.open({ kind: 'report', report, title, ...(target ? { target: { ...target } } : {}) });
  }

  /** Opens the comparison: of these reports, else of those that it had. */
  openCompare(reports?: string[]): void {
    const open = this.list.find((tab) => tab.kind === 'compare');
    const before = open?.kind === 'compare' ? open.reports : [];
    this.open({ kind: 'compare', reports: reports ?? before });
  }

  activate(id: string): void {
    if (id === this.activeId) return;
    this.#before = [...this.#before.filter((other) => other !== id), this.activeId];
    this.activeId = id;
  }

  close(id: string): void {
    if (id === LIBRARY.id) return;
    const place = this.list.findIndex((tab) => tab.id === id);
    this.list = this.list.filter((tab) => tab.id !== id);
    this.#before = this.#before.filter((other) => other !== id);
    if (this.activeId !== id) return;
    const before = this.#before.pop();
    this.activeId = before ?? this.list[Math.min(place, this.list.length - 1)]?.id ?? LIBRARY.id;
  }

  /** Goes to the tab so many places on, around the end. */
  step(by: number): void {
    const at = this.list.findIndex((tab) => tab.id === this.activeId);
    const next = this.list[(at + by + this.list.length) % this.list.length];
    if (next) this.activate(next.id);
  }

  /** Gives a report's tab its title, where it was opened without or the title was corrected. */
  retitle(report: string, title: string): void {
    this.list = this.list.map((tab) =>
      tab.kind === 'report' && tab.report === report && tab.title !== title
        ? { ...tab, title }
        : tab,
    );
  }

  /** Back to the library alone. */
  reset(): void {
    this.list = [LIBRARY];
    this.activeId = LIBRARY.id;
    this.#before = [];
    this.#app.shell.activity = false;
  }
}
