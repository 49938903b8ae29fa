import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick, type Component } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import InApp from '../../tests/InApp.svelte';
import { inApp } from '../../tests/inApp';
import { importing } from '../import/importing.svelte';
import { wantsLook } from '../import/problems';
import { MemoryPlatform } from '../platform/memory';
import { emptyFilter } from '../platform/platform';
import DropVeil from '../frame/DropVeil.svelte';
import Frame from '../frame/Frame.svelte';
import Toasts from '../frame/Toasts.svelte';
import { appContext, type App } from '../state/app.svelte';
import { TEST_IDS } from '../testids';
import { COLUMNS, fitting } from './columns';
import LibraryView from './LibraryView.svelte';
import MetadataDialog from './MetadataDialog.svelte';

const rows = () => screen.queryAllByTestId(TEST_IDS.libraryRow);
const titles = () =>
  rows().map((row) => within(row).getAllByRole('gridcell')[0]?.textContent?.trim() ?? '');
const chosen = () => rows().filter((row) => row.getAttribute('aria-selected') === 'true').length;
const total = () => Number(screen.getByTestId(TEST_IDS.libraryCount).dataset['total']);

/** Shows another part of the window beside what is shown. */
async function besides(app: App, shown: unknown) {
  render(InApp, {
    props: { shown: shown as Component<Record<string, unknown>>, given: {} },
    context: appContext(app),
  });
  await tick();
}

async function open(platform = new MemoryPlatform({ open: true })) {
  const shown = await inApp(LibraryView, {}, platform);
  await waitFor(() => expect(rows().length).toBeGreaterThan(0));
  return shown;
}

