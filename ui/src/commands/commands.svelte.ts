import { getContext, untrack } from 'svelte';
import type { App } from '../state/app.svelte';
import { useApp } from '../state/app.svelte';
import { PANE, type Pane } from '../state/pane';
import { isComposing, isEditable, shortcutOf } from './keys';
import { COMMANDS, COMMAND_LIST, type Command, type CommandId } from './registry';

export type Handlers = Partial<Record<CommandId, () => unknown>>;

/** The commands that can run now, and their running. */
export class CommandsState {
  readonly #app: App;
  /** What mounted panes offer, the latest last. */
  #offers = $state.raw<readonly Handlers[]>([]);

  constructor(app: App) {
    this.#app = app;
  }

  /** Takes over commands until the returned function is called. */
  offer(handlers: Handlers): () => void {
    this.#offers = [...this.#offers, handlers];
    return () => {
      this.#offers = this.#offers.filter((offered) => offered !== handlers);
    };
  }

  #handler(id: CommandId): (() => unknown) | undefined {
    for (let i = this.#offers.length - 1; i >= 0; i--) {
      const handler = this.#offers[i]?.[id];
      if (handler) return handler;
    }
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
