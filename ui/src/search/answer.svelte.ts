import { toFailure, type CommandFailure } from '../platform/platform';

/**
 * The answer to the latest question of a kind. What answers an earlier one is thrown away, whenever
 * it comes; a question that another search broke off can be asked again.
 */
export class Answer<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<CommandFailure | null>(null);
  waiting = $state(false);
  /** Whether the answer was broken off before it came. */
  cancelled = $state(false);
  #generation = 0;
  /** What the value answers, or what is on its way to. */
  #key: string | null = null;
  #again: (() => Promise<void>) | null = null;

  /** Whether what is shown answers something else than what was asked last. */
  get stale(): boolean {
    return this.value !== null && (this.waiting || this.cancelled || this.failure !== null);
  }

  /** Asks, unless this was asked last and needs no asking again. */
  async ask(key: string, ask: () => Promise<T>): Promise<void> {
    if (key === this.#key && !this.failure && !this.cancelled) return;
    this.#key = key;
    this.#again = () => {
      this.#key = null;
      return this.ask(key, ask);
    };
    const generation = ++this.#generation;
    this.waiting = true;
    this.failure = null;
    this.cancelled = false;
    try {
      const value = await ask();
      if (generation === this.#generation) this.value = value;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      const failure = toFailure(thrown);
      this.value = null;
      if (failure.code === 'cancelled') this.cancelled = true;
      else this.failure = failure;
    } finally {
      if (generation === this.#generation) this.waiting = false;
    }
  }

  /** Asks once more what was asked last. */
  readonly again = (): void => void this.#again?.();

  /** An answer that is still to come is no longer wanted; what has come stays for the moment. */
  drop(): void {
    if (!this.waiting) return;
    this.#generation++;
    this.#key = null;
    this.waiting = false;
  }

  /** Forgets all of it. */
  clear(): void {
    this.#generation++;
    this.#key = null;
    this.#again = null;
    this.value = null;
    this.failure = null;
    this.waiting = false;
    this.cancelled = false;
  }
}
