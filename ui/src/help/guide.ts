// The pages of the guide as `scripts/guide.js` compiles them.
import type { Locale } from '../i18n/locale.svelte';

/** Where a link leads. */
export type Target =
  /** A page; the one it stands on where the name is empty. */
  | { page: string; anchor?: string }
  /** A command to run. */
  | { command: string }
  /** The keys of a command, to be shown. */
  | { key: string }
  /** A list that the app has. */
  | { list: 'shortcuts' }
  /** A file of the source tree, which the app does not have. */
  | { file: string };

export type Inline =
  | { t: 'text'; text: string }
  | { t: 'code'; text: string }
  | { t: 'strong'; of: Inline[] }
  | { t: 'em'; of: Inline[] }
  | { t: 'link'; to: Target; of: Inline[] };

export type Block =
  | { t: 'paragraph'; of: Inline[] }
  | { t: 'heading'; level: number; of: Inline[] }
  | { t: 'list'; ordered: boolean; of: Block[][] }
  | { t: 'note'; of: Block[] }
  | { t: 'code'; text: string }
  | { t: 'table'; head: Inline[][]; rows: Inline[][][] };

/** A heading and what stands under it. The first of a page has the page's title. */
export interface Section {
  heading: string;
  anchor: string;
  of: Block[];
}

export interface Page {
  id: string;
  title: string;
  keywords: string;
  /** Title, keywords and headings in pinyin and its initials. */
  sounds: string;
  sections: Section[];
}

export interface Guide {
  title: string;
  /** The contents list: pages by name under their headings. */
  groups: { heading: string; pages: string[] }[];
  /** In the order of the contents. */
  pages: Page[];
}

const LOADERS: Record<Locale, () => Promise<{ default: Guide }>> = {
  'zh-Hans': () => import('virtual:guide/zh-Hans'),
  'zh-Hant': () => import('virtual:guide/zh-Hant'),
  en: () => import('virtual:guide/en'),
};

/** Loads the pages of a language; they are kept by the module system. */
export async function loadGuide(locale: Locale): Promise<Guide> {
  return (await LOADERS[locale]()).default;
}

/** The text of some inlines alone. */
export function plain(of: readonly Inline[]): string {
  return of.map((inline) => ('of' in inline ? plain(inline.of) : inline.text)).join('');
}

/** The paragraphs, items and cells of some blocks as plain text, one entry each. */
export function lines(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    switch (block.t) {
      case 'paragraph':
      case 'heading':
        return [plain(block.of)];
      case 'list':
        return block.of.flatMap(lines);
      case 'note':
        return lines(block.of);
      case 'code':
        return block.text.split('\n');
      case 'table':
        return [block.head, ...block.rows].map((row) => row.map(plain).join(' · '));
    }
  });
}
