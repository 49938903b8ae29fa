// Every screen, dialog and state of the window, and how to get there. The accessibility journey, the
// check at 200 % and the contact sheet all walk this one list, so a screen that is added here is
// looked at by all three.
//
// A screen is opened from the library, with nothing on top of it (`toLibrary`), on the example
// archive; those of `archive: false` are opened from the welcome screen.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './harness.mjs';

const EXAMPLES = readdirSync(join(ROOT, 'examples'))
  .filter((name) => /\.(txt|html)$/.test(name))
  .map((name) => join(ROOT, 'examples', name));

/** What the screens of the example archive need to know of it. */
export function factsOf(home, file) {
  const { passages } = home.cli('--archive', file, 'passages');
  const { reports } = home.cli('--archive', file, 'list');
  return {
    file,
    count: EXAMPLES.length,
    overlapping: mostOverlapping(passages),
    alike: twoAlike(home, file, reports),
    traditional: reports.find(({ script }) => script === 'Hant')?.id,
    output: home.path('example.pdf'),
  };
}

/** The passage that overlaps the most others. */
function mostOverlapping(passages) {
  const overlaps = (a, b) =>
    a.report === b.report && a.id !== b.id && a.start < b.end && b.start < a.end;
  const counted = passages.map((a) => [a, passages.filter((b) => overlaps(a, b)).length]);
  return counted.toSorted((a, b) => b[1] - a[1])[0][0];
}

/** Two reports that share passages, and how many. */
function twoAlike(home, file, reports) {
  for (const [i, { id: a }] of reports.entries()) {
    for (const { id: b } of reports.slice(i + 1)) {
      const passages = home.cli('--archive', file, 'compare', a, b).passages.length;
      if (passages >= 3) return { reports: [a, b], passages };
    }
  }
  throw new Error('no two reports of the example share passages');
}

