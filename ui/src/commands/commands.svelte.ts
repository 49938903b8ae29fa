import { getContext, untrack } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import type { App } from '../state/app.svelte';
import { useApp } from '../state/app.svelte';
import { PANE, type Pane } from '../state/pane';
import { isComposing, isEditable, shortcutOf } from './keys';
import { COMMANDS, COMMAND_LIST, type Command, type CommandId } from './registry';

export type Handlers = Partial<Record<CommandId, () => unknown>>;

/** The commands that can run now, and their running. */
export class CommandsState {
  readonly #app: App;
  /**
   * What panes offer, the latest last. A set and no array in a state: an effect that ends reads a
   * state as it was before the flush, and would take the offer of the pane that comes away too.
   */
  readonly #offers = new SvelteSet<Handlers>();

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
    if (inDialog) return;
    const pressed = shortcutOf(event);
    for (const [id, command] of COMMAND_LIST) {
      if (command.shortcut !== pressed) continue;
      if (typing && !command.whileTyping) continue;
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
