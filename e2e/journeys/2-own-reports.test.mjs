// The five real reports: imported by their paths, read, tagged, searched, compared, exported; all
// of it is there again after a restart.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Home, OUTPUT, SHARED, sharedOrSkip } from '../harness.mjs';

test('five real reports from import to PDF, with a restart in between', async (t) => {
  if (!sharedOrSkip(t)) return;
  const seeds = join(SHARED, 'reports', 'seeds');
  const files = readdirSync(seeds).sort().map((f) => join(seeds, f));
  const home = new Home('own');
  home.settings({ coder: '林' });
  const file = home.path('own.anjuan');

  await home.visit(async (app) => {
    await app.type('welcome-path', file);
    await app.click('welcome-path-open');
    await app.shown('library');
    await app.picture('library-empty-light-1440');
    await app.click('library-import');
    await app.type('import-paths', files.join('\n'));
    await app.click('import-start');
    await app.shown('import-summary', { 'data-state': 'done', 'data-stage': 'review' });
    await app.untilCount('import-item', 5);
    const summary = await app.shown('import-summary');
    assert.match(await summary.getText(), /5/);
    await app.picture('import-review-light-1440');
    await app.click('import-commit');
    await app.shown('import-outcome');
    for (const item of await app.all('import-item')) {
      assert.equal(await item.getAttribute('data-outcome'), 'imported');
    }
    await app.picture('import-own-light-1440');
    await app.press('Escape');
    await app.untilCount('library-row', 5);

    // Search in the other script, jump to the hit.
    await app.click('rail-search');
    await app.type('search-field', '衡阳市侨联');
    await app.shown('search-total', { 'data-query': '衡阳市侨联' });
    await app.picture('search-other-script-light-1440');
    await app.click('search-snippet');
    await app.shown('reader-text');
    await app.until('the hit is painted', () => (CSS.highlights.get('hit-current')?.size ?? 0) > 0);
    const [hit, inSight] = await app.browser.execute(() => {
      // A heading is set phrase by phrase, so a hit in it is several ranges.
      // What is painted stands still; only a range of its own tells its text and its place.
      const ranges = [...CSS.highlights.get('hit-current')].map((still) => {
        const range = document.createRange();
        range.setStart(still.startContainer, still.startOffset);
        range.setEnd(still.endContainer, still.endOffset);
        return range;
      });
      const { top, bottom } = ranges[0].getBoundingClientRect();
      return [ranges.join(''), top > 0 && bottom < innerHeight];
    });
    assert.equal(hit, '衡陽市僑聯');
    assert.ok(inSight, 'the hit is in sight');
    await app.picture('reader-at-hit-light-1440');

    // Two overlapping passages and a memo, by mouse and keyboard.
    await app.select('突出理論武裝', '思想政治建設');
    await app.shown('tag-picker-input');
    await app.write('理论武装');
    await app.press(['Shift', 'Enter']);
    await app.type('tag-picker-memo', '首次提到');
    await app.picture('tag-picker-memo-light-1440');
    await app.click('tag-picker-save');
    await app.untilCount('inspector-passage', 1);
    await app.select('思想政治建設', '兩個維護');
    await app.shown('tag-picker-input');
    await app.write('政治引领');
    await app.press('Enter');
    await app.untilCount('inspector-passage', 2);
    await app.picture('overlapping-light-1440');

    await app.press(['Control', 'z']);
    await app.untilCount('inspector-passage', 1);
    await app.press(['Control', 'Shift', 'Z']);
    await app.untilCount('inspector-passage', 2);
    await app.shown('status-index', { 'data-behind': 'false' });
  });

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

  await home.visit(async (app) => {
    // The window comes back with its archive and the report that was read in it.
    await app.shown('reader', { 'data-id': stored[0].report });
    await app.untilCount('inspector-passage', 2);

    // Undo reaches back over the restart.
    await app.press(['Control', 'z']);
    await app.untilCount('inspector-passage', 1);
    await app.press(['Control', 'Shift', 'Z']);
    await app.untilCount('inspector-passage', 2);

    // Export and look at the file with other programs.
    mkdirSync(OUTPUT, { recursive: true });
    const pdf = join(OUTPUT, 'own.pdf');
    await app.click('reader-export');
    await app.type('export-path', pdf);
    await app.click('export-write');
    await app.shown('export-result');
    await app.picture('export-done-light-1440');
    await app.press('Escape');
    await app.gone('export-dialog');
    checkPdf(pdf, stored, report);

    // Compare two that share passages; the window counts what the terminal counts.
    const [a, b, expected] = mostAlike(home, file);
    assert.ok(expected > 0, 'some two of the five share a passage');
    await app.compare(a, b);
    const count = await (await app.shown('compare-count')).getText();
    assert.equal(Number(count.match(/\d+/)[0]), expected, count);
    await app.until('shared passages are painted', () => (CSS.highlights.get('shared')?.size ?? 0) > 0);
    await app.click('compare-next');
    await app.picture('compare-own-light-1440');
  });
  home.forget();
});

/** The two reports that share the most passages, and how many. */
function mostAlike(home, file) {
  const { reports } = home.cli('--archive', file, 'list');
  const pairs = reports.flatMap(({ id: a }, i) => reports.slice(i + 1).map(({ id: b }) => [a, b]));
  const counted = pairs.map(([a, b]) => [
    a,
    b,
    home.cli('--archive', file, 'compare', a, b).passages.length,
  ]);
  return counted.toSorted((x, y) => y[2] - x[2])[0];
}

function run(program, ...args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(done.status, 0, `${program} ${args.join(' ')}: ${done.error ?? done.stderr}${done.stdout}`);
  return done.stdout;
}

/** What qpdf, poppler and pypdf say of the file. */
function checkPdf(pdf, stored, report) {
  run('qpdf', '--check', pdf);
  assert.match(run('pdfinfo', pdf), /Pages:\s+[1-9]/);
  const body = squeeze(run('pdftotext', pdf, '-'));
  for (const { quote } of stored) assert.ok(body.includes(squeeze(quote)), quote);
  assert.ok(body.includes(squeeze(report.metadata.title)), 'the title is there');

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
    assert.match(contents, /政治引领|理论武装/);
    assert.equal(author, '林');
    assert.ok(quads >= 8 && quads % 8 === 0);
  }
  for (const tag of ['政治引领', '理论武装', '首次提到']) {
    assert.ok(found.some(({ contents }) => contents.includes(tag)), tag);
  }
  const seen = JSON.parse(run('/usr/bin/python3', '-c', POPPLER, pdf));
  assert.deepEqual(seen.sort(), found.map(({ contents }) => contents).sort(), 'poppler agrees');
}

/** Lists the comments of the highlights as Okular and Evince see them. */
const POPPLER = `
import json, sys, gi
gi.require_version("Poppler", "0.18")
from gi.repository import Poppler
document = Poppler.Document.new_from_file("file://" + sys.argv[1], None)
mappings = [m for n in range(document.get_n_pages()) for m in document.get_page(n).get_annot_mapping()]
highlights = [m.annot for m in mappings if m.annot.get_annot_type() == Poppler.AnnotType.HIGHLIGHT]
print(json.dumps([annot.get_contents() for annot in highlights]))
`;

/** Without the breaks of lines, which fall elsewhere on a printed page. */
function squeeze(text) {
  return text.replace(/\s/gu, '');
}
