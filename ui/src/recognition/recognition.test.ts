import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { inApp } from '../../tests/inApp';
import ActivityPanel from '../activity/ActivityPanel.svelte';
import { MemoryPlatform } from '../platform/memory';
import { TEST_IDS } from '../testids';
import { openReport } from '../reader/openReports.svelte';
import Reading from '../reader/Reading.test.svelte';
import { hasScans, recognisable, recognise } from './recognition';

const SCAN = '/家/下载/侨联报告/扫描件/南埔僑訊1987年第2期.pdf';

/** Imports a scan; its report. */
async function scanned(platform: MemoryPlatform): Promise<string> {
  const { id } = await platform.call('start_import', {
    paths: [SCAN],
    collection: null,
    choices: [],
    tables: [],
  });
  return waitFor(async () => {
    const { items } = await platform.call('job_items', {
      id,
      outcomes: [],
      problems: [],
      offset: 0,
      limit: 1,
    });
    const report = items[0]?.report;
    if (!report) throw new Error('not imported yet');
    return report;
  });
}

/** The reader with a scan. */
async function open(ocr?: MemoryPlatform['ocr'], pace = 150) {
  const platform = new MemoryPlatform({ open: true, pace });
  if (ocr) platform.ocr = ocr;
  const given = async () => ({ reportId: await scanned(platform) });
  const shown = await inApp(Reading, given, platform);
  const bar = await screen.findByTestId(TEST_IDS.recognition);
  return { ...shown, bar, id: shown.props['reportId'] as string };
}

describe('a scan that is opened', () => {
  it('is recognised by a click, says so, and leads to what is uncertain', async () => {
    const { user, platform, app, bar, id } = await open();
    expect(bar.dataset['state']).toBe('offered');
    await user.click(await screen.findByTestId(TEST_IDS.recognitionStart));
    await waitFor(() => expect(bar.dataset['state']).toBe('running'));
    await waitFor(() => expect(bar.textContent).toContain('1 / 2 页'));
    await waitFor(() => expect(bar.dataset['state']).toBe('done'));
    expect(bar.textContent).toContain('tesseract 5.3.0');
    expect(bar.textContent).toContain('91%');
    const report = openReport(app, id);
    await waitFor(() => expect(report?.text?.toString() ?? '').not.toBe(''));
    const uncertain = screen.getByTestId(TEST_IDS.recognitionUncertain);
    expect(uncertain.textContent).toContain('2 处');
    expect(screen.getByTestId(TEST_IDS.inspectorProblems).textContent).toContain('×2');
    const focus = vi.spyOn(screen.getByTestId(TEST_IDS.readerText), 'focus');
    await user.click(uncertain);
    expect(focus).toHaveBeenCalled();
    // One step takes it back.
    await platform.call('undo', {});
    await waitFor(() => expect(bar.dataset['state']).toBe('offered'));
  });

  it('can be let be half-way', async () => {
    const { user, bar } = await open(undefined, 200);
    await user.click(await screen.findByTestId(TEST_IDS.recognitionStart));
    await user.click(await screen.findByTestId(TEST_IDS.recognitionCancel));
    await waitFor(() => expect(bar.dataset['state']).toBe('offered'));
  });

  it('asks for the password of an encrypted one, and says when it does not fit', async () => {
    const { user, app, platform, bar } = await open();
    platform.scanPassword = '合唱';
    await user.click(await screen.findByTestId(TEST_IDS.recognitionStart));
    const type = async (password: string) => {
      await user.type(await screen.findByTestId(TEST_IDS.recognitionPassword), password);
      await user.click(screen.getByTestId(TEST_IDS.recognitionUnlock));
    };
    await type('錯的');
    expect(await screen.findByText('密码不对，请再试一次。')).toBeTruthy();
    // A word of it in the bar is enough.
    expect(app.toasts.list.filter(({ error }) => error)).toEqual([]);
    await type('合唱');
    await waitFor(() => expect(bar.dataset['state']).toBe('done'));
    expect(screen.queryByTestId(TEST_IDS.recognitionPassword)).toBeNull();
  });

  it('tells how to get the program where it is missing', async () => {
    const { user, app, bar } = await open({ path: null, version: null, languages: [] });
    await user.click(await screen.findByTestId(TEST_IDS.recognitionHow));
    expect(bar.textContent).toContain('Tesseract');
    expect(screen.queryByTestId(TEST_IDS.recognitionStart)).toBeNull();
    expect(app.shell.settings).toBe(true);
  });
});

it('shows the pages of a recognition in the tray, and opens what came of it', async () => {
  const platform = new MemoryPlatform({ open: true, pace: 150 });
  const { user, app } = await inApp(ActivityPanel, {}, platform);
  const report = await scanned(platform);
  await user.click(screen.getByRole('tab', { name: '任务' }));
  const id = await recognise(app, { reports: { ids: [report] }, again: false });
  const card = await waitFor(() => {
    const found = screen
      .getAllByTestId(TEST_IDS.job)
      .find(({ dataset }) => dataset['kind'] === 'recognise');
    if (!found) throw new Error('not shown yet');
    return found;
  });
  await waitFor(() => expect(card.textContent).toContain('2 / 2 页'));
  await waitFor(() => expect(card.dataset['state']).toBe('done'));
  expect(app.jobs.list.find((job) => job.id === id)?.counts.versions).toBe(1);
  expect(within(card).getByTestId(TEST_IDS.jobCounts).textContent).toContain('识别了 1 份');
  await user.click(within(card).getByTestId(TEST_IDS.jobOpen));
  await waitFor(() => expect(app.tabs.activeId).toContain(report));
});

it('offers the way to the program where a command finds none', async () => {
  const platform = new MemoryPlatform({ open: true });
  const { app } = await inApp(ActivityPanel, {}, platform);
  const report = await scanned(platform);
  platform.ocr = { path: null, version: null, languages: [] };
  expect(await recognise(app, { reports: { ids: [report] }, again: false })).toBeNull();
  app.toasts.list.at(-1)?.action?.run();
  expect(app.shell.settings).toBe(true);
});

it.each([
  [{ path: null, version: null, languages: ['chi_sim'] }, []],
  [{ path: '/t', version: null, languages: ['eng'] }, []],
  [{ path: '/t', version: null, languages: ['eng', 'chi_tra'] }, ['Hant']],
  [{ path: '/t', version: null, languages: ['chi_tra', 'chi_sim'] }, ['Hans', 'Hant']],
])('knows the scripts that %o can recognise', (state, scripts) => {
  expect(recognisable(state)).toEqual(scripts);
});

it('knows a scan by its problems', () => {
  expect(hasScans([{ code: 'date_missing' }])).toBe(false);
  expect(hasScans([{ code: 'date_missing' }, { code: 'no_text_layer' }])).toBe(true);
});
