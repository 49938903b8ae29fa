// The contact sheet: every screen × theme × language × window size, taken from the real window and
// put together on labelled pages that are read by eye.
//
//   node pictures.mjs [--out FOLDER] [--only NAME,…] [--language zh-Hans,…] [--theme light,…]

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LOOKS, look, settings, zoom } from './access.mjs';
import { Home } from './harness.mjs';
import { SCREENS, factsOf, toLibrary, toWelcome } from './screens.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    only: { type: 'string' },
    language: { type: 'string' },
    theme: { type: 'string' },
  },
});
const out = values.out ?? process.env.ANJUAN_PICTURES;
if (!out) throw new Error('--out FOLDER is missing');
const among = (list, wanted) =>
  wanted ? list.filter((one) => wanted.split(',').includes(one.name ?? one)) : list;

const LANGUAGES = among(['zh-Hans', 'zh-Hant', 'en'], values.language);
const SIZES = [
  [1024, 700],
  [1440, 900],
];
const THEMES = among(LOOKS, values.theme);
const screens = among(SCREENS, values.only);
/** Pictures of a page of the sheet: four across, so that text can still be read. */
const ACROSS = 4;
const DOWN = 4;

const taken = [];
const failed = [];
const writing = new Set();

/** Takes the window as it stands; the file is written while the next screen opens. */
async function take(name, width, height) {
  const raw = join(out, `${name}.ppm`);
  // Of the screen itself: the driver's own pictures never arrive without a compositor.
  const done = spawnSync('import', [
    '-silent', '-window', 'root', '-crop', `${width}x${height}+0+0`, '+repage', raw,
  ]);
  if (done.status !== 0) throw new Error(`no picture of ${name}: ${done.stderr}`);
  while (writing.size >= Math.max(1, cpus().length - 1)) await Promise.race(writing);
  const packed = new Promise((finish) => {
    spawn('convert', [raw, '-quality', '10', join(out, `${name}.png`)]).once('exit', () => {
      rmSync(raw, { force: true });
      finish();
    });
  });
  writing.add(packed);
  void packed.then(() => writing.delete(packed));
  taken.push(name);
}

/** Every look and size of the screen that is open. */
async function allOf(app, screen, language) {
  for (const [width, height] of SIZES) {
    // What is zoomed is of a narrow window.
    if (screen.zoom && width > SIZES[0][0]) continue;
    if (!screen.zoom) await app.resize(width, height);
    for (const one of THEMES) {
      if (one.contrast === 'more' && !(screen.contrast && language === 'zh-Hans' && width === 1440)) {
        continue;
      }
      await look(app, one);
      // Two frames for the engine, and a moment for what waits before it appears.
      await app.browser.pause(90);
      await take([screen.name, language, one.name, width].join('_'), width, height);
    }
  }
  await look(app, LOOKS[0]);
}

/** ImageMagick's own choice of a font for labels may not be there. */
const FONT = spawnSync('fc-match', ['-f', '%{file}', 'sans-serif'], { encoding: 'utf8' }).stdout;

/** Pages of the sheet: one screen a row would be too wide, so languages follow each other. */
function sheets() {
  const pages = [];
  for (const [width] of SIZES) {
    for (const language of LANGUAGES) {
      for (const { name: theme } of THEMES) {
        const files = screens
          .map(({ name }) => [name, language, theme, width].join('_'))
          .filter((name) => taken.includes(name));
        for (let at = 0; at < files.length; at += ACROSS * DOWN) {
          const page = join(out, `sheet_${width}_${language}_${theme}_${1 + at / (ACROSS * DOWN)}.png`);
          const montage = spawnSync(
            'montage',
            [
              '-font', FONT, '-label', '%t', ...files.slice(at, at + ACROSS * DOWN).map((name) => join(out, `${name}.png`)),
              '-tile', `${ACROSS}x`, '-geometry', `${Math.round((640 * width) / 1440)}x+6+6`,
              '-background', '#777', '-fill', 'white', '-pointsize', '13', page,
            ],
            { encoding: 'utf8' },
          );
          if (montage.status !== 0) throw new Error(`no sheet: ${montage.stderr}`);
          pages.push(page);
        }
      }
    }
  }
  return pages;
}

mkdirSync(out, { recursive: true });
const began = Date.now();
const home = new Home('pictures');
home.settings({ motion: 'less' });
try {
  await home.visit(async (app) => {
    let facts;
    for (const language of LANGUAGES) {
      await settings(app, { language });
      for (const screen of screens) {
        try {
          if (screen.archive === false) {
            if (!(await app.isShown('welcome'))) {
              await toLibrary(app);
              await app.closeArchive();
            }
            await toWelcome(app);
          } else {
            if (await app.isShown('welcome')) {
              await toWelcome(app);
              await app.click('welcome-example');
              await app.shown('library-row');
              facts ??= factsOf(home, home.archives()[0]);
            }
            await toLibrary(app);
          }
          if (screen.zoom) {
            await app.resize(...SIZES[0]);
            await zoom(app, screen.zoom);
          }
          try {
            await screen.open(app, facts);
            await allOf(app, screen, language);
            await screen.close?.(app, facts);
          } finally {
            if (screen.zoom) await zoom(app, 100);
          }
        } catch (error) {
          failed.push(`${screen.name} (${language}): ${error.message.split('\n')[0]}`);
        }
      }
    }
  });
  await Promise.all(writing);
} finally {
  home.forget();
}
const pages = sheets();
writeFileSync(join(out, 'pages.txt'), `${pages.join('\n')}\n`);
console.log(`${taken.length} pictures, ${pages.length} pages in ${out}, ${Math.round((Date.now() - began) / 1_000)} s`);
if (failed.length > 0) {
  console.error(`not taken:\n${failed.join('\n')}`);
  process.exitCode = 1;
}
