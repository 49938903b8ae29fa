// Searching: key by key with an input method, by values, in a concordance, and all hits at once.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { Home } from '../harness.mjs';

const total = async (app) =>
  Number(await (await app.shown('search-total')).getAttribute('data-total'));

const answers = (app, query) => app.shown('search-total', { 'data-query': query });

/** What an input method does with the field: pinyin that is no query, then the words. */
async function compose(app, pinyin, words) {
  await app.browser.execute(
    (pinyin, words) => {
      const field = document.querySelector('[data-testid="search-field"]');
      field.focus();
      const before = field.value;
      const typed = (value) => {
        field.value = before + value;
        field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }));
      };
      field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      for (let at = 1; at <= pinyin.length; at++) typed(pinyin.slice(0, at));
      window.__composed = document.querySelector('[data-testid="search-total"]')?.dataset.query;
      typed(words);
      field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: words }));
    },
    pinyin,
    words,
  );
}

test('results follow an input method, and no stale one is ever shown', async () => {
  const home = new Home('search');
  home.settings({ motion: 'less' });
  await home.visit(async (app) => {
    await app.click('welcome-example');
    await app.shown('library-row');
    await app.click('rail-search');
    await app.shown('search-field');

    // Every count that was ever shown, with the query that it was shown for.
    await app.browser.execute(() => {
      window.__shown = new Map();
      new MutationObserver(() => {
        const shown = document.querySelector('[data-testid="search-total"]')?.dataset;
        if (!shown) return;
        const { query, total } = shown;
        window.__shown.set(query, new Set(window.__shown.get(query)).add(total));
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await compose(app, 'zoufang', '走访');
    await answers(app, '走访');
    await compose(app, 'weiwen', '慰问');
    await answers(app, '走访慰问');
    assert.equal(await app.browser.execute(() => window.__composed), '走访');
    // Faster than any answer: only what belongs together is ever seen together.
    await app.browser.execute(() => {
      const field = document.querySelector('[data-testid="search-field"]');
      for (const query of ['侨', '侨胞', '侨胞之', '侨胞之家', '侨', '侨胞', '侨商']) {
        field.value = query;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }
    });
    await answers(app, '侨商');
    await app.browser.pause(500);
    const shown = await app.browser.execute(() =>
      [...window.__shown].map(([query, totals]) => [query, [...totals]]),
    );
    for (const [query, totals] of shown) assert.equal(totals.length, 1, `${query}: ${totals}`);
  });
});

test('a query is changed by its parts, filtered, read as lines, tagged and exported', async () => {
  const home = new Home('search-work');
  home.settings({ motion: 'less' });
  await home.visit(async (app) => {
    await app.click('welcome-example');
    await app.shown('library-row');
    await app.click('rail-search');
    await app.type('search-field', '侨胞 服务');
    await answers(app, '侨胞 服务');
    const both = await total(app);

    const chips = await app.all('search-chip');
    await chips[1].click();
    await app.click('search-chip-remove');
    await answers(app, '侨胞');
    const all = await total(app);
    assert.ok(all >= both);

    // Counts come behind the results, and are what choosing gives.
    await app.until('there are counts', () =>
      Boolean(document.querySelector('[data-testid="search-facets"] [data-facet="scripts"][data-value]')),
    );
    const promised = await app.browser.execute(() => {
      const facet = document.querySelector(
        '[data-testid="search-facets"] [data-facet="scripts"][data-value]',
      );
      facet.click();
      return facet.querySelector('.count').textContent;
    });
    await app.until(
      'the filter narrows the search',
      (count) => document.querySelector('[data-testid="search-total"]').dataset.total === count,
      promised,
    );
    await app.click('search-clear-filter');

    await app.click('search-views-concordance');
    await app.shown('concordance-line');
    const lines = await app.browser.execute(() =>
      Number(document.querySelector('[data-testid="concordance-line"]').getAttribute('aria-setsize')),
    );
    assert.ok(lines >= all);
    for (const view of ['charts', 'collocates', 'keywords', 'reports']) {
      await app.click(`search-views-${view}`);
      await app.browser.pause(200);
      assert.equal(await app.isShown('failure'), false, view);
    }

    const [file] = home.archives();
    const passages = () => home.cli('--archive', file, 'passages').passages.length;
    const before = passages();
    await app.click('search-tag');
    await app.click('tag-picker-option');
    await app.until('it is counted', () => {
      const button = document.querySelector('[data-testid="tag-hits-done"]');
      return button && !button.disabled;
    });
    await app.click('tag-hits-done');
    await app.gone('tag-hits');
    assert.ok(passages() > before);
    await app.click('toast-action');
    await app.browser.pause(500);
    assert.equal(passages(), before);

    const output = home.path('hits.xlsx');
    await app.click('search-export');
    await app.type('export-hits-path', output);
    await app.click('export-hits-write');
    await app.gone('export-hits');
    for (let tries = 0; tries < 50 && !existsSync(output); tries++) await app.browser.pause(100);
    assert.ok(existsSync(output));
  });
});
