// Work in the library: a facet narrows it, reports are dragged into a collection, many are corrected
// at once, and everything is taken back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Home } from '../harness.mjs';

async function total(app) {
  return Number(await (await app.shown('library-count')).getAttribute('data-total'));
}

test('facets, a collection by dragging, many corrected at once, undone', async () => {
  const home = new Home('library');
  home.settings({ motion: 'less' });
  await home.visit(async (app) => {
    await app.click('welcome-example');
    await app.shown('library-row');
    const all = await total(app);
    const [file] = home.archives();

    // A facet: fewer reports, as many as it says.
    const facet = await app.shown('facet', { 'data-facet': 'scripts' });
    const promised = Number((await facet.getText()).match(/\d+/)[0]);
    await facet.click();
    await app.until(
      'the facet narrows the list',
      (count) =>
        document.querySelector('[data-testid="library-count"]').dataset.total === String(count),
      promised,
    );
    assert.ok(promised < all);
    await app.click('library-clear-filter');

    // A new collection, and two reports dragged into it.
    await app.click('collection-create');
    await app.shown('collection-name');
    await app.write('待读');
    await app.press('Enter');
    const id = await app.until('the collection is there', () => {
      const all = [...document.querySelectorAll('[data-testid="collection"]')];
      return all.find(({ textContent }) => textContent.includes('待读'))?.dataset.id;
    });
    const collection = await app.shown('collection', { 'data-id': id });
    const holds = (count) =>
      app.until(
        `the collection holds ${count}`,
        (id, count) =>
          document
            .querySelector(`[data-testid="collection"][data-id="${id}"]`)
            .textContent.replace('待读', '')
            .trim() === String(count),
        id,
        count,
      );
    await holds(0);
    const [first, second] = await app.all('library-row');
    await first.click();
    await app.browser.action('key').down('\uE009').perform(true);
    await second.click();
    await app.browser.action('key').up('\uE009').perform();
    const at = (element) =>
      app.browser.execute((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return [Math.round(left + Math.min(width / 2, 120)), Math.round(top + height / 2)];
      }, element);
    const [x, y] = await at(second);
    const [toX, toY] = await at(collection);
    await app.browser
      .action('pointer')
      .move({ x, y })
      .down()
      .move({ x: x - 16, y: y + 4, duration: 60 })
      .move({ x: toX, y: toY, duration: 200 })
      .move({ x: toX + 1, y: toY, duration: 60 })
      .up()
      .perform();
    await holds(2);
    await app.picture('library-collection');

    // All of them get another source; the terminal sees it.
    await app.press(['Control', 'a']);
    await app.click('library-metadata');
    await app.shown('metadata-dialog');
    await app.type('metadata-source', '试验来源');
    await app.picture('library-bulk');
    await app.click('metadata-save');
    await app.gone('metadata-dialog');
    const sources = () =>
      home.cli('--archive', file, 'list').reports.map(({ source }) => source);
    await app.browser.waitUntil(() => sources().every((source) => source === '试验来源'), {
      timeout: 20_000,
      timeoutMsg: 'not every report has the new source',
    });

    // Taken back: first the sources, then the collection's reports.
    await app.click('undo');
    await app.browser.waitUntil(() => sources().every((source) => source !== '试验来源'), {
      timeout: 20_000,
      timeoutMsg: 'the sources are not back',
    });
    await app.click('undo');
    await holds(0);
  });
  home.forget();
});
