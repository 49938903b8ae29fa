// Measures the real window: start, memory, opening, keys, scrolling. Prints a table in Markdown.
//
//   node bench.mjs [COUNT…]     archives of so many reports; by default 3,000 and 100,000
//
// The archives are made of the example's sentences in an order drawn from a fixed seed (the one of
// 100,000 is that of `crates/archive/benches`), are the same on every machine, and are kept; every run
// works on a copy. "Painted" is the moment after the
// frame that shows the answer was handed over: an animation frame after the page changed, and the
// first message after it. It can never be less than the rest of the frame in which the event came
// (8 ms on average at 60 Hz).

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, cpus } from 'node:os';
import { join } from 'node:path';
import { Home, PROFILE, ROOT, TARGET } from './harness.mjs';

const COUNTS = process.argv.slice(2).map(Number);
const SIZES = COUNTS.length > 0 ? COUNTS : [3_000, 100_000];
const RUNS = 5;
const KEYS = 100;
const LONG = { title: '长卷市侨联十年工作总结', characters: 300_000, passages: 2_000 };
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'anjuan', 'bench');

/** What is aimed at, in milliseconds. */
const GOALS = { start: { 3_000: 800, 100_000: 1_200 }, open: 100, key: 16 };

const rows = [];
function row(what, times, goal) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const ms = (time) => `${time < 20 ? time.toFixed(1) : Math.round(time)} ms`;
  rows.push([what, ms(at(0.5)), ms(at(0.95)), ms(sorted.at(-1)), goal ? `≤ ${goal} ms` : '']);
  console.error(rows.at(-1).join(' | '));
}

/**
 * How fast the machine is just now: the same reckoning before each archive, so that the times of one can
 * be held against those of another, and those of one run against another's.
 */
function yardstick(of) {
  const times = Array.from({ length: 15 }, () => {
    const began = performance.now();
    let sum = 0;
    for (let n = 1; n < 20_000_000; n++) sum = (sum + (n ^ (sum << 1))) | 0;
    // The sum is asked for, so that nothing leaves it out.
    return sum === 1 ? 0 : performance.now() - began;
  });
  row(`(yardstick: the same reckoning, before ${of})`, times);
}

/** The archive of 100,000 reports that the library is measured on without a window. */
const LARGE = { count: 100_000, file: join(TARGET, 'tmp', 'library-100000-v1.anjuan') };

/** An archive of so many reports, made once. */
function archiveOf(home, count) {
  if (count === LARGE.count) {
    if (!existsSync(LARGE.file)) makeLarge();
    return LARGE.file;
  }
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, `reports-${count}.anjuan`);
  if (!existsSync(file)) importMany(home, file, count);
  return file;
}

