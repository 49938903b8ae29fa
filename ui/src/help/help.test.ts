// The pages of the guide: complete in every language, and every link leads somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchor, FOLDER, guide, LOCALES, page, sources, traditional } from '../../scripts/guide.js';
import { ELSEWHERE } from '../../tests/wording';
import { COMMANDS, type CommandId } from '../commands/registry';
import { loadGuide, plain, type Block, type Guide, type Inline } from './guide';
import { find, indexed } from './search';

const guides = new Map(LOCALES.map((locale) => [locale, guide(locale)] as const));
const of = (locale: string) => guides.get(locale) as Guide;

interface Link {
  from: string;
  link: Extract<Inline, { t: 'link' }>;
}

function links(given: Guide, locale: string): Link[] {
  const found: Link[] = [];
  const inlines = (list: readonly Inline[], from: string): void => {
    for (const inline of list) {
      if (inline.t === 'link') found.push({ from, link: inline });
      if ('of' in inline) inlines(inline.of, from);
    }
  };
  const blocks = (list: readonly Block[], from: string): void => {
    for (const block of list) {
      if (block.t === 'paragraph' || block.t === 'heading') inlines(block.of, from);
      else if (block.t === 'list') block.of.forEach((item) => blocks(item, from));
      else if (block.t === 'note') blocks(block.of, from);
      else if (block.t === 'table')
        [block.head, ...block.rows].flat().forEach((cell) => inlines(cell, from));
    }
  };
  for (const one of [...given.pages, page('README', sources(locale).get('README') ?? '')]) {
    one.sections.forEach((section) => blocks(section.of, one.id));
  }
  return found;
}

