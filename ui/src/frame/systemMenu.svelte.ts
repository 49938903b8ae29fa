// The menu bar of macOS, which belongs to all windows: the same commands as the window's own menu.
// What the system does itself stays the system's: without its "copy" no text could be copied.
import { COMMANDS, COMMAND_LIST, type Command, type CommandId } from '../commands/registry';
import { m, message } from '../i18n/messages';
import type { MenuEntry, SetMenuRequest } from '../protocol/protocol';
import type { App } from '../state/app.svelte';
import { commandsOf, type MenuName } from './menus';

const system = (role: string, label: string): MenuEntry => ({ system: { role, label } });

function entry(app: App, id: CommandId): MenuEntry {
  const command: Command = COMMANDS[id];
  // The system takes the keys of its menu from a text field, too: only commands that do so
  // themselves have theirs there, the page hears the others.
  const [keys] = command.whileTyping ? app.commands.shortcuts(id) : [];
  return {
    command: {
      id,
      label: message(command.message, id),
      shortcut: keys?.replace('Mod', 'CmdOrCtrl') ?? null,
      enabled: app.commands.available(id),
    },
  };
}

/** The commands of a menu; a line parts those that begin differently. */
function entries(app: App, menu: MenuName): MenuEntry[] {
  const stem = (id: CommandId) => id.slice(0, id.indexOf('.'));
  const ids = commandsOf(menu).filter((id) => stem(id) !== 'app' && id !== 'settings.open');
  return ids.flatMap((id, i) => {
    const before = ids[i - 1];
    const parted = before !== undefined && stem(before) !== stem(id);
    return parted ? (['separator', entry(app, id)] as MenuEntry[]) : [entry(app, id)];
  });
}

/** The menu bar as it is now. */
export function systemMenu(app: App): SetMenuRequest {
  const edit: MenuEntry[] = [
    system('cut', m.menu_cut()),
    system('copy', m.menu_copy()),
    system('paste', m.menu_paste()),
    'separator',
  ];
  const window: MenuEntry[] = [
    system('minimize', m.menu_minimize()),
    system('fullscreen', m.menu_fullscreen()),
    'separator',
  ];
  return {
    menus: [
      {
        title: m.app_name(),
        items: [
          system('about', m.menu_about()),
          'separator',
          entry(app, 'settings.open'),
          'separator',
          system('hide', m.menu_hide()),
          entry(app, 'app.quit'),
        ],
      },
      { title: m.menu_file(), items: entries(app, 'file') },
      { title: m.menu_edit(), items: [...edit, ...entries(app, 'edit')] },
      { title: m.menu_view(), items: entries(app, 'view') },
      { title: m.menu_report(), items: entries(app, 'report') },
      { title: m.menu_window(), items: [...window, ...entries(app, 'window')] },
      { title: m.menu_help(), items: entries(app, 'help') },
    ],
  };
}

const KNOWN: ReadonlySet<string> = new Set(COMMAND_LIST.map(([id]) => id));

/** Keeps the system's menu bar as the page is, where there is one, until the end. */
export function followSystemMenu(app: App): () => void {
  const end = $effect.root(() => {
    let set = '';
    $effect(() => {
      if (app.session.platform !== 'macos') return;
      const menu = systemMenu(app);
      const written = JSON.stringify(menu);
      if (written === set) return;
      set = written;
      app.attempt(() => app.platform.call('set_menu', menu));
    });
  });
  const chosen = app.platform.on('menu_command', ({ id }) => {
    if (KNOWN.has(id)) app.commands.run(id as CommandId);
  });
  return () => {
    end();
    chosen();
  };
}
