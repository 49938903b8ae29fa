// Compiles the user guide (`docs/guide`) to what the help inside the app shows: trees of blocks that
// Svelte components draw, never HTML. Traditional Chinese is made from the simplified pages.
//
// What the pages may use of Markdown, and how the app reads its links:
//   [text](page.md), [text](page.md#heading), [text](#heading)   another page
//   [text](command:ID)      a button that runs a command of the registry
//   [`Ctrl+K`](key:ID)      the keys that a command has now; what stands there is its first shortcut
//   [text](app:shortcuts)   the list of all shortcuts, as the app has it
//   [text](../../README.md) a file of the source tree, shown without a link
//   [keywords]: # "…"       words by which the page is found too; readers of Markdown hide them
import { Converter } from 'opencc-js/cn2t';
import { Lexer } from 'marked';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pinyin } from 'pinyin-pro';

/** @import { Token, Tokens } from 'marked' */
/** @import { Block, Guide, Inline, Page, Target } from '../src/help/guide' */

export const FOLDER = join(import.meta.dirname, '../../docs/guide');
export const LOCALES = ['zh-Hans', 'zh-Hant', 'en'];
const MESSAGES = join(import.meta.dirname, '../messages');

/** The file that lists the pages in order. */
const CONTENTS = 'README';

const convert = Converter({ from: 'cn', to: 'twp' });
/** The interface's own words, where the dictionary for Taiwan has another. */
const OWN_WORDS = [
  ['只讀', '唯讀'],
  ['質量', '品質'],
  ['幫助', '說明'],
  ['搜尋 查詢 查詢', '搜尋 尋找 查詢'],
  ['機構查詢', '機構尋找'],
  ['本文中查詢', '本文中尋找'],
  ['聯動', '連動'],
  ['滾動', '捲動'],
  ['滾到', '捲到'],
  ['提綱', '大綱'],
  ['刪除 上級', '刪除 上層'],
  ['起止', '起訖'],
  ['高亮', '螢光標示'],
  ['常規', '一般'],
  ['當前', '目前'],
  ['後臺', '背景'],
  ['型別', '類型'],
  ['幾周', '幾週'],
  ['賬號', '帳號'],
  ['許可權', '權限'],
  ['宕機', '當機'],
  ['隻影響', '只影響'],
  ['指南里', '指南裡'],
  ['程序升級', '程式升級'],
  ['窗口', '視窗'],
  ['文本', '文字'],
  ['壓縮包', '壓縮檔'],
  ['列表', '清單'],
  ['快捷鍵', '快速鍵'],
  ['撤銷', '復原'],
  ['還能撤', '還能復原'],
  ['一直撤到', '一直復原到'],
  // The page of the tags, before the tabs of a window.
  ['在標籤頁[', '在標籤的頁面['],
  ['標籤頁', '分頁'],
  ['拖動標籤', '拖動分頁'],
  ['右擊標籤', '在分頁上按右鍵'],
  ['把標籤拖到視窗', '把分頁拖到視窗'],
  ['標籤也可以[移到', '分頁也可以[移到'],
  ['示例', '範例'],
  ['新建', '建立'],
  ['識別', '辨識'],
  ['短語', '片語'],
  ['點選選中', '點選即選取'],
  ['選中', '選取'],
  ['丟失', '遺失'],
  ['恢復', '還原'],
  ['崩潰', '當機'],
  ['終端', '終端機'],
  ['工作簿', '活頁簿'],
  ['似然', '概似'],
  ['佈局', '配置'],
  ['配置資料夾', '設定資料夾'],
  ['自帶', '內建'],
  ['字號', '字級'],
  ['中途退出', '中途結束'],
  ['退出碼', '結束代碼'],
  ['聯網', '連網'],
  ['匹配', '比對'],
  ['導航', '導覽'],
  ['拆分', '分割'],
  ['版式', '版面'],
  ['欄目', '欄位'],
  ['同步盤', '雲端硬碟'],
  ['編碼本', '編碼簿'],
  ['讀屏', '螢幕報讀'],
  ['教程', '教學'],
  ['自定義', '自訂'],
  ['重置', '重設'],
  ['成批處理', '批次處理'],
  ['批處理', '批次處理'],
  ['下劃線的', '加底線的'],
  ['反斜槓', '反斜線'],
  ['腳註', '註腳'],
  ['摺合', '折合'],
  ['：宋體', '：明體'],
  ['應用裡', '應用程式裡'],
  ['應用中', '應用程式中'],
  // What lies across in a table is there 列, what stands upright 欄; a line of text is 行.
  ['列名', '欄名'],
  ['列邊', '欄邊'],
  ['中文列', '中文欄'],
  ['正文列', '正文欄'],
  ['指明各列', '指明各欄'],
  ['哪一列', '哪一欄'],
  ['哪些列', '哪些欄'],
  [' 列 ', ' 欄 '],
  ['一行一份報告', '一列一份報告'],
  ['排在同一行', '排在同一列'],
  ['每處一行：', '每處一列：'],
  // Two places' words for one thing, told apart.
  ['軟體與軟體', '軟件與軟體'],
];

