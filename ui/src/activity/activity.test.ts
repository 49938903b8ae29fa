import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { inApp, reportTitled } from '../../tests/inApp';
import type { MemoryPlatform } from '../platform/memory';
import { TEST_IDS } from '../testids';
import ActivityPanel from './ActivityPanel.svelte';

async function exportOf(platform: MemoryPlatform) {
  return platform.call('start_export', {
    reports: [await reportTitled(platform, '云溪市侨联2020')],
    path: '/家/导出/云溪.pdf',
    tags: [],
    legend: true,
    index: true,
    memos: true,
    coders: true,
    paper: 'a4',
    font: '',
    language: 'zh-Hans',
  });
}

it('shows a job while it runs, and then what came of it', async () => {
  const { user, platform, app } = await inApp(ActivityPanel);
  const call = vi.spyOn(platform, 'call');
  await exportOf(platform);
  await user.click(screen.getByRole('tab', { name: '任务' }));
  const card = await screen.findByTestId(TEST_IDS.job);
  expect(card.textContent).toContain('云溪.pdf');
  await within(card).findByTestId(TEST_IDS.jobProgress);
  await waitFor(() => expect(app.jobs.running).toHaveLength(0), { timeout: 5000 });
  expect(card.dataset['state']).toBe('done');
  expect(within(card).getByTestId(TEST_IDS.jobCounts).textContent).toMatch(/\d+ 页.*处高亮/);
  await user.click(within(card).getByTestId(TEST_IDS.jobOpen));
  expect(call).toHaveBeenCalledWith('open_path', { path: '/家/导出/云溪.pdf' });
  await user.click(within(card).getByTestId(TEST_IDS.jobReveal));
  expect(call).toHaveBeenCalledWith('reveal_path', { path: '/家/导出/云溪.pdf' });
});

it('stops a job', async () => {
  const { user, platform } = await inApp(ActivityPanel);
  await exportOf(platform);
  await user.click(screen.getByRole('tab', { name: '任务' }));
  await user.click(await screen.findByTestId(TEST_IDS.jobCancel));
  await waitFor(() => expect(screen.getByTestId(TEST_IDS.job).dataset['state']).toBe('cancelled'));
  expect(screen.queryByTestId(TEST_IDS.jobOpen)).toBeNull();
});

it('tells of an end that nobody watches, once and quietly', async () => {
  const { platform, app } = await inApp(ActivityPanel);
  app.shell.activity = false;
  await exportOf(platform);
  await waitFor(() => expect(app.toasts.list).toHaveLength(1), { timeout: 5000 });
  expect(app.toasts.list[0]?.text()).toContain('云溪.pdf');
  expect(app.toasts.list[0]?.error).toBeNull();
});
