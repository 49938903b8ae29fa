import { screen, waitFor } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { inApp, reportTitled } from '../../tests/inApp';
import { MemoryPlatform } from '../platform/memory';
import type { Job } from '../protocol/protocol';
import { TEST_IDS } from '../testids';
import ExportDialog from './ExportDialog.svelte';

async function open(pace = 10) {
  const shown = await inApp(
    ExportDialog,
    async (platform) => ({
      open: true,
      reports: [await reportTitled(platform, '云溪市侨联2020')],
    }),
    new MemoryPlatform({ open: true, pace }),
  );
  await screen.findByTestId(TEST_IDS.exportDialog);
  await waitFor(() =>
    expect(screen.getAllByTestId(TEST_IDS.reportPickerItem).length).toBeGreaterThan(2),
  );
  const [id = ''] = shown.props['reports'] as string[];
  return { ...shown, id };
}

it('exports what is chosen and reports what came of it', async () => {
  const { user, platform, id } = await open();
  const call = vi.spyOn(platform, 'call');
  const offered = screen.getAllByTestId(TEST_IDS.reportPickerItem);
  const isOn = (item: HTMLElement) => item.getAttribute('aria-selected') === 'true';
  expect(offered.filter(isOn).map((item) => item.dataset['id'])).toEqual([id]);
  const other = offered.find((item) => !isOn(item));
  await user.click(other as HTMLElement);
  await user.click(screen.getByTestId(TEST_IDS.exportIndex));
  await user.type(screen.getByTestId(TEST_IDS.exportPath), '/tmp/合订.pdf');
  await user.click(screen.getByTestId(TEST_IDS.exportWrite));
  await screen.findByTestId(TEST_IDS.exportResult);

  const request = call.mock.calls.find(([name]) => name === 'start_export')?.[1];
  expect(request).toEqual({
    reports: [id, other?.dataset['id']],
    path: '/tmp/合订.pdf',
    tags: [],
    legend: true,
    index: false,
    memos: true,
    coders: true,
    paper: 'a4',
    font: '',
    language: 'zh-Hans',
  });
  const passages = await Promise.all(
    [id, other?.dataset['id'] ?? ''].map((report) =>
      platform.call('passages', { report, tag: null }),
    ),
  );
  expect(screen.getByTestId(TEST_IDS.exportHighlights).textContent).toBe(
    String(passages.flat().length),
  );
  expect(screen.getByTestId(TEST_IDS.exportResult).textContent).toContain('/tmp/合订.pdf');
  expect(screen.queryByTestId(TEST_IDS.exportMissing)).toBeNull();

  await user.click(screen.getByTestId(TEST_IDS.exportReveal));
  expect(call).toHaveBeenCalledWith('reveal_path', { path: '/tmp/合订.pdf' });
});

/** Lets the next export come to something at once. */
function exportComesTo(platform: MemoryPlatform, end: Partial<Job>) {
  const real = platform.call.bind(platform);
  vi.spyOn(platform, 'call').mockImplementation((async (name: never, request: never) => {
    const answer = (await real(name, request)) as object;
    return name === 'start_export' ? { ...answer, ...end } : answer;
  }) as never);
}

it('says plainly which characters no font has and which passages have no place', async () => {
  const { user, platform, id } = await open();
  const written = { path: '/a.pdf', pages: 3, highlights: 6, bytes: 9000 };
  const unplaced = [{ report: id, passage: 'p' }];
  const result = { ...written, missing: ['𰻞'], unplaced };
  exportComesTo(platform, { state: 'done', export: result });
  await user.type(screen.getByTestId(TEST_IDS.exportPath), '/a.pdf');
  await user.click(screen.getByTestId(TEST_IDS.exportWrite));
  const missing = await screen.findByTestId(TEST_IDS.exportMissing);
  expect(missing.textContent).toContain('𰻞');
  expect(missing.textContent).toContain('U+30EDE');
  expect(screen.getByTestId(TEST_IDS.exportUnplaced).textContent).toContain('1');
});

it('stays open with the reason where it fails', async () => {
  const { user, platform } = await open();
  const error = { code: 'unwritable' as const, message: '/a.pdf: read-only', hints: [] };
  exportComesTo(platform, { state: 'failed', error });
  await user.type(screen.getByTestId(TEST_IDS.exportPath), '/a.pdf');
  await user.click(screen.getByTestId(TEST_IDS.exportWrite));
  expect((await screen.findByTestId(TEST_IDS.failure)).textContent).toContain('read-only');
  expect(screen.getByTestId<HTMLInputElement>(TEST_IDS.exportPath).value).toBe('/a.pdf');
});

it('shows how far it is and can be stopped', async () => {
  const { user } = await open(200);
  await user.type(screen.getByTestId(TEST_IDS.exportPath), '/a.pdf');
  await user.click(screen.getByTestId(TEST_IDS.exportWrite));
  const far = await screen.findByTestId(TEST_IDS.jobProgress);
  await waitFor(() => expect(far.textContent).toMatch(/[1-9]\d?%/));
  await user.click(screen.getByTestId(TEST_IDS.exportStop));
  await waitFor(() => expect(screen.queryByTestId(TEST_IDS.jobProgress)).toBeNull());
  expect(screen.queryByTestId(TEST_IDS.exportResult)).toBeNull();
  expect(screen.getByTestId(TEST_IDS.exportWrite)).toBeTruthy();
});
