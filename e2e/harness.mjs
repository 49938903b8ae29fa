// The real window under WebKitWebDriver, with folders of its own.
//
// WebdriverIO talks to the driver itself: on Linux `tauri-driver` in between only drops
// connections. Every `Home` is a user of its own (settings, data, cache), so journeys do not meet,
// and the same home can be opened again to see what outlives a restart.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Key, remote } from 'webdriverio';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const TARGET =
  process.env.CARGO_TARGET_DIR ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'anjuan', 'target');
export const PROFILE = process.env.ANJUAN_PROFILE ?? 'debug';
export const APP = process.env.ANJUAN_APP ?? join(TARGET, PROFILE, 'anjuan-app');
export const CLI = process.env.ANJUAN_CLI ?? join(TARGET, PROFILE, 'anjuan');
export const SCREENSHOTS = join(ROOT, 'e2e', 'screenshots');
export const OUTPUT = join(ROOT, 'e2e', 'output');

/** The real reports, which lie beside the project where it is developed. */
export const SHARED = process.env.ANJUAN_SHARED ?? resolve(ROOT, '..', 'shared');

/** The shared material, or a skip; in CI it has to be there. */
export function sharedOrSkip(test) {
  if (existsSync(SHARED)) return true;
  if (process.env.CI === 'true') throw new Error(`${SHARED} is missing`);
  test.skip('the real reports are not here');
  return false;
}

async function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A user with folders of its own. */
export class Home {
  constructor(name) {
    this.folder = mkdtempSync(join(tmpdir(), `anjuan-${name}-`));
    this.env = {
      ...process.env,
      HOME: this.folder,
      // Programs that a test puts there are found first.
      PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`,
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      XDG_DATA_HOME: join(this.folder, 'data'),
      XDG_CACHE_HOME: join(this.folder, 'cache'),
      // Journeys run one after the other, but a window closes a little after its session ends.
      ANJUAN_OWN_INSTANCE: '1',
      TAURI_WEBVIEW_AUTOMATION: 'true',
      LANG: 'C.UTF-8',
      USER: 'tester',
    };
    for (const folder of ['config', 'data', 'cache']) mkdirSync(join(this.folder, folder));
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  /** Writes settings before the first start. */
  settings(values) {
    mkdirSync(this.path('config', 'anjuan'), { recursive: true });
    const settings = {
      language: 'zh-Hans',
      theme: 'light',
      readingSize: 18,
      readingLeading: 180,
      readingMeasure: 36,
      coder: '',
      page: {},
      ...values,
    };
    writeFileSync(this.path('config', 'anjuan', 'settings.json'), JSON.stringify(settings));
  }

  /** Takes the folders away. */
  forget() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The archives that the app made in the user's data folder. */
  archives() {
    const data = this.path('data');
    return readdirSync(data, { recursive: true })
      .filter((name) => name.endsWith('.anjuan'))
      .map((name) => join(data, name));
  }

  /** Runs the terminal program as this user; returns the JSON it prints. */
  cli(...args) {
    const run = spawnSync(CLI, [...args, '--json'], {
      env: this.env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (run.status !== 0) throw new Error(`anjuan ${args.join(' ')}: ${run.stderr}`);
    return JSON.parse(run.stdout);
  }

  /**
   * Starts the app, does something in it and ends it; a failure leaves a picture. Fails if the
   * page did anything that it may not, or threw.
   */
  async visit(task, options) {
    const window = await this.open(options);
    try {
      await task(window);
      if (!window.ended) await window.assertClean();
    } catch (error) {
      if (!window.ended) await window.picture(`failed-${Date.now()}`).catch(() => {});
      throw error;
    } finally {
      await window.close();
    }
  }

  /** Starts the app; `close` ends it. */
  async open({ args = [], width = 1440, height = 900 } = {}) {
    const port = await freePort();
    const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
      env: this.env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    try {
      await reachable(port);
      const browser = await remote({
        hostname: '127.0.0.1',
        port,
        logLevel: 'error',
        connectionRetryCount: 1,
        connectionRetryTimeout: 30_000,
        capabilities: {
          'wdio:enforceWebDriverClassic': true,
          'webkitgtk:browserOptions': { binary: APP, args },
        },
      });
      const window = new Window(browser, driver);
      await window.watch();
      await window.resize(width, height);
      return window;
    } catch (error) {
      driver.kill();
      throw error;
    }
  }
}

async function reachable(port) {
  for (let tries = 0; tries < 100; tries++) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/status`);
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('WebKitWebDriver does not answer');
}

/** One run of the app. */
export class Window {
  constructor(browser, driver) {
    this.browser = browser;
    this.driver = driver;
  }

