// Everything by the keyboard alone, a change of language, and a kill right after tagging.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Home } from '../harness.mjs';

/** Walks with Tab until the focus is where it should be. */
async function tabTo(app, id) {
  for (let steps = 0; steps < 25; steps++) {
    if ((await focused(app)) === id) return;
    await app.press('Tab');
  }
  throw new Error(`Tab does not reach ${id}, only ${await focused(app)}`);
}

async function focused(app) {
  return app.browser.execute(() => document.activeElement?.dataset.testid ?? '');
}

/** Puts the caret at the beginning, and selects so many characters of the second block. */
async function selectByKeys(app, characters) {
  await app.press('F7');
  await app.shown('caret');
  await app.press(['Control', 'Home']);
  await app.press(['Control', 'ArrowDown'], 2);
  await app.press(['Shift', 'ArrowRight'], characters);
  return app.browser.execute(() => document.getSelection().toString());
}

async function passages(app) {
  return (await app.all('inspector-passage')).length;
}

test('by keyboard alone, in three languages, and killed', async () => {
  const home = new Home('keyboard');
  home.settings({ coder: '王' });
  let report;
  let before;
  let quote;

  await home.visit(async (app) => {
    await app.shown('welcome');
    await tabTo(app, 'welcome-example');
    await app.press('Enter');
    await app.shown('library-row');

    // The second report of the list.
    await app.until(
      'the list has the focus',
      () => document.activeElement?.getAttribute('role') === 'grid',
    );
    await app.press('ArrowDown');
    await app.until('a row is chosen', () => document.querySelector('.row.chosen') !== null);
    report = await app.browser.execute(() => document.querySelector('.row.chosen').dataset.id);
    await app.press('Enter');
    await app.shown('reader', { 'data-id': report });
    await app.shown('inspector-passage');
    before = await passages(app);

    // Select, tag by initials, undo, redo.
    quote = await selectByKeys(app, 8);
    assert.equal([...quote].length, 8);
    await app.press('Enter');
    await app.shown('tag-picker-input');
    assert.equal(await focused(app), 'tag-picker-input');
    await app.write('hwly');
    await app.until('the initials find the tag', () =>
      document.querySelector('[data-testid="tag-picker-option"]')?.textContent.includes('海外联谊'),
    );
    await app.press('Enter');
    await app.untilCount('inspector-passage', before + 1);
    await app.press(['Control', 'z']);
    await app.untilCount('inspector-passage', before);

    // Another language, at once.
    for (const [language, library] of [
      ['zh-Hant', '文庫'],
      ['en', 'Library'],
      ['zh-Hans', '文库'],
    ]) {
      await app.press(['Control', ',']);
      await app.shown('settings');
      await tabTo(app, 'settings-language');
      await app.press('Enter');
      await app.shown(`settings-language-${language}`);
      await app.until('a language is marked', () =>
        document.querySelector('[data-testid^="settings-language-"][data-highlighted]') !== null,
      );
      for (let steps = 0; steps < 5; steps++) {
        const marked = await app.browser.execute(
          () => document.querySelector('[data-highlighted]')?.dataset.testid,
        );
        if (marked === `settings-language-${language}`) break;
        await app.press(steps < 3 && language !== 'zh-Hans' ? 'ArrowDown' : 'ArrowUp');
      }
      await app.press('Enter');
      await app.until(
        `the rail says ${library}`,
        (library) => document.querySelector('[data-testid="rail-library"]').textContent.includes(library),
        library,
      );
      await app.picture(`settings-${language}`);
      await app.press('Escape');
      await app.gone('settings');
      await app.picture(`reader-${language}`);
    }

    // Tagged and killed at once.
    assert.equal(await focused(app), 'reader-text', 'the focus came back to the text');
    await app.press('Escape');
    await app.press('Escape');
    assert.equal(await selectByKeys(app, 8), quote);
    await app.press('Enter');
    await app.shown('tag-picker-input');
    await app.write('hwly');
    await app.press('Enter');
    await app.untilCount('inspector-passage', before + 1);
    await app.kill();
  });

  const [file] = home.archives();
  const mine = (all) => all.filter(({ coder }) => coder === '王');
  const [stored, ...others] = mine(home.cli('--archive', file, 'passages').passages);
  assert.deepEqual(others, []);
  assert.equal(stored.quote, quote);
  assert.equal(stored.report, report);
  assert.equal(home.cli('--archive', file, 'check').ok, true);

  await home.visit(async (app) => {
    // The window comes back with its archive and the report that was read in it.
    await app.shown('reader', { 'data-id': report });
    await app.untilCount('inspector-passage', before + 1);
    await app.shown('inspector-passage', { 'data-id': stored.id });
  });
  home.forget();
});