/** Closes whatever lies on top of the window, and goes back to the library. */
export async function toLibrary(app) {
  await nothingOnTop(app);
  const shown = await app.browser.execute(() => {
    const on = (id) => document.querySelector(`[data-testid="${id}"]`);
    if (on('activity')) on('rail-activity')?.click();
    on('rail-library')?.click();
    return on('rail-library') !== null;
  });
  if (!shown) return;
  await app.shown('library');
  // The list as a new user sees it: no filter, nothing chosen.
  await app.browser.execute(() => {
    const field = document.querySelector('[data-testid="library-filter"]');
    if (field?.value) {
      field.value = '';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    for (const toast of document.querySelectorAll('.toast-close')) toast.click();
  });
}

const ON_TOP =
  '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"][data-state="open"]';

async function nothingOnTop(app) {
  for (let tries = 0; tries < 5; tries++) {
    const open = await app.browser.execute((on) => document.querySelector(on) !== null, ON_TOP);
    if (!open) return;
    await app.press('Escape');
    await app.browser.pause(100);
  }
  await app.until('nothing lies on top', (on) => document.querySelector(on) === null, ON_TOP);
}

async function openReport(app, id) {
  await (await app.shown('library-row', { 'data-id': id })).doubleClick();
  await app.shown('reader', { 'data-id': id });
  await app.shown('reader-text');
  await app.shown('inspector-outline');
  await app.until('passages are painted', () =>
    [...CSS.highlights.values()].some((painted) => painted.size > 0),
  );
}

async function searched(app, query) {
  await app.click('rail-search');
  await app.type('search-field', query);
  await app.shown('search-total', { 'data-query': query });
}

/** A click by the page itself, for what the driver will not point at (covered, off the screen). */
async function openMenu(app, selector) {
  const menu = await app.browser.$(selector);
  await menu.waitForClickable({ timeout: 10_000 });
  await menu.click();
  await app.until('the menu is open', () => document.querySelector('[role="menu"]') !== null);
}

/** A menu of the right button, of the first thing with a test id. */
async function contextMenu(app, id, attributes) {
  const element = await app.shown(id, attributes);
  await element.click({ button: 'right' });
  await app.until('the menu is open', () => document.querySelector('[role="menu"]') !== null);
}

/**
 * @typedef {object} Screen
 * @property {string} name
 * @property {false} [archive] without an open archive
 * @property {(app: import('./harness.mjs').Window, facts: object) => Promise<void>} open
 * @property {true} [contrast] also taken in high contrast for the contact sheet
 */

/** @type {Screen[]} */
export const SCREENS = [
  {
    name: 'welcome',
    archive: false,
    contrast: true,
    open: (app) => app.shown('welcome'),
  },
  {
    name: 'library',
    contrast: true,
    open: async (app, { count }) => {
      await app.untilCount('library-row', count);
      await app.browser.execute(() => document.querySelector('[role="grid"]').focus());
    },
  },
  {
    name: 'library-chosen',
    open: (app, { overlapping }) => app.click('library-row', { 'data-id': overlapping.report }),
  },
  {
    name: 'library-no-match',
    open: async (app) => {
      await app.type('library-filter', '没有这样的报告');
      await app.untilCount('library-row', 0);
    },
  },
  {
    name: 'metadata',
    open: async (app, { overlapping }) => {
      await app.click('library-row', { 'data-id': overlapping.report });
      await app.click('library-metadata');
      await app.shown('metadata-dialog');
    },
  },
  {
    name: 'import',
    open: async (app) => {
      await app.press(['Control', 'i']);
      await app.shown('import-paths');
    },
  },
  {
    name: 'import-done',
    open: async (app) => {
      await app.press(['Control', 'i']);
      await app.type('import-paths', [...EXAMPLES, '/no/such/file.html'].join('\n'));
      await app.click('import-start');
      await app.shown('import-summary', { 'data-state': 'done' });
    },
  },
  {
    name: 'search',
    contrast: true,
    open: async (app) => {
      await searched(app, '侨胞 服务');
      await app.shown('search-hit');
    },
  },
  {
    name: 'search-start',
    open: async (app) => {
      await app.click('rail-search');
      await app.type('search-field', '');
    },
  },
  {
    name: 'search-none',
    open: async (app) => {
      await searched(app, '没有这样的词 年:1890');
      await app.shown('search-none');
    },
  },
  {
    name: 'search-help',
    open: async (app) => {
      await app.click('rail-search');
      await app.click('search-help-open');
      await app.shown('search-help');
    },
  },
  {
    name: 'codebook',
    contrast: true,
    open: async (app) => {
      await app.click('rail-codebook');
      await app.click('tag-row');
      await app.shown('tag-passage');
    },
  },
  {
    name: 'reader',
    contrast: true,
    open: (app, { overlapping }) => openReport(app, overlapping.report),
  },
  {
    name: 'reader-traditional',
    open: (app, { traditional }) => openReport(app, traditional),
  },
  {
    name: 'reader-find',
    open: async (app, { overlapping }) => {
      await openReport(app, overlapping.report);
      await app.press(['Control', 'f']);
      await app.type('find-field', '侨');
      await app.until('hits are painted', () => (CSS.highlights.get('hit')?.size ?? 0) > 0);
    },
  },
  {
    name: 'passage',
    contrast: true,
    open: async (app, { overlapping }) => {
      await openReport(app, overlapping.report);
      await app.click('inspector-passage', { 'data-id': overlapping.id });
      await app.shown('passage-card');
    },
  },
  {
    name: 'tag-picker',
    open: async (app, { overlapping }) => {
      const { start, end, quote, report } = overlapping;
      await openReport(app, report);
      await app.select(quote.slice(0, Math.min(6, end - start)));
      await app.shown('tag-picker-option');
    },
  },
  {
    name: 'tag-picker-memo',
    open: async (app, { overlapping }) => {
      const { start, end, quote, report } = overlapping;
      await openReport(app, report);
      await app.select(quote.slice(0, Math.min(6, end - start)));
      await app.shown('tag-picker-input');
      await app.write('理论武装');
      await app.press(['Shift', 'Enter']);
      await app.type('tag-picker-memo', '首次提到');
    },
  },
  {
    name: 'export',
    contrast: true,
    open: async (app, { overlapping }) => {
      await openReport(app, overlapping.report);
      await app.click('reader-export');
      await app.shown('export-dialog');
    },
  },
  {
    name: 'export-done',
    open: async (app, { overlapping, output }) => {
      await openReport(app, overlapping.report);
      await app.click('reader-export');
      await app.type('export-path', output);
      await app.click('export-write');
      await app.shown('export-result');
    },
  },
  {
    name: 'compare',
    contrast: true,
    open: async (app, { alike }) => {
      await app.compare(...alike.reports);
      await app.click('compare-next');
    },
  },
  {
    name: 'compare-themes',
    open: async (app, { alike }) => {
      await app.compare(...alike.reports);
      await app.click('compare-themes');
      await app.shown('compare-row');
    },
  },
  {
    name: 'activity',
    open: async (app) => {
      await app.click('rail-activity');
      await app.shown('activity');
    },
  },
  {
    name: 'settings',
    contrast: true,
    open: async (app) => {
      await app.click('rail-settings');
      await app.shown('settings');
    },
  },
  {
    name: 'palette',
    contrast: true,
    open: async (app) => {
      await app.press(['Control', 'k']);
      await app.shown('palette-input');
    },
  },
  {
    name: 'archive-menu',
    open: (app) => openMenu(app, '[data-testid="status-archive"]'),
  },
  {
    name: 'context-menu',
    open: (app, { overlapping }) =>
      contextMenu(app, 'library-row', { 'data-id': overlapping.report }),
  },
  {
    name: 'toast',
    open: async (app, { overlapping }) => {
      await app.click('library-row', { 'data-id': overlapping.report });
      await app.press('Delete');
      await app.shown('toast');
      await app.browser.execute(() => document.querySelector('.toast')?.focus());
    },
    close: (app) => app.press(['Control', 'z']),
  },
];