  /** The app's own process, which the driver started. */
  get pid() {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(parent) === this.driver.pid) return Number(pid);
      } catch {
        // Ended meanwhile.
      }
    }
    throw new Error('the app does not run');
  }

  /**
   * Has the page note what its policy refuses and what nobody caught; the observer also tells what
   * was refused before it was there.
   */
  async watch() {
    await this.browser.execute(() => {
      const seen = [];
      window.__seen = seen;
      const refused = (report) =>
        seen.push(
          ['refused', report.effectiveDirective, report.blockedURI ?? report.blockedURL,
            `${report.sourceFile}:${report.lineNumber}`, report.sample].join(' '),
        );
      addEventListener('securitypolicyviolation', refused, true);
      addEventListener('unhandledrejection', ({ reason }) => seen.push(`rejected ${reason}`));
      addEventListener('error', ({ message }) => {
        // Not thrown by anyone: sizes that changed while sizes were told are told a frame later.
        if (!message.startsWith('ResizeObserver loop')) seen.push(`threw ${message}`);
      });
      if (typeof ReportingObserver === 'undefined') return;
      const early = (reports) => reports.forEach(({ body }) => refused(body));
      const observer = new ReportingObserver(early, { types: ['csp-violation'], buffered: true });
      observer.observe();
      early(observer.takeRecords());
      observer.disconnect();
    });
  }

  /** Fails if the page did anything that it may not, or threw. */
  async assertClean() {
    assert.deepEqual(await this.browser.execute(() => window.__seen), []);
  }

  /** The first element with a test id in the pane in front, optionally narrowed by attributes. */
  find(id, attributes = {}) {
    const narrowed = Object.entries(attributes).map(([name, value]) => `[${name}="${value}"]`);
    return this.browser.$(`[data-testid="${id}"]${narrowed.join('')}:not([hidden] *)`);
  }

  async all(id) {
    return this.browser.$$(`[data-testid="${id}"]:not([hidden] *)`);
  }

  async shown(id, attributes) {
    const element = await this.find(id, attributes);
    await element.waitForDisplayed({ timeout: 20_000, timeoutMsg: `${id} is not shown` });
    return element;
  }

  /** Puts the window into the corner of the screen, so large: pictures are cut out from there. */
  async resize(width, height) {
    await this.browser.setWindowRect(0, 0, width, height);
    await this.until(
      'the window has its size',
      (width, height) => outerWidth === width && outerHeight === height,
      width,
      height,
    );
  }

  /** Whether something is on the page now. */
  async isShown(id) {
    return (await this.find(id)).isExisting();
  }

  /** Back to the welcome screen. */
  async closeArchive() {
    await this.click('status-archive');
    await this.click('archive-close');
    await this.shown('welcome');
  }

  async gone(id) {
    const element = await this.find(id);
    await element.waitForExist({ timeout: 20_000, reverse: true, timeoutMsg: `${id} stays` });
  }

  /** How much larger the page is shown, as a factor. */
  zoomed = 1;

  async click(id, attributes) {
    const element = await this.shown(id, attributes);
    await element.waitForClickable({ timeout: 10_000, timeoutMsg: `${id} cannot be clicked` });
    await this.#press(element, 1);
    return element;
  }

  async doubleClick(id, attributes) {
    const element = await this.shown(id, attributes);
    await this.#press(element, 2);
    return element;
  }

  /** The driver's own clicks do not know that the page is zoomed, and land elsewhere. */
  async #press(element, times) {
    if (this.zoomed === 1) return times === 2 ? element.doubleClick() : element.click();
    const [x, y] = await this.browser.execute((element) => {
      element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const { left, top, width, height } = element.getBoundingClientRect();
      return [left + width / 2, top + height / 2];
    }, element);
    const action = this.browser.action('pointer').move(this.#onScreen(x, y));
    for (let n = 0; n < times; n++) action.down().up();
    await action.perform();
  }

  #onScreen(x, y) {
    return { x: Math.round(x * this.zoomed), y: Math.round(y * this.zoomed) };
  }

  async type(id, text) {
    const element = await this.shown(id);
    // The driver knows a new line as a key alone, and empties a field without telling the page.
    if (text === '') {
      await this.click(id);
      await this.press(['Control', 'a']);
      await this.press('Delete');
    } else await element.setValue(text.replaceAll('\n', Key.Enter));
    return element;
  }

  /** Presses a chord of keys, so often: `press(['Control', 'z'])`. */
  async press(chord, times = 1) {
    const keys = [chord].flat().map((key) => Key[key] ?? key);
    const held = keys.slice(0, -1);
    const last = keys.at(-1);
    const action = this.browser.action('key');
    for (const key of held) action.down(key);
    for (let i = 0; i < times; i++) action.down(last).up(last);
    for (const key of held.toReversed()) action.up(key);
    await action.perform();
  }

  /** Types characters one after the other, wherever the focus is. */
  async write(text) {
    const action = this.browser.action('key');
    for (const character of text) action.down(character).up(character);
    await action.perform();
  }

  /** Waits until a condition of the page holds; returns what it came to. */
  async until(what, condition, ...args) {
    return this.browser.waitUntil(() => this.browser.execute(condition, ...args), {
      timeout: 30_000,
      interval: 100,
      timeoutMsg: `waited in vain: ${what}`,
    });
  }

  async untilCount(id, count) {
    await this.until(
      `${count} times ${id}`,
      (id, count) =>
        document.querySelectorAll(`[data-testid="${id}"]:not([hidden] *)`).length === count,
      id,
      count,
    );
  }

  /** Selects a range of the reading text with the mouse, from one phrase to the end of another. */
  async select(from, to = from) {
    const [start, end] = await this.browser.execute(
      (from, to) => {
        const scroller = document.querySelector('[data-testid="reader-text"]:not([hidden] *)');
        const walker = document.createTreeWalker(scroller, NodeFilter.SHOW_TEXT);
        /** The character at one end of a phrase. */
        const character = (phrase, last) => {
          walker.currentNode = scroller;
          while (walker.nextNode()) {
            const node = walker.currentNode;
            const at = node.data.indexOf(phrase);
            if (at < 0 || !node.parentElement.closest('.page')) continue;
            const range = document.createRange();
            const offset = last ? at + phrase.length - 1 : at;
            range.setStart(node, offset);
            range.setEnd(node, offset + 1);
            return range;
          }
          throw new Error(`${phrase} is not in the text`);
        };
        const first = character(from, false);
        const last = character(to, true);
        first.startContainer.parentElement.scrollIntoView({ block: 'center' });
        const middle = () => scroller.getBoundingClientRect().top + scroller.clientHeight / 3;
        scroller.scrollTop += first.getBoundingClientRect().top - middle();
        const a = first.getBoundingClientRect();
        const b = last.getBoundingClientRect();
        return [
          [Math.round(a.left + 1), Math.round(a.top + a.height / 2)],
          [Math.round(b.right - 1), Math.round(b.top + b.height / 2)],
        ];
      },
      from,
      to,
    );
    await this.browser
      .action('pointer')
      .move(this.#onScreen(...start))
      .down()
      .move({ ...this.#onScreen((start[0] + end[0]) / 2, end[1]), duration: 60 })
      .move({ ...this.#onScreen(...end), duration: 60 })
      .up()
      .perform();
  }

  /** Opens the comparison of reports from the library. */
  async compare(...reports) {
    await this.click('rail-library');
    const [first, ...others] = reports;
    await this.click('library-row', { 'data-id': first });
    for (const report of others) {
      const row = await this.shown('library-row', { 'data-id': report });
      await this.browser.action('key').down(Key.Control).perform(true);
      await this.#press(row, 1);
      await this.browser.action('key').up(Key.Control).perform();
    }
    await this.click('library-compare');
    await this.shown('compare-count');
    await this.untilCount('compare-column', reports.length);
  }

  /** A picture of the window. */
  async picture(name) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    // What moves comes to rest.
    await this.browser.pause(300);
    // Of the screen itself: the driver's own pictures never arrive on a screen without a
    // compositor.
    const { x, y, width, height } = await this.browser.getWindowRect();
    const file = join(SCREENSHOTS, `${name}.png`);
    const crop = `${width}x${height}+${x}+${y}`;
    const done = spawnSync('import', ['-silent', '-window', 'root', '-crop', crop, '+repage', file]);
    if (done.status !== 0) throw new Error(`no picture of ${name}: ${done.error ?? done.stderr}`);
  }

  /** Whether the app was ended already. */
  ended = false;

  async close() {
    if (this.ended) return;
    this.ended = true;
    const pid = this.pid;
    await within(5_000, this.browser.deleteSession().catch(() => {}));
    await this.#end(pid);
  }

  /** Ends the app as a power cut would. */
  async kill() {
    this.ended = true;
    const pid = this.pid;
    process.kill(pid, 'SIGKILL');
    await this.#end(pid);
  }

  /** The next start of the same home must not meet this one. */
  async #end(pid) {
    const exited = new Promise((done) => this.driver.once('exit', done));
    this.driver.kill();
    await within(2_000, exited);
    this.driver.kill('SIGKILL');
    for (let tries = 0; running(pid); tries++) {
      if (tries === 40) process.kill(pid, 'SIGKILL');
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

/** Waits for something, but no longer than so many milliseconds. */
function within(milliseconds, promise) {
  let timer;
  const late = new Promise((done) => (timer = setTimeout(done, milliseconds)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function running(pid) {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
