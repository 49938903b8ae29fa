import { commandItem } from '../commands/menu';
import type { MenuItem } from '../components/menu';
import { m } from '../i18n/messages';
import type { App } from '../state/app.svelte';
import type { Tab } from '../state/tabs.svelte';
import { openInNewWindow } from './newWindow';
import { tabTitle } from './tabTitle';

/** What can be done with a tab, whether it is in front or not. */
export function tabMenu(app: App, tab: Tab): MenuItem[] {
  const { tabs } = app;
  const { id } = tab;
  const of = (run: () => unknown, item: Partial<MenuItem> = {}) => ({
    run: () => app.attempt(run),
    ...item,
  });
  const [others, right] = [tabs.others(id), tabs.others(id, true)];
  return [
    commandItem(app, 'tab.close', {
      ...of(() => tabs.close(id)),
      disabled: tab.kind === 'library',
    }),
    commandItem(app, 'tab.closeOthers', {
      ...of(() => tabs.close(...others)),
      disabled: others.length === 0,
    }),
    commandItem(app, 'tab.closeRight', {
      ...of(() => tabs.close(...right)),
      disabled: right.length === 0,
    }),
    commandItem(app, 'tab.reopen'),
    commandItem(app, 'tab.pin', {
      ...of(() => tabs.pin(id, !tab.pinned), { separated: true }),
      disabled: false,
      ...(tab.pinned ? { label: m.tab_unpin() } : {}),
    }),
    commandItem(app, 'pane.split', {
      ...of(() => tabs.duplicate(id), { separated: true }),
      disabled: !tabs.canDuplicate(id),
    }),
    commandItem(app, 'pane.moveLeft', {
      ...of(() => tabs.moveAside(id, 'left')),
      disabled: !tabs.canMoveAside(id, 'left'),
    }),
    commandItem(app, 'pane.moveRight', {
      ...of(() => tabs.moveAside(id, 'right')),
      disabled: !tabs.canMoveAside(id, 'right'),
    }),
    commandItem(app, 'window.moveTab', {
      ...of(() => openInNewWindow(app, id)),
      disabled: tab.kind === 'library',
    }),
    {
      label: m.tab_copy_title(),
      separated: true,
      run: () => app.copy(tabTitle(tab)),
    },
    ...(tab.kind === 'report'
      ? [{ label: m.tab_reveal(), run: () => revealInLibrary(app, tab.report) }]
      : []),
  ];
}

/** Shows a report in the library: its row is chosen, and in sight. */
function revealInLibrary(app: App, report: string): void {
  app.tabs.open({ kind: 'library' });
  app.shell.reveal = { report };
}
