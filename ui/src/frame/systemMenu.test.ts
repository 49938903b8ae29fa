import { waitFor } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { inApp } from '../../tests/inApp';
import { MemoryPlatform } from '../platform/memory';
import type { MenuEntry, SetMenuRequest } from '../protocol/protocol';
import StatusLine from './StatusLine.svelte';
import { systemMenu } from './systemMenu.svelte';

const commands = (menu: SetMenuRequest) =>
  menu.menus.flatMap(({ items }) =>
    items.flatMap((item: MenuEntry) =>
      typeof item === 'object' && 'command' in item ? item.command : [],
    ),
  );

it('offers every command once, and leaves copying to the system', async () => {
  const { app } = await inApp(StatusLine, {});
  const menu = systemMenu(app);
  const ids = commands(menu).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('app.quit');
  const roles = menu.menus.flatMap(({ items }) =>
    items.flatMap((item) => (typeof item === 'object' && 'system' in item ? item.system.role : [])),
  );
  expect(roles).toEqual(expect.arrayContaining(['cut', 'copy', 'paste']));
  // Undo has to stay the text field's own while text is typed.
  const undo = commands(menu).find(({ id }) => id === 'edit.undo');
  expect(undo?.shortcut).toBeNull();
  expect(commands(menu).find(({ id }) => id === 'palette.open')?.shortcut).toBe('CmdOrCtrl+K');
});

it('sets the bar on macOS alone', async () => {
  const calls = async (system: string) => {
    const platform = new MemoryPlatform({ open: true });
    const real = platform.call.bind(platform);
    const call = vi.spyOn(platform, 'call').mockImplementation((async (
      name: never,
      request: never,
    ) => {
      const answer = (await real(name, request)) as object;
      return name === 'session' ? { ...answer, platform: system } : answer;
    }) as never);
    await inApp(StatusLine, {}, platform);
    await new Promise((done) => setTimeout(done, 20));
    return call.mock.calls.filter(([name]) => name === 'set_menu').length;
  };
  await waitFor(async () => expect(await calls('macos')).toBeGreaterThan(0));
  expect(await calls('linux')).toBe(0);
});
