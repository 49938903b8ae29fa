import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { inApp } from '../../tests/inApp';
import DropVeil from '../frame/DropVeil.svelte';
import { MemoryPlatform } from '../platform/memory';
import { TEST_IDS } from '../testids';
import ImportSheet from './ImportSheet.svelte';

const items = () => screen.queryAllByTestId(TEST_IDS.importItem);
const state = () => screen.getByTestId(TEST_IDS.importSummary).dataset['state'];

async function open(pace: number) {
  const platform = new MemoryPlatform({ open: true, pace });
  const shown = await inApp(ImportSheet, {}, platform);
  shown.app.shell.importing = true;
  await screen.findByTestId(TEST_IDS.importSheet);
  return shown;
}

describe('the import sheet', () => {
  it('imports pasted paths and tells what became of each', async () => {
    const { user, app } = await open(1);
    const paths = [
      '/示例/青嶼縣僑聯年度報告.txt',
      '/示例/安河市侨联2020年工作报告.txt',
      '/没有.txt',
    ];
    await user.click(screen.getByTestId(TEST_IDS.importPaths));
    await user.paste(`"${paths[0]}"\n  ${paths[1]}\n\n${paths[2]}\n`);
    await user.click(screen.getByTestId(TEST_IDS.importStart));
    await waitFor(() => expect(state()).toBe('done'));
    await waitFor(() =>
      expect(items().map((item) => item.dataset['outcome'])).toEqual([
        'imported',
        'duplicate',
        'failed',
      ]),
    );
    const [imported, duplicate, failed] = items().map((item) => item.textContent ?? '');
    for (const fact of [
      '青嶼縣僑聯二〇二一年度報告',
      '2021年12月30日',
      '海屏省南埔市青嶼縣',
      '青嶼僑刊',
      '繁体',
    ]) {
      expect(imported).toContain(fact);
    }
    expect(duplicate).toContain('数字疑似在来源中丢失');
    expect(failed).toContain('文件无法读取');
    const summary = screen.getByTestId(TEST_IDS.importSummary).textContent;
    for (const count of ['新增 1', '重复 1', '失败 1']) expect(summary).toContain(count);
    await waitFor(() => expect(app.session.archive?.reports).toBe(6));
  });

  it('shows progress, and keeps what was done when it is cancelled', async () => {
    const { user, app, platform } = await open(40);
    for (let i = 0; i < 30; i++) {
      const [sample] = platform.files.values();
      if (sample) platform.files.set(`/many/${i}.txt`, { ...sample, path: `/many/${i}.txt` });
    }
    await user.click(screen.getByTestId(TEST_IDS.importPaths));
    await user.paste(Array.from({ length: 30 }, (_, i) => `/many/${i}.txt`).join('\n'));
    await user.click(screen.getByTestId(TEST_IDS.importStart));
    const progress = await screen.findByTestId(TEST_IDS.importProgress);
    await waitFor(() => expect(Number(progress.getAttribute('aria-valuenow'))).toBeGreaterThan(1));
    expect(progress.getAttribute('aria-valuemax')).toBe('30');
    expect(screen.getByTestId(TEST_IDS.importSummary).textContent).toMatch(/正在导入 \d+ \/ 30/);
    await user.click(screen.getByTestId(TEST_IDS.importCancel));
    await waitFor(() => expect(state()).toBe('cancelled'));
    const done = app.jobs.import?.done ?? 0;
    expect(done).toBeLessThan(30);
    await waitFor(() => expect(app.session.archive?.reports).toBe(5 + done));
  });
});

describe('files that are dropped', () => {
  it('are imported wherever they fall', async () => {
    const platform = new MemoryPlatform({ open: true, pace: 1 });
    const { app } = await inApp(DropVeil, {}, platform);
    platform.drop({ phase: 'over' });
    await screen.findByText('松开即导入');
    platform.drop({ phase: 'drop', paths: ['/示例/青嶼縣僑聯年度報告.txt'] });
    await waitFor(() => expect(app.jobs.import?.counts.imported).toBe(1));
    expect(app.shell.importing).toBe(true);
    expect(screen.queryByText('松开即导入')).toBeNull();
  });
  it('are opened where one is an archive', async () => {
    const platform = new MemoryPlatform({ open: true });
    const { app } = await inApp(DropVeil, {}, platform);
    platform.drop({ phase: 'drop', paths: ['/家/别的.anjuan'] });
    await waitFor(() => expect(app.session.archive?.name).toBe('别的'));
  });
});
