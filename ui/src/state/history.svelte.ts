import { m, message } from '../i18n/messages';
import { NOTHING } from '../platform/platform';
import type { History } from '../protocol/protocol';
import type { App } from './app.svelte';
import type { Said } from './toasts.svelte';

/** The name of a change, from the label that the archive keeps. */
export function historyLabel(label: string | null): string {
  if (label === null) return m.history_change();
  return message(`history_${label}`, label);
}

/** What can be undone and redone. */
export class HistoryState {
  readonly #app: App;
  value = $state.raw<History>({ undo: [], redo: [] });

  constructor(app: App) {
    this.#app = app;
  }

  load(): void {
    this.#app.attempt(async () => {
      if (!this.#app.session.archive) return;
      this.value = await this.#app.platform.call('history', NOTHING);
    });
  }

  async undo(): Promise<void> {
    const { applied, label } = await this.#app.platform.call('undo', NOTHING);
    this.#app.toasts.closeOffers();
    if (applied) {
      this.#app.toasts.show(() => m.toast_undone({ what: historyLabel(label) }), {
        label: m.command_redo,
        run: () => this.#app.attempt(() => this.redo()),
      });
    } else this.#app.toasts.show(() => m.toast_nothing_to_undo());
  }

  async redo(): Promise<void> {
    const { applied, label } = await this.#app.platform.call('redo', NOTHING);
    this.#app.toasts.closeOffers();
    if (applied) {
      this.#app.toasts.show(() => m.toast_redone({ what: historyLabel(label) }), {
        label: m.command_undo,
        run: () => this.#app.attempt(() => this.undo()),
      });
    } else this.#app.toasts.show(() => m.toast_nothing_to_redo());
  }

  /** Shows that something was done, with a button that takes it back. */
  done(text: Said): void {
    this.#app.toasts.show(text, {
      label: m.command_undo,
      run: () => this.#app.attempt(() => this.undo()),
    });
  }
}
