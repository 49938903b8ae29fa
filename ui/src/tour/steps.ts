// What the tour shows, step by step: where each step points, how it notices that its deed was done,
// and how it does the deed itself for who would rather watch.
import type { CommandId } from '../commands/registry';
import { emptyFilter } from '../platform/platform';
import type { App } from '../state/app.svelte';
import { TEST_IDS } from '../testids';

/** What a step may compare with: how it was when the step began. */
export interface Before {
  passages: number;
}

export interface Step {
  /** Names its messages: `tour_NAME_title`, `tour_NAME_text`. */
  name: 'library' | 'select' | 'tag' | 'passage' | 'search' | 'find' | 'compare' | 'shared' | 'end';
  /** What it points to, by mark; the first that is in sight. */
  at: string[];
  /** Commands whose keys its text names, as `key`, `second`. */
  keys?: CommandId[];
  /** Whether the deed is done. A step without a deed is left by "next". */
  done?: (app: App, before: Before) => boolean;
  /** Waits for "next" although the deed is done: there is something to look at. */
  linger?: boolean;
  /** The step to go back to when what it stands on is gone. */
  needs?: { holds: (app: App) => boolean; otherwise: Step['name'] };
  /** Does the deed. */
  act?: (app: App) => unknown;
}

const marked = (testid: string) => `[data-testid="${testid}"]`;
const inSight = (testid: string) => seen(marked(testid)) !== null;

/** The first element of a selector that has a place on the page. */
export function seen(selector: string): HTMLElement | null {
  const found = [...document.querySelectorAll<HTMLElement>(selector)];
  return found.find((element) => element.getClientRects().length > 0) ?? null;
}

/** What a step points to now. */
export function anchorOf(step: Step): HTMLElement | null {
  for (const testid of step.at) {
    const found = seen(marked(testid));
    if (found) return found;
  }
  return null;
}

/** The word that the tour searches for: it stands in reports of both scripts. */
const WORD = '侨联';

function openFirst(): void {
  seen(marked(TEST_IDS.libraryRow))?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
}

/** Selects the first words of a paragraph of the report in front, as a mouse would. */
function selectWords(app: App): void {
  const text = seen(marked(TEST_IDS.readerText));
  const paragraphs = [...(text?.querySelectorAll('p') ?? [])];
  const long = paragraphs.find((p) => (p.textContent?.length ?? 0) > 40) ?? paragraphs[0];
  if (!text || !long) return;
  const walker = document.createTreeWalker(long, NodeFilter.SHOW_TEXT);
  const node = walker.nextNode();
  if (!node) return;
  long.scrollIntoView({ block: 'center' });
  document
    .getSelection()
    ?.setBaseAndExtent(node, 0, node, Math.min(12, node.nodeValue?.length ?? 0));
  text.focus({ preventScroll: true });
  app.commands.run('reader.tag');
}

/** The two of the first reports that share the most text. */
async function compareAlike(app: App): Promise<void> {
  const { rows } = await app.platform.call('reports', {
    filter: emptyFilter(),
    sort: 'published',
    descending: true,
    offset: 0,
    limit: 5,
  });
  const reports = rows.map(({ id }) => id);
  const { passages } = await app.platform.call('compare', { reports });
  const shared = new Map<string, number>();
  for (const { a, b, chars } of passages) {
    const pair = [a.report, b.report].sort().join(' ');
    shared.set(pair, (shared.get(pair) ?? 0) + chars);
  }
  const [best] = [...shared].sort(([, x], [, y]) => y - x);
  app.tabs.openCompare(best ? best[0].split(' ') : reports.slice(0, 2));
}

const compared = (app: App) =>
  app.tabs.active.kind === 'compare' && app.tabs.active.reports.length >= 2;

export const STEPS: readonly Step[] = [
  {
    name: 'library',
    at: [TEST_IDS.libraryRow, TEST_IDS.library, TEST_IDS.railLibrary],
    done: (app) => app.tabs.active.kind === 'report',
    act: (app) => {
      if (app.tabs.active.kind !== 'library') app.tabs.open({ kind: 'library' });
      requestAnimationFrame(openFirst);
    },
  },
  {
    name: 'select',
    at: [TEST_IDS.readerText],
    keys: ['reader.caret'],
    done: () => inSight(TEST_IDS.tagPicker),
    needs: { holds: (app) => app.tabs.active.kind === 'report', otherwise: 'library' },
    act: selectWords,
  },
  {
    name: 'tag',
    at: [TEST_IDS.tagPicker],
    done: (app, before) => (app.session.archive?.passages ?? 0) > before.passages,
    needs: { holds: () => inSight(TEST_IDS.tagPicker), otherwise: 'select' },
  },
  {
    name: 'passage',
    at: [TEST_IDS.inspectorPassages, TEST_IDS.inspector, TEST_IDS.readerText],
    keys: ['edit.undo'],
  },
  {
    name: 'search',
    at: [TEST_IDS.railSearch],
    keys: ['view.search'],
    done: (app) => app.tabs.active.kind === 'search',
    act: (app) => app.commands.run('search.focus'),
  },
  {
    name: 'find',
    at: [TEST_IDS.searchField],
    keys: ['search.next'],
    done: (app) => app.search.hits.length > 0,
    linger: true,
    needs: { holds: (app) => app.tabs.active.kind !== 'library', otherwise: 'search' },
    act: (app) => app.search.ask(WORD),
  },
  {
    name: 'compare',
    at: [TEST_IDS.railCompare],
    keys: ['compare.selected'],
    done: compared,
    act: compareAlike,
  },
  {
    name: 'shared',
    at: [TEST_IDS.compareCount, TEST_IDS.compare],
    keys: ['compare.nextShared'],
    needs: { holds: compared, otherwise: 'compare' },
  },
  {
    name: 'end',
    at: [TEST_IDS.statusPalette, TEST_IDS.railHelp, TEST_IDS.railSettings],
    keys: ['palette.open', 'help.open'],
  },
];
