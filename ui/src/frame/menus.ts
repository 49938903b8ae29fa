// The application's menu: every command of the registry, in groups.
import { commandItem } from '../commands/menu';
import { COMMAND_LIST, type CommandId } from '../commands/registry';
import type { MenuItem } from '../components/menu';
import { m } from '../i18n/messages';
import type { App } from '../state/app.svelte';

/** The menus, and what commands begin with that stand in them. */
const MENUS = {
  file: ['archive', 'import', 'export', 'backup', 'app'],
  edit: ['edit', 'find', 'search', 'settings'],
  view: ['view', 'palette'],
  report: ['report', 'library', 'reader', 'passage', 'compare', 'codebook', 'tag', 'index'],
  window: ['window', 'pane', 'tab'],
  help: ['help', 'tour'],
} as const;

export type MenuName = keyof typeof MENUS;

const TITLES: Record<MenuName, () => string> = {
  file: m.menu_file,
  edit: m.menu_edit,
  view: m.menu_view,
  report: m.menu_report,
  window: m.menu_window,
  help: m.menu_help,
};

const stem = (id: CommandId) => id.slice(0, id.indexOf('.'));

/** The commands of each menu: in the order of the stems, within one in that of the registry. */
export function commandsOf(menu: MenuName): CommandId[] {
  return MENUS[menu].flatMap((wanted) =>
    COMMAND_LIST.flatMap(([id]) => (stem(id) === wanted && id !== 'view.menu' ? id : [])),
  );
}

/** The menus with their entries; a line parts commands that begin differently. */
export function applicationMenu(app: App): MenuItem[] {
  return (Object.keys(MENUS) as MenuName[]).map((menu) => {
    const ids = commandsOf(menu).filter(
      // Columns that are not there need no way to them.
      (id) => !id.startsWith('pane.focus') || app.commands.available(id),
    );
    const items = ids.flatMap((id, i) => {
      const before = ids[i - 1];
      const item = commandItem(app, id, {
        separated: before !== undefined && stem(before) !== stem(id),
      });
      return id === 'archive.open' && app.session.recent.length > 0 ? [item, recent(app)] : [item];
    });
    return { label: TITLES[menu](), items, id: menu };
  });
}

function recent(app: App): MenuItem {
  return {
    label: m.menu_recent(),
    items: app.session.recent.map(({ name, path }) => ({
      label: name,
      run: () => app.attempt(() => app.session.open(path)),
      checked: path === app.session.archive?.path,
      closes: true,
    })),
  };
}
