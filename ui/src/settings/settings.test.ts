import { configure, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { inApp } from '../../tests/inApp';
import { MemoryPlatform } from '../platform/memory';
import { TEST_IDS } from '../testids';
import { DEFAULTS } from './defaults';
import { ENTRY_LIST, resetOf, SECTION_IDS } from './entries';
import { familyList } from './fonts';
import { patched } from './patch';
import SettingsDialog from './SettingsDialog.svelte';

// The dialog is large, and the machine may be busy.
configure({ asyncUtilTimeout: 10_000 });

async function open(section = 'general', platform = new MemoryPlatform({ open: true, pace: 5 })) {
  const shown = await inApp(SettingsDialog, {}, platform);
  shown.app.shell.openSettings(section);
  await screen.findByTestId(TEST_IDS.settings);
  await waitFor(() =>
    expect(screen.getByTestId(`settings-section-${section}`)).toHaveProperty(
      'ariaSelected',
      'true',
    ),
  ).catch(() => undefined);
  return shown;
}

const kept = async (platform: MemoryPlatform) => (await platform.call('session', {})).settings;

/** Opens a list and takes one of its values. */
async function choose(
  user: Awaited<ReturnType<typeof open>>['user'],
  entry: string,
  value: string,
): Promise<void> {
  await user.click(screen.getByTestId(`settings-${entry}`));
  await user.click(await screen.findByTestId(`settings-${entry}-${value}`));
}

describe('a change of settings', () => {
  it('sets what it names, members one by one, and brings back what is null', () => {
    const before = {
      ...DEFAULTS,
      theme: 'dark',
      page: { a: 1, b: { x: 1, y: 2 } },
      shortcuts: { 'view.search': ['F9'] },
    };
    const after = patched(before, {
      theme: null,
      backups: { keepDaily: 3 },
      page: { a: null, b: { y: 3 } },
      shortcuts: { 'view.search': null, 'view.library': [] },
    });
    expect(after.theme).toBe('system');
    expect(after.backups).toEqual({ ...DEFAULTS.backups, keepDaily: 3 });
    expect(after.page).toEqual({ b: { y: 3 } });
    expect(after.shortcuts).toEqual({ 'view.library': [] });
    expect(patched(after, { backups: { keepDaily: null } }).backups).toEqual(DEFAULTS.backups);
  });

  it('of every setting that a section shows can be taken back there', () => {
    const reset = new Set(
      SECTION_IDS.flatMap((section) =>
        Object.entries(resetOf(section) ?? {}).flatMap(([key, inner]) =>
          inner === null ? [key] : Object.keys(inner as object).map((name) => `${key}.${name}`),
        ),
      ),
    );
    const all = Object.entries(DEFAULTS).flatMap(([key, value]) =>
      typeof value === 'object' && Object.keys(value as object).length > 0
        ? Object.keys(value as object).map((name) => `${key}.${name}`)
        : [key],
    );
    // Widths of columns and the like are no setting that one sets here.
    expect([...reset].sort()).toEqual(all.filter((key) => key !== 'page').sort());
  });

  it('takes no quote of a family into the style sheet', () => {
    expect(familyList('')).toBe('');
    expect(familyList('Noto Serif CJK SC')).toBe('"Noto Serif CJK SC", ');
    expect(familyList('x"; } * { color: red')).not.toMatch(/".*".*"/);
  });
});

describe('the settings', () => {
  it('keep what is chosen, and paint it', async () => {
    const { user, platform } = await open();
    await choose(user, 'collation', 'stroke');
    expect((await kept(platform)).collation).toBe('stroke');
    await user.click(screen.getByTestId('settings-section-appearance'));
    await user.click(screen.getByTestId('settings-theme-dark'));
    await choose(user, 'contrast', 'more');
    await choose(user, 'motion', 'less');
    expect(document.documentElement.dataset).toMatchObject({
      theme: 'dark',
      contrast: 'more',
      motion: 'less',
    });
    await user.click(screen.getByTestId('settings-section-reading'));
    await choose(user, 'readingFont', 'LXGW WenKai');
    await user.click(screen.getByTestId('settings-readingIndent'));
    expect(document.documentElement.style.getPropertyValue('--font-reading-own').trim()).toBe(
      '"LXGW WenKai",',
    );
    expect(document.documentElement.style.getPropertyValue('--reading-indent')).toBe('0');
    await fireEvent.change(screen.getByTestId('settings-readingSize'), { target: { value: '24' } });
    await waitFor(async () =>
      expect(await kept(platform)).toMatchObject({
        theme: 'dark',
        readingSize: 24,
        readingIndent: false,
        fonts: { reading: 'LXGW WenKai', interface: '' },
      }),
    );
  });

  it('of one window reach the others, but not over what is being changed there', async () => {
    const { app, platform } = await open();
    platform.tell('settings_changed', { ...DEFAULTS, theme: 'sepia' });
    await waitFor(() => expect(app.settings.value.theme).toBe('sepia'));
    app.settings.change({ readingSize: 20 });
    platform.tell('settings_changed', { ...DEFAULTS, readingSize: 30 });
    expect(app.settings.value.readingSize).toBe(20);
  });

  it('are found by name, pinyin and what they say', async () => {
    const { user } = await open();
    const field = screen.getByTestId(TEST_IDS.settingsSearch);
    const hits = () =>
      screen.queryAllByTestId(TEST_IDS.settingsHit).map((hit) => hit.dataset['id']);
    await user.type(field, '行距');
    expect(hits()).toEqual(['readingLeading']);
    await user.clear(field);
    await user.type(field, '拼音');
    expect(hits()).toContain('collation');
    await user.clear(field);
    await user.type(field, '没有这样的设置');
    expect(hits()).toEqual([]);
    await user.clear(field);
    await user.type(field, '编码者');
    await user.click(screen.getAllByTestId(TEST_IDS.settingsHit)[0] as HTMLElement);
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByTestId(TEST_IDS.settingsCoder)),
    );
  });

  it('are gone through by keys', async () => {
    const { user } = await open();
    screen.getByTestId('settings-section-general').focus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByTestId('settings-section-reading')),
    );
    expect(screen.getByTestId('settings-sample')).toBeTruthy();
  });

  it.each(SECTION_IDS)('show the section %s without a fault', async (section) => {
    await open(section);
    const panel = screen.getByRole('tabpanel');
    const names = ENTRY_LIST.filter(([, entry]) => entry.section === section);
    expect(names.length).toBeGreaterThan(0);
    expect(within(panel).getAllByRole('heading').length).toBeGreaterThan(0);
  });

  it('go back to what they were, a section or all of them', async () => {
    const { user, app, platform } = await open('reset');
    app.settings.change({ theme: 'dark', readingSize: 30, page: { inspectorWidth: 400 } });
    app.commands.assign('view.search', ['F9']);
    await user.click(await screen.findByTestId('settings-reset-appearance'));
    await waitFor(async () => expect((await kept(platform)).theme).toBe('system'));
    expect((await kept(platform)).readingSize).toBe(30);
    await user.click(screen.getByTestId(TEST_IDS.settingsResetAll));
    expect((await kept(platform)).readingSize).toBe(30);
    await user.click(screen.getByTestId(TEST_IDS.settingsResetSure));
    await waitFor(async () => expect(await kept(platform)).toEqual(DEFAULTS));
    await waitFor(() => expect(app.settings.value).toEqual(DEFAULTS));
  });
});

