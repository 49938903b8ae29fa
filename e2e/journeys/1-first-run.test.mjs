// A new user opens the example archive and looks at every screen, in both themes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Home } from '../harness.mjs';

const SIZES = [
  [1440, 900],
  [1024, 700],
];

for (const theme of ['light', 'dark']) {
  test(`first run with the example archive, ${theme}`, async () => {
    const home = new Home(`first-${theme}`);
    home.settings({ theme });
    const app = await home.open();
    try {
      await app.shown('welcome');
      await app.picture(`welcome-${theme}`);
      await app.click('welcome-example');
      await app.shown('library');
      await app.until('the ten example reports are listed', () => document.querySelectorAll('[data-testid="library-row"]').length >= 8);
      for (const [width, height] of SIZES) {
        const name = (screen) => `${screen}-${theme}-${width}`;
        await app.browser.setWindowSize(width, height);

        await app.click('rail-library');
        await app.picture(name('library'));

        await app.click('rail-search');
        await app.type('search-field', '侨胞 服务');
        await app.shown('search-hit');
        await app.picture(name('search'));

        await app.click('rail-codebook');
        const tag = await app.shown('tag-row');
        await tag.click();
        await app.shown('tag-passage');
        await app.picture(name('codebook'));

        await app.click('rail-library');
        const row = await app.shown('library-row');
        await row.doubleClick();
        await app.shown('reader-text');
        await app.shown('inspector-outline');
        await app.until('passages are painted', () => [...CSS.highlights.values()].some((h) => h.size > 0));
        await app.picture(name('reader'));

        await app.click('reader-compare');
        await app.shown('compare');
        await app.picture(name('compare-choose'));

        await app.click('rail-activity');
        await app.shown('activity');
        await app.picture(name('activity'));
        await app.click('rail-activity');

        await app.click('rail-settings');
        await app.shown('settings');
        await app.picture(name('settings'));
        await app.keys('Escape');

        await app.keys('Control', 'k');
        await app.shown('palette-input');
        await app.picture(name('palette'));
        await app.keys('Escape');
      }
      const refused = await app.browser.execute(() => window.__refused ?? 0);
      assert.equal(refused, 0, 'the content security policy refused nothing');
    } finally {
      await app.close();
    }
  });
}
