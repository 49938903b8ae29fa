// A scan, and a small program that stands in for tesseract: what it reads is known, and it can be
// held up in the middle, so that the window is seen while it works.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

const PAGES = 6;

/** Answers as tesseract does; after the first pages it waits as long as there is a file `hold`. */
const PROGRAM = `#!/bin/sh
here=\${0%/*}
case $1 in
  --version) echo 'tesseract 5.3.0'; exit ;;
  --list-langs) printf 'List of available languages (2):\\nchi_sim\\nchi_tra\\n'; exit ;;
esac
cat >/dev/null
echo >>"$here/asked"
while [ -e "$here/hold" ] && [ "$(wc -l <"$here/asked")" -gt 3 ]; do sleep 0.1; done
page="$here/read.$(wc -l <"$here/asked").tsv"
[ -e "$page" ] || page="$here/read.tsv"
cat "$page"
`;

/** Lines of words, each with how sure the program is of it, in percent. */
const READ = [
  [['云溪市侨联', 96], ['2021', 94], ['年工作总结', 95]],
  [['2021年12月28日', 93]],
  [['五年来', 96], ['云溪市侨联', 95], ['坚持凝聚侨心，汇集侨智，', 93], ['发挥侨力，维护侨益。', 93]],
  [['各项工作迈上了新的', 94], ['合阶', 31], ['，全市归侨侨眷共享', 90], ['发展成果。', 92]],
  [['走访困难归侨', 95], ['3O', 44], ['户，送去慰问金', 93], ['1.2', 88], ['万元。', 94]],
];

/** What it reads on the pages after the first, which it reads twice, for each script once. */
const LATER = [
  '全年接待来访侨胞一百二十余人次，办结来信四十三件。',
  '开展“侨法宣传月”活动，发放材料五千余份，设立宣传点九个。',
  '组织侨资企业座谈三次，协调解决融资、用工等问题十七个。',
  '选派六名教师赴海外华文学校任教，举办夏令营两期。',
  '下一年，要把联系服务侨胞的各项工作做得更细更实。',
];

/** The table that tesseract prints. */
function table(lines) {
  const rows = lines.flatMap((line, row) => {
    const top = 200 + 90 * row;
    let left = 200;
    const words = line.map(([word, sure], n) => {
      const width = 50 * word.length;
      const at = ['5', 1, 1, 1, row, n, left, top, width, 50, sure, word].join('\t');
      left += width;
      return at;
    });
    return [['4', 1, 1, 1, row, 0, 200, top, 2000, 50, -1, ''].join('\t'), ...words];
  });
  return `${rows.join('\n')}\n`;
}

/** A PDF of white pictures, each of which fills a page. */
function pdf() {
  const kids = Array.from({ length: PAGES }, (_, n) => `${3 + 3 * n} 0 R`).join(' ');
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', `<</Type/Pages/Kids[${kids}]/Count ${PAGES}>>`];
  const stream = (dictionary, text) =>
    `<<${dictionary}/Length ${text.length}>>\nstream\n${text}\nendstream`;
  for (let n = 0; n < PAGES; n++) {
    const first = 3 + 3 * n;
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${first + 1} 0 R` +
        `/Resources<</XObject<</I ${first + 2} 0 R>>>>>>`,
      stream('', 'q 595 0 0 842 0 0 cm /I Do Q'),
      stream(
        '/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray' +
          '/Filter/ASCIIHexDecode',
        'ff>',
      ),
    );
  }
  let out = '%PDF-1.7\n';
  const places = objects.map((object, n) => {
    const at = out.length;
    out += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const start = out.length;
  const size = objects.length + 1;
  out += `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`;
  return `${out}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
}

/** Gives a home the program and a scan; its path. */
export function scanFor(home) {
  mkdirSync(home.path('bin'), { recursive: true });
  writeFileSync(home.path('bin', 'read.tsv'), table(READ));
  for (const [n, text] of LATER.entries())
    writeFileSync(home.path('bin', `read.${n + 3}.tsv`), table([[[text, 93]]]));
  writeFileSync(home.path('bin', 'tesseract'), PROGRAM, { mode: 0o755 });
  const scan = home.path('云溪市侨联2021年工作总结（扫描）.pdf');
  writeFileSync(scan, pdf());
  return scan;
}

/** Holds the program up from its next scan on, or lets it go on. */
export function hold(home, held) {
  rmSync(home.path('bin', 'asked'), { force: true });
  if (held) writeFileSync(home.path('bin', 'hold'), '');
  else rmSync(home.path('bin', 'hold'), { force: true });
}

/** Asks the archive of a window something, as its page does. */
export async function ask(app, command, request) {
  const { came, failed } = await app.browser.executeAsync(
    (command, request, done) => {
      window.__TAURI_INTERNALS__.invoke(command, { request }).then(
        (came) => done({ came }),
        (error) => done({ failed: JSON.stringify(error) }),
      );
    },
    command,
    request,
  );
  if (failed) throw new Error(`${command}: ${failed}`);
  return came;
}

/** Imports a file; its report. */
export async function imported(app, path) {
  const { id } = await ask(app, 'start_import', { paths: [path], collection: null, choices: [], tables: [] });
  for (let tries = 0; tries < 100; tries++) {
    const job = (await ask(app, 'jobs', {})).find((one) => one.id === id);
    if (job && job.state !== 'running') {
      const { report } = job.items[0];
      if (!report) throw new Error(`${path}: ${JSON.stringify(job.items[0])}`);
      return report;
    }
    await app.browser.pause(50);
  }
  throw new Error(`${path} is not imported`);
}