describe('backups', () => {
  it('are made, listed and restored beside the archive', async () => {
    const { user, app } = await open('backups');
    await user.click(await screen.findByTestId(TEST_IDS.backupNow));
    await waitFor(() =>
      expect(screen.getByTestId(TEST_IDS.backupJob).dataset['state']).toBe('done'),
    );
    const list = within(screen.getByTestId(TEST_IDS.backupList));
    await waitFor(() => expect(list.getAllByTestId(TEST_IDS.backupRestore)).toHaveLength(1));
    await user.click(list.getByTestId(TEST_IDS.backupRestore));
    await user.click(await screen.findByTestId(TEST_IDS.backupOpen));
    await waitFor(() => expect(app.session.archive?.name).toContain('示例文库（'));
    expect(app.shell.settings).toBe(false);
  });

  it('say what went wrong', async () => {
    const platform = new MemoryPlatform({ open: true });
    const { app } = await open('backups', platform);
    const id = await app.jobs.startBackup();
    const job = app.jobs.list.find((one) => one.id === id);
    if (!job) throw new Error('the job is listed');
    platform.tell('job_changed', {
      ...job,
      state: 'failed',
      error: { code: 'disk_full', message: 'No room on /b.', hints: ['Make room.'] },
    });
    await waitFor(() => expect(app.jobs.list[0]?.error?.code).toBe('disk_full'));
  });
});

