// Measures the real window on an archive of 1,000 reports: the start of the app, and the opening
// of one report of 100,000 characters with 500 passages. Prints a table in Markdown.
//
// The archive is the same on every machine: sentences of the example reports in an order that a
// counter decides, imported by the terminal program.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, PROFILE, ROOT } from './harness.mjs';

const REPORTS = 1_000;
const LONG = 100_000;
const PASSAGES = 500;
const RUNS = 5;
const LONG_TITLE = '长卷市侨联十年工作总结';

/** A small generator with a fixed seed (Park and Miller, "minimal standard"). */
let state = 20_260_101;
function random(below) {
  state = (state * 48_271) % 2_147_483_647;
  return state % below;
}

/** A paragraph of three to six sentences. */
function paragraph(sentences) {
  return Array.from({ length: 3 + random(4) }, () => sentences[random(sentences.length)]).join('');
}

/** A report of about so many characters, with a heading before every third paragraph. */
function report(title, date, sentences, characters) {
  const parts = [title, `来源：市侨联　日期：${date}`];
  let length = 0;
  for (let n = 0; length < characters; n++) {
    if (n % 3 === 0) parts.push(`（${n / 3 + 1}）持续推进第${n / 3 + 1}项重点工作`);
    const next = paragraph(sentences);
    parts.push(`　　${next}`);
    length += [...next].length;
  }
  return parts.join('\n');
}

function makeArchive(home) {
  const examples = join(ROOT, 'examples');
  const sentences = readdirSync(examples)
    .filter((name) => /\.(txt|html)$/.test(name))
    .sort()
    .flatMap((name) => home.cli('inspect', join(examples, name)).text.split(/(?<=[。！？])|\n/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length >= 10 && sentence.endsWith('。'));
  const folder = home.path('reports');
  mkdirSync(folder);
  for (let n = 1; n < REPORTS; n++) {
    const year = 2005 + random(20);
    const title = `第${n}号市侨联${year}年工作总结`;
    const text = report(title, `${year + 1}-01-${10 + random(18)}`, sentences, 1_500 + random(2_500));
    writeFileSync(join(folder, `${String(n).padStart(4, '0')}.txt`), text);
  }
  const long = report(LONG_TITLE, '2025-01-15', sentences, LONG);
  writeFileSync(join(folder, 'long.txt'), long);

  const file = home.path('bench.anjuan');
  const { imported, versions, failed } = home.cli('--archive', file, 'import', folder);
  if (imported + versions !== REPORTS) {
    throw new Error(`imported ${imported}, versions ${versions}, failed ${failed}`);
  }
  const { reports } = home.cli('--archive', file, 'list');
  const { id } = reports.find(({ title }) => title.includes(LONG_TITLE));
  const { text } = home.cli('--archive', file, 'show', id);
  const length = [...text].length;
  for (let n = 0; n < PASSAGES; n++) {
    // Two in three overlap their neighbour.
    const start = Math.floor((n * (length - 400)) / PASSAGES);
    const end = start + 60 + random(300);
    const tags = ['服务发展', '为侨服务', '海外联谊', '基层组织', '思想引领'];
    home.cli('--archive', file, 'tag', 'add', id, String(start), String(end), tags[n % tags.length]);
  }
  return { file, id, length };
}

/** When a process began, in milliseconds since 1970; the system counts in hundredths of a second. */
function startOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const now = Date.now();
  const up = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1_000;
  return now - up + ticks * 10;
}

async function measure(home, { file, id }) {
  const app = await home.open({ args: [file] });
  try {
    await app.shown('library-row');
    const began = startOf(app.pid);
    const [painted, listed] = await app.until('the list was painted', () => {
      const at = (name) => performance.getEntriesByName(name)[0]?.startTime;
      const times = [at('first-contentful-paint'), at('anjuan-listed')];
      return times.every((time) => time !== undefined)
        ? times.map((time) => performance.timeOrigin + time)
        : null;
    });

    await app.type('library-filter', LONG_TITLE);
    await app.untilCount('library-row', 1);
    await app.shown('library-row', { 'data-id': id });
    // From the double click until all passages are known, those in sight are painted, and two
    // frames have passed.
    await app.browser.execute((passages) => {
      window.__opened = null;
      const row = document.querySelector('[data-testid="library-row"]:not([hidden] *)');
      const began = performance.now();
      row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
      const painted = () => [...CSS.highlights.values()].reduce((sum, { size }) => sum + size, 0);
      const listed = () => document.querySelectorAll('[data-testid="inspector-passage"]').length;
      const look = () => {
        if (painted() === 0 || listed() < passages) return requestAnimationFrame(look);
        requestAnimationFrame(() =>
          requestAnimationFrame(() => (window.__opened = performance.now() - began)),
        );
      };
      requestAnimationFrame(look);
    }, PASSAGES);
    const opened = await app.until('the long report is painted', () => window.__opened);
    await app.assertClean();
    return { painted: painted - began, listed: listed - began, opened };
  } finally {
    await app.close();
  }
}

function row(what, times) {
  const sorted = times.toSorted((a, b) => a - b);
  const ms = (time) => `${Math.round(time)} ms`;
  return `| ${[what, ms(sorted[(sorted.length - 1) / 2]), ms(sorted[0]), ms(sorted.at(-1))].join(' | ')} |`;
}

const home = new Home('bench');
try {
  home.settings({});
  const began = Date.now();
  const archive = makeArchive(home);
  console.error(`made the archive in ${Math.round((Date.now() - began) / 1_000)} s`);
  const runs = [];
  for (let n = 0; n < RUNS; n++) runs.push(await measure(home, archive));
  console.log(`Window, ${PROFILE} build, ${RUNS} runs on an archive of ${REPORTS} reports, files in the system's cache:\n`);
  console.log('| what | median | min | max |');
  console.log('| --- | ---: | ---: | ---: |');
  const times = (key) => runs.map((run) => run[key]);
  console.log(row('start of the process to first paint', times('painted')));
  console.log(row('start of the process to the list of reports', times('listed')));
  const long = `opening ${archive.length} characters with ${PASSAGES} passages, click to painted`;
  console.log(row(long, times('opened')));
} finally {
  home.forget();
}