describe('the library', () => {
  it('lists, sorts and turns the order around', async () => {
    const { user } = await open();
    expect(titles()).toHaveLength(5);
    const head = () =>
      screen
        .getAllByTestId(TEST_IDS.libraryColumn)
        .find((button) => button.dataset['column'] === 'characters') as HTMLElement;
    await user.click(head());
    await waitFor(() => expect(titles()[0]).toBe('云溪市侨联2020年工作总结'));
    await user.click(head());
    await waitFor(() => expect(titles()[0]).toBe('白鹿县侨联工作情况汇报'));
    expect(head().closest('[role=columnheader]')?.getAttribute('aria-sort')).toBe('ascending');
  });

  it('filters by words in either script and by facets', async () => {
    const { user } = await open();
    await user.type(screen.getByTestId(TEST_IDS.libraryFilter), '雲溪');
    // 雲 is not among the folded characters of the samples, 云 is: nothing is found.
    await waitFor(() => expect(total()).toBe(0));
    await user.clear(screen.getByTestId(TEST_IDS.libraryFilter));
    await user.type(screen.getByTestId(TEST_IDS.libraryFilter), '归国华侨');
    await waitFor(() => expect(total()).toBe(5));
    await user.clear(screen.getByTestId(TEST_IDS.libraryFilter));
    const facet = (value: string) =>
      screen
        .getAllByTestId(TEST_IDS.facet)
        .find((button) => button.dataset['value'] === value) as HTMLElement;
    await waitFor(() => expect(facet('云溪侨网')).toBeTruthy());
    await user.click(facet('云溪侨网'));
    await waitFor(() => expect(total()).toBe(2));
    expect(facet('云溪侨网').getAttribute('aria-pressed')).toBe('true');
    // Values of one kind are joined by or, so the others must still be there to be added.
    await user.click(facet('南埔僑訊'));
    await waitFor(() => expect(total()).toBe(3));
    await user.click(facet('Hant'));
    await waitFor(() => expect(titles()).toEqual(['南埔市僑聯二〇一九年工作回顧']));
  });

  it('leaves a value out, or nothing but it, by the menu of the value', async () => {
    const { user } = await open();
    const facet = (value: string) =>
      screen
        .getAllByTestId(TEST_IDS.facet)
        .find((button) => button.dataset['value'] === value) as HTMLElement;
    await waitFor(() => expect(facet('南埔僑訊')).toBeTruthy());
    const all = total();
    await fireEvent.contextMenu(facet('南埔僑訊'));
    await user.click(await screen.findByRole('menuitemcheckbox', { name: /^排除/ }));
    await waitFor(() => expect(total()).toBe(all - 1));
    await fireEvent.contextMenu(facet('南埔僑訊'));
    await user.click(await screen.findByRole('menuitem', { name: '只看这一项' }));
    await waitFor(() => expect(total()).toBe(1));
    expect(facet('云溪侨网').getAttribute('aria-pressed')).toBe('false');
  });

  it('leaves a value out by the sign beside its count, or by a key on it', async () => {
    const { user } = await open();
    const facet = (value: string) =>
      screen
        .getAllByTestId(TEST_IDS.facet)
        .find((button) => button.dataset['value'] === value) as HTMLElement;
    await waitFor(() => expect(facet('南埔僑訊')).toBeTruthy());
    const all = total();
    await user.click(within(facet('南埔僑訊')).getByTestId(TEST_IDS.facetExclude));
    await waitFor(() => expect(total()).toBe(all - 1));
    facet('南埔僑訊').focus();
    await user.keyboard('{Delete}');
    await waitFor(() => expect(total()).toBe(all));
  });

  it('is used with the keys: choose, choose a range, open', async () => {
    const { user, app } = await open();
    screen.getByRole('grid').focus();
    await user.keyboard('{Home}');
    await waitFor(() => expect(chosen()).toBe(1));
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    await waitFor(() => expect(chosen()).toBe(3));
    await user.keyboard('{Control>} {/Control}');
    await waitFor(() => expect(chosen()).toBe(2));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(chosen()).toBe(0));
    await user.keyboard('{End}{Enter}');
    expect(app.tabs.active).toMatchObject({ kind: 'report', title: titles().at(-1) });
  });

  it('is used with the mouse', async () => {
    const { user, app } = await open();
    const [first, second, third] = rows() as [HTMLElement, HTMLElement, HTMLElement];
    await user.click(first);
    await user.keyboard('{Control>}');
    await user.click(third);
    await user.keyboard('{/Control}');
    await waitFor(() => expect(chosen()).toBe(2));
    await user.keyboard('{Shift>}');
    await user.click(second);
    await user.keyboard('{/Shift}');
    await waitFor(() => expect(chosen()).toBe(2));
    await user.click(screen.getByTestId(TEST_IDS.libraryCompare));
    expect(app.tabs.active).toMatchObject({ kind: 'compare' });
  });

  it('asks for pages as they are needed', async () => {
    const platform = new MemoryPlatform({ open: true, copies: 1000 });
    const asked: number[] = [];
    const call = platform.call.bind(platform);
    platform.call = ((name: 'reports', request: never) => {
      if (name === 'reports') asked.push((request as { offset: number }).offset);
      return call(name, request);
    }) as typeof platform.call;
    const { user } = await open(platform);
    expect(total()).toBe(1005);
    expect(rows().length).toBeLessThan(60);
    // The first page, and the one that comes next.
    expect(new Set(asked)).toEqual(new Set([0, 100]));
    screen.getByRole('grid').focus();
    await user.keyboard('{Home}{Shift>}{End}{/Shift}');
    await waitFor(() => {
      expect(screen.getByTestId(TEST_IDS.libraryCount).textContent).toContain('1,005');
    });
  });

  it('deletes, and takes it back from the toast', async () => {
    const { user, app } = await inApp(Frame, {});
    await besides(app, Toasts);
    await waitFor(() => expect(rows()).toHaveLength(5));
    await user.click(rows()[0] as HTMLElement);
    await user.click(screen.getByTestId(TEST_IDS.libraryDelete));
    await waitFor(() => expect(rows()).toHaveLength(4));
    const toast = await screen.findByTestId(TEST_IDS.toast);
    expect(toast.textContent).toContain('已删除 1 份报告');
    expect(toast.closest('[role=status]')).not.toBeNull();
    await user.click(within(toast).getByTestId(TEST_IDS.toastAction));
    await waitFor(() => expect(rows()).toHaveLength(5));
    await waitFor(() =>
      expect(screen.getByTestId(TEST_IDS.toast).textContent).toContain('已撤销：删除报告'),
    );
  });

  it('collects what is chosen, which stays chosen', async () => {
    const { user, platform } = await open();
    await user.type(screen.getByTestId(TEST_IDS.libraryFilter), '安河');
    await waitFor(() => expect(rows()).toHaveLength(1));
    await user.click(rows()[0] as HTMLElement);
    await user.click(screen.getByTestId(TEST_IDS.libraryCollect));
    await user.type(await screen.findByTestId(TEST_IDS.collectionPickerField), '云溪{Enter}');
    await waitFor(async () => expect((await platform.call('collections', {}))[0]?.reports).toBe(4));
    await waitFor(() => expect(screen.getByTestId(TEST_IDS.collection).textContent).toContain('4'));
    expect(chosen()).toBe(1);
    expect(total()).toBe(1);
  });

  it('corrects the details of several reports at once, and only what was changed', async () => {
    const { user, platform } = await open();
    screen.getByRole('grid').focus();
    await user.keyboard('{Home}{Shift>}{ArrowDown}{/Shift}');
    await waitFor(() => expect(chosen()).toBe(2));
    const before = await platform.call('reports', request(''));
    await user.click(screen.getByTestId(TEST_IDS.libraryMetadata));
    await user.type(await screen.findByTestId('metadata-source'), '地方志');
    await user.click(screen.getByTestId(TEST_IDS.metadataSave));
    await waitFor(async () => {
      const { rows: after } = await platform.call('reports', request(''));
      expect(after.filter(({ source }) => source === '地方志')).toHaveLength(2);
      expect(after.map(({ title }) => title).sort()).toEqual(
        before.rows.map(({ title }) => title).sort(),
      );
    });
  });

  it.each([
    ['en', 'AB', 60, '(several values: A and B)'],
    ['en', 'ABCD', 60, '(several values: A, B, C and 1 other)'],
    ['en', 'ABCDEFG', 60, '(several values: A, B, C and 4 others)'],
    ['en', 'ABCDEFG', 61, '(several values: A, B, C and others)'],
    ['zh-Hans', 'ABCDEFG', 60, '（多个值：A、B、C，另有 4 个）'],
    ['zh-Hant', 'ABCD', 60, '（多個值：A、B、C，另有 1 個）'],
  ])(
    'says in %s of reports from %s, of %i, what they have: %s',
    async (language, from, of, said) => {
      const platform = new MemoryPlatform({ open: true, settings: { language } });
      const sources = Array.from({ length: of }, (_, i) => from[i % from.length] as string).sort();
      const { rows } = await platform.call('reports', { ...request(''), limit: 1 });
      const { metadata } = await platform.call('report_preview', { id: rows[0]?.id ?? '' });
      const call = platform.call.bind(platform);
      let next = 0;
      platform.call = (async (name: 'report_preview', asked: never) =>
        name === 'report_preview'
          ? { metadata: { ...metadata, source: sources[next++] } }
          : call(name, asked)) as typeof platform.call;
      const reports = { ids: sources.map((_, i) => `${i}`) };
      await inApp(MetadataDialog, { open: true, reports, count: of }, platform);
      const field = await screen.findByTestId<HTMLInputElement>('metadata-source');
      await waitFor(() => expect(field.placeholder).toBe(said));
    },
  );

  it('chooses all that match without fetching them, and edits them as one step', async () => {
    const platform = new MemoryPlatform({ open: true, copies: 300 });
    const { user, app } = await open(platform);
    const { rows: before } = await platform.call('reports', { ...request(''), limit: 400 });
    const call = vi.spyOn(platform, 'call');
    screen.getByRole('grid').focus();
    await user.keyboard('{Home}');
    app.commands.run('library.selectAll');
    const selected = () => screen.getByTestId(TEST_IDS.libraryClearSelection).dataset['count'];
    await waitFor(() => expect(selected()).toBe('305'));
    expect(call.mock.calls.filter(([name]) => name === 'report_ids')).toEqual([]);
    // One is left out again.
    await user.keyboard('{Control>} {/Control}');
    await waitFor(() => expect(selected()).toBe('304'));
    app.commands.run('library.metadata');
    await screen.findByTestId('metadata-source');
    // They differ in their sources, which is said, and kept.
    await waitFor(() =>
      expect(screen.getByTestId<HTMLInputElement>('metadata-source').placeholder).toContain('云溪'),
    );
    await user.type(screen.getByTestId('metadata-editor'), '编辑部');
    await user.click(screen.getByTestId('metadata-clear-source'));
    const date = screen.getByTestId<HTMLInputElement>('metadata-published');
    await user.type(date, '2021年13月');
    expect(screen.getByTestId<HTMLButtonElement>(TEST_IDS.metadataSave).disabled).toBe(true);
    await user.clear(date);
    await user.type(date, '2021年3月');
    await user.click(screen.getByTestId(TEST_IDS.metadataSave));
    await waitFor(async () => {
      const { rows: after } = await platform.call('reports', { ...request(''), limit: 400 });
      expect(
        after.filter((row) => row.source === null && row.published === '2021-03'),
      ).toHaveLength(304);
    });
    await platform.call('undo', {});
    const { rows: back } = await platform.call('reports', { ...request(''), limit: 400 });
    expect(back).toEqual(before);
  });

  it('takes what is typed in the list as words to filter by, and comes back from there', async () => {
    const { user } = await open();
    screen.getByRole('grid').focus();
    await user.keyboard('安河');
    const field = screen.getByTestId<HTMLInputElement>(TEST_IDS.libraryFilter);
    expect(document.activeElement).toBe(field);
    expect(field.value).toBe('安河');
    await waitFor(() => expect(titles()).toEqual(['安河市归国华侨联合会二○二○年工作报告']));
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(screen.getByRole('grid'));
    await waitFor(() => expect(chosen()).toBe(1));
    await user.clear(field);
    await user.type(field, '西藏');
    // What stands in the way is named, with a button that takes it away.
    expect((await screen.findByText(/当前条件/)).textContent).toContain('西藏');
    await user.click(screen.getAllByRole('button', { name: '清除筛选' }).at(-1) as HTMLElement);
    await waitFor(() => expect(rows()).toHaveLength(5));
  });

  it('waits for an input method to finish', async () => {
    const { user, platform } = await open();
    const call = vi.spyOn(platform, 'call');
    const field = screen.getByTestId<HTMLInputElement>(TEST_IDS.libraryFilter);
    await user.click(field);
    await fireEvent.compositionStart(field);
    await fireEvent.input(field, { target: { value: 'an he' } });
    expect(call.mock.calls.filter(([name]) => name === 'reports')).toEqual([]);
    await fireEvent.compositionEnd(field, { target: { value: '安河' } });
    await waitFor(() => expect(titles()).toHaveLength(1));
  });

  it('looks at a report with the space bar, which follows the arrows', async () => {
    const { user } = await open();
    screen.getByRole('grid').focus();
    await user.keyboard('{Home} ');
    const look = await screen.findByTestId(TEST_IDS.libraryQuickLook);
    expect(within(look).getByRole('heading', { level: 2 }).textContent).toBe(titles()[0]);
    await user.keyboard('{ArrowDown}');
    await waitFor(() =>
      expect(within(look).getByRole('heading', { level: 2 }).textContent).toBe(titles()[1]),
    );
    expect(document.activeElement).toBe(screen.getByRole('grid'));
    await user.keyboard('{Escape}');
    expect(screen.queryByTestId(TEST_IDS.libraryQuickLook)).toBeNull();
    // Choosing is not lost by it.
    await waitFor(() => expect(chosen()).toBe(1));
  });

  it('opens beside itself, and its menu with the menu key', async () => {
    const { user, app } = await open();
    screen.getByRole('grid').focus();
    await user.keyboard('{Home}');
    await waitFor(() => expect(chosen()).toBe(1));
    await user.keyboard('{Shift>}{F10}{/Shift}');
    const menu = await screen.findByTestId(TEST_IDS.libraryMenu);
    expect(within(menu).getAllByRole('menuitem').length).toBeGreaterThan(8);
    await user.keyboard('{Escape}');
    screen.getByRole('grid').focus();
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(app.tabs.columns).toHaveLength(2));
    expect(app.tabs.active).toMatchObject({ kind: 'report', title: titles()[0] });
  });
});

