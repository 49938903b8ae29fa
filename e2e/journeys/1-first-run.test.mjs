// A new user opens the example archive and looks at every screen, in two themes and two sizes.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Home, ROOT } from '../harness.mjs';

const SIZES = [
  [1440, 900],
  [1024, 700],
];
const EXAMPLES = readdirSync(join(ROOT, 'examples'))
  .filter((name) => /\.(txt|html)$/.test(name))
  .map((name) => join(ROOT, 'examples', name));

for (const theme of ['light', 'dark']) {
  test(`first run with the example archive, ${theme}`, async () => {
    const home = new Home(`first-${theme}`);
    home.settings({ theme });
    await home.visit(async (app) => {
      for (const [width, height] of SIZES.toReversed()) {
        await app.resize(width, height);
        await app.shown('welcome');
        await app.picture(`welcome-${theme}-${width}`);
      }
      await app.click('welcome-example');
      await app.shown('library');
      await app.untilCount('library-row', EXAMPLES.length);
      const [file] = home.archives();
      const overlapping = mostOverlapping(home.cli('--archive', file, 'passages').passages);
      const alike = twoAlike(home, file);

      for (const [width, height] of SIZES) {
        const picture = (screen) => app.picture(`${screen}-${theme}-${width}`);
        await app.resize(width, height);

        await app.click('rail-library');
        await app.click('library-row', { 'data-id': overlapping.report });
        await picture('library');

        await app.click('library-import');
        await app.shown('import-paths');
        await picture('import');
        await app.type('import-paths', EXAMPLES.join('\n'));
        await app.click('import-start');
        await app.shown('import-summary', { 'data-state': 'done' });
        await picture('import-review');
        await app.click('import-again');
        await app.press('Escape');
        await app.gone('import-sheet');

        await app.click('rail-search');
        await app.type('search-field', '侨胞 服务');
        await app.shown('search-total', { 'data-query': '侨胞 服务' });
        await app.shown('search-hit');
        await picture('search');

        await app.click('rail-codebook');
        await app.click('tag-row');
        await app.shown('tag-passage');
        await picture('codebook');

        await app.click('rail-library');
        await (await app.shown('library-row', { 'data-id': overlapping.report })).doubleClick();
        await app.shown('reader-text');
        await app.shown('inspector-outline');
        await app.until('passages are painted', () =>
          [...CSS.highlights.values()].some((painted) => painted.size > 0),
        );
        await picture('reader');
        await app.click('inspector-passage', { 'data-id': overlapping.id });
        await picture('reader-overlapping');
        await app.press('Escape');

        const { start, end } = overlapping;
        await app.select(overlapping.quote.slice(0, Math.min(6, end - start)));
        await app.shown('tag-picker-option');
        await picture('tag-picker');
        await app.press('Escape');
        await app.gone('tag-picker');

        await app.click('reader-export');
        await app.shown('export-dialog');
        await app.shown('export-path');
        await picture('export');
        await app.press('Escape');
        await app.gone('export-dialog');

        await app.compare(...alike.reports);
        const count = await (await app.shown('compare-count')).getText();
        assert.equal(Number(count.match(/\d+/)[0]), alike.passages, count);
        await app.click('compare-next');
        await picture('compare');
        await app.click('compare-themes');
        await app.shown('compare-row');
        await picture('compare-themes');
        await app.click('compare-texts');

        await app.click('rail-activity');
        await app.shown('activity');
        await picture('activity');
        await app.click('rail-activity');

        await app.click('rail-settings');
        await app.shown('settings');
        await picture('settings');
        await app.press('Escape');
        await app.gone('settings');

        await app.press(['Control', 'k']);
        await app.shown('palette-input');
        await picture('palette');
        await app.press('Escape');
        await app.gone('palette');
      }

      // What the page is watched for is seen: a style of its own is refused, and noted.
      await app.assertClean();
      await app.browser.execute(() => {
        const style = document.createElement('style');
        style.textContent = 'body { color: red }';
        document.head.append(style);
      });
      await app.until('the refusal is noted', () => window.__seen.length > 0);
      const [noted] = await app.browser.execute(() => window.__seen.splice(0));
      assert.match(noted, /^refused style-src/);
    });
    home.forget();
  });
}

/** The passage that overlaps the most others. */
function mostOverlapping(passages) {
  const overlaps = (a, b) =>
    a.report === b.report && a.id !== b.id && a.start < b.end && b.start < a.end;
  const counted = passages.map((a) => [a, passages.filter((b) => overlaps(a, b)).length]);
  const [passage, others] = counted.toSorted((a, b) => b[1] - a[1])[0];
  assert.ok(others > 0, 'passages of the example overlap');
  return passage;
}

/** Two reports of the example that share passages. */
function twoAlike(home, file) {
  const { reports } = home.cli('--archive', file, 'list');
  for (const [i, { id: a }] of reports.entries()) {
    for (const { id: b } of reports.slice(i + 1)) {
      const passages = home.cli('--archive', file, 'compare', a, b).passages.length;
      if (passages >= 3) return { reports: [a, b], passages };
    }
  }
  throw new Error('no two reports of the example share passages');
}
