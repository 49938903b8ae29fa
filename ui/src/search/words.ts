// Searching for a word of a table together with what was searched.
import type { MenuItem } from '../components/menu';
import { m } from '../i18n/messages';
import type { QueryPart } from '../protocol/protocol';
import type { SearchState } from '../state/search.svelte';

/** How near a word is looked for, in characters: its neighbours in words and a little more. */
const charactersFor = (words: number) => Math.max(4, words * 3);

const TEXT: ReadonlySet<string> = new Set([
  'phrase',
  'original',
  'loose',
  'wildcard',
  'expression',
]);

/** A word as it is typed so that it is nothing but a word. */
export const quoted = (word: string) => `"${word.replaceAll('"', '')}"`;

/** Whether nearness can be asked of a part: it is text, or one of several texts. */
function isText(part: QueryPart): boolean {
  if (part.kind === 'any') return part.parts.every(isText);
  return TEXT.has(part.kind) && part.parts.length === 0;
}

/** The query for a word near what was searched; `null` where that has no places that are near. */
export function nearQuery(tree: QueryPart | null, word: string, words: number): string | null {
  if (!tree) return null;
  const behind = `NEAR/${charactersFor(words)} ${quoted(word)}`;
  if (isText(tree)) return `${tree.kind === 'any' ? `(${tree.text})` : tree.text} ${behind}`;
  return null;
}

/** What can be done with a word that stands in a table about the results. */
export function wordItems(search: SearchState, word: string, words = 5): MenuItem[] {
  const near = nearQuery(search.tree, word, words);
  return [
    ...(near === null
      ? []
      : [{ label: m.search_word_near({ word }), run: () => void search.ask(near) }]),
    {
      label: m.search_word_within({ word }),
      run: () => search.searchWithin(quoted(word)),
    },
    {
      label: m.search_word_alone({ word }),
      separated: true,
      run: () => {
        search.within = [];
        void search.ask(quoted(word));
      },
    },
  ];
}
