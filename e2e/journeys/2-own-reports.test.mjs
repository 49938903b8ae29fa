// The five real reports: imported by their paths, read, tagged, searched, compared, exported; all
// of it is there again after a restart.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Home, OUTPUT, SHARED, sharedOrSkip } from '../harness.mjs';

/** Selects a range of the reading text with the mouse, from one phrase to the end of another. */
async function select(app, from, to) {
  const [start, end] = await app.browser.execute(
    (from, to) => {
      const root = document.querySelector('[data-testid="reader-text"]');
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const place = (phrase, atEnd) => {
        walker.currentNode = root;
        while (walker.nextNode()) {
          const at = walker.currentNode.data.indexOf(phrase);
          if (at < 0) continue;
          const node = walker.currentNode;
          node.parentElement.scrollIntoView({ block: 'center' });
          const range = document.createRange();
          const offset = atEnd ? at + phrase.length : at;
          range.setStart(node, offset);
          range.setEnd(node, Math.min(offset + 1, node.data.length));
          return { range, node, offset };
        }
        throw new Error(`${phrase} is not in the text`);
      };
      const first = place(from, false);
      const last = place(to, true);
      first.node.parentElement.scrollIntoView({ block: 'center' });
      const point = ({ range, node, offset }, atEnd) => {
        if (atEnd) range.setStart(node, offset - 1), range.setEnd(node, offset);
        const rects = range.getClientRects();
        const box = atEnd ? rects[rects.length - 1] : rects[0];
        return [Math.round(atEnd ? box.right - 1 : box.left + 1), Math.round(box.top + box.height / 2)];
      };
      return [point(first, false), point(last, true)];
    },
    from,
    to,
  );
  await app.browser
    .action('pointer')
    .move({ x: start[0], y: start[1] })
    .down()
    .move({ x: Math.round((start[0] + end[0]) / 2), y: end[1], duration: 60 })
    .move({ x: end[0], y: end[1], duration: 60 })
    .up()
    .perform();
}

async function passageCount(app, count) {
  await app.until(
    `${count} passages`,
    (count) => document.querySelectorAll('[data-testid="inspector-passage"]').length === count,
    count,
  );
}

async function undoneBy(app, key) {
  // The page, not a field, has to hold the focus.
  await app.browser.execute(() => document.querySelector('[data-testid="reader-text"]').focus());
  await app.keys(...key);
}