describe('shortcuts', () => {
  const row = (id: string) => {
    const rows = screen.getAllByTestId(TEST_IDS.shortcutRow);
    const found = rows.find((each) => each.dataset['id'] === id);
    if (!found) throw new Error(`no row of ${id}`);
    return within(found);
  };
  const record = async (user: Awaited<ReturnType<typeof open>>['user'], id: string) => {
    await user.click(row(id).getByTestId(TEST_IDS.shortcutAdd));
    return screen.findByTestId('key-recorder');
  };

  it('are recorded, several for one command', async () => {
    const { user, app, platform } = await open('shortcuts');
    await fireEvent.keyDown(await record(user, 'view.search'), { key: 'F9' });
    expect(app.commands.shortcuts('view.search')).toEqual(['Mod+2', 'F9']);
    await waitFor(async () =>
      expect((await kept(platform)).shortcuts).toEqual({ 'view.search': ['Mod+2', 'F9'] }),
    );
    await user.click(row('view.search').getByTestId(TEST_IDS.shortcutReset));
    expect(app.commands.shortcuts('view.search')).toEqual(['Mod+2']);
    await waitFor(async () => expect((await kept(platform)).shortcuts).toEqual({}));
  });

  it('that another command has are taken only when that is agreed to', async () => {
    const { user, app } = await open('shortcuts');
    await fireEvent.keyDown(await record(user, 'view.search'), { key: 'k', ctrlKey: true });
    expect(screen.getByRole('alert').textContent).toContain('命令面板');
    await user.click(screen.getByTestId(TEST_IDS.shortcutCancel));
    expect(app.commands.shortcuts('palette.open')).toEqual(['Mod+K']);
    await fireEvent.keyDown(await record(user, 'view.search'), { key: 'k', ctrlKey: true });
    await user.click(screen.getByTestId(TEST_IDS.shortcutReplace));
    expect(app.commands.shortcuts('palette.open')).toEqual([]);
    expect(app.commands.shortcuts('view.search')).toEqual(['Mod+2', 'Mod+K']);
    await user.click(screen.getByTestId(TEST_IDS.shortcutResetAll));
    expect(app.commands.shortcuts('palette.open')).toEqual(['Mod+K']);
  });

  it('are left by Escape, cleared by Backspace, refused where the system needs them', async () => {
    const { user, app } = await open('shortcuts');
    const recorder = await record(user, 'view.search');
    await fireEvent.keyDown(recorder, { key: 'c', ctrlKey: true });
    expect(app.commands.shortcuts('view.search')).toEqual(['Mod+2']);
    expect(screen.getByText(/Ctrl\+C/)).toBeTruthy();
    await fireEvent.keyDown(recorder, { key: 'Process', keyCode: 229 });
    await fireEvent.keyDown(recorder, { key: 'k', ctrlKey: true, isComposing: true });
    expect(app.commands.shortcuts('palette.open')).toEqual(['Mod+K']);
    await fireEvent.keyDown(recorder, { key: 'Escape' });
    await waitFor(() => expect(screen.queryByTestId('key-recorder')).toBeNull());
    expect(screen.getByTestId(TEST_IDS.settings)).toBeTruthy();
    await fireEvent.keyDown(await record(user, 'view.search'), { key: 'Backspace' });
    expect(app.commands.shortcuts('view.search')).toEqual([]);
  });

  it('are found by pressing them', async () => {
    const { user } = await open('shortcuts');
    await user.click(screen.getByTestId(TEST_IDS.shortcutByKeys));
    await fireEvent.keyDown(await screen.findByTestId('key-recorder'), { key: 'Delete' });
    const found = screen.getAllByTestId(TEST_IDS.shortcutRow).map((each) => each.dataset['id']);
    expect(found).toEqual(expect.arrayContaining(['library.delete', 'reader.deletePassage']));
    expect(found).not.toContain('view.search');
  });

  it('that were set work, and those that were given up do not', async () => {
    const { app } = await open('shortcuts');
    app.shell.settings = false;
    await waitFor(() => expect(screen.queryByTestId(TEST_IDS.settings)).toBeNull());
    app.commands.assign('view.search', ['F9']);
    const press = (init: KeyboardEventInit) =>
      app.commands.key(new KeyboardEvent('keydown', { cancelable: true, ...init }));
    press({ key: '2', ctrlKey: true });
    expect(app.tabs.active.kind).toBe('library');
    press({ key: 'F9' });
    await waitFor(() => expect(app.tabs.active.kind).toBe('search'));
  });
});
