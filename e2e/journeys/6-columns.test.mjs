// Reports beside one another: columns split by keys and by dragging a tab, a border moved, and all of
// it there again after a restart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Home } from '../harness.mjs';

/** What stands in each column: the tabs, and which is in front. */
async function layout(app) {
  return app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid="column"]')].map((column) =>
      [...column.querySelectorAll('[data-testid="tab"]')].map(
        (tab) => (tab.getAttribute('aria-selected') === 'true' ? '*' : '') + tab.dataset.id,
      ),
    ),
  );
}

async function widths(app) {
  return app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid="column"]')].map((column) =>
      Math.round(column.getBoundingClientRect().width),
    ),
  );
}

/** Drags from the middle of an element to a point of another, given in shares of its size. */
async function drag(app, from, to, [x, y]) {
  const middle = await app.browser.execute((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [Math.round(left + width / 2), Math.round(top + height / 2)];
  }, from);
  const end = await app.browser.execute(
    (element, x, y) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return [Math.round(left + width * x), Math.round(top + height * y)];
    },
    to,
    x,
    y,
  );
  await app.browser
    .action('pointer')
    .move({ x: middle[0], y: middle[1] })
    .down()
    .move({ x: middle[0] + 12, y: middle[1] + 8, duration: 40 })
    .move({ x: end[0], y: end[1], duration: 160 })
    .move({ x: end[0] - 2, y: end[1], duration: 40 })
    .up()
    .perform();
}

test('columns are split, dragged, and there again after a restart', async () => {
  const home = new Home('columns');
  home.settings({ motion: 'less' });
  let kept;
  let wide;
  await home.visit(async (app) => {
    await app.click('welcome-example');
    await app.shown('library-row');
    const [first, second] = await app.browser.execute(() =>
      [...document.querySelectorAll('[data-testid="library-row"]')].map(({ dataset }) => dataset.id),
    );
    for (const id of [first, second]) {
      await app.click('rail-library');
      await (await app.shown('library-row', { 'data-id': id })).doubleClick();
      await app.shown('reader', { 'data-id': id });
    }

    // By keys: the same report beside itself.
    await app.press(['Control', 'd']);
    await app.untilCount('column', 2);
    // By the mouse: the first report to the left edge of the text makes a column of its own.
    const tab = await app.shown('tab', { 'data-id': `report:${first}` });
    const main = await app.browser.$('main');
    await drag(app, tab, main, [0.02, 0.5]);
    await app.untilCount('column', 3);
    const [left] = await layout(app);
    assert.deepEqual(left, [`*report:${first}`], 'the dragged report stands alone on the left');

    // A border moved by keys; without the inspector there is room for it.
    await app.press(['Control', '\\']);
    await app.gone('inspector');
    const [before] = await widths(app);
    await app.browser.execute(() =>
      document.querySelector('[data-testid="column-border"]').focus(),
    );
    await app.press('ArrowRight', 5);
    [wide] = await widths(app);
    assert.ok(wide > before + 20, `the column grew from ${before} to ${wide}`);
    // Both readers work: each has its text.
    const texts = await app.browser.execute(
      () => document.querySelectorAll('[data-testid="reader-text"]:not([hidden] *) .page').length,
    );
    assert.equal(texts, 2 + 1, 'every column shows a text');
    await app.picture('columns');
    kept = await layout(app);
    // A layout is written a moment after it changes.
    await app.browser.pause(1_500);
  });

  await home.visit(async (app) => {
    if (await app.isShown('welcome')) await app.click('welcome-recent');
    await app.untilCount('column', 3);
    assert.deepEqual(await layout(app), kept, 'tabs, columns and what is in front');
    const [again] = await widths(app);
    assert.ok(Math.abs(again - wide) <= 3, `${again} is as wide as ${wide}`);
    // What was closed comes back.
    await app.press(['Control', 'w']);
    await app.press(['Control', 'Shift', 'T']);
    await app.until(
      'the closed tab is back',
      (count) => document.querySelectorAll('[data-testid="tab"]').length === count,
      kept.flat().length,
    );
  });
  home.forget();
});