/** What the interface says in Traditional Chinese, by what it says in Simplified. */
const INTERFACE = new Map(
  Object.entries(messages('zh-Hans')).map(([key, said]) => [said, messages('zh-Hant')[key]]),
);

/** @param {string} locale @returns {Record<string, unknown>} */
function messages(locale) {
  return JSON.parse(readFileSync(join(MESSAGES, `${locale}.json`), 'utf8'));
}

/** @param {string} text */
function prose(text) {
  return OWN_WORDS.reduce((done, [from, to]) => done.replaceAll(from, to), convert(text))
    .replace(/(?<=\p{sc=Han})回車/gu, ' 回車')
    .replace(/回車(?=\p{sc=Han})/gu, '回車 ')
    .replaceAll('回車', 'Enter');
}

/**
 * Simplified Chinese as it is written in Taiwan. What it quotes of the interface is what the
 * interface says there.
 * @param {string} text
 */
export function traditional(text) {
  return text
    .split(/“([^“”\s][^“”]*)”/u)
    .map((piece, at) =>
      at % 2 === 0 ? prose(piece) : `「${INTERFACE.get(piece) ?? prose(piece)}」`,
    )
    .join('');
}

/** The anchor that a forge gives a heading. @param {string} text */
export function anchor(text) {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** The pages of a language as they stand in the folder, by name. @param {string} locale */
export function sources(locale) {
  const from = locale === 'zh-Hant' ? 'zh-Hans' : locale;
  const folder = join(FOLDER, from);
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .sort()
      .map((name) => {
        const text = readFileSync(join(folder, name), 'utf8');
        return [name.slice(0, -3), from === locale ? text : traditional(text)];
      }),
  );
}

/** @param {Token[]} tokens @returns {string} */
function plain(tokens) {
  return tokens
    .map((token) => ('tokens' in token && token.tokens ? plain(token.tokens) : (token.text ?? '')))
    .join('');
}

