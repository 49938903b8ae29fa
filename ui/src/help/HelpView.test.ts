import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { guide } from '../../scripts/guide.js';
import { inApp } from '../../tests/inApp';
import { setLanguage } from '../i18n/locale.svelte';
import { TEST_IDS } from '../testids';
import HelpView from './HelpView.svelte';

const shown = () => screen.getByTestId(TEST_IDS.help).dataset['page'];
const entry = (id: string) =>
  screen.getAllByTestId(TEST_IDS.helpEntry).find((one) => one.dataset['id'] === id) as HTMLElement;

async function help() {
  const all = await inApp(HelpView, {});
  await screen.findAllByTestId(TEST_IDS.helpEntry, {}, { timeout: 5000 });
  return all;
}

describe('the help', () => {
  it('shows pages, and walks back and forward', async () => {
    const { user } = await help();
    expect(shown()).toBe('');
    await user.click(entry('importing'));
    expect(shown()).toBe('importing');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('导入报告');
    // A link in the text leads on, to its heading.
    await user.click(within(screen.getByRole('article')).getByRole('button', { name: '文库' }));
    expect(shown()).toBe('library');
    await user.click(screen.getByTestId(TEST_IDS.helpBack));
    expect(shown()).toBe('importing');
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
    expect(shown()).toBe('library');
  });

  it('finds a place as one types, and opens it by keys alone', async () => {
    const { user } = await help();
    await user.type(screen.getByTestId(TEST_IDS.helpSearch), '搬到另一台');
    const [hit] = screen.getAllByTestId(TEST_IDS.helpHit);
    expect(hit?.dataset['id']).toBe('archives');
    expect(hit?.textContent).toContain('搬到另一台电脑');
    await user.keyboard('{Enter}');
    expect(shown()).toBe('archives');
    expect(screen.getByTestId<HTMLInputElement>(TEST_IDS.helpSearch).value).toBe('');
  });

  it('says when there is nothing to find', async () => {
    const { user } = await help();
    await user.type(screen.getByTestId(TEST_IDS.helpSearch), 'xylophone');
    expect(screen.queryByTestId(TEST_IDS.helpHit)).toBeNull();
    expect(screen.getByText(/帮助中没有找到/)).toBeTruthy();
  });

  it('runs the command of a link', async () => {
    const { user, app } = await help();
    await user.click(entry('importing'));
    const [first] = screen
      .getAllByRole('button', { name: '导入报告' })
      .filter((button) => button.dataset['command'] === 'import.open');
    await user.click(first as HTMLElement);
    await waitFor(() => expect(app.shell.importing).toBe(true));
  });

  it('lists the shortcuts as the user set them', async () => {
    const { user, app } = await help();
    app.settings.change({ shortcuts: { 'palette.open': ['F12'] } });
    await user.click(entry('shortcuts'));
    const row = screen.getByRole('row', { name: /命令面板/ });
    expect(row.textContent).toContain('F12');
  });

  it('changes its language with the interface, on the page where it is', async () => {
    const { user } = await help();
    await user.click(entry('tagging'));
    setLanguage('zh-Hant');
    await waitFor(() =>
      expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('用滑鼠和鍵盤加標籤'),
    );
    setLanguage('zh-Hans');
  });
});

describe('F1', () => {
  it('knows the page about the view in front, and the nearest topic', async () => {
    const { app } = await help();
    app.tabs.open({ kind: 'search' });
    expect(app.help.topicHere()).toBe('searching');
    app.tabs.open({ kind: 'codebook' });
    expect(app.help.topicHere()).toBe('codebook');
    const part = document.createElement('div');
    part.dataset['help'] = 'settings#备份';
    part.innerHTML = '<button>x</button>';
    document.body.append(part);
    part.querySelector('button')?.focus();
    expect(app.help.topicHere()).toBe('settings#备份');
    part.remove();
  });
  it('opens a tab, and lies over a dialog', async () => {
    const { app } = await help();
    app.commands.run('help.open');
    await waitFor(() => expect(app.tabs.active.kind).toBe('help'));
    const dialog = document.createElement('div');
    dialog.setAttribute('role', 'dialog');
    document.body.append(dialog);
    app.help.open('settings');
    expect(app.help.over).toBe(true);
    dialog.remove();
  });
});

describe('the topics that parts of the window name', () => {
  it('are pages of the guide', () => {
    const folder = join(import.meta.dirname, '..');
    const named = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.svelte'))
      .flatMap((name) => [
        ...readFileSync(join(folder, name), 'utf8').matchAll(/\b(?:data-)?help="([\w#-]+)"/g),
      ])
      .map(([, topic]) => topic as string);
    expect(named.length).toBeGreaterThan(6);
    const pages = guide('zh-Hans').pages.map(({ id }) => id);
    for (const topic of named) expect(pages).toContain(topic.split('#')[0]);
  });
});