describe.each(LOCALES)('the guide in %s', (locale) => {
  const mine = of(locale);
  const all = links(mine, locale);

  it('has a page for each subject, with words to find it by', () => {
    expect(mine.pages.length).toBeGreaterThanOrEqual(16);
    for (const { id, title, keywords } of mine.pages) {
      expect(title, id).not.toBe('');
      expect(keywords.split(' ').length, id).toBeGreaterThan(4);
    }
  });

  it('has the headings of the simplified pages, one for one', () => {
    const shape = (given: Guide) =>
      given.pages.map(({ id, sections }) => [
        id,
        sections.map(({ of }) => of.map((block) => (block.t === 'list' ? 'list' : block.t))),
      ]);
    expect(shape(mine).map(([id, sections]) => [id, sections?.length])).toEqual(
      shape(of('zh-Hans')).map(([id, sections]) => [id, sections?.length]),
    );
    expect(mine.groups.map(({ pages }) => pages)).toEqual(
      of('zh-Hans').groups.map(({ pages }) => pages),
    );
  });

  it('runs the same commands on each page', () => {
    const commands = (given: Link[]) =>
      given
        .flatMap(({ from, link }) => ('command' in link.to ? [`${from} ${link.to.command}`] : []))
        .sort();
    expect(commands(all)).toEqual(commands(links(of('zh-Hans'), 'zh-Hans')));
  });

  it('has headings that no two of a page share', () => {
    for (const { id, sections } of mine.pages) {
      const anchors = sections.map((section) => section.anchor);
      expect(new Set(anchors).size, id).toBe(anchors.length);
    }
  });

  it('links to pages and headings that are there', () => {
    for (const { from, link } of all) {
      if (!('page' in link.to)) continue;
      const { page: id, anchor: wanted } = link.to;
      const target = mine.pages.find((one) => one.id === (id === '' ? from : id));
      expect(target, `${from} links to ${id}`).toBeDefined();
      if (wanted === undefined) continue;
      const anchors = target?.sections.map((section) => section.anchor);
      expect(anchors, `${from} links to ${id}#${wanted}`).toContain(wanted);
    }
  });

  it('runs commands of the registry, and names the keys that they first have', () => {
    const written: Record<string, string> = { Mod: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓' };
    const keys = (id: string) =>
      COMMANDS[id as CommandId].shortcut
        ?.split('+')
        .map((part) => written[part] ?? part)
        .join('+');
    for (const { from, link } of all) {
      if ('command' in link.to) expect(COMMANDS, from).toHaveProperty([link.to.command]);
      if (!('key' in link.to)) continue;
      expect(COMMANDS, from).toHaveProperty([link.to.key]);
      expect(plain(link.of), `${from}: ${link.to.key}`).toBe(keys(link.to.key));
    }
  });

  it('names files of the source tree that are there', () => {
    for (const { link } of all) {
      if (!('file' in link.to)) continue;
      expect(existsSync(join(FOLDER, 'zh-Hans', link.to.file)), link.to.file).toBe(true);
    }
  });

  it('is what the page of the app loads', async () => {
    expect(await loadGuide(locale as 'en')).toEqual(mine);
  });
});

describe('the sources of the guide', () => {
  it('hold no HTML, no picture and no address of the network', () => {
    for (const locale of ['zh-Hans', 'en']) {
      for (const [id, text] of sources(locale)) {
        const prose = text.replace(/```[\s\S]*?```|`[^`]*`/g, '');
        expect(prose, `${locale}/${id}`).not.toMatch(/<[a-z!/]|!\[|https?:/i);
      }
    }
  });
  it('are the same files in both languages', () => {
    const names = (locale: string) => readdirSync(join(FOLDER, locale)).sort();
    expect(names('en')).toEqual(names('zh-Hans'));
  });
  it('end at a form that the help cannot show', () => {
    expect(() => page('bad', '# Title\n\n<b>bold</b>\n')).toThrow('html');
    expect(() => page('bad', '# Title\n\n[away](https://example.org)\n')).toThrow('cannot link');
    expect(() => page('bad', 'no title\n')).toThrow('title');
  });
});

describe('traditional Chinese', () => {
  it.each([
    ['软件里的文件夹', '軟體裡的資料夾'],
    ['用鼠标拖放', '用滑鼠拖放'],
    ['界面只读', '介面唯讀'],
    ['这些只影响显示', '這些只影響顯示'],
    ['一个窗口里按回车，Ctrl+回车', '一個視窗裡按 Enter，Ctrl+Enter'],
    ['也可用“ ”', '也可用“ ”'],
    ['另一地的说法（软件与軟體）', '另一地的說法（軟件與軟體）'],
  ])('writes %s as in Taiwan', (simplified, expected) => {
    expect(traditional(simplified)).toBe(expected);
  });
  it('quotes the interface as it is in Traditional Chinese', () => {
    const said = (locale: string) =>
      JSON.parse(readFileSync(join(FOLDER, `../../ui/messages/${locale}.json`), 'utf8')) as Record<
        string,
        unknown
      >;
    const hant = said('zh-Hant');
    const quoted = (id: string, locale: string, marks: RegExp) =>
      [...(sources(locale).get(id) ?? '').matchAll(marks)].map(([, words]) => words as string);
    let met = 0;
    for (const [id] of sources('zh-Hans')) {
      const here = quoted(id, 'zh-Hans', /“([^“”\s][^“”]*)”/gu);
      const there = quoted(id, 'zh-Hant', /「([^「」\s][^「」]*)」/gu);
      expect(there.length, id).toBe(here.length);
      here.forEach((words, at) => {
        const keys = Object.entries(said('zh-Hans')).flatMap(([key, text]) =>
          text === words ? [key] : [],
        );
        if (keys.length === 0) return;
        met++;
        expect(
          keys.map((key) => hant[key]),
          `${id}: ${words}`,
        ).toContain(there[at]);
      });
    }
    expect(met).toBeGreaterThan(20);
  });
  it('leaves no simplified character in a page, and no word of elsewhere', () => {
    for (const [id, text] of sources('zh-Hant')) {
      expect(text, id).not.toMatch(/[们这为时说进过还签报检设编码库页读写导应务]/u);
      expect(text, id).not.toMatch(ELSEWHERE);
    }
  });
});

it('makes anchors as a forge does', () => {
  expect(anchor('看到“没有可用的字体”')).toBe('看到没有可用的字体');
  expect(anchor('“No font” for some characters')).toBe('no-font-for-some-characters');
});

describe('finding in the help', () => {
  const first = (locale: string, query: string) =>
    find(indexed(of(locale)), query)
      .slice(0, 3)
      .map(({ page: id }) => id);

  it.each([
    ['zh-Hans', '标签', 'tagging'],
    ['zh-Hans', '怎么打标签', 'tagging'],
    ['zh-Hans', 'dr', 'importing'],
    ['zh-Hans', 'daoru', 'importing'],
    ['zh-Hans', '乱码', 'importing'],
    ['zh-Hans', '备份', 'archives'],
    ['zh-Hans', 'PDF 字体', 'exporting'],
    ['zh-Hans', '拼音 排序', 'library'],
    ['zh-Hant', '匯入', 'importing'],
    ['zh-Hant', '備份', 'archives'],
    ['en', 'backup', 'archives'],
    ['en', 'EXCLUDE', 'searching'],
    ['en', 'other computer', 'archives'],
    ['en', 'screen reader', 'accessibility'],
  ])('in %s, %s leads to %s', (locale, query, id) => {
    expect(first(locale, query)).toContain(id);
  });

  it('shows what it found', () => {
    const [hit] = find(indexed(of('en')), 'byte order mark');
    expect(hit?.page).toBe('importing');
    const marked = hit?.snippet.filter(({ found }) => found).map(({ text }) => text);
    expect(marked).toContain('byte');
    expect(hit?.snippet.map(({ text }) => text).join('')).toContain('byte order mark');
  });
  it('finds nothing in nothing', () => {
    expect(find(indexed(of('en')), ' ')).toEqual([]);
    expect(find(indexed(of('en')), 'xylophone')).toEqual([]);
  });
  it('is quick enough for every key', () => {
    const index = indexed(of('zh-Hans'));
    const start = performance.now();
    for (let i = 0; i < 50; i++) find(index, '怎样给报告加上标签');
    const each = (performance.now() - start) / 50;
    console.log(`help search: ${each.toFixed(2)} ms`);
    expect(each).toBeLessThan(16);
  });
});
