import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { inApp, reportTitled } from '../../tests/inApp';
import { COMMAND_LIST } from '../commands/registry';
import { MemoryPlatform } from '../platform/memory';
import { App } from '../state/app.svelte';
import { TEST_IDS } from '../testids';
import Columns from './Columns.svelte';
import Frame from './Frame.svelte';
import { applicationMenu, commandsOf, type MenuName } from './menus';

const strips = () =>
  [...document.querySelectorAll<HTMLElement>('[data-strip]')].map((strip) =>
    [...strip.querySelectorAll<HTMLElement>('[data-tab]')].map(({ dataset }) => dataset['tab']),
  );
const shown = () =>
  [...document.querySelectorAll<HTMLElement>('.pane:not([hidden])')].map(({ id }) => id);

/** The columns with two reports open, named by their titles. */
async function two(component: unknown = Columns) {
  const view = await inApp(component, {});
  const [a, b] = [
    await reportTitled(view.platform, '2020'),
    await reportTitled(view.platform, '2021'),
  ];
  view.app.tabs.openReport(a, '甲');
  view.app.tabs.openReport(b, '乙');
  await waitFor(() => expect(strips()).toEqual([['library', `report:${a}`, `report:${b}`]]));
  return { ...view, a: `report:${a}`, b: `report:${b}` };
}

