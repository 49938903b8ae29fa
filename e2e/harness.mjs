// The real window under WebKitWebDriver, with folders of its own.
//
// WebdriverIO talks to the driver itself: on Linux `tauri-driver` in between only drops
// connections. Every `Home` is a user of its own (settings, data, cache), so journeys do not meet,
// and the same home can be opened again to see what outlives a restart.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { remote } from 'webdriverio';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const TARGET =
  process.env.CARGO_TARGET_DIR ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'anjuan', 'target');
const PROFILE = process.env.ANJUAN_PROFILE ?? 'debug';
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

  /** Runs the terminal program as this user; returns the JSON it prints. */
  cli(...args) {
    const run = spawnSync(CLI, [...args, '--json'], { env: this.env, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`anjuan ${args.join(' ')}: ${run.stderr}`);
    return JSON.parse(run.stdout);
  }

  /** Starts the app; `close` ends it. */
  async open({ args = [], width = 1440, height = 900 } = {}) {
    const port = await freePort();
    const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
      env: this.env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
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
    await browser.setWindowSize(width, height);
    return new Window(browser, driver);
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

  /** The first element with a test id, optionally narrowed by further attributes. */
  find(id, attributes = {}) {
    const narrowed = Object.entries(attributes).map(([name, value]) => `[${name}="${value}"]`);
    return this.browser.$(`[data-testid="${id}"]${narrowed.join('')}`);
  }

  async all(id) {
    return this.browser.$$(`[data-testid="${id}"]`);
  }

  async shown(id, attributes) {
    const element = await this.find(id, attributes);
    await element.waitForDisplayed({ timeout: 20_000, timeoutMsg: `${id} is not shown` });
    return element;
  }

  async click(id, attributes) {
    const element = await this.shown(id, attributes);
    await element.waitForClickable({ timeout: 10_000 });
    await element.click();
    return element;
  }

  async type(id, text) {
    const element = await this.shown(id);
    await element.setValue(text);
    return element;
  }

  async keys(...keys) {
    await this.browser.keys(keys);
  }

  /** Waits until a condition of the page holds. */
  async until(what, condition, ...args) {
    await this.browser.waitUntil(() => this.browser.execute(condition, ...args), {
      timeout: 30_000,
      interval: 100,
      timeoutMsg: `waited in vain: ${what}`,
    });
  }

  /** A picture of the window. */
  async picture(name) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.browser.pause(250);
    // Of the screen itself: the driver's own pictures never arrive on a screen without a
    // compositor. Without a window manager the window stands in the corner.
    const { width, height } = await this.browser.getWindowSize();
    const file = join(SCREENSHOTS, `${name}.png`);
    const crop = `${width}x${height}+0+0`;
    const done = spawnSync('import', ['-silent', '-window', 'root', '-crop', crop, file]);
    if (done.status !== 0) throw new Error(`no picture of ${name}: ${done.error ?? done.stderr}`);
  }

  async close() {
    await this.browser.deleteSession().catch(() => {});
    this.driver.kill();
    await new Promise((done) => this.driver.once('exit', done));
  }
}
