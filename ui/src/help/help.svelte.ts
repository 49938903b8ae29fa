import type { App } from '../state/app.svelte';
import type { View } from '../state/tabs.svelte';

/** A place in the guide; the empty page is the table of contents. */
export interface HelpPlace {
  page: string;
  anchor: string;
}

/** The page about each view. Inside one, `data-help` names a nearer topic: a page, or page#heading. */
const TOPICS: Record<View['kind'], string> = {
  library: 'library',
  search: 'searching',
  codebook: 'codebook',
  compare: 'comparing',
  report: 'reading',
  help: '',
};

/** What the help shows, where it has been, and whether it lies over the page. */
export class HelpState {
  readonly #app: App;
  /** Where it has been, and how far back in that one is. */
  #visited = $state.raw<readonly HelpPlace[]>([{ page: '', anchor: '' }]);
  #at = $state(0);
  readonly place: HelpPlace = $derived(this.#visited[this.#at] ?? { page: '', anchor: '' });
  readonly canGoBack = $derived(this.#at > 0);
  readonly canGoForward = $derived(this.#at + 1 < this.#visited.length);
  /** Open over the page: where there are no tabs, or a dialog is in front of them. */
  over = $state(false);
  query = $state('');

  constructor(app: App) {
    this.#app = app;
  }

  /** Goes to a page; what was visited after the present one is forgotten. */
  go(page: string, anchor = ''): void {
    this.query = '';
    if (page === this.place.page && anchor === this.place.anchor) return;
    this.#visited = [...this.#visited.slice(0, this.#at + 1), { page, anchor }];
    this.#at = this.#visited.length - 1;
  }

  back(): void {
    if (this.canGoBack) this.#at--;
    this.query = '';
  }

  forward(): void {
    if (this.canGoForward) this.#at++;
    this.query = '';
  }

  /** Shows a page in a tab, or over the page where a tab could not be seen. */
  open(topic: string): void {
    const [page = '', anchor = ''] = topic.split('#');
    this.go(page, anchor);
    const covered = document.querySelector('[role="dialog"]') !== null;
    if (this.#app.session.archive && !covered) this.#app.tabs.open({ kind: 'help' });
    else this.over = true;
  }

  /** The topic of what has the focus. */
  topicHere(): string {
    const near = document.activeElement?.closest<HTMLElement>('[data-help]');
    const topics = '[role="dialog"][data-help], [role="dialog"] [data-help]';
    const dialog = [...document.querySelectorAll<HTMLElement>(topics)].at(-1);
    const named = near?.dataset['help'] ?? dialog?.dataset['help'];
    if (named) return named;
    return this.#app.session.archive ? TOPICS[this.#app.tabs.active.kind] : 'start';
  }
}
