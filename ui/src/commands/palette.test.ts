import { configure, fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { inApp } from '../../tests/inApp';
import CommandPalette from '../frame/CommandPalette.svelte';
import { MemoryPlatform } from '../platform/memory';
import { TEST_IDS } from '../testids';
import { meets } from './meeting.svelte';
import { parsed } from './palette.svelte';
import { COMMAND_LIST } from './registry';

// The list is long, and the machine may be busy.
configure({ asyncUtilTimeout: 10_000 });

describe('what is typed meets a name', () => {
  const spelling = { initials: 'hlgb', pinyin: 'hulianggongbu' };
  it.each([
    ['', '任意', 0],
    ['文库', '文库', 0],
    ['库', '文库', 2],
    ['pdf', '打开 PDF', 1],
    ['ｐｄｆ', '打开 PDF', 1],
    ['hl', '互联公布', 3],
    ['huli', '互联公布', 4],
    ['gb', '互联公布', 5],
    ['互联 公布', '互联公布', 2],
    ['互联 没有', '互联公布', null],
    ['xyz', '互联公布', null],
  ])('%s: %s as %s', (query, name, rank) => {
    expect(meets(query, name, spelling)).toBe(rank);
  });

  it.each([
    ['>设置', ['command', 'setting'], '设置'],
    ['＃ 抗疫', ['tag'], '抗疫'],
    ['@', ['report', 'tab'], ''],
    ['？怎么', ['help'], '怎么'],
  ])('%s narrows the list', (typed, kinds, query) => {
    expect(parsed(typed)).toEqual({ kinds, query, all: false });
  });
});

describe('the command palette', () => {
  async function open(platform = new MemoryPlatform({ open: true })) {
    const shown = await inApp(CommandPalette, {}, platform);
    shown.app.commands.run('palette.open');
    const field = await screen.findByTestId<HTMLInputElement>(TEST_IDS.paletteInput);
    const type = async (text: string) => {
      await shown.user.clear(field);
      await shown.user.type(field, text);
    };
    return { ...shown, field, type };
  }
  const gone = () => waitFor(() => expect(screen.queryByTestId(TEST_IDS.paletteInput)).toBeNull());
  const items = () => screen.queryAllByTestId(TEST_IDS.paletteItem);
  const ids = () => items().map((item) => item.dataset['id']);

  it('lists every command with its shortcut as it is now', async () => {
    const { app } = await open();
    expect(ids().sort()).toEqual(
      COMMAND_LIST.map(([id]) => id as string)
        .filter((id) => id !== 'palette.open')
        .sort(),
    );
    const caps = (id: string) =>
      [
        ...(items()
          .find((item) => item.dataset['id'] === id)
          ?.querySelectorAll('kbd') ?? []),
      ].map((cap) => cap.textContent);
    expect(caps('edit.undo')).toEqual(['Ctrl', 'Z']);
    app.commands.assign('edit.undo', ['F9']);
    await waitFor(() => expect(caps('edit.undo')).toEqual(['F9']));
  });

  it('runs what was typed for', async () => {
    const { user, app, type } = await open();
    await type('>设置');
    await waitFor(() => expect(ids()[0]).toBe('settings.open'));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(app.shell.settings).toBe(true));
    expect(app.shell.palette).toBe(false);
  });

  it('reaches reports, tags, collections and single settings', async () => {
    const { app, user, type } = await open();
    await type('@云溪');
    await waitFor(() => expect(ids().length).toBeGreaterThan(0));
    expect(ids().every((id) => id?.startsWith('report:'))).toBe(true);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(app.tabs.active.kind).toBe('report'));

    await gone();
    app.commands.run('palette.open');
    await screen.findByTestId(TEST_IDS.paletteInput);
    const [tag] = app.tags.list;
    await user.type(screen.getByTestId(TEST_IDS.paletteInput), `#${tag?.name ?? ''}`);
    await waitFor(() => expect(ids()).toContain(`tag:${tag?.id}`));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(app.tabs.active.kind).toBe('codebook'));
    expect(app.shell.wanted).toEqual({ tag: tag?.id });

    await gone();
    app.commands.run('palette.open');
    await user.type(await screen.findByTestId(TEST_IDS.paletteInput), '行距');
    await waitFor(() => expect(ids()).toContain('setting:reading/readingLeading'));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(app.shell.settings).toBe(true));
    expect(app.shell.settingsAt).toBe('reading/readingLeading');
  });

  it('shows first what was used last', async () => {
    const { app, user, type } = await open();
    expect(screen.queryByText('最近使用')).toBeNull();
    await type('主题');
    await waitFor(() => expect(ids()[0]).toBe('view.theme'));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(app.shell.palette).toBe(false));
    await gone();
    app.commands.run('palette.open');
    await screen.findByTestId(TEST_IDS.paletteInput);
    await waitFor(() => expect(ids()[0]).toBe('view.theme'));
    expect(screen.getByText('最近使用')).toBeTruthy();
    expect(ids().filter((id) => id === 'view.theme')).toHaveLength(1);
  });

  it('is gone through by keys, past what cannot be done now', async () => {
    const { user, type } = await open();
    await type('>');
    await waitFor(() => expect(items().length).toBeGreaterThan(1));
    const chosen = () => items().find((item) => item.getAttribute('aria-selected') === 'true');
    const first = chosen();
    await user.keyboard('{ArrowDown}');
    expect(chosen()).not.toBe(first);
    expect(chosen()?.getAttribute('aria-disabled')).toBe('false');
    await user.keyboard('{ArrowUp}');
    expect(chosen()).toBe(first);
  });

  it('leaves the Enter of an input method alone', async () => {
    const { app, field } = await open();
    await fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 });
    expect(app.shell.palette).toBe(true);
  });
});