function makeLarge() {
  const made = spawnSync(
    'cargo',
    ['bench', '--locked', '--workspace', '--features', 'anjuan-app/custom-protocol', '--bench', 'table'],
    { cwd: ROOT, env: { ...process.env, ANJUAN_BENCH: 'library' }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (made.status !== 0 || !existsSync(LARGE.file)) throw new Error(`${LARGE.file} was not made`);
}

/** A small generator with a fixed seed (Park and Miller, "minimal standard"). */
let state = 20_260_101;
function random(below) {
  state = (state * 48_271) % 2_147_483_647;
  return state % below;
}

/** Reports of 1,500 to 4,000 characters, imported by the terminal program. */
function importMany(home, file, count) {
  console.error(`making an archive of ${count} reports`);
  const from = sentences(home);
  const folder = home.path('reports');
  mkdirSync(folder);
  for (let n = 1; n <= count; n++) {
    const year = 2005 + random(20);
    const parts = [`第${n}号市侨联${year}年工作总结`, `来源：市侨联　日期：${year + 1}-01-${10 + random(18)}`];
    const wanted = 1_500 + random(2_500);
    for (let length = 0; length < wanted; length += parts.at(-1).length) {
      const some = Array.from({ length: 3 + random(4) }, () => from[random(from.length)]);
      parts.push(`　　${some.join('')}`);
    }
    writeFileSync(join(folder, `${String(n).padStart(6, '0')}.txt`), parts.join('\n'));
  }
  const { imported, versions, failed } = home.cli('--archive', file, 'import', folder);
  if (imported + versions !== count) {
    throw new Error(`imported ${imported}, versions ${versions}, failed ${failed}`);
  }
}

/** The sentences of the example reports. */
function sentences(home) {
  const examples = join(ROOT, 'examples');
  return readdirSync(examples)
    .filter((name) => /\.(txt|html)$/.test(name))
    .sort()
    .flatMap((name) => home.cli('inspect', join(examples, name)).text.split(/(?<=[。！？])|\n/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length >= 10 && sentence.endsWith('。'));
}

/** Puts one long report into the archive; its passages are made in the window. */
function addLong(home, file) {
  const from = sentences(home);
  const parts = [LONG.title, '来源：市侨联　日期：2025-01-15'];
  let length = 0;
  for (let n = 0; length < LONG.characters; n++) {
    if (n % 3 === 0) parts.push(`（${n / 3 + 1}）持续推进第${n / 3 + 1}项重点工作`);
    const paragraph = Array.from({ length: 3 + (n % 4) }, (_, i) => from[(n * 7 + i * 3) % from.length]);
    // Numbered, so that none is taken for a repetition.
    parts.push(`　　工作之${n + 1}：${paragraph.join('')}`);
    length += parts.at(-1).length;
  }
  const text = home.path('long.txt');
  writeFileSync(text, parts.join('\n'));
  home.cli('--archive', file, 'import', text);
}

/** When a process began, in milliseconds since 1970; the system counts in hundredths of a second. */
function startOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const up = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1_000;
  return Date.now() - up + ticks * 10;
}

/** The memory of a process and all below it, by program: resident and, shared pages divided, own. */
function memoryOf(root) {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      parents.set(Number(pid), { name, parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) });
    } catch {
      // Ended meanwhile.
    }
  }
  const below = (pid) => pid === root || (parents.has(pid) && below(parents.get(pid).parent));
  const found = [];
  for (const [pid, { name }] of parents) {
    if (!below(pid)) continue;
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kb = (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0);
    found.push({ name, rss: kb('Rss'), pss: kb('Pss') });
  }
  return found;
}

/** Helpers in the page: `painted()` resolves once the frame after the present change is out. */
async function instruments(app) {
  await app.browser.execute(() => {
    const { port1, port2 } = new MessageChannel();
    const waiting = [];
    port1.onmessage = () => waiting.shift()?.(performance.now());
    const painted = () =>
      new Promise((done) => {
        requestAnimationFrame(() => {
          waiting.push(done);
          port2.postMessage(null);
        });
      });
    const until = async (condition) => {
      for (;;) {
        const value = condition();
        if (value) return value;
        await new Promise((done) => requestAnimationFrame(done));
      }
    };
    window.__bench = {
      painted,
      /** From the event until a condition holds and is painted. */
      async timed(act, condition) {
        const began = performance.now();
        act();
        if (condition) await until(condition);
        return (await painted()) - began;
      },
      /** From each key's own time stamp until the frame after the field's change. */
      keys(field) {
        const times = [];
        let pressed = null;
        const down = (event) => (pressed = event.timeStamp);
        const input = () => {
          const from = pressed;
          pressed = null;
          if (from !== null) void painted().then((at) => times.push(at - from));
        };
        field.addEventListener('keydown', down, true);
        field.addEventListener('input', input);
        return () => {
          field.removeEventListener('keydown', down, true);
          field.removeEventListener('input', input);
          return times;
        };
      },
      /** Frame times while a box is scrolled by so many pixels a frame. */
      async scroll(box, step, frames) {
        const times = [];
        let last = await new Promise((done) => requestAnimationFrame(done));
        for (let n = 0; n < frames; n++) {
          box.scrollTop += step;
          const now = await new Promise((done) => requestAnimationFrame(done));
          times.push(now - last);
          last = now;
        }
        return times;
      },
    };
  });
}