describe('the facets', () => {
  const item = (name: RegExp) => screen.getByRole('treeitem', { name });

  it('are a tree of places, used by keys', async () => {
    const { user } = await open();
    await waitFor(() => item(/^平川省 /));
    item(/^平川省 /).focus();
    expect(item(/^平川省 /).getAttribute('aria-expanded')).toBe('false');
    await user.keyboard('{ArrowRight}');
    await waitFor(() => item(/云溪市 3/));
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement?.getAttribute('aria-level')).toBe('2');
    await user.keyboard('{Home}{Enter}');
    await waitFor(() => expect(total()).toBe(4));
    // With the minus key, what a report must not have.
    await user.keyboard('-');
    await waitFor(() => expect(titles()).toEqual(['南埔市僑聯二〇一九年工作回顧']));
    const chips = screen.getByTestId(TEST_IDS.libraryChips);
    expect(chips.textContent).toContain('不含：平川省');
    await user.click(within(chips).getByRole('button', { name: /不含：平川省/ }));
    await waitFor(() => expect(total()).toBe(5));
  });

  it('are searched among', async () => {
    const { user } = await open();
    await waitFor(() => item(/^平川省 /));
    await user.click(screen.getByRole('button', { name: '在“地区”中查找' }));
    await user.type(screen.getByTestId(TEST_IDS.facetSearch), '白鹿');
    await waitFor(() => item(/白鹿县 1/));
    expect(screen.queryByRole('treeitem', { name: /^海屏省 / })).toBeNull();
  });

  it('ask the archive where there are more values than are listed', async () => {
    const platform = new MemoryPlatform({ open: true });
    const call = platform.call.bind(platform);
    const rare = { value: '平川日报', count: 1 };
    platform.call = (async (name: 'facets', wanted: never) => {
      if ((name as string) === 'library_values') return [rare];
      const came = await call(name, wanted);
      const sources = Array.from({ length: 20 }, (_, i) => ({ value: `网${i}`, count: 20 - i }));
      return name === 'facets' ? { ...came, sources } : came;
    }) as typeof platform.call;
    const { user } = await open(platform);
    await user.click(await screen.findByRole('button', { name: '在“来源”中查找' }));
    await user.type(screen.getByTestId(TEST_IDS.facetSearch), 'pcrb');
    const found = () =>
      screen.getAllByTestId(TEST_IDS.facet).filter(({ dataset }) => dataset['facet'] === 'sources');
    await waitFor(() =>
      expect(found().map(({ dataset }) => dataset['value'])).toEqual(['平川日报']),
    );
  });

  it('are a histogram with two handles for the keys', async () => {
    const { user } = await open();
    const handles = await screen.findAllByRole('slider');
    expect(handles.map((handle) => handle.getAttribute('aria-valuenow'))).toEqual(['2018', '2022']);
    handles[0]?.focus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    await waitFor(() => expect(total()).toBe(4));
    expect(handles[0]?.getAttribute('aria-valuenow')).toBe('2020');
    expect(handles[0]?.getAttribute('aria-valuetext')).toContain('2020');
    expect(screen.getByTestId(TEST_IDS.libraryChips).textContent).toContain('2020–2022');
    handles[1]?.focus();
    await user.keyboard('{ArrowLeft}');
    await waitFor(() => expect(total()).toBe(3));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(total()).toBe(5));
    expect(screen.queryByTestId(TEST_IDS.libraryChips)).toBeNull();
  });

  it('ask for passages: with, without, either', async () => {
    const { user } = await open(new MemoryPlatform({ open: true, copies: 2 }));
    const own = () =>
      screen
        .getAllByTestId(TEST_IDS.facet)
        .find(({ dataset }) => dataset['facet'] === 'passages') as HTMLElement;
    await waitFor(() => expect(own()).toBeTruthy());
    await user.click(own());
    await waitFor(() => expect(total()).toBe(5));
    await user.click(own());
    await waitFor(() => expect(total()).toBe(2));
    await user.click(own());
    await waitFor(() => expect(total()).toBe(7));
  });
});

