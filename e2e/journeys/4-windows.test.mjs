// Several windows: a second start reaches the first, a kill loses neither archives nor layout.
//
// The driver sees one window; how many there are, and what each shows, is asked of the screen.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { APP, Home } from '../harness.mjs';

const TEXT = '澜江市侨联2021年工作报告\n来源：澜江日报　2021-03-05\n一、为侨服务\n走访慰问归侨侨眷三百人次。\n';

/** The titles of the program's windows on the screen, in their order. */
function titles() {
  const search = ['search', '--onlyvisible', '--class', 'anjuan-app', 'getwindowname', '%@'];
  const { stdout, error } = spawnSync('xdotool', search, { encoding: 'utf8' });
  if (error) throw error;
  return stdout.split('\n').filter((title) => title.includes('案卷')).toSorted();
}

async function until(what, condition) {
  for (let tries = 0; tries < 300; tries++) {
    const found = await condition();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`waited in vain: ${what}; on the screen: ${titles().join(' | ')}`);
}

const shown = (...names) =>
  until(`windows on ${names.join(' and ')}`, () => {
    const wanted = names.map((name) => `${name} — 案卷`).toSorted();
    return JSON.stringify(titles()) === JSON.stringify(wanted);
  });

/** Starts the program as the system does, beside any driver. */
function start(home, ...args) {
  const env = { ...home.env };
  delete env.ANJUAN_OWN_INSTANCE;
  delete env.TAURI_WEBVIEW_AUTOMATION;
  const app = spawn(APP, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  app.ended = new Promise((done) => app.once('exit', (code, signal) => done(signal ?? code)));
  return app;
}

/** A start that hands its files over has nothing left to do. */
async function startAgain(home, ...args) {
  assert.equal(await start(home, ...args).ended, 0, `a second start with ${args.join(' ')}`);
}

test('options that need no window', () => {
  const run = (...args) => spawnSync(APP, args, { encoding: 'utf8' });
  const help = run('--help');
  assert.deepEqual([help.status, help.stderr], [0, '']);
  assert.match(help.stdout, /--new-window/);
  assert.match(run('--version').stdout, /^anjuan-app \d+\.\d+\.\d+\n$/);
  assert.equal(run('--nonsense').status, 2);
});

test('a second start reaches the first, and a kill loses no window', async (t) => {
  if (!process.env.DBUS_SESSION_BUS_ADDRESS) return t.skip('there is no session bus');
  const home = new Home('windows');
  // What a second start hands over is imported without being looked at first.
  home.settings({ page: { importStraight: true } });
  const report = home.path('报告.txt');
  writeFileSync(report, TEXT);
  const [a, b] = ['甲', '乙'].map((name) => home.path(`${name}.anjuan`));
  for (const archive of [a, b]) home.cli('--archive', archive, 'import', report);

  const first = start(home, a);
  await shown('甲');
  // Another archive: another window. One that is shown already: none.
  await startAgain(home, b);
  await shown('甲', '乙');
  await startAgain(home, a);
  await startAgain(home);
  await shown('甲', '乙');
  // A report goes into an archive that is open.
  const another = home.path('另一份.txt');
  writeFileSync(another, TEXT.replaceAll('澜江', '云溪').replaceAll('2021', '2019'));
  await startAgain(home, another);
  const total = (archive) => home.cli('--archive', archive, 'list').total;
  await until('the report is imported', () => total(a) + total(b) === 3);
  await startAgain(home, '--new-window');
  await until('a third window', () => titles().includes('案卷 Anjuan'));

  first.kill('SIGKILL');
  assert.equal(await first.ended, 'SIGKILL');
  await until('the screen is empty', () => titles().length === 0);

  const again = start(home);
  await until('three windows again', () => titles().length === 3);
  await until('with their archives', () =>
    ['甲 — 案卷', '乙 — 案卷'].every((title) => titles().includes(title)),
  );
  again.kill('SIGKILL');
  await again.ended;
  home.forget();
});

test('a kill loses no layout', async () => {
  const home = new Home('layout');
  home.settings({});
  const file = home.path('报告.txt');
  writeFileSync(file, TEXT);
  const archive = home.path('甲.anjuan');
  const [{ id }] = home.cli('--archive', archive, 'import', file).reports;

  const app = await home.open({ args: [archive], width: 1000, height: 700 });
  const row = await app.shown('library-row', { 'data-id': id });
  await row.doubleClick();
  await app.shown('reader', { 'data-id': id });
  const kept = () => {
    try {
      const { windows } = JSON.parse(readFileSync(home.path('config/anjuan/windows.json'), 'utf8'));
      return windows[0]?.geometry.width === 1000;
    } catch {
      return false;
    }
  };
  await until('the window is kept', kept);
  // The page keeps its layout a moment after the last change.
  await app.browser.pause(1_000);
  await app.kill();

  await home.visit(async (back) => {
    await back.shown('reader', { 'data-id': id });
  });
  home.forget();
});
