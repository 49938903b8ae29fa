// How what is typed meets a name: by its characters, or in pinyin.
import type { Spelling } from '../protocol/protocol';
import type { App } from '../state/app.svelte';

/** Capitals and full-width forms are no difference. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * How well: 0 where the name begins so, more the less well, `null` where not at all. Every word of
 * the query has to be met.
 */
export function meets(query: string, name: string, spelling?: Spelling): number | null {
  const text = folded(name);
  let worst = 0;
  for (const word of folded(query).split(/\s+/).filter(Boolean)) {
    const at = text.indexOf(word);
    const sounds = /^[a-z0-9]+$/.test(word) ? spelling : undefined;
    const rank =
      at === 0
        ? 0
        : at > 0
          ? // The beginning of a word counts for more than its inside.
            /[\s(（]/.test(text[at - 1] ?? '')
            ? 1
            : 2
          : sounds?.initials.startsWith(word)
            ? 3
            : sounds?.pinyin.startsWith(word)
              ? 4
              : sounds && (sounds.initials.includes(word) || sounds.pinyin.includes(word))
                ? 5
                : null;
    if (rank === null) return null;
    worst = Math.max(worst, rank);
  }
  return worst;
}

/** The pinyin of names that the page knows by itself, asked for once in each language. */
export class Spelled {
  readonly #app: App;
  #known = $state.raw<ReadonlyMap<string, Spelling>>(new Map());
  readonly #asked = new Set<string>();

  /** Follows `names` for as long as the component lives. */
  constructor(app: App, names: () => readonly string[]) {
    this.#app = app;
    $effect(() => {
      const texts = [...new Set(names())].filter(
        (text) => /\p{sc=Han}/u.test(text) && !this.#asked.has(text),
      );
      if (texts.length === 0) return;
      for (const text of texts) this.#asked.add(text);
      this.#app.attempt(async () => {
        const spellings = await this.#app.platform.call('spell', { texts });
        const pairs = texts.map((text, i) => [text, spellings[i] as Spelling] as const);
        this.#known = new Map([...this.#known, ...pairs]);
      });
    });
  }

  of(name: string): Spelling | undefined {
    return this.#known.get(name);
  }
}
