// What is worked out about the results besides the hits: only while somebody looks at it, and only
// when the hits have been painted.
import { emptyFilter, type Platform } from '../platform/platform';
import type {
  Collocates,
  Facets,
  Keyness,
  KeynessReference,
  Question,
  QuerySuggestion,
} from '../protocol/protocol';
import { Answer } from './answer.svelte';

/** Words that are asked for at the most; of those that set reports apart, of either side. */
const MOST_WORDS = 200;

export class Analyses {
  readonly #platform: Platform;
  readonly facets = new Answer<Facets>();
  readonly suggestions = new Answer<QuerySuggestion[]>();
  /** All reports of the archive, which shares are of. */
  readonly archive = new Answer<Facets>();
  readonly collocates = new Answer<Collocates>();
  readonly keyness = new Answer<Keyness>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  askFacets(question: Question, version: string): void {
    const key = JSON.stringify([question, version]);
    void this.facets.ask(key, () => this.#platform.call('search_facets', question));
  }

  askSuggestions(question: Question, version: string): void {
    const key = JSON.stringify([question, version]);
    void this.suggestions.ask(key, () => this.#platform.call('suggest_queries', question));
  }

  askArchive(version: string): void {
    void this.archive.ask(version, () => this.#platform.call('facets', emptyFilter()));
  }

  askCollocates(question: Question, window: { before: number; behind: number }, version: string) {
    const request = { question, ...window, limit: MOST_WORDS };
    const key = JSON.stringify([request, version]);
    void this.collocates.ask(key, () => this.#platform.call('collocates', request));
  }

  askKeyness(question: Question, reference: KeynessReference, version: string): void {
    const request = { question, reference, limit: MOST_WORDS };
    const key = JSON.stringify([request, version]);
    void this.keyness.ask(key, () => this.#platform.call('keyness', request));
  }

  /** Other words were searched for: what was counted beside the old ones does not hold. */
  forget(): void {
    this.facets.clear();
    this.suggestions.clear();
  }

  /** Another question was asked: nothing that is on its way is wanted. */
  drop(): void {
    for (const answer of [this.facets, this.suggestions, this.collocates, this.keyness]) {
      answer.drop();
    }
  }

  /** Nothing is searched. */
  clear(): void {
    for (const answer of [this.facets, this.suggestions, this.collocates, this.keyness]) {
      answer.clear();
    }
  }
}