describe('collections', () => {
  const line = (name: RegExp) => screen.getByRole('treeitem', { name });

  it('are made, named, nested and put in order by keys', async () => {
    const { user, platform } = await open();
    await user.click(screen.getByTestId(TEST_IDS.collectionCreate));
    await user.clear(await screen.findByTestId(TEST_IDS.collectionName));
    await user.type(screen.getByTestId(TEST_IDS.collectionName), '抗疫专题{Enter}');
    await waitFor(() => line(/^抗疫专题/));
    line(/^抗疫专题/).focus();
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await waitFor(() => expect(line(/^抗疫专题/).getAttribute('aria-level')).toBe('2'));
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await waitFor(() => expect(line(/^抗疫专题/).getAttribute('aria-level')).toBe('1'));
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
    await waitFor(async () =>
      expect((await platform.call('collections', {})).map(({ name }) => name)).toEqual([
        '抗疫专题',
        '云溪一带',
      ]),
    );
    await user.keyboard('{F2}');
    await user.clear(await screen.findByTestId(TEST_IDS.collectionName));
    await user.type(screen.getByTestId(TEST_IDS.collectionName), '专题{Enter}');
    await waitFor(() => line(/^专题/));
    line(/^专题/).focus();
    await user.keyboard('{Delete}');
    await waitFor(() => expect(screen.queryByRole('treeitem', { name: /^专题/ })).toBeNull());
  });

  it('filter the list, one or several', async () => {
    const { user } = await open();
    await waitFor(() => line(/^云溪一带/));
    await user.click(line(/^云溪一带/));
    await waitFor(() => expect(total()).toBe(3));
    expect(line(/^云溪一带/).getAttribute('aria-selected')).toBe('true');
    await user.click(screen.getByRole('button', { name: /全部报告/ }));
    await waitFor(() => expect(total()).toBe(5));
  });

  it('take files that are dropped on them', async () => {
    const { app, platform } = await open();
    await besides(app, DropVeil);
    await waitFor(() => line(/^云溪一带/));
    document.elementFromPoint = () => line(/^云溪一带/);
    const at = { x: 10, y: 10 };
    platform.drop({ phase: 'over', at });
    expect(await screen.findByText(/松开即可导入到“云溪一带”/)).toBeTruthy();
    platform.drop({ phase: 'drop', paths: ['/示例/青嶼縣僑聯年度報告.txt'], at });
    const sheet = importing(app);
    await waitFor(() => expect(app.jobs.import?.state).toBe('done'));
    for (const job of sheet.followed) await sheet.follow(job);
    await sheet.begin();
    await waitFor(async () => expect((await platform.call('collections', {}))[0]?.reports).toBe(4));
  });
});

