import { getContext, untrack } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import type { App } from '../state/app.svelte';
import { useApp } from '../state/app.svelte';
import { PANE, type Pane } from '../state/pane';
import { isComposing, isEditable, shortcutOf, type Shortcut } from './keys';
import { COMMANDS, COMMAND_LIST, type Command, type CommandId } from './registry';
import { assign, keymap, type Edit, type Keymap } from './shortcuts';

export type Handlers = Partial<Record<CommandId, () => unknown>>;

/** The commands that can run now, and their running. */
export class CommandsState {
  readonly #app: App;
  /**
   * What panes offer, the latest last. A set and no array in a state: an effect that ends reads a
   * state as it was before the flush, and would take the offer of the pane that comes away too.
   */
  readonly #offers = new SvelteSet<Handlers>();
  /** The keys of every command, as the user set them. */
  readonly keymap: Keymap = $derived.by(() => keymap(this.#app.settings.value.shortcuts));

  constructor(app: App) {
    this.#app = app;
  }

  /** Takes over commands until the returned function is called. */
  offer(handlers: Handlers): () => void {
    this.#offers.add(handlers);
    return () => void this.#offers.delete(handlers);
  }

  #handler(id: CommandId): (() => unknown) | undefined {
    const offered = [...this.#offers].findLast((handlers) => handlers[id])?.[id];
    if (offered) return offered;
    const command: Command = COMMANDS[id];
    const { run } = command;
    if (!run || (command.when && !command.when(this.#app))) return undefined;
    return () => run(this.#app);
  }

  /** The keys of a command, the first of which is shown. */
  shortcuts(id: CommandId): readonly Shortcut[] {
    return this.keymap.get(id) ?? [];
  }

  /** Gives a command these keys and no others, whoever had them. */
  assign(id: CommandId, shortcuts: readonly Shortcut[]): void {
    const edit: Edit = assign(this.#app.settings.value.shortcuts, id, shortcuts);
    this.#app.settings.change({ shortcuts: edit });
  }

  /** Gives every command the keys that it had at first. */
  resetShortcuts(): void {
    this.#app.settings.reset(['shortcuts']);
  }

  available(id: CommandId): boolean {
    return this.#handler(id) !== undefined;
  }

  /** Runs a command; tells whether it could. */
  run(id: CommandId): boolean {
    const handler = this.#handler(id);
    if (!handler) return false;
    this.#app.attempt(async () => handler());
    return true;
  }

  /** Runs the command of a key, where there is one. */
  key(event: KeyboardEvent): void {
    if (isComposing(event) || event.defaultPrevented) return;
    const typing = isEditable(event.target);
    const inDialog =
      event.target instanceof Element && event.target.closest('[role="dialog"]') !== null;
    const pressed = shortcutOf(event);
    for (const [id, command] of COMMAND_LIST) {
      if (!this.shortcuts(id).includes(pressed)) continue;
      if (typing && !command.whileTyping) continue;
      if (inDialog && !command.inDialogs) continue;
      if (this.run(id)) {
        event.preventDefault();
        return;
      }
    }
  }
}

/** Takes over commands as long as the component lives and its pane is the one in front. */
export function offerCommands(handlers: () => Handlers): void {
  const app = useApp();
  const pane = getContext<Pane | undefined>(PANE);
  $effect(() => {
    if (pane && !pane.active) return;
    const offered = handlers();
    return untrack(() => app.commands.offer(offered));
  });
}