describe('columns', () => {
  it('split without making a text anew, and keep their nodes when tabs move', async () => {
    const { app, a, b } = await two();
    const page = (id: string) => document.getElementById(`pane-${id}`)?.querySelector('.page');
    await waitFor(() => expect(page(b)?.textContent).toContain('2021'));
    const before = page(b);
    app.commands.run('pane.split');
    await waitFor(() => expect(strips()).toEqual([['library', a, b], [`${b}#2`]]));
    expect(shown().toSorted()).toEqual([`pane-${b}`, `pane-${b}#2`].toSorted());
    await waitFor(() => expect(page(`${b}#2`)?.textContent).toContain('2021'));
    expect(page(b)).toBe(before);
    app.tabs.moveAside(b, 'right');
    await waitFor(() =>
      expect(strips()).toEqual([
        ['library', a],
        [`${b}#2`, b],
      ]),
    );
    app.tabs.split(b, app.tabs.columns[0]?.id ?? 0, 'left');
    await waitFor(() => expect(strips()).toEqual([[b], ['library', a], [`${b}#2`]]));
    expect(page(b)).toBe(before);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it('give the keys to the one that has the focus', async () => {
    const { app, a, b } = await two();
    app.tabs.moveAside(b, 'right');
    await waitFor(() => expect(shown()).toHaveLength(2));
    const active = () =>
      screen.getAllByTestId(TEST_IDS.column).map(({ dataset }) => dataset['active']);
    expect(active()).toEqual(['false', 'true']);
    app.commands.run('pane.focus1');
    await waitFor(() => expect(active()).toEqual(['true', 'false']));
    expect(document.getElementById(`pane-${a}`)?.contains(document.activeElement)).toBe(true);
    const pane = document.getElementById(`pane-${b}`) as HTMLElement;
    await fireEvent.pointerDown(pane);
    await waitFor(() => expect(active()).toEqual(['false', 'true']));
    expect(app.commands.available('pane.focus3')).toBe(false);
    await fireEvent.keyDown(window, { key: '1', code: 'Digit1', altKey: true });
  });

  it('share their width by keys', async () => {
    const { app, b } = await two();
    app.tabs.moveAside(b, 'right');
    const line = await screen.findByTestId(TEST_IDS.columnBorder);
    expect(line.getAttribute('aria-valuenow')).toBe('50');
    await fireEvent.keyDown(line, { key: 'ArrowRight' });
    expect(line.getAttribute('aria-valuenow')).toBe('52');
    await fireEvent.keyDown(line, { key: 'Home' });
    expect(line.getAttribute('aria-valuenow')).toBe(line.getAttribute('aria-valuemin'));
    await fireEvent.dblClick(line);
    expect(line.getAttribute('aria-valuenow')).toBe('50');
    expect(app.tabs.columns.map(({ width }) => width)).toEqual([0.5, 0.5]);
  });
});

describe('a tab', () => {
  const tab = (id: string) =>
    screen.getAllByTestId(TEST_IDS.tab).find(({ dataset }) => dataset['id'] === id) as HTMLElement;
  /** An event of the pointer, which jsdom does not know with a place. */
  function press(type: string, x: number, target: Element | Window = window) {
    const event = new MouseEvent(type, { bubbles: true, button: 0, clientX: x, clientY: 50 });
    return fireEvent(target, Object.assign(event, { pointerId: 1 }));
  }
  /** Drags a tab to where an element lies, so far from its left side, as a part of its width. */
  async function drag(id: string, over: Element | null, part: number, drop = true) {
    // jsdom has no layout: everything lies at the origin, so the hit is told.
    document.elementFromPoint = () => over;
    const box = { left: 0, top: 0, width: 100, height: 100, right: 100, bottom: 100, x: 0, y: 0 };
    if (over) over.getBoundingClientRect = () => ({ ...box, toJSON: () => box });
    await press('pointerdown', 500, tab(id));
    await press('pointermove', 400);
    await press('pointermove', 100 * part);
    if (drop) await press('pointerup', 100 * part);
  }

  it('is dragged to another place, to a pane, and to a pane’s edge', async () => {
    const { a, b } = await two();
    const library = document.getElementById('pane-library') as HTMLElement;
    await drag(b, document.querySelector('[data-strip]'), 0);
    await waitFor(() => expect(strips()).toEqual([[b, 'library', a]]));
    // At an edge the half is shown where it would go.
    await drag(a, document.getElementById(`pane-${b}`), 0.9, false);
    expect(screen.getByTestId(TEST_IDS.columnDrop).dataset['zone']).toBe('right');
    await press('pointerup', 90);
    await waitFor(() => expect(strips()).toEqual([[b, 'library'], [a]]));
    await drag('library', document.getElementById(`pane-${a}`), 0.5);
    await waitFor(() => expect(strips()).toEqual([[b], [a, 'library']]));
    expect(document.getElementById('pane-library')).toBe(library);
    await drag(b, document.getElementById('pane-library'), 0.5);
    await waitFor(() => expect(strips()).toEqual([[a, 'library', b]]));
  });

  it('stays where it is after Escape, and where nothing is under it', async () => {
    const { a, b } = await two();
    const before = strips();
    await drag(b, document.getElementById(`pane-${b}`), 0.05, false);
    expect(screen.getByTestId(TEST_IDS.columnDrop)).toBeTruthy();
    await fireEvent.keyDown(window, { key: 'Escape' });
    expect(screen.queryByTestId(TEST_IDS.columnDrop)).toBeNull();
    await press('pointerup', 5);
    await drag(a, null, 0);
    await drag(b, document.getElementById(`pane-${b}`), 0.5);
    expect(strips()).toEqual(before);
  });

  it('closes by the middle button and opens again', async () => {
    const { app, a, b } = await two();
    await fireEvent(tab(a), new MouseEvent('auxclick', { button: 1, bubbles: true }));
    await waitFor(() => expect(strips()).toEqual([['library', b]]));
    expect(app.commands.run('tab.reopen')).toBe(true);
    await waitFor(() => expect(strips()).toEqual([['library', a, b]]));
    expect(app.commands.available('tab.reopen')).toBe(false);
  });

  it('has a menu', async () => {
    const { app, platform, user, a, b } = await two();
    const choose = async (id: string, command: string) => {
      await fireEvent.contextMenu(tab(id));
      const menu = await screen.findByTestId(TEST_IDS.tabMenu);
      await user.click(menu.querySelector(`[data-id="${command}"]`) as HTMLElement);
      await waitFor(() => expect(screen.queryByTestId(TEST_IDS.tabMenu)).toBeNull());
    };
    await choose(a, 'pane.moveRight');
    expect(strips()).toEqual([['library', b], [a]]);
    await choose(a, 'tab.pin');
    await choose(a, 'window.moveTab');
    await waitFor(() => expect(strips()).toEqual([['library', b]]));
    expect(platform.windows).toHaveLength(1);
    const other = app.tabs;
    other.restore(platform.windows[0]?.workspace ?? null);
    expect(other.list.map(({ id }) => id)).toEqual([a, 'library'].toSorted().toReversed());
    expect(other.activeId).toBe(a);
  });
});

describe('a report', () => {
  it('is shown in the library, also where a filter hid it', async () => {
    const { app, user, a } = await two();
    app.tabs.activate('library');
    const row = () =>
      document.querySelector(`[data-testid="${TEST_IDS.libraryRow}"][aria-selected="true"]`);
    await user.type(screen.getByTestId(TEST_IDS.libraryFilter), '2021');
    app.shell.reveal = { report: a.replace('report:', '') };
    await waitFor(() => expect(row()?.textContent).toContain('2020'));
  });
});

describe('the inspector', () => {
  it('follows the column in front', async () => {
    const { app, a, b } = await two(Frame);
    app.tabs.moveAside(b, 'right');
    const text = () => screen.getByTestId(TEST_IDS.inspector).textContent;
    await waitFor(() => expect(text()).toContain('2021年'));
    app.tabs.activate(a);
    await waitFor(() => expect(text()).toContain('2020年'));
    app.tabs.activate('library');
    await waitFor(() => expect(screen.queryByTestId(TEST_IDS.inspector)).toBeNull());
  });
});

describe('the menu', () => {
  it('holds every command once', () => {
    const menus: MenuName[] = ['file', 'edit', 'view', 'report', 'window', 'help'];
    const held = menus.flatMap((menu) => commandsOf(menu));
    const all = COMMAND_LIST.map(([id]) => id).filter((id) => id !== 'view.menu');
    expect(held.toSorted()).toEqual(all.toSorted());
  });

  it('shows what cannot be done now in grey, and recent archives', async () => {
    const { app } = await two();
    const items = applicationMenu(app).flatMap(({ items = [] }) => items);
    expect(items.find(({ id }) => id === 'tab.reopen')?.disabled).toBe(true);
    expect(items.find(({ id }) => id === 'tab.close')?.disabled).toBe(false);
    expect(items.find(({ items: inside }) => inside)?.items?.length).toBeGreaterThan(0);
  });
});

describe('the layout', () => {
  async function window(platform: MemoryPlatform) {
    const app = new App(platform);
    const end = app.start();
    await waitFor(() => expect(app.session.archive).not.toBeNull());
    return { app, end };
  }
  const looks = ({ tabs }: App) =>
    tabs.columns.map(({ tabs: list, active }) => [list.map(({ id }) => id), active]);

  it('is kept soon after a change, and laid out so in the next run', async () => {
    const platform = new MemoryPlatform({ open: true });
    const [a, b] = [await reportTitled(platform, '2020'), await reportTitled(platform, '2021')];
    const first = await window(platform);
    first.app.tabs.openReport(a, '甲');
    first.app.tabs.openReport(b, '乙');
    first.app.tabs.duplicate(`report:${b}`);
    first.app.tabs.keepPlace(`report:${b}#2`, 77);
    first.app.search.query = '侨商';
    first.app.shell.inspector = false;
    await waitFor(() => expect(platform.workspaces.size).toBe(1), { timeout: 2000 });
    first.end();
    const second = await window(platform);
    const restored = looks(second.app);
    expect(restored).toEqual([
      [['library', `report:${a}`, `report:${b}`], `report:${b}`],
      [[`report:${b}#2`], `report:${b}#2`],
    ]);
    expect(second.app.tabs.place(`report:${b}#2`)).toBe(77);
    expect(second.app.shell.inspector).toBe(false);
    await waitFor(() => expect(second.app.search.answered).toBe('侨商'));
    // What is behind another tab is not made before it is looked at.
    expect(second.app.tabs.mounted).toEqual([`report:${b}`, `report:${b}#2`]);
    second.end();
  });

  it('leaves out reports that are gone', async () => {
    const platform = new MemoryPlatform({ open: true });
    const [a, b] = [await reportTitled(platform, '2020'), await reportTitled(platform, '2021')];
    const first = await window(platform);
    first.app.tabs.openReport(a, '甲');
    first.app.tabs.openReport(b, '旧名');
    first.app.tabs.moveAside(`report:${b}`, 'right');
    await first.app.layout.keep();
    first.end();
    await platform.call('delete_reports', { ids: [a] });
    const second = await window(platform);
    await waitFor(() =>
      expect(looks(second.app)).toEqual([
        [['library'], 'library'],
        [[`report:${b}`], `report:${b}`],
      ]),
    );
    await waitFor(() =>
      expect(second.app.tabs.active).toMatchObject({
        title: expect.stringContaining('2021') as string,
      }),
    );
    expect(second.app.toasts.list).toEqual([]);
    second.end();
  });

  it('is kept before the window closes and before another archive opens', async () => {
    const platform = new MemoryPlatform({ open: true });
    const { app, end } = await window(platform);
    const [path] = [app.session.archive?.path ?? ''];
    app.tabs.open({ kind: 'codebook' });
    await app.session.open('/别处.anjuan');
    expect(JSON.stringify(platform.workspaces.get(path))).toContain('codebook');
    expect(app.tabs.list.map(({ id }) => id)).toEqual(['library']);
    app.tabs.open({ kind: 'search' });
    const closed = vi.spyOn(platform, 'call');
    globalThis.window.dispatchEvent(new Event('pagehide'));
    expect(closed.mock.calls.map(([name]) => name)).toContain('set_workspace');
    end();
  });
});
