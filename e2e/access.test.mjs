// What a person needs who sees little, hears the page read out, or uses no mouse, on every screen:
// axe-core finds nothing in any theme; at 200 % nothing is cut off or covered; Tab goes through it in
// the order in which it is read, and shows where it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOKS, axe, focusWalk, look, settings, unreachable, zoom } from './access.mjs';
import { Home } from './harness.mjs';
import { SCREENS, factsOf, toLibrary, toWelcome } from './screens.mjs';

const ONLY = process.env.ANJUAN_SCREENS?.split(',');
const screens = SCREENS.filter(({ name, zoom }) => !zoom && (!ONLY || ONLY.includes(name)));
/** A laptop at twice its size, and the smallest window at one and a half. */
const ZOOMS = [
  { width: 1440, height: 900, percent: 200 },
  { width: 1024, height: 700, percent: 150 },
];

/** Opens one screen after the other and notes what is wrong with each. */
async function onEach(app, home, task) {
  const faults = [];
  let facts;
  for (const screen of screens) {
    try {
      if (screen.archive === false) {
        await toWelcome(app);
      } else {
        if (!facts) {
          await toWelcome(app);
          await app.click('welcome-example');
          await app.shown('library-row');
          facts = factsOf(home, home.archives()[0]);
        }
        await toLibrary(app);
      }
      await screen.open(app, facts);
      // What comes a moment later: a count, a preview.
      await app.browser.pause(120);
      // What was left goes a little after what was gone to has come.
      await app.until('what was left is gone', () => !document.querySelector('.pane.leaving'));
      for (const fault of await task(screen)) {
        console.log(`${screen.name}, ${fault}`);
        faults.push(`${screen.name}, ${fault}`);
      }
      await screen.close?.(app, facts);
    } catch (error) {
      faults.push(`${screen.name} does not open: ${error.message.split('\n')[0]}`);
      console.log(faults.at(-1));
      await app.picture(`failed-${screen.name}`).catch(() => {});
    }
  }
  console.log(`${screens.length} screens`);
  return faults;
}

/** A report of each fault, none twice. */
function none(faults) {
  assert.deepEqual([...new Set(faults)], []);
}

test('axe finds nothing on any screen, in any theme and in high contrast', async () => {
  const home = new Home('axe');
  home.settings({ motion: 'less' });
  await home.visit(async (app) => {
    const faults = await onEach(app, home, async () => {
      const found = [];
      for (const [n, one] of LOOKS.entries()) {
        await look(app, one);
        // Names and roles are the same in every theme; colours are not.
        const rules = n === 0 ? undefined : ['color-contrast'];
        for (const fault of await axe(app, rules)) found.push(`${one.name}: ${fault}`);
      }
      await look(app, LOOKS[0]);
      return found;
    });
    none(faults);

    // What it is asked for is seen: a button without a name.
    await app.browser.execute(() => document.body.append(document.createElement('button')));
    assert.match((await axe(app)).join('\n'), /button-name/);
    await app.browser.execute(() => document.body.lastElementChild.remove());
  });
  home.forget();
});

for (const { width, height, percent } of ZOOMS) {
  test(`at ${percent} % in ${width} × ${height} everything can be reached`, async () => {
    const home = new Home(`zoom-${percent}`);
    home.settings({ motion: 'less' });
    await home.visit(
      async (app) => {
        await app.shown('welcome');
        await zoom(app, percent);
        const faults = await onEach(app, home, async (screen) => {
          if (process.env.ANJUAN_LOOK) await app.picture(`zoom-${percent}-${screen.name}`);
          return unreachable(app);
        });
        none(faults);
      },
      { width, height },
    );
    home.forget();
  });
}

test('Tab goes through every screen in order, and is seen', async () => {
  const home = new Home('focus');
  home.settings({ motion: 'less' });
  await home.visit(async (app) => {
    await settings(app, { theme: 'light' });
    let stops = 0;
    const faults = await onEach(app, home, async () => {
      const walk = await focusWalk(app);
      stops += walk.stops;
      return walk.faults;
    });
    console.log(`${stops} stops`);
    assert.ok(stops > screens.length, 'the focus moved');
    none(faults);
  });
  home.forget();
});
