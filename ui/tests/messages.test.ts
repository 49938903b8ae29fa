import { readFileSync } from 'node:fs';
import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { COMMAND_LIST } from '../src/commands/registry';
import Failure from '../src/components/Failure.svelte';
import { locales, setLanguage, systemLocale } from '../src/i18n/locale.svelte';
import { message, publicationDate } from '../src/i18n/messages';
import { tick } from 'svelte';
import { ELSEWHERE } from './wording';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
/** A text, or several to choose from by the number of things. */
type Text = string | [{ match: Record<string, string> }];
const texts = (text: Text) => (typeof text === 'string' ? [text] : Object.values(text[0].match));
const files = new Map(
  locales.map((locale) => {
    const { $schema: _, ...messages } = JSON.parse(read(`../messages/${locale}.json`)) as Record<
      string,
      Text
    >;
    return [locale, messages];
  }),
);
const base = files.get('zh-Hans') ?? {};
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

/** The names of a Rust enum as they go over the wire. */
function variants(file: string, name: string): string[] {
  const body = new RegExp(`pub enum ${name} \\{([^}]*)\\}`).exec(read(`../../crates/${file}`))?.[1];
  if (!body) throw new Error(`crates/${file} has no enum ${name}`);
  return [...body.matchAll(/^\s*([A-Z]\w*),/gm)].map(([, variant]) =>
    (variant as string).replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase(),
  );
}

describe('the message files', () => {
  it('have messages, the same in every language', () => {
    const count = Object.keys(base).length;
    console.log(`${count} messages in ${locales.length} languages`);
    expect(count).toBeGreaterThan(200);
    for (const locale of locales) {
      expect(Object.keys(files.get(locale) ?? {}).sort(), locale).toEqual(Object.keys(base).sort());
    }
  });
  it('stand in order', () => {
    for (const [locale, messages] of files) {
      const keys = Object.keys(messages);
      expect(keys, locale).toEqual([...keys].sort());
    }
  });
  it('have no empty text and the same holes', () => {
    for (const [locale, messages] of files) {
      for (const [key, text] of Object.entries(messages)) {
        for (const one of texts(text)) expect(one.trim(), `${locale} ${key}`).not.toBe('');
        // One thing need not be counted; many are.
        const [wanted] = texts(base[key] ?? '');
        expect(holes(texts(text).at(-1) ?? ''), `${locale} ${key}`).toEqual(holes(wanted ?? ''));
      }
    }
  });
  it('say it in every language: none is left as in the first', () => {
    // Examples of what is typed into the search field, sizes of paper, signs.
    const alike = /^(search_example_|settings_export_paper_|settings_sample$)/;
    for (const [key, text] of Object.entries(files.get('en') ?? {})) {
      if (
        alike.test(key) ||
        !/\p{L}/u.test(
          texts(text)
            .join('')
            .replace(/\{\w+\}/g, ''),
        )
      )
        continue;
      expect(texts(text), key).not.toContain(base[key]);
      expect(texts(text).join(''), key).not.toMatch(/\p{Script=Han}{6}/u);
    }
  });
  it('write traditional characters only where they ought to', () => {
    const table = read('../../crates/text/data/STCharacters.txt').split('\n');
    const simplified = new Map(
      table
        .filter((line) => line.includes('\t') && !line.startsWith('#'))
        .map((line) => line.trim().split('\t') as [string, string]),
    );
    const wrong = Object.entries(files.get('zh-Hant') ?? {}).flatMap(([key, text]) =>
      Array.from(texts(text).join(''))
        .filter((character) => {
          const traditional = simplified.get(character)?.split(' ');
          return traditional !== undefined && !traditional.includes(character);
        })
        .map((character) => `${key}: ${character}`),
    );
    // What is typed into the search field may be in either script.
    const typed = /^(search_example_|settings_sample|tour_find_text)/;
    expect(wrong.filter((line) => !typed.test(line))).toEqual([]);
  });
  it('use the words and the quotation marks of Taiwan in Traditional Chinese', () => {
    for (const [key, text] of Object.entries(files.get('zh-Hant') ?? {})) {
      expect(texts(text).join(' '), key).not.toMatch(ELSEWHERE);
      expect(texts(text).join(' '), key).not.toMatch(/[“”]|查詢/);
    }
  });
  it('count one thing as one in English', () => {
    setLanguage('en');
    expect(message('library_count', '', { count: '1' })).toBe('1 report');
    expect(message('library_count', '', { count: '1,234' })).toBe('1,234 reports');
    setLanguage('zh-Hans');
  });
  it('are compiled: none is shown as its key', () => {
    for (const key of Object.keys(base)) expect(message(key, '', { count: '2' }), key).not.toBe('');
  });
  it.each([
    ['error', 'protocol/src/error.rs', 'ErrorCode'],
    ['problem', 'text/src/report.rs', 'ProblemCode'],
    ['furniture', 'text/src/report.rs', 'FurnitureReason'],
    ['search_note', 'search/src/query/mod.rs', 'NoteCode'],
    ['search_chip', 'search/src/query/mod.rs', 'ChipKind'],
  ])('name every %s of %s', (prefix, file, name) => {
    const codes = variants(file, name).filter((code) => code !== 'phrase');
    expect(codes.length).toBeGreaterThan(5);
    for (const code of codes) expect(base, code).toHaveProperty(`${prefix}_${code}`);
  });
  it('name every command', () => {
    for (const [id, command] of COMMAND_LIST) {
      expect(base, id).toHaveProperty(command.message);
      expect(base, id).toHaveProperty(`scope_${command.scope}`);
    }
  });
});

describe('the language', () => {
  it.each([
    [['zh-TW', 'en'], 'zh-Hant'],
    [['zh-HK'], 'zh-Hant'],
    [['zh-Hant-CN'], 'zh-Hant'],
    [['zh-CN'], 'zh-Hans'],
    [['fr', 'en-GB'], 'en'],
    [['fr'], 'zh-Hans'],
  ])('of a system that prefers %j is %s', (preferred, expected) => {
    expect(systemLocale(preferred)).toBe(expected);
  });

  it('changes what is on the page, without a restart', async () => {
    setLanguage('zh-Hans');
    render(Failure, { error: { code: 'disk_full', message: 'No space.', hints: [] } });
    expect(screen.getByText('磁盘空间不足')).toBeTruthy();
    setLanguage('en');
    await tick();
    expect(screen.getByText('There is no room left on the disk')).toBeTruthy();
    expect(document.documentElement.lang).toBe('en');
    setLanguage('zh-Hant');
    await tick();
    expect(screen.getByText('磁碟空間不足')).toBeTruthy();
  });

  it.each([
    ['zh-Hans', '2021', '2021年'],
    ['zh-Hans', '2021-02', '2021年2月'],
    ['zh-Hans', '2021-02-04T15:15', '2021年2月4日'],
    ['en', '2021-02-04', 'Feb 4, 2021'],
    ['en', 'unknown', 'unknown'],
  ])('writes dates no more precisely than known: %s %s', (language, iso, expected) => {
    setLanguage(language);
    expect(publicationDate(iso)).toBe(expected);
    setLanguage('zh-Hans');
  });
});
