import { configure, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { inApp } from '../../tests/inApp';
import DropVeil from '../frame/DropVeil.svelte';
import { FILES } from '../platform/files';
import { MemoryPlatform } from '../platform/memory';
import { emptyFilter } from '../platform/platform';
import type { Inspection } from '../protocol/protocol';
import { TEST_IDS } from '../testids';
import { importing } from './importing.svelte';
import ImportSheet from './ImportSheet.svelte';
import type { Item } from './items';

// The sheet is large, and the machine may be busy.
configure({ asyncUtilTimeout: 10_000 });

const rows = () => screen.queryAllByTestId(TEST_IDS.importItem);
const summary = () => screen.getByTestId(TEST_IDS.importSummary);
const by = (id: string, data: string) =>
  screen.getAllByTestId(id).find((element) => element.dataset['id'] === data) as HTMLElement;
const FOLDER = '/家/下载/侨联报告';
const OWN = FILES.filter(({ path }) => path.startsWith(FOLDER));

async function open(pace = 1) {
  const platform = new MemoryPlatform({ open: true, pace });
  const shown = await inApp(ImportSheet, {}, platform);
  shown.app.shell.importing = true;
  await screen.findByTestId(TEST_IDS.importSheet);
  const sheet = importing(shown.app);
  return {
    ...shown,
    platform,
    sheet,
    read: async (...paths: string[]) => {
      await shown.user.click(screen.getByTestId(TEST_IDS.importPaths));
      await shown.user.paste(paths.join('\n'));
      await shown.user.click(screen.getByTestId(TEST_IDS.importStart));
      await waitFor(() => expect(summary().dataset['state']).toBe('done'));
    },
    look: async (part: string) => {
      const item = sheet.items.find(({ path }) => path.includes(part));
      if (!item) throw new Error(`no file is called ${part}`);
      sheet.show(item.path);
      await waitFor(() => expect([sheet.preview?.path, sheet.table?.path]).toContain(item.path));
      return item.path;
    },
    commit: async () => {
      await shown.user.click(screen.getByTestId(TEST_IDS.importCommit));
      await screen.findByTestId(TEST_IDS.importOutcome);
    },
    titles: async () => {
      const request = { filter: emptyFilter(), offset: 0, limit: 100 };
      const page = await platform.call('reports', {
        ...request,
        sort: 'title',
        descending: false,
      });
      return page.rows.map(({ title }) => title);
    },
  };
}

describe('the import sheet', () => {
  it('reads pasted paths, tells what was recognised, and imports what is chosen', async () => {
    const { user, read, commit, titles } = await open();
    await read('"/示例/青嶼縣僑聯年度報告.txt"', '/示例/安河市侨联2020年工作报告.txt', '/没有.txt');
    expect(summary().dataset['stage']).toBe('review');
    const outcomes = () => rows().map((row) => row.dataset['outcome']);
    await waitFor(() => expect(outcomes()).toEqual(['new', 'duplicate', 'failed']));
    const [fresh, known, failed] = rows().map((row) => row.textContent ?? '');
    for (const fact of ['青嶼縣僑聯二〇二一年度報告', '2021年12月30日', '青嶼僑刊', '繁体'])
      expect(fresh).toContain(fact);
    expect(known).toContain('数字疑似在来源中丢失');
    expect(failed).toContain('读不了');
    await commit();
    expect(await titles()).toContain('青嶼縣僑聯二〇二一年度報告');
    expect(by(TEST_IDS.importCount, 'imported').textContent).toContain('1');
    expect(screen.getByTestId(TEST_IDS.importOutcome).textContent).toContain('文件无法读取');
    await user.click(screen.getByTestId(TEST_IDS.importDone));
    await waitFor(() => expect(screen.queryByTestId(TEST_IDS.importSheet)).toBeNull());
  });

  it('shows the last files also where the job ends while those before are fetched', async () => {
    const { user, platform, sheet } = await open(40);
    const call = platform.call.bind(platform);
    vi.spyOn(platform, 'call').mockImplementation(async (command, request) => {
      const answer = await call(command, request);
      // Long on its way: the job has ended when the first files come.
      if (command === 'job_items') await new Promise((resolve) => setTimeout(resolve, 300));
      return answer;
    });
    await user.click(screen.getByTestId(TEST_IDS.importPaths));
    await user.paste(FOLDER);
    await user.click(screen.getByTestId(TEST_IDS.importStart));
    await waitFor(() => expect(summary().dataset['state']).toBe('done'));
    expect(sheet.items).toHaveLength(OWN.length);
  });

  it('keeps apart what is ready, what needs a word and what is refused', async () => {
    const { user, read, sheet } = await open();
    await read(FOLDER);
    expect(sheet.items).toHaveLength(OWN.length);
    await user.click(by(TEST_IDS.importGroup, 'refused'));
    await waitFor(() => expect(sheet.shown).toHaveLength(4));
    const list = screen.getByTestId(TEST_IDS.importList);
    list.focus();
    await user.keyboard('{Home}');
    expect(sheet.item?.error?.code).toBe('list_page');
    expect(screen.getByTestId(TEST_IDS.importPreview).textContent).toContain('列表页');
  });

  it('tells an extract from a copy, before and after the import', async () => {
    const { read, look, commit, platform } = await open();
    const title = '白鹿县侨联工作情况汇报';
    const known = { title: '侨联报告（节选）' };
    const near = { title, likeness: 0.96, same: 'extract' as const };
    const path = '/节选.txt';
    platform.imports.files.push({ path, bytes: 9, format: 'text', known, near, body: '节选。' });
    await read('/节选.txt');
    await waitFor(() => expect(rows()[0]?.textContent).toContain('节选'));
    await look('节选');
    expect(screen.getByTestId(TEST_IDS.importPreview).textContent).toContain(`《${title}》的节选`);
    await commit();
    const pair = await screen.findByTestId(TEST_IDS.importNearPair);
    expect(pair.textContent).toContain(`《侨联报告（节选）》是《${title}》的节选`);
  });

  it('imports a page that was refused where it is chosen by itself', async () => {
    const { user, read, look, sheet, commit, titles, platform } = await open();
    await read(FOLDER);
    const list = screen.getByTestId(TEST_IDS.importList);
    list.focus();
    // Along with everything else it stays out.
    await user.keyboard('{Control>}a{/Control} ');
    await user.keyboard(' ');
    const page = await look('工作动态');
    expect(sheet.at(page)?.state).toBe('refused');
    const choice = () => sheet.choice(sheet.item as Item);
    expect(choice()).toBe('skip');
    // What would come in is shown.
    await waitFor(() =>
      expect(screen.getByTestId(TEST_IDS.importPreview).textContent).toContain('侨商云溪行'),
    );
    await user.click(within(screen.getByTestId(TEST_IDS.importChoice)).getByText('仍然导入'));
    expect(choice()).toBe('import');
    await commit();
    expect(await titles()).toContain('工作动态');
    const report = await platform.call('report', { id: sheet.at(page)?.report ?? '' });
    expect(report.problems.map(({ code }) => code)).toContain('list_page');
  });

  it('imports a page that an import refused afterwards', async () => {
    const { user, app, sheet, titles } = await open();
    app.settings.setPage('importStraight', true);
    const path = OWN.find(({ error }) => error?.code === 'error_page')?.path ?? '';
    await user.click(screen.getByTestId(TEST_IDS.importPaths));
    await user.paste(path);
    await user.click(screen.getByTestId(TEST_IDS.importStart));
    await screen.findByTestId(TEST_IDS.importOutcome);
    expect(sheet.at(path)?.state).toBe('refused');
    await user.click(rows()[0] as HTMLElement);
    await user.click(await screen.findByTestId(TEST_IDS.importAnyway));
    await waitFor(() => expect(sheet.at(path)?.state).toBe('imported'));
    expect(await titles()).toContain('404 - 找不到文件或目录');
  });

  it('offers to recognise the scans that were imported', async () => {
    const { app, user, read, look, commit, platform } = await open();
    await read(FOLDER);
    await look('扫描件');
    const offer = await screen.findByTestId(TEST_IDS.importScan);
    await waitFor(() => expect(offer.textContent).toContain('收入文库后'));
    await commit();
    const call = vi.spyOn(platform, 'call');
    await user.click(await screen.findByTestId(TEST_IDS.importRecognise));
    const known = await platform.call('jobs', {});
    expect(known[0]).toMatchObject({ kind: 'recognise', total: 2 });
    expect(call).toHaveBeenCalledWith('recognise', expect.objectContaining({ again: false }));
    await waitFor(() => expect(app.shell.activity).toBe(true));
  });

  it('takes repairs back one by one and by kind, and puts back what was set aside', async () => {
    const { user, read, look, sheet, commit, platform } = await open();
    await read(FOLDER);
    const item = await look('2022年工作报告');
    await user.click(await screen.findByTestId(TEST_IDS.importTabText));
    const repairs = await screen.findAllByTestId(TEST_IDS.importRepair);
    const gloss = repairs.find((repair) => repair.textContent?.includes('níng'));
    expect(gloss?.getAttribute('aria-pressed')).toBe('true');
    await user.click(gloss as HTMLElement);
    expect(gloss?.getAttribute('aria-pressed')).toBe('false');
    expect(sheet.edit(item).undo.size).toBe(1);
    await user.click(screen.getByTestId(TEST_IDS.importTabKnown));
    await user.click(within(by(TEST_IDS.importRepairKind, 'gloss')).getByRole('switch'));
    expect(sheet.edit(item).undo.size).toBe(3);
    const { of } = sheet.preview as { of: Inspection };
    sheet.change(item, { restore: new Set([0]) });
    const asked = vi.spyOn(platform, 'call');
    await commit();
    // The import does it itself.
    const calls = asked.mock.calls.map(([command]) => command);
    expect(calls).toContain('start_import');
    expect(calls).not.toContain('undo_repair');
    expect(calls).not.toContain('restore_furniture');
    const report = await platform.call('report', { id: sheet.at(item)?.report ?? '' });
    expect(report.repairs).toHaveLength(of.repairs.length - 3);
    expect(report.furniture).toHaveLength(of.furniture.length - 1);
    expect(report.text).toContain('níng');
  });

  it('corrects what was recognised, of one file and of many', async () => {
    const { user, read, look, sheet, commit, titles } = await open();
    await read(FOLDER);
    const item = await look('2022年工作报告');
    const field = await screen.findByTestId('import-field-title');
    await user.clear(field);
    await user.paste('云溪侨联报告');
    expect(sheet.edit(item).metadata.title).toBe('云溪侨联报告');
    const list = screen.getByTestId(TEST_IDS.importList);
    list.focus();
    await user.keyboard('{Control>}a{/Control}{F2}');
    const source = await screen.findByTestId('metadata-source');
    await user.click(source);
    await user.paste('侨联资料室');
    await user.click(screen.getByTestId(TEST_IDS.metadataSave));
    expect(sheet.edit(item).metadata.source).toBe('侨联资料室');
    await commit();
    expect(await titles()).toContain('云溪侨联报告');
  });

  it('asks for a password, and says when it does not fit', async () => {
    const { user, read, sheet } = await open();
    await read(FOLDER);
    const item = sheet.items.find(({ state }) => state === 'password')?.path ?? '';
    sheet.show(item);
    await user.type(await screen.findByTestId(TEST_IDS.importPassword), '1234');
    await user.click(screen.getByTestId(TEST_IDS.importUnlock));
    await screen.findAllByText('密码不对，请再试一次。');
    await user.type(screen.getByTestId(TEST_IDS.importPassword), '2021');
    await user.click(screen.getByTestId(TEST_IDS.importUnlock));
    await waitFor(() => expect(sheet.at(item)?.state).toBe('new'));
  });

  it('makes reports of the rows of a table', async () => {
    const { user, read, look, sheet } = await open();
    await read(FOLDER);
    await look('汇总.xlsx');
    const mapped = () => screen.getAllByTestId(TEST_IDS.importMapped);
    expect((await screen.findByTestId(TEST_IDS.importMapping)).textContent).toContain('白鹿县');
    expect(mapped()[0]?.textContent).toContain('正文');
    await user.click(screen.getByTestId(TEST_IDS.importMap));
    await waitFor(() => expect(sheet.items).toHaveLength(OWN.length + 3));
    expect(sheet.items.at(-1)?.metadata?.title).toBe('临江市侨联2018年工作要点');
  });

  it('makes a report of pasted text', async () => {
    const { user, sheet, commit, titles } = await open();
    await user.click(screen.getByTestId(TEST_IDS.importPaste));
    await user.click(screen.getByTestId(TEST_IDS.importPasteText));
    await user.paste('松林县侨联2023年工作总结\n2024年1月8日\n走访归侨三十户。');
    await user.click(screen.getByTestId(TEST_IDS.importPasteRead));
    await waitFor(() => expect(sheet.items).toHaveLength(1));
    expect(sheet.items[0]?.metadata?.published).toBe('2024-01-08');
    await commit();
    expect(await titles()).toContain('松林县侨联2023年工作总结');
  });

  it('shows progress, and keeps what was done when it is cancelled', async () => {
    const { user, app, platform, sheet } = await open(40);
    app.settings.setPage('importStraight', true);
    const [file] = OWN;
    if (!file) throw new Error('no file');
    platform.imports.files.push(
      ...Array.from({ length: 30 }, (_, i) => ({ ...file, path: `/many/${i}.html` })),
    );
    await user.click(screen.getByTestId(TEST_IDS.importPaths));
    await user.paste('/many');
    await user.click(screen.getByTestId(TEST_IDS.importStart));
    const progress = await screen.findByTestId(TEST_IDS.importProgress);
    await waitFor(() => expect(Number(progress.getAttribute('aria-valuenow'))).toBeGreaterThan(1));
    expect(progress.getAttribute('aria-valuemax')).toBe('30');
    expect(summary().textContent).toMatch(/正在导入 \d+ \/ 30/);
    await user.click(screen.getByTestId(TEST_IDS.importCancel));
    await waitFor(() => expect(summary().dataset['state']).toBe('cancelled'));
    const done = app.jobs.import?.done ?? 0;
    expect(done).toBeLessThan(30);
    await waitFor(() => expect(sheet.items).toHaveLength(done));
    await waitFor(() => expect(app.session.archive?.reports).toBe(5 + done));
  });
});

describe('files that are dropped', () => {
  it('are read wherever they fall', async () => {
    const platform = new MemoryPlatform({ open: true, pace: 1 });
    const { app } = await inApp(DropVeil, {}, platform);
    platform.drop({ phase: 'over' });
    await screen.findByText('松开即导入');
    platform.drop({ phase: 'drop', paths: ['/示例/青嶼縣僑聯年度報告.txt'] });
    await waitFor(() => expect(app.jobs.import?.state).toBe('done'));
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