/** Runs an asynchronous function of the page and hands back what it comes to. */
async function inPage(app, task, ...args) {
  const source = `const [task, args, done] = [${task}, arguments[0], arguments[arguments.length - 1]];
    task(...args).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
  const { value, error } = await app.browser.executeAsync(source, args);
  if (error) throw new Error(error);
  return value;
}

async function start(home, file) {
  const app = await home.open({ args: [file] });
  const began = startOf(app.pid);
  const times = await app.until('the list was painted', () => {
    const at = (name) => performance.getEntriesByName(name)[0]?.startTime;
    const found = [at('first-contentful-paint'), at('anjuan-listed')];
    return found.every((time) => time !== undefined)
      ? found.map((time) => performance.timeOrigin + time)
      : null;
  });
  return { app, painted: times[0] - began, listed: times[1] - began };
}

async function keys(app, what, id, text) {
  await app.click(id);
  await app.browser.execute((id) => {
    const field = document.querySelector(`[data-testid="${id}"]:not([hidden] *)`);
    window.__keys = window.__bench.keys(field.matches('input, textarea') ? field : field.querySelector('input, textarea'));
  }, id);
  for (let n = 0; n < KEYS; n++) {
    await app.write(text[n % text.length]);
    await app.browser.pause(25);
  }
  const times = await app.browser.execute(() => window.__keys());
  row(`key to paint, ${what}`, times, GOALS.key);
}

async function measure(count) {
  const of = `${count.toLocaleString('en')} reports`;
  yardstick(of);
  const home = new Home(`bench-${count}`);
  home.settings({});
  try {
    const file = home.path('bench.anjuan');
    copyFileSync(archiveOf(home, count), file);
    addLong(home, file);
    // The first start makes the index.
    const first = await start(home, file);
    await first.app.shown('status-index', { 'data-behind': 'false' });
    await first.app.close();

    const starts = [];
    for (let n = 0; n < RUNS; n++) {
      const run = await start(home, file);
      starts.push(run);
      await run.app.close();
    }
    row(`start of the process to first paint, ${of}`, starts.map((s) => s.painted));
    row(`start of the process to the list painted, ${of}`, starts.map((s) => s.listed), GOALS.start[count]);

    const { app } = await start(home, file);
    try {
      await app.browser.pause(3_000);
      const memory = memoryOf(app.pid);
      const mb = (kb) => `${Math.round(kb / 1024)} MB`;
      const sum = (key) => mb(memory.reduce((all, one) => all + one[key], 0));
      rows.push([`memory at rest, ${of}: all processes`, `PSS ${sum('pss')}`, `RSS ${sum('rss')}`, '', '']);
      for (const { name, rss, pss } of memory) {
        rows.push([`– ${name}`, `PSS ${mb(pss)}`, `RSS ${mb(rss)}`, '', '']);
      }

      await instruments(app);
      await app.browser.setTimeout({ script: 120_000 });
      row(
        `frame while scrolling the library, ${of}`,
        await inPage(app, async () =>
          window.__bench.scroll(document.querySelector('[role="grid"]'), 400, 240),
        ),
      );

      // Reports of the list, one after the other, each in a new tab.
      const opened = [];
      for (let n = 0; n < 12; n++) {
        opened.push(
          await inPage(app, async (n) => {
            document.querySelector('[data-testid="rail-library"]').click();
            await window.__bench.painted();
            const row = document.querySelectorAll('[data-testid="library-row"]:not([hidden] *)')[n];
            const id = row.dataset.id;
            return window.__bench.timed(
              () => row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true })),
              () =>
                document.querySelector(
                  `[data-testid="reader"][data-id="${id}"]:not([hidden] *) .page p`,
                ),
            );
          }, n),
        );
      }
      row(`opening a report, ${of}: click to painted`, opened, GOALS.open);

      row(
        'switching tabs',
        await inPage(app, async () => {
          const times = [];
          for (let n = 0; n < 24; n++) {
            const tabs = [...document.querySelectorAll('[role="tab"]')];
            times.push(await window.__bench.timed(() => tabs[(n * 5) % tabs.length].click()));
          }
          return times;
        }),
      );
      // Views that were left are taken out of the page a little later.
      await app.browser.pause(1_000);
      row(
        'switching the theme',
        await inPage(app, async () => {
          const times = [];
          const { dataset } = document.documentElement;
          for (let n = 0; n < 12; n++) {
            const theme = ['dark', 'sepia', 'light'][n % 3];
            times.push(await window.__bench.timed(() => (dataset.theme = theme)));
          }
          return times;
        }),
      );

      await app.click('rail-library');
      await keys(app, `filter of the library, ${of}`, 'library-filter', '侨联工作总结'.repeat(20));
      await app.browser.execute(() => {
        const field = document.querySelector('[data-testid="library-filter"]');
        field.value = '';
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
      await app.click('rail-search');
      await keys(app, `search field, ${of}`, 'search-field', '侨胞服务');

      if (count === SIZES[0]) await longReport(app);
      await app.assertClean();
    } finally {
      await app.close();
    }
  } finally {
    home.forget();
  }
}

/** The report of 300,000 characters with 2,000 passages. */
async function longReport(app) {
  await app.click('rail-library');
  await app.type('library-filter', LONG.title);
  await app.untilCount('library-row', 1);
  const { id, length, tags } = await inPage(app, async () => {
    const { invoke } = window.__TAURI_INTERNALS__;
    const { id } = document.querySelector('[data-testid="library-row"]:not([hidden] *)').dataset;
    const { text } = await invoke('report', { request: { id } });
    for (const name of ['服务发展', '为侨服务', '海外联谊', '基层组织', '思想引领']) {
      const tags = await invoke('tags', { request: {} });
      if (tags.some((tag) => tag.name === name)) continue;
      await invoke('create_tag', {
        request: { name, parent: null, colour: null, description: null },
      });
    }
    const tags = (await invoke('tags', { request: {} })).map((tag) => tag.id);
    return { id, length: [...text].length, tags };
  });
  // In portions: the driver waits for an answer only so long.
  for (let from = 0; from < LONG.passages; from += 100) {
    await inPage(
      app,
      async ({ id, length, tags, from, all }) => {
        const { invoke } = window.__TAURI_INTERNALS__;
        for (let n = from; n < Math.min(from + 100, all); n++) {
          const start = Math.floor((n * (length - 400)) / all);
          const end = start + 60 + ((n * 37) % 300);
          await invoke('create_passage', {
            request: { report: id, start, end, tags: [tags[n % tags.length]], memo: '' },
          });
        }
      },
      { id, length, tags, from, all: LONG.passages },
    );
  }
  const what = `${length.toLocaleString('en')} characters with ${LONG.passages.toLocaleString('en')} passages`;
  const times = [];
  for (let n = 0; n < 5; n++) {
    times.push(
      await inPage(app, async (id) => {
        document.querySelector('[data-testid="rail-library"]').click();
        document.querySelector(`[data-testid="tab"][data-id="report:${id}"]`)
          ?.parentElement.querySelector('[data-testid="tab-close"]').click();
        await window.__bench.painted();
        const row = document.querySelector(`[data-testid="library-row"][data-id="${id}"]`);
        return window.__bench.timed(
          () => row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true })),
          () =>
            document.querySelector(`[data-testid="reader"][data-id="${id}"] .page p`) &&
            [...CSS.highlights.values()].some(({ size }) => size > 0),
        );
      }, id),
    );
  }
  row(`opening ${what}: click to painted`, times, 300);
  row(
    `frame while scrolling ${length.toLocaleString('en')} characters`,
    await inPage(app, async () =>
      window.__bench.scroll(document.querySelector('[data-testid="reader-text"]:not([hidden] *)'), 300, 240),
    ),
  );
  await keys(app, 'memo of a report', 'report-memo', '这是一条备忘');
}

for (const count of SIZES) await measure(count);
const model = cpus()[0]?.model ?? 'unknown';
console.log(`Window, ${PROFILE} build, ${RUNS} starts, files in the system's cache; ${cpus().length} × ${model}:\n`);
console.log('| what | p50 | p95 | max | goal |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
