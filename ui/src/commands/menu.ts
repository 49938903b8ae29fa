// Commands as entries of menus.
import type { MenuItem } from '../components/menu';
import { message } from '../i18n/messages';
import type { App } from '../state/app.svelte';
import { COMMANDS, type CommandId } from './registry';

/** The entry of a command: its name, its keys, and grey where it cannot run now. */
export function commandItem(app: App, id: CommandId, changes: Partial<MenuItem> = {}): MenuItem {
  return {
    label: message(COMMANDS[id].message, id),
    shortcut: id,
    disabled: !app.commands.available(id),
    run: () => void app.commands.run(id),
    id,
    ...changes,
  };
}
