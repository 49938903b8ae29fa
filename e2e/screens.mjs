// Every screen, dialog and state of the window, and how to get there. The accessibility journey, the
// check at 200 % and the contact sheet all walk this one list, so a screen that is added here is
// looked at by all three.
//
// A screen is opened from the library, with nothing on top of it (`toLibrary`), on the example
// archive; those of `archive: false` are opened from the welcome screen.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './harness.mjs';
import { ask, hold, imported, scanFor } from './scans.mjs';

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
    home,
    scan: scanFor(home),
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

/** Closes whatever lies on top of the welcome screen. */
export async function toWelcome(app) {
  await nothingOnTop(app);
  await app.shown('welcome');
}

/** Closes whatever lies on top of the window, and goes back to the library in one column. */
export async function toLibrary(app) {
  await nothingOnTop(app);
  await app.browser.execute(() => {
    const on = (id) => document.querySelector(`[data-testid="${id}"]`);
    on('tour-leave')?.click();
    if (on('activity')) on('rail-activity').click();
    for (const close of document.querySelectorAll('[data-testid="tab-close"]')) close.click();
    on('rail-library')?.click();
    for (const toast of document.querySelectorAll('.toast-close')) toast.click();
  });
  await app.shown('library');
  // The list as a new user sees it: no filter, nothing chosen.
  await app.browser.execute(() => {
    document.querySelector('[data-testid="library-clear-filter"]')?.click();
    document.querySelector('[data-testid="library-clear-selection"]')?.click();
    const field = document.querySelector('[data-testid="library-filter"]');
    if (!field?.value) return;
    field.value = '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

const ON_TOP =
  '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"][data-state="open"], ' +
  '[data-testid="library-quick-look"]';

async function nothingOnTop(app) {
  for (let tries = 0; tries < 5; tries++) {
    const open = await app.browser.execute((on) => document.querySelector(on) !== null, ON_TOP);
    if (!open) return;
    // What is no dialog is left where the focus is.
    await app.browser.execute(() =>
      document.querySelector('[data-testid="library-quick-look"] [tabindex="0"]')?.focus(),
    );
    await app.press('Escape');
    await app.browser.pause(100);
  }
  await app.until('nothing lies on top', (on) => document.querySelector(on) === null, ON_TOP);
}

async function openReport(app, id) {
  await app.doubleClick('library-row', { 'data-id': id });
  await app.shown('reader', { 'data-id': id });
  await app.shown('reader-text');
  await app.until('passages are painted', () =>
    [...CSS.highlights.values()].some((painted) => painted.size > 0),
  );
}

async function searched(app, query) {
  await app.click('rail-search');
  await app.type('search-field', query);
  await app.shown('search-total', { 'data-query': query });
}

/** The results of a search as a view shows them. */
async function searchedAs(app, query, view) {
  await searched(app, query);
  await app.click(`search-views-${view}`);
}

/** Leaves the search as a new user finds it. */
async function searchedNothing(app) {
  await app.click('search-views-reports');
  await app.type('search-field', '');
}

async function openMenu(app, id) {
  await app.click(id);
  await app.until('the menu is open', () => document.querySelector('[role="menu"]') !== null);
}

/**
 * A menu of the right button, of the first thing with a test id. The event is the page's own: after a
 * right click of the driver WebKitGTK believes the button to be held, and typing goes astray.
 */
async function contextMenu(app, id, attributes) {
  const element = await app.shown(id, attributes);
  await app.browser.execute((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [clientX, clientY] = [left + Math.min(width / 2, 160), top + height / 2];
    const how = { bubbles: true, cancelable: true, button: 2, clientX, clientY };
    element.dispatchEvent(new PointerEvent('pointerdown', how));
    element.dispatchEvent(new MouseEvent('contextmenu', how));
  }, element);
  await app.until('the menu is open', () => document.querySelector('[role="menu"]') !== null);
}

/**
 * @typedef {object} Screen
 * @property {string} name
 * @property {false} [archive] without an open archive
 * @property {(app: import('./harness.mjs').Window, facts: object) => Promise<void>} open
 * @property {number} [zoom] percent at which it is taken for the contact sheet: a narrow window; the
 *   checks walk through every screen at such sizes anyhow
 * @property {true} [contrast] also taken in high contrast for the contact sheet
 */

/** Reads files that the archive has, and one that is not there, in the import sheet. */
async function readFiles(app) {
  await app.press(['Control', 'i']);
  await app.type('import-paths', [...EXAMPLES, '/no/such/file.html'].join('\n'));
  await app.click('import-start');
  await app.shown('import-summary', { 'data-state': 'done' });
}

/** Puts away what was read. */
async function readOther(app) {
  if (await app.isShown('import-back')) await app.click('import-back');
  await app.click('import-again');
  await app.shown('import-paths');
}

/** Opens a scan in the reader; its report. */
async function openScan(app, { scan }) {
  const report = await imported(app, scan);
  await app.until('it is listed', (id) => document.querySelector(`[data-id="${id}"]`) !== null, report);
  await app.doubleClick('library-row', { 'data-id': report });
  await app.shown('reader', { 'data-id': report });
  await app.shown('recognition');
  return report;
}

/** Takes the scan out of the archive again. */
async function removeScan(app, { home, count }) {
  hold(home, false);
  const running = (await ask(app, 'jobs', {})).filter(({ state }) => state === 'running');
  for (const { id } of running) await ask(app, 'cancel_job', { id });
  await toLibrary(app);
  const ids = await app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid="library-row"]')]
      .filter(({ textContent }) => textContent.includes('云溪市侨联2021年工作总结'))
      .map(({ dataset }) => dataset.id),
  );
  await ask(app, 'delete_reports', { ids });
  await app.untilCount('library-row', count);
}

/** The sections of the settings, each a screen. */
const SETTINGS = [
  'general',
  'appearance',
  'reading',
  'tagging',
  'import',
  'ocr',
  'backups',
  'export',
  'shortcuts',
  'privacy',
  'reset',
  'about',
];

async function openSettings(app, section) {
  await app.press(['Control', ',']);
  await app.shown('settings');
  await app.click(`settings-section-${section}`);
}

/** @type {Screen[]} */
export const SCREENS = [
  {
    name: 'welcome',
    archive: false,
    contrast: true,
    open: (app) => app.shown('welcome'),
  },
  {
    name: 'failure',
    archive: false,
    contrast: true,
    open: async (app) => {
      await app.type('welcome-path', '/etc/hostname');
      await app.click('welcome-path-open');
      await app.shown('failure');
    },
    close: async (app) => {
      await app.type('welcome-path', '');
      await app.browser.execute(() => document.querySelector('.toast-close')?.click());
    },
  },
  {
    name: 'welcome-help',
    archive: false,
    open: async (app) => {
      await app.press('F1');
      await app.shown('help');
    },
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
    contrast: true,
    open: (app, { overlapping }) => app.click('library-row', { 'data-id': overlapping.report }),
  },
  {
    name: 'library-several',
    open: async (app, { count }) => {
      await app.click('library-row');
      await app.press(['Control', 'a']);
      await app.until(
        'all are chosen',
        (count) => document.querySelectorAll('[role="row"][aria-selected="true"]').length >= count,
        count,
      );
    },
  },
  {
    name: 'library-facets',
    open: async (app) => {
      if (!(await app.isShown('facet'))) await app.click('library-sidebar');
      await app.click('facet');
      await app.shown('library-chips');
    },
    close: async (app) => {
      if (app.zoomed > 1) await app.click('library-sidebar');
    },
  },
  {
    name: 'library-no-match',
    open: async (app) => {
      await app.type('library-filter', '没有这样的报告');
      await app.untilCount('library-row', 0);
    },
  },
  {
    name: 'library-options',
    open: (app) => openMenu(app, 'library-options'),
  },
  {
    name: 'library-menu',
    open: (app, { overlapping }) =>
      contextMenu(app, 'library-row', { 'data-id': overlapping.report }),
  },
  {
    name: 'quick-look',
    open: async (app, { overlapping }) => {
      await app.click('library-row', { 'data-id': overlapping.report });
      await app.press(' ');
      await app.shown('library-quick-look');
    },
  },
  {
    name: 'collect',
    open: async (app, { overlapping }) => {
      await app.click('library-row', { 'data-id': overlapping.report });
      await app.click('library-collect');
      await app.shown('collection-picker');
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
    name: 'metadata-several',
    open: async (app) => {
      await app.click('library-row');
      await app.press(['Control', 'a']);
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
    name: 'import-paste',
    open: async (app) => {
      await app.press(['Control', 'Shift', 'v']);
      await app.type('import-paste-text', '松林县侨联2023年工作总结\n2024年1月8日\n走访归侨三十户。');
    },
  },
  {
    name: 'import-review',
    contrast: true,
    open: (app) => readFiles(app),
    close: (app) => readOther(app),
  },
  {
    name: 'import-text',
    contrast: true,
    open: async (app) => {
      await readFiles(app);
      await app.click('import-item');
      if (await app.isShown('import-tab-text')) await app.click('import-tab-text');
    },
    close: (app) => readOther(app),
  },
  {
    name: 'import-refused',
    open: async (app) => {
      await readFiles(app);
      await app.click('import-group', { 'data-id': 'refused' });
      await app.click('import-item');
    },
    close: (app) => readOther(app),
  },
  {
    name: 'import-done',
    contrast: true,
    open: async (app) => {
      await readFiles(app);
      await app.click('import-toggle');
      await app.click('import-commit');
      await app.shown('import-outcome');
    },
    close: async (app, { count }) => {
      await app.click('import-done');
      await app.gone('import-sheet');
      // The report that was let in a second time goes again.
      await app.press(['Control', 'z']);
      await app.untilCount('library-row', count);
    },
  },
  ...[false, true].map((file) => ({
    name: file ? 'import-narrow-file' : 'import-narrow',
    zoom: 150,
    open: async (app) => {
      await readFiles(app);
      if (!file) return;
      await app.click('import-item');
      await app.shown('import-preview');
    },
    close: (app) => readOther(app),
  })),
  {
    name: 'import-file',
    open: async (app) => {
      await readFiles(app);
      await app.click('import-item');
      // In a narrow window it takes the place of the list by a key, as by a press.
      if (!(await app.isShown('import-preview'))) await app.press('Enter');
      await app.shown('import-preview');
    },
    close: (app) => readOther(app),
  },
  {
    name: 'import-scan',
    open: async (app, { scan }) => {
      await app.press(['Control', 'i']);
      await app.type('import-paths', scan);
      await app.click('import-start');
      await app.shown('import-summary', { 'data-state': 'done' });
      await app.click('import-item');
      await app.shown('import-scan');
    },
    close: (app) => readOther(app),
  },
  {
    name: 'recognition-offer',
    contrast: true,
    open: async (app, facts) => {
      await openScan(app, facts);
      await app.shown('recognition', { 'data-state': 'offered' });
    },
    close: removeScan,
  },
  {
    name: 'recognition-running',
    open: async (app, facts) => {
      hold(facts.home, true);
      await openScan(app, facts);
      await app.click('recognition-start');
      await app.shown('recognition', { 'data-state': 'running' });
      await app.until('a page is read', () =>
        /[1-9] \/ 6/.test(document.querySelector('[data-testid="recognition"]')?.textContent ?? ''),
      );
    },
    close: removeScan,
  },
  {
    name: 'recognition-done',
    contrast: true,
    open: async (app, facts) => {
      hold(facts.home, false);
      await openScan(app, facts);
      await app.click('recognition-start');
      await app.shown('recognition', { 'data-state': 'done' });
      await app.shown('recognition-uncertain');
    },
    close: removeScan,
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
    name: 'search-chip',
    open: async (app) => {
      await searched(app, '(走访 OR 慰问) -学生 侨胞');
      await app.click('search-chip');
      await app.shown('search-chip-edit');
    },
  },
  {
    name: 'search-filtered',
    open: async (app) => {
      await searched(app, '侨胞');
      if (!(await app.isShown('search-facets'))) await app.click('search-filters');
      await app.until('there are counts', () =>
        document.querySelector('[data-testid="search-facets"] [data-facet="scripts"][data-value]'),
      );
      await app.browser.execute(() =>
        document
          .querySelector('[data-testid="search-facets"] [data-facet="scripts"][data-value]')
          .click(),
      );
      await app.shown('search-filter-chips');
    },
    close: async (app) => {
      await app.click('search-clear-filter');
      if (app.zoomed > 1) await app.click('search-filters');
    },
  },
  {
    name: 'search-concordance',
    contrast: true,
    open: async (app) => {
      await searchedAs(app, '侨胞', 'concordance');
      await app.shown('concordance-line');
      await app.browser.execute(() => document.querySelector('[data-testid="concordance"]').focus());
    },
    close: searchedNothing,
  },
  {
    name: 'search-charts',
    contrast: true,
    open: async (app) => {
      await searchedAs(app, '侨胞', 'charts');
      await app.shown('years-chart');
    },
    close: searchedNothing,
  },
  {
    name: 'search-charts-figures',
    open: async (app) => {
      await searchedAs(app, '侨胞', 'charts');
      await app.shown('years-chart');
      await app.click('chart-table');
      await app.shown('years-table');
    },
    close: async (app) => {
      await app.click('chart-table');
      await searchedNothing(app);
    },
  },
  {
    name: 'search-collocates',
    contrast: true,
    open: async (app) => {
      await searchedAs(app, '侨胞', 'collocates');
      await app.shown('word');
    },
    close: searchedNothing,
  },
  {
    name: 'search-keywords',
    open: async (app) => {
      await searchedAs(app, '夏令营', 'keywords');
      await app.shown('word');
    },
    close: searchedNothing,
  },
  {
    name: 'search-tag-hits',
    contrast: true,
    open: async (app) => {
      await searched(app, '侨胞');
      await app.click('search-tag');
      await app.shown('tag-picker-option');
    },
  },
  {
    name: 'search-export-hits',
    open: async (app) => {
      await searched(app, '侨胞');
      await app.click('search-export');
      await app.shown('export-hits');
    },
  },
  {
    name: 'search-save',
    open: async (app) => {
      await searched(app, '侨胞');
      await app.press(['Control', 's']);
      await app.shown('save-search');
    },
  },
  {
    name: 'search-history',
    open: async (app) => {
      await searched(app, '侨胞');
      await app.press('Enter');
      await app.shown('reader');
      await app.click('rail-search');
      await app.type('search-field', '');
      await app.press('ArrowDown');
      await app.shown('search-history-box');
    },
    close: (app) => app.press('Escape'),
  },
  {
    name: 'similar',
    open: async (app, { overlapping }) => {
      await contextMenu(app, 'library-row', { 'data-id': overlapping.report });
      await app.click('menu-similar');
      await app.shown('similar-report');
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
    name: 'tag-menu',
    open: async (app) => {
      await app.click('rail-codebook');
      await contextMenu(app, 'tag-row');
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
      // A narrow window keeps its room for the text until the inspector is asked for.
      if (!(await app.isShown('inspector'))) await app.press(['Control', '\\']);
      await app.click('inspector-passage', { 'data-id': overlapping.id });
      await app.until('the passage is in sight', () =>
        (CSS.highlights.get('current')?.size ?? CSS.highlights.size) > 0,
      );
    },
    // Where it lies over the text it is put away again.
    close: async (app) => {
      if (app.zoomed > 1) await app.press(['Control', '\\']);
    },
  },
  {
    name: 'tag-picker',
    contrast: true,
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
    name: 'columns',
    contrast: true,
    open: async (app, { overlapping }) => {
      await openReport(app, overlapping.report);
      await app.press(['Control', 'd']);
      await app.untilCount('column', 2);
      await app.click('rail-search');
    },
  },
  {
    name: 'tab-menu',
    open: async (app, { overlapping }) => {
      await openReport(app, overlapping.report);
      await contextMenu(app, 'tab', { 'data-id': `report:${overlapping.report}` });
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
    name: 'compare-start',
    open: async (app) => {
      await app.click('rail-compare');
      await app.shown('compare');
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
    close: (app) => app.click('compare-texts'),
  },
  {
    name: 'activity',
    contrast: true,
    open: async (app) => {
      await app.click('rail-activity');
      await app.shown('activity');
    },
  },
  ...SETTINGS.map((section) => ({
    name: `settings-${section}`,
    ...(section === 'appearance' ? { contrast: true } : {}),
    open: (app) => openSettings(app, section),
  })),
  {
    name: 'settings-found',
    open: async (app) => {
      await openSettings(app, 'general');
      await app.type('settings-search', 'a');
      await app.shown('settings-hit');
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
    name: 'palette-none',
    open: async (app) => {
      await app.press(['Control', 'k']);
      await app.type('palette-input', 'qqqqqqqq');
    },
  },
  {
    name: 'app-menu',
    open: async (app) => {
      await app.press('F10');
      await app.until('the menu is open', () => document.querySelector('[role="menu"]') !== null);
    },
  },
  {
    name: 'archive-menu',
    open: (app) => openMenu(app, 'status-archive'),
  },
  {
    name: 'help',
    contrast: true,
    open: async (app) => {
      await app.press(['Shift', 'F1']);
      await app.shown('help');
    },
  },
  {
    name: 'help-page',
    open: async (app) => {
      await app.press('F1');
      await app.shown('help');
    },
  },
  {
    name: 'help-shortcuts',
    open: async (app) => {
      await app.press(['Control', '/']);
      await app.shown('help');
    },
  },
  {
    name: 'help-found',
    open: async (app) => {
      await app.press(['Shift', 'F1']);
      await app.shown('help');
      await app.type('help-search', 'PDF');
      await app.shown('help-hit');
    },
  },
  {
    name: 'tour',
    contrast: true,
    open: async (app) => {
      await app.press(['Shift', 'F1']);
      await app.click('help-tour');
      await app.shown('tour');
    },
  },
  {
    name: 'tour-later',
    open: async (app) => {
      await app.press(['Shift', 'F1']);
      await app.click('help-tour');
      await app.shown('tour');
      await app.click('tour-next');
      await app.click('tour-next');
    },
  },
  {
    name: 'toast',
    contrast: true,
    open: async (app, { overlapping }) => {
      await app.click('library-row', { 'data-id': overlapping.report });
      await app.press('Delete');
      await app.shown('toast');
      // It stays as long as the focus is in it.
      await app.browser.execute(() => document.querySelector('[data-testid="toast-action"]')?.focus());
    },
    close: async (app, { count }) => {
      // Who walked on with the keys finds it gone.
      if (await app.isShown('toast-action')) await app.click('toast-action');
      else await app.press(['Control', 'z']);
      await app.untilCount('library-row', count);
    },
  },
];