const request = (text: string) => ({
  filter: { ...emptyFilter(), text },
  sort: 'title' as const,
  descending: false,
  offset: 0,
  limit: 100,
});

describe('columns', () => {
  it('count the problems to look after, not what was only mended', async () => {
    const { platform } = await open();
    const request = { filter: emptyFilter(), sort: 'title' as const, descending: false };
    const page = await platform.call('reports', { ...request, offset: 0, limit: 100 });
    for (const { id, problems } of page.rows) {
      const row = rows().find(({ dataset }) => dataset['id'] === id) as HTMLElement;
      const wanted = problems.filter(wantsLook).length;
      expect(row.querySelector('.problems')?.firstElementChild?.textContent?.trim() ?? '').toMatch(
        wanted === 0 ? /^$/ : new RegExp(`^${wanted}\\b`),
      );
    }
    const all = page.rows.flatMap(({ problems }) => problems);
    expect(all.some(wantsLook) && !all.every(wantsLook)).toBe(true);
  });

  it('give way in their order, and title and date never', () => {
    expect(fitting(COLUMNS, 200)).toHaveLength(COLUMNS.length);
    const few = fitting(COLUMNS, 10).map(({ id }) => id);
    expect(few).toEqual(['title', 'published']);
    expect(fitting(COLUMNS, 69).map(({ id }) => id)).not.toContain('organisation');
  });

  it('are widened, moved and sorted by from their heads', async () => {
    const { user, app } = await open();
    const heads = () => screen.getAllByTestId(TEST_IDS.libraryColumn);
    const names = () => heads().map(({ dataset }) => dataset['column']);
    const before = names();
    heads()[0]?.focus();
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(heads()[1]);
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await waitFor(() => expect(names()[2]).toBe(before[1]));
    await waitFor(() => expect(document.activeElement).toBe(heads()[2]));
    expect(app.settings.page<string[]>('libraryColumns', [])[2]).toBe(before[1]);
    await user.keyboard('{Enter}');
    await waitFor(() =>
      expect(screen.getByTestId(TEST_IDS.libraryAnnounced).textContent).toContain('地区'),
    );
    expect(heads()[2]?.closest('[role=columnheader]')?.getAttribute('aria-sort')).toBe('ascending');
  });
});
