import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import InApp from '../../tests/InApp.svelte';
import DropVeil from '../frame/DropVeil.svelte';
import { setLanguage } from '../i18n/locale.svelte';
import { MemoryPlatform } from '../platform/memory';
import { emptyFilter } from '../platform/platform';
import { App, appContext } from '../state/app.svelte';
import { TEST_IDS } from '../testids';
import Welcome from './Welcome.svelte';

const GONE = '/家/移动硬盘/旧文库.anjuan';

async function welcome(platform = new MemoryPlatform()) {
  const app = new App(platform);
  render(InApp, { props: { shown: Welcome as never, given: {} }, context: appContext(app) });
  await waitFor(() => expect(app.session.starting).toBe(false));
  return { app, platform, user: userEvent.setup() };
}

describe('the first screen', () => {
  it('lists recent archives with what is known of them', async () => {
    await welcome();
    const [first] = screen.getAllByTestId(TEST_IDS.welcomeRecent);
    expect(first?.textContent).toContain('侨联报告');
    expect(first?.textContent).toContain('214 份报告');
    expect(first?.textContent).toContain('/家/论文/侨联报告.anjuan');
  });

  it('marks an archive that is gone, and lets it be located', async () => {
    const { app, user } = await welcome();
    expect(screen.getByText('已移走')).toBeTruthy();
    const opening = screen.getAllByTestId(TEST_IDS.welcomeRecent);
    expect(opening.map((one) => one.dataset['path'])).not.toContain(GONE);
    await user.click(screen.getByTestId(TEST_IDS.welcomeLocate));
    await waitFor(() => expect(app.session.archive?.name).toBe('侨联报告'));
    await waitFor(() => expect(app.session.recent.map(({ path }) => path)).not.toContain(GONE));
  });

  it('takes an archive off the list and keeps the focus in it', async () => {
    const { app, user } = await welcome();
    const [first] = screen.getAllByTestId(TEST_IDS.welcomeForget);
    await user.click(first as HTMLElement);
    await waitFor(() => expect(app.session.recent).toHaveLength(1));
    expect(document.activeElement?.textContent).toContain('旧文库');
  });

  it('says nothing of questions about an archive that was closed meanwhile', async () => {
    const { app, platform } = await welcome();
    await app.session.openExample();
    app.attempt(() => platform.call('facets', emptyFilter()));
    expect(app.toasts.list).toHaveLength(0);
    await app.session.close();
    app.attempt(() => platform.call('facets', emptyFilter()));
    app.attempt(() => platform.call('open_archive', { path: '/没有' }));
    await waitFor(() => expect(app.toasts.list).toHaveLength(1));
    expect(app.toasts.list[0]).toMatchObject({ error: { code: 'not_an_archive' } });
  });

  it('tells in place why the last opening failed, and tries again', async () => {
    const { app, user } = await welcome();
    await user.type(screen.getByTestId(TEST_IDS.welcomePath), '/家/图片.png');
    await user.click(screen.getByTestId(TEST_IDS.welcomePathOpen));
    const failure = await screen.findByTestId(TEST_IDS.failure);
    expect(failure.textContent).toContain('这不是案卷文库文件');
    await user.click(screen.getByRole('button', { name: '出了问题怎么办' }));
    expect(app.help.over).toBe(true);
    expect(app.help.place.page).toBe('trouble');
  });

  it('tries again what did not open at the start', async () => {
    const platform = new MemoryPlatform();
    const path = '/家/论文/侨联报告.anjuan';
    const call = platform.call.bind(platform);
    platform.call = (async (name: 'session', request: never) => {
      const came = await call(name, request);
      const failure = { code: 'unreadable', message: '', hints: [] };
      return name === 'session' && !came.archive ? { ...came, failure, failed: path } : came;
    }) as never;
    const { app, user } = await welcome(platform);
    await user.click(await screen.findByRole('button', { name: '再试一次' }));
    await waitFor(() => expect(app.session.archive?.path).toBe(path));
    expect(app.session.failure).toBeNull();
  });

  it('changes the language at once', async () => {
    const { app } = await welcome();
    app.settings.change({ language: 'en' });
    expect(await screen.findByRole('button', { name: 'New archive' })).toBeTruthy();
    setLanguage('zh-Hans');
  });

  it('offers the tour until it was taken or left', async () => {
    const { app, user } = await welcome();
    await user.click(screen.getByTestId(TEST_IDS.welcomeTour));
    await waitFor(() => expect(app.tour.active).toBe(true));
    expect(app.session.archive?.example).toBe(true);
    app.tour.leave();
    await waitFor(() => expect(screen.queryByTestId(TEST_IDS.welcomeTour)).toBeNull());
  });
});

describe('files that are dropped on the first screen', () => {
  it('wait for an archive and are then imported', async () => {
    const { app, platform, user } = await welcome();
    render(InApp, { props: { shown: DropVeil as never, given: {} }, context: appContext(app) });
    platform.drop({ phase: 'drop', paths: ['/示例/青嶼縣僑聯年度報告.txt'] });
    expect(await screen.findByText(/有 1 项等着导入/)).toBeTruthy();
    await user.click(screen.getByTestId(TEST_IDS.welcomeCreate));
    await waitFor(() => expect(app.jobs.import?.counts.imported).toBe(1));
    expect(app.session.waiting).toEqual([]);
  });
  it('do not end up in the example', async () => {
    const { app, user } = await welcome();
    await app.session.take(['/示例/青嶼縣僑聯年度報告.txt']);
    await user.click(screen.getByTestId(TEST_IDS.welcomeExample));
    await waitFor(() => expect(app.session.archive?.example).toBe(true));
    expect(app.jobs.import).toBeNull();
  });
});
