import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { inApp } from '../../tests/inApp';
import { MemoryPlatform } from '../platform/memory';
import { emptyFilter } from '../platform/platform';
import Frame from '../frame/Frame.svelte';
import Toasts from '../frame/Toasts.svelte';
import { TEST_IDS } from '../testids';
import { COLUMNS, fitting } from './columns';
import LibraryView from './LibraryView.svelte';

const rows = () => screen.queryAllByTestId(TEST_IDS.libraryRow);
const titles = () =>
  rows().map((row) => within(row).getAllByRole('gridcell')[0]?.textContent?.trim() ?? '');
const chosen = () => rows().filter((row) => row.getAttribute('aria-selected') === 'true').length;
const total = () => Number(screen.getByTestId(TEST_IDS.libraryCount).dataset['total']);

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

  it('is used with the keys: choose, choose a range, open', async () => {
    const { user, app } = await open();
    screen.getByRole('grid').focus();
    await user.keyboard('{Home}');
    expect(chosen()).toBe(1);
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    await waitFor(() => expect(chosen()).toBe(3));
    await user.keyboard('{Control>} {/Control}');
    expect(chosen()).toBe(2);
    await user.keyboard('{Escape}');
    expect(chosen()).toBe(0);
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
    expect(chosen()).toBe(2);
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
    const { render } = await import('@testing-library/svelte');
    const { appContext } = await import('../state/app.svelte');
    render((await import('../../tests/InApp.svelte')).default, {
      props: { shown: Toasts as never, given: {} },
      context: appContext(app),
    });
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
});

const request = (text: string) => ({
  filter: { ...emptyFilter(), text },
  sort: 'title' as const,
  descending: false,
  offset: 0,
  limit: 100,
});

describe('columns', () => {
  it('give way in their order, and title and date never', () => {
    expect(fitting(COLUMNS, 100)).toHaveLength(COLUMNS.length);
    const few = fitting(COLUMNS, 10).map(({ id }) => id);
    expect(few).toEqual(['title', 'published']);
    expect(fitting(COLUMNS, 69).map(({ id }) => id)).not.toContain('organisation');
  });
});