/** @param {string} href @returns {Target} */
function target(href) {
  const [, scheme, rest] = /^(command|key|app):(.+)$/.exec(href) ?? [];
  if (scheme === 'command') return { command: rest };
  if (scheme === 'key') return { key: rest };
  if (scheme === 'app' && rest === 'shortcuts') return { list: 'shortcuts' };
  const [, page, fragment] = /^(?:([\w-]+)\.md)?(?:#(.+))?$/.exec(href) ?? [];
  if (page || fragment) {
    return { page: page ?? '', ...(fragment ? { anchor: decodeURIComponent(fragment) } : {}) };
  }
  if (/^(\.\.\/)+[\w./-]+\.md$/.test(href)) return { file: href };
  throw new Error(`the guide cannot link to ${href}`);
}

/** @param {Token[] | undefined} tokens @returns {Inline[]} */
function inlines(tokens) {
  return (tokens ?? []).flatMap((token) => {
    switch (token.type) {
      case 'text':
        return 'tokens' in token && token.tokens ? inlines(token.tokens) : text(token.text);
      case 'escape':
        return text(token.text);
      case 'codespan':
        return { t: 'code', text: token.text };
      case 'strong':
        return { t: 'strong', of: inlines(token.tokens) };
      case 'em':
        return { t: 'em', of: inlines(token.tokens) };
      case 'link':
        return { t: 'link', to: target(token.href), of: inlines(token.tokens) };
      case 'br':
        return text(' ');
      default:
        throw new Error(`the guide uses ${token.type}, which the help cannot show: ${token.raw}`);
    }
  });
}

/** A line break of the source is none between Chinese characters. @param {string} raw @returns {Inline} */
function text(raw) {
  const wide =
    /(?<=[\p{sc=Han}，。、；：？！“”（）《》「」])\s*\n\s*(?=[\p{sc=Han}，。、；：？！“”（）《》「」])/gu;
  return { t: 'text', text: raw.replace(wide, '').replace(/\s*\n\s*/g, ' ') };
}

/** @param {Token[]} tokens @returns {Block[]} */
function blocks(tokens) {
  return tokens.flatMap((token) => {
    switch (token.type) {
      case 'space':
      case 'def':
        return [];
      case 'heading':
        return { t: 'heading', level: token.depth, of: inlines(token.tokens) };
      case 'paragraph':
      case 'text':
        return { t: 'paragraph', of: inlines(token.tokens) };
      case 'list':
        return {
          t: 'list',
          ordered: Boolean(token.ordered),
          of: token.items.map((/** @type {Tokens.ListItem} */ item) => blocks(item.tokens)),
        };
      case 'blockquote':
        return { t: 'note', of: blocks(token.tokens ?? []) };
      case 'code':
        return { t: 'code', text: token.text };
      case 'table':
        return {
          t: 'table',
          head: token.header.map((/** @type {Tokens.TableCell} */ cell) => inlines(cell.tokens)),
          rows: token.rows.map((/** @type {Tokens.TableCell[]} */ row) =>
            row.map((cell) => inlines(cell.tokens)),
          ),
        };
      default:
        throw new Error(`the guide uses ${token.type}, which the help cannot show: ${token.raw}`);
    }
  });
}

/** Pinyin without tones, and its initials, of each piece of Chinese. @param {string} said */
function sounds(said) {
  return said
    .split(/[^\p{sc=Han}]+/u)
    .filter((piece) => piece !== '')
    .map((piece) => pinyin(piece, { toneType: 'none', type: 'array' }))
    .map((list) => `${list.join('')} ${list.map((one) => one[0]).join('')}`)
    .join(' ');
}

/** @param {string} id @param {string} source @returns {Page} */
export function page(id, source) {
  const tokens = new Lexer({ gfm: true }).lex(source);
  const [first, ...rest] = tokens.filter(({ type }) => type !== 'space' && type !== 'def');
  if (first?.type !== 'heading' || first.depth !== 1)
    throw new Error(`${id} begins without a title`);
  const title = plain(first.tokens ?? []);
  const [, keywords = ''] = /^\[keywords\]: # "([^"]*)"$/m.exec(source) ?? [];
  /** @type {Page['sections']} */
  const sections = [{ heading: title, anchor: '', of: [] }];
  for (const token of rest) {
    if (token.type === 'heading' && token.depth === 2) {
      const heading = plain(token.tokens);
      sections.push({ heading, anchor: anchor(heading), of: [] });
    } else {
      sections.at(-1)?.of.push(...blocks([token]));
    }
  }
  const said = [title, keywords, ...sections.map(({ heading }) => heading)].join(' ');
  return { id, title, keywords, sounds: sounds(said), sections };
}

/**
 * Everything that the help shows in one language.
 * @param {string} locale
 * @returns {Guide}
 */
export function guide(locale) {
  const pages = new Map([...sources(locale)].map(([id, source]) => [id, page(id, source)]));
  const contents = pages.get(CONTENTS);
  if (!contents) throw new Error(`docs/guide/${locale} has no ${CONTENTS}.md`);
  const groups = contents.sections
    .map(({ heading, of }) => ({ heading, pages: linked(of) }))
    .filter((group) => group.pages.length > 0);
  const listed = groups.flatMap((group) => group.pages);
  const unlisted = [...pages.keys()].filter((id) => id !== CONTENTS && !listed.includes(id));
  if (unlisted.length > 0) throw new Error(`${locale}/${CONTENTS}.md does not list ${unlisted}`);
  return {
    title: contents.title,
    groups,
    pages: listed.map((id) => {
      const found = pages.get(id);
      if (!found) throw new Error(`${locale}/${CONTENTS}.md lists ${id}, which is not there`);
      return found;
    }),
  };
}

/** The pages that a list links to, in order. @param {Block[]} of @returns {string[]} */
function linked(of) {
  /** @param {Inline[]} list @returns {string[]} */
  const inside = (list) =>
    list.flatMap((inline) =>
      inline.t === 'link' && 'page' in inline.to
        ? [inline.to.page]
        : 'of' in inline
          ? inside(inline.of)
          : [],
    );
  return of.flatMap((block) => {
    if (block.t === 'list') return block.of.flatMap(linked);
    return block.t === 'paragraph' ? inside(block.of) : [];
  });
}

const PREFIX = 'virtual:guide/';

/** Makes the pages importable as `virtual:guide/LOCALE`. @returns {import('vite').Plugin} */
export function guidePlugin() {
  return {
    name: 'anjuan-guide',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const locale = id.slice(PREFIX.length + 1);
      const folder = locale === 'zh-Hant' ? 'zh-Hans' : locale;
      for (const name of sources(locale).keys()) {
        this.addWatchFile(posix.join(FOLDER, folder, `${name}.md`));
      }
      if (folder !== locale) {
        for (const name of [folder, locale])
          this.addWatchFile(posix.join(MESSAGES, `${name}.json`));
      }
      // A string parses faster than the object it stands for.
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(guide(locale)))});`;
    },
  };
}
