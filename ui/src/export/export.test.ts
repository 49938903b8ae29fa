import { screen, waitFor } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { inApp, reportTitled } from '../../tests/inApp';
import { CommandFailure } from '../platform/platform';
import { TEST_IDS } from '../testids';
import ExportDialog from './ExportDialog.svelte';

async function open() {
  const shown = await inApp(ExportDialog, async (platform) => ({
    open: true,
    reports: [await reportTitled(platform, '云溪市侨联2020')],
  }));
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

  const request = call.mock.calls.find(([name]) => name === 'export_pdf')?.[1];
  expect(request).toEqual({
    reports: [id, other?.dataset['id']],
    path: '/tmp/合订.pdf',
    tags: [],
    legend: true,
    index: false,
    memos: true,
    coders: true,
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

it('says plainly which characters no font has', async () => {
  const { user, platform } = await open();
  const real = platform.call.bind(platform);
  vi.spyOn(platform, 'call').mockImplementation(((name: never, request: never) =>
    name === 'export_pdf'
      ? Promise.resolve({ path: '/a.pdf', pages: 3, highlights: 6, bytes: 9000, missing: ['𰻞'] })
      : real(name, request)) as never);
  await user.type(screen.getByTestId(TEST_IDS.exportPath), '/a.pdf');
  await user.click(screen.getByTestId(TEST_IDS.exportWrite));
  const missing = await screen.findByTestId(TEST_IDS.exportMissing);
  expect(missing.textContent).toContain('𰻞');
  expect(missing.textContent).toContain('U+30EDE');
});

it('stays open with the reason where it fails', async () => {
  const { user, platform } = await open();
  const real = platform.call.bind(platform);
  vi.spyOn(platform, 'call').mockImplementation(((name: never, request: never) =>
    name === 'export_pdf'
      ? Promise.reject(
          new CommandFailure({ code: 'unwritable', message: '/a.pdf: read-only', hints: [] }),
        )
      : real(name, request)) as never);
  await user.type(screen.getByTestId(TEST_IDS.exportPath), '/a.pdf');
  await user.click(screen.getByTestId(TEST_IDS.exportWrite));
  expect((await screen.findByTestId(TEST_IDS.failure)).textContent).toContain('read-only');
  expect(screen.getByTestId<HTMLInputElement>(TEST_IDS.exportPath).value).toBe('/a.pdf');
});
