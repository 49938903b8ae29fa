// The window as its user wants it: settings, a shortcut of one's own, help found by searching, and the
// tour followed and left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Home } from '../harness.mjs';

test('settings, a shortcut, help and the tour', async () => {
  const home = new Home('own-way');
  home.settings({ motion: 'less' });
  await home.visit(async (app) => {
    await app.click('welcome-example');
    await app.shown('library-row');

    // A setting found by searching, changed, and seen at once.
    await app.press(['Control', ',']);
    await app.shown('settings');
    await app.click('settings-section-appearance');
    await app.click('settings-theme-sepia');
    await app.until('the page is sepia', () => document.documentElement.dataset.theme === 'sepia');

    // A shortcut of one's own for the theme; a key that is taken asks first.
    await app.click('settings-section-shortcuts');
    await app.type('shortcut-search', '主题');
    const row = await app.shown('shortcut-row', { 'data-id': 'view.theme' });
    await (await row.$('[data-testid="shortcut-add"]')).click();
    await app.shown('key-recorder');
    await app.press(['Control', 'i']);
    await app.shown('shortcut-replace');
    await app.picture('shortcut-taken');
    await app.click('shortcut-cancel');
    await (await row.$('[data-testid="shortcut-add"]')).click();
    await app.shown('key-recorder');
    await app.press(['Control', 'Alt', 'y']);
    await app.until('the row shows the keys', () =>
      document
        .querySelector('[data-testid="shortcut-row"][data-id="view.theme"]')
        .textContent.includes('Y'),
    );
    await app.press('Escape');
    await app.press('Escape');
    await app.gone('settings');
    await app.press(['Control', 'Alt', 'y']);
    await app.until('the theme is the next', () => document.documentElement.dataset.theme === 'dark');

    // Larger, and back.
    const before = await app.browser.execute(() => innerWidth);
    await app.press(['Control', '=']);
    await app.until('the interface is larger', (before) => innerWidth < before, before);
    await app.press(['Control', '0']);
    await app.until('the interface is as it was', (before) => innerWidth === before, before);

    // Help, found by its words.
    await app.press(['Shift', 'F1']);
    await app.shown('help');
    await app.type('help-search', '快捷键');
    await app.click('help-hit');
    await app.until('a page of the help is shown', () =>
      Boolean(document.querySelector('[data-testid="help"]').dataset.page),
    );
    await app.picture('help-found');

    // The tour: followed for some steps, then left at once.
    await app.press(['Shift', 'F1']);
    await app.click('help-tour');
    await app.shown('tour', { 'data-step': 'library' });
    await app.click('tour-do');
    await app.until('the tour went on', () =>
      document.querySelector('[data-testid="tour"]').dataset.step !== 'library',
    );
    await app.picture('tour');
    await app.click('tour-leave');
    await app.gone('tour');
  });

  // All of it is kept.
  await home.visit(async (app) => {
    await app.until('the theme is still dark', () => document.documentElement.dataset.theme === 'dark');
    // The window comes back as it was, with the help in front.
    await app.click('rail-library');
    await app.shown('library');
    await app.press(['Control', 'Alt', 'y']);
    await app.until('the shortcut still works', () => document.documentElement.dataset.theme !== 'dark');
    assert.equal(await app.isShown('tour'), false);
  });
  home.forget();
});
