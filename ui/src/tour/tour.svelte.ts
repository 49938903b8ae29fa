import type { App } from '../state/app.svelte';
import { STEPS, type Before, type Step } from './steps';

/** Whether the tour was ever taken or left; kept with the settings of the page. */
const KEPT = 'tour';
/** Looks to wait before going back: the picker is gone before the passage is counted. */
const PATIENCE = 12;

/** The guided tour: where it stands. It runs over the example archive only. */
export class TourState {
  readonly #app: App;
  #at = $state<number | null>(null);
  #before: Before = { passages: 0 };
  /** Looks in a row at which what the step stands on was gone. */
  #gone = 0;
  /** Whether it asks to open the example archive in place of the open one. */
  asking = $state(false);
  /** Whether the deed of a lingering step is done. */
  done = $state(false);
  readonly step: Step | null = $derived(this.#at === null ? null : (STEPS[this.#at] ?? null));
  readonly number = $derived((this.#at ?? 0) + 1);
  readonly active = $derived(this.#at !== null);

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether it is still to be offered on the first screen. */
  get offered(): boolean {
    return this.#app.settings.page(KEPT, '') === '';
  }

  /** Begins, with the example archive; asks first where another archive is open. */
  async start(): Promise<void> {
    const { session } = this.#app;
    if (session.archive && !session.archive.example) {
      this.asking = true;
      return;
    }
    await this.#begin();
  }

  /** Opens the example archive in place of the open one, and begins. */
  async agree(): Promise<void> {
    this.asking = false;
    await this.#begin();
  }

  async #begin(): Promise<void> {
    const { session, tabs } = this.#app;
    if (!session.archive?.example) await session.openExample();
    if (!session.archive?.example) return;
    tabs.open({ kind: 'library' });
    this.#go(0);
  }

  #go(at: number): void {
    this.#before = { passages: this.#app.session.archive?.passages ?? 0 };
    this.done = false;
    this.#gone = 0;
    this.#at = at;
  }

  next(): void {
    if (this.#at === null) return;
    if (this.#at + 1 < STEPS.length) this.#go(this.#at + 1);
    else this.leave();
  }

  back(): void {
    if (this.#at !== null && this.#at > 0) this.#go(this.#at - 1);
  }

  /** Does the deed of the step. */
  act(): void {
    const act = this.step?.act;
    if (act) this.#app.attempt(() => act(this.#app));
  }

  /** Ends it, at the last step or before; it is not offered again. */
  leave(): void {
    this.#at = null;
    this.asking = false;
    if (this.offered) this.#app.settings.setPage(KEPT, 'seen');
  }

  /** Looks whether the deed was done, and whether what the step stands on is still there. */
  look(): void {
    const { step } = this;
    if (!step || this.#at === null) return;
    if (!this.#app.session.archive?.example) {
      this.leave();
      return;
    }
    if (step.done?.(this.#app, this.#before)) {
      if (step.linger) this.done = true;
      else this.next();
    } else if (!step.needs || step.needs.holds(this.#app)) {
      this.#gone = 0;
    } else if (++this.#gone >= PATIENCE) {
      const name = step.needs.otherwise;
      this.#go(STEPS.findIndex((other) => other.name === name));
    }
  }
}