test('five real reports from import to PDF, with a restart in between', async (t) => {
  if (!sharedOrSkip(t)) return;
  const seeds = join(SHARED, 'reports', 'seeds');
  const files = readdirSync(seeds).sort().map((f) => join(seeds, f));
  const home = new Home('own');
  home.settings({ coder: '林' });
  const file = home.path('own.anjuan');

  let app = await home.open();
  try {
    await app.type('welcome-path', file);
    await app.click('welcome-path-open');
    await app.shown('library');
    await app.click('library-import');
    await app.type('import-paths', files.join('\n'));
    await app.click('import-start');
    const summary = await app.shown('import-summary');
    assert.match(await summary.getText(), /5/);
    await app.picture('import-light-1440');
    await app.keys('Escape');
    await app.until('five reports are listed', () => document.querySelectorAll('[data-testid="library-row"]').length === 5);

    // Search in the other script, jump to the hit.
    await app.click('rail-search');
    await app.type('search-field', '衡阳市侨联');
    await app.shown('search-hit');
    await app.picture('search-other-script-light-1440');
    await app.click('search-snippet');
    await app.shown('reader-text');
    await app.until('the hit is painted', () => (CSS.highlights.get('hit-current')?.size ?? 0) > 0);
    const hit = await app.browser.execute(() => [...CSS.highlights.get('hit-current')][0].toString());
    assert.equal(hit, '衡陽市僑聯');

    // Two overlapping passages and a memo, by mouse and keyboard.
    await select(app, '突出理論武裝', '思想政治建設');
    await app.shown('tag-picker-input');
    await app.keys(...'理论武装');
    await app.keys('Enter');
    await app.type('tag-picker-memo', '首次提到');
    await app.picture('tag-picker-light-1440');
    await app.click('tag-picker-save');
    await passageCount(app, 1);
    await select(app, '思想政治建設', '兩個維護');
    await app.shown('tag-picker-input');
    await app.keys(...'政治引领');
    await app.keys('Enter');
    await app.click('tag-picker-save');
    await passageCount(app, 2);
    await app.picture('overlapping-light-1440');

    await undoneBy(app, ['Control', 'z']);
    await passageCount(app, 1);
    await undoneBy(app, ['Control', 'Shift', 'z']);
    await passageCount(app, 2);
  } finally {
    await app.close();
  }

  app = await home.open();
  try {
    const recent = await app.find('welcome-recent');
    if (await recent.isExisting()) await recent.click();
    await app.shown('library');
    const stored = home.cli('--archive', file, 'passages').passages;
    assert.equal(stored.length, 2);
    assert.ok(stored[0].start < stored[1].end && stored[1].start < stored[0].end, 'they overlap');
    assert.deepEqual(stored.flatMap((p) => p.tags).sort(), ['政治引领', '理论武装']);
    assert.deepEqual(stored.map((p) => p.memo).sort(), ['', '首次提到']);
    assert.ok(stored.every((p) => p.coder === '林'));
    const report = home.cli('--archive', file, 'show', stored[0].report);
    for (const passage of stored) {
      const text = [...report.text].slice(passage.start, passage.end).join('');
      assert.equal(text, passage.quote, 'the offsets are those of the text');
    }

    await app.click('library-row', { 'data-id': stored[0].report });
    await app.keys('Enter');
    await app.shown('reader-text');
    await passageCount(app, 2);

    // Export and look at the file with other programs.
    mkdirSync(OUTPUT, { recursive: true });
    const pdf = join(OUTPUT, 'own.pdf');
    await app.click('reader-export');
    await app.type('export-path', pdf);
    await app.picture('export-light-1440');
    await app.click('export-write');
    await app.shown('export-result');
    await app.picture('export-done-light-1440');
    await app.keys('Escape');
    checkPdf(pdf, stored);

    // Compare two.
    await app.click('rail-library');
    const rows = await app.all('library-row');
    await rows[0].click();
    await app.browser.action('key').down('Shift').perform(true);
    await rows[1].click();
    await app.browser.action('key').up('Shift').perform();
    await app.click('library-compare');
    await app.shown('compare-count');
    await app.until('two columns', () => document.querySelectorAll('[data-testid="compare-column"]').length === 2);
    await app.picture('compare-light-1440');
  } finally {
    await app.close();
  }
});

function run(program, ...args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(done.status, 0, `${program} ${args.join(' ')}: ${done.error ?? done.stderr}${done.stdout}`);
  return done.stdout;
}

/** What qpdf, poppler and pypdf say of the file. */
function checkPdf(pdf, stored) {
  run('qpdf', '--check', pdf);
  const text = run('pdftotext', pdf, '-').replace(/\s/g, '');
  assert.ok(text.includes('推動衡南'), 'the body is there');
  const python = process.env.ANJUAN_PYTHON ?? 'python3';
  const list = `
import json, sys
from pypdf import PdfReader
found = []
for page in PdfReader(sys.argv[1]).pages:
    for ref in page.get("/Annots") or []:
        annot = ref.get_object()
        if annot["/Subtype"] == "/Highlight":
            found.append({"contents": annot.get("/Contents"), "author": annot.get("/T"), "quads": len(annot["/QuadPoints"])})
print(json.dumps(found))
`;
  const found = JSON.parse(run(python, '-c', list, pdf));
  assert.ok(found.length >= stored.length, 'pypdf lists the highlights');
  for (const { contents, author, quads } of found) {
    assert.match(contents, /【(政治引领|理论武装)】/);
    assert.equal(author, '林');
    assert.ok(quads >= 8 && quads % 8 === 0);
  }
  assert.ok(found.some((a) => a.contents.includes('首次提到')));
}

