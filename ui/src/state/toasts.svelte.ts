import type { CommandFailure } from '../platform/platform';

/** What a message says, in the language that the window has when it is read. */
export type Said = () => string;

export interface Toast {
  id: number;
  text: Said;
  /** An error is announced at once and stays until it is closed. */
  error: CommandFailure | null;
  action: { label: Said; run: () => void } | null;
}

/** How long a toast without error stays, in milliseconds: enough to read a line and reach a button. */
const STAY = 7000;
/** More at a time would cover the page. */
const MOST = 4;

export class ToastsState {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;
  /** Those that go by themselves. */
  readonly #passing = new Set<number>();
  #held = false;

  #add(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++;
    this.list = [...this.list, { id, ...toast }].slice(-MOST);
    return id;
  }

  /** Shows a short message, with one thing to do about it. */
  show(text: Said, action: Toast['action'] = null): void {
    const id = this.#add({ text, error: null, action });
    this.#passing.add(id);
    this.#leave(id);
  }

  #leave(id: number): void {
    setTimeout(() => {
      if (!this.#held) this.close(id);
    }, STAY);
  }

  /** Keeps the messages that go by themselves, as long as the pointer or the focus is in one. */
  hold(held: boolean): void {
    if (this.#held && !held) for (const id of this.#passing) this.#leave(id);
    this.#held = held;
  }

  /** The same for what has to be seen: it stays until it is closed. */
  lasting(text: Said, action: Toast['action'] = null): void {
    this.#add({ text, error: null, action });
  }

  /** Shows what failed, with one thing to do about it. */
  error(error: CommandFailure, action: Toast['action'] = null): void {
    this.#add({ text: () => error.message, error, action });
  }

  /** Takes away what offers something that no longer holds. */
  closeOffers(): void {
    this.list = this.list.filter((toast) => toast.action === null);
    this.hold(false);
  }

  close(id: number): void {
    this.#passing.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
    // What is closed under the pointer tells of no leaving.
    if (this.list.length === 0) this.#held = false;
  }
}
