import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { inApp } from '../../tests/inApp';
import { m } from '../i18n/messages';
import { MemoryPlatform } from '../platform/memory';
import { CommandFailure } from '../platform/platform';
import type { Commands } from '../protocol/protocol';
import { TEST_IDS } from '../testids';
import SearchView from './SearchView.svelte';

const field = () => screen.getByTestId<HTMLInputElement>(TEST_IDS.searchField);
const hits = () => screen.queryAllByTestId(TEST_IDS.searchHit);
const shownQuery = () => screen.queryByTestId(TEST_IDS.searchTotal)?.dataset['query'];
const chips = () => screen.getAllByTestId(TEST_IDS.searchChip);
const rest = (time = 60) => new Promise((resolve) => setTimeout(resolve, time));

async function searched(query: string, platform?: MemoryPlatform) {
  const shown = await inApp(SearchView, {}, platform);
  await fireEvent.input(field(), { target: { value: query } });
  await waitFor(() => expect(shownQuery()).toBe(query));
  return shown;
}
const show = async (user: { click: (element: Element) => Promise<void> }, view: string) =>
  user.click(screen.getByTestId(`${TEST_IDS.searchViews}-${view}`));

type Name = keyof Commands;

/** An archive that answers some commands when the test says so, in any order. */
class Held extends MemoryPlatform {
  readonly #names: ReadonlySet<Name>;
  readonly asked: { name: Name; query: string; answer: (failure?: CommandFailure) => void }[] = [];
  constructor(...names: Name[]) {
    super({ open: true });
    this.#names = new Set(names);
  }
  override async call<K extends Name>(name: K, request: Commands[K][0]) {
    if (this.#names.has(name)) {
      const { question, query = question?.query ?? '' } = request as {
        question?: { query: string };
        query?: string;
      };
      await new Promise<void>((resolve, reject) => {
        const answer = (failure?: CommandFailure) => (failure ? reject(failure) : resolve());
        this.asked.push({ name, query, answer });
      });
    }
    return super.call(name, request);
  }
  of(name: Name) {
    return this.asked.filter((each) => each.name === name);
  }
}

describe('a late answer', () => {
  it('is never shown, whatever it is the answer of', async () => {
    const names: Name[] = [
      'search_facets',
      'suggest_queries',
      'concordance',
      'collocates',
      'keyness',
    ];
    const platform = new Held(...names);
    const { user, app } = await searched('走访慰问', platform);
    await waitFor(() => expect(platform.of('search_facets')).toHaveLength(1));
    for (const view of ['concordance', 'collocates', 'keywords'] as const) await show(user, view);
    await waitFor(() => expect(platform.of('keyness')).toHaveLength(1));

    await fireEvent.input(field(), { target: { value: '侨批' } });
    await waitFor(() => expect(shownQuery()).toBe('侨批'));
    await waitFor(() => expect(platform.of('search_facets')).toHaveLength(2));
    for (const view of ['concordance', 'collocates', 'keywords'] as const) await show(user, view);
    for (const name of names) {
      await waitFor(() => expect(platform.of(name).at(-1)?.query, name).toBe('侨批'));
    }
    // What was asked last answers first.
    for (const { query, answer } of platform.asked.toReversed()) if (query === '侨批') answer();
    const facets = () => screen.getByTestId(TEST_IDS.searchFacets);
    const count = () =>
      facets().querySelector('[data-facet="scripts"][data-value] .count')?.textContent;
    await waitFor(() => expect(count()).toBe('1'));
    const told = screen.getByTestId(TEST_IDS.keyWords).textContent;
    for (const { query, answer } of platform.asked) if (query === '走访慰问') answer();
    await rest();
    expect(count()).toBe('1');
    expect(screen.getByTestId(TEST_IDS.keyWords).textContent).toBe(told);
    app.search.view = 'concordance';
    await waitFor(() => platform.of('concordance').at(-1)?.answer());
    await waitFor(() => {
      platform.of('concordance').at(-1)?.answer();
      const lines = screen.getAllByTestId(TEST_IDS.concordanceLine);
      for (const line of lines) expect(line.querySelector('mark')?.textContent).toMatch(/[侨僑]批/);
    });
  });

  it('keeps none of the counts waiting: they are asked for behind the first results', async () => {
    const platform = new Held('search', 'search_facets');
    await inApp(SearchView, {}, platform);
    await fireEvent.input(field(), { target: { value: '走' } });
    await fireEvent.input(field(), { target: { value: '走访' } });
    await rest();
    expect(platform.of('search_facets')).toHaveLength(0);
    for (const { answer } of platform.of('search')) answer();
    await waitFor(() => expect(hits().length).toBeGreaterThan(1));
    await waitFor(() =>
      expect(platform.of('search_facets').map(({ query }) => query)).toEqual(['走访']),
    );
  });

  it('that was broken off can be asked for again', async () => {
    const platform = new Held('collocates');
    const { user } = await searched('侨胞', platform);
    await show(user, 'collocates');
    await waitFor(() => expect(platform.of('collocates')).toHaveLength(1));
    const failure = { code: 'cancelled', message: 'Another search came.', hints: [] } as const;
    platform.of('collocates')[0]?.answer(new CommandFailure({ ...failure, hints: [] }));
    expect(await screen.findByText(m.search_broken_off())).toBeTruthy();
    await user.click(screen.getByRole('button', { name: m.error_retry() }));
    await waitFor(() => expect(platform.of('collocates')).toHaveLength(2));
    platform.of('collocates')[1]?.answer();
    expect((await screen.findAllByTestId(TEST_IDS.word)).length).toBeGreaterThan(2);
  });
});

describe('the parts of a query', () => {
  it('are chips, with brackets around what belongs together', async () => {
    await searched('(走访 OR 慰问) -学生 地区:云溪');
    expect(chips().map((chip) => [chip.dataset['kind'], chip.dataset['excluded']])).toEqual([
      ['phrase', undefined],
      ['phrase', undefined],
      ['phrase', 'true'],
      ['place', undefined],
    ]);
    expect(chips()[0]?.closest('ul')?.textContent).toContain(m.search_chip_or());
  });

  it('are changed, quoted, excluded and removed', async () => {
    const { user } = await searched('走访 侨胞');
    await user.click(chips()[1] as HTMLElement);
    const text = await screen.findByTestId<HTMLInputElement>(TEST_IDS.searchChipText);
    expect(text.value).toBe('侨胞');
    await user.clear(text);
    await user.type(text, '慰问{Enter}');
    await waitFor(() => expect(shownQuery()).toBe('走访 慰问'));

    await user.click(chips()[0] as HTMLElement);
    await user.click(await screen.findByTestId(TEST_IDS.searchChipQuote));
    await waitFor(() => expect(shownQuery()).toBe('"走访" 慰问'));

    await user.click(chips()[1] as HTMLElement);
    await user.click(await screen.findByTestId(TEST_IDS.searchChipExclude));
    await waitFor(() => expect(shownQuery()).toBe('"走访" -慰问'));

    chips()[1]?.focus();
    await user.keyboard('{Delete}');
    await waitFor(() => expect(shownQuery()).toBe('"走访"'));
  });

  it('that could not be meant are shown in the query', async () => {
    const { user } = await searched('走访 "慰问');
    await user.click(await screen.findByTestId(TEST_IDS.searchNote));
    expect(field().value.slice(field().selectionStart ?? 0, field().selectionEnd ?? 0)).toBe('"');
  });

  it('may be meant otherwise', async () => {
    const { user } = await searched('qiaobao');
    const [first] = await screen.findAllByTestId(TEST_IDS.searchSuggestion);
    expect(first?.textContent).toContain('侨胞');
    await user.click(first as HTMLElement);
    await waitFor(() => expect(hits().length).toBeGreaterThan(2));
  });
});

describe('the results', () => {
  it('are filtered by values with counts, and values are left out', async () => {
    const { user, app } = await searched('侨胞');
    const all = app.search.total;
    const facets = await screen.findByTestId(TEST_IDS.searchFacets);
    const script = () =>
      within(facets)
        .getAllByTestId(TEST_IDS.facet)
        .find(({ dataset }) => dataset['value'] === 'Hant') as HTMLElement;
    await waitFor(() => expect(script()).toBeTruthy());
    const count = Number(script().querySelector('.count')?.textContent);
    await user.click(script());
    await waitFor(() => expect(app.search.total).toBe(count));
    expect(screen.getByTestId(TEST_IDS.searchFilterChips)).toBeTruthy();
    await fireEvent.contextMenu(script());
    await user.click(await screen.findByRole('menuitemcheckbox', { name: m.facet_exclude() }));
    await waitFor(() => expect(app.search.total).toBe(all - count));
    await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
    await waitFor(() => expect(document.body.style.pointerEvents).not.toBe('none'));
    await user.click(screen.getByTestId(TEST_IDS.searchClearFilter));
    await waitFor(() => expect(app.search.total).toBe(all));
  });

  it('stand in tiers, and say why', async () => {
    const { user, app } = await searched('侨胞服务');
    await waitFor(() => expect(screen.queryByTestId(TEST_IDS.searchNone)).toBeTruthy());
    await user.click(screen.getByRole('button', { name: m.search_relaxed() }));
    await waitFor(() => expect(hits().length).toBeGreaterThan(1));
    expect(screen.getAllByTestId(TEST_IDS.searchTier)[0]?.textContent).toContain(
      m.search_tier_words(),
    );
    await fireEvent.input(field(), { target: { value: '走訪' } });
    await waitFor(() => expect(shownQuery()).toBe('走訪'));
    const why = screen.getAllByTestId(TEST_IDS.searchWhy).map(({ textContent }) => textContent);
    expect(why.some((text) => text?.includes(m.search_why_alternative()))).toBe(true);
    app.search.sortBy('oldest');
    await waitFor(() => {
      const dates = app.search.hits.map(({ published }) => published ?? '9');
      expect(dates).toEqual(dates.toSorted());
    });
  });

  it('are a concordance: by arrows, sorted, copied, opened and walked through', async () => {
    const { user, app } = await searched('侨胞');
    await show(user, 'concordance');
    const lines = await screen.findAllByTestId(TEST_IDS.concordanceLine);
    const total = app.search.hits.reduce((sum, { matches }) => sum + matches.length, 0);
    expect(lines[0]?.getAttribute('aria-setsize')).toBe(String(total));
    const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    screen.getByTestId(TEST_IDS.concordance).focus();
    await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{/Shift}{Control>}c{/Control}');
    await waitFor(() => expect(copied).toHaveBeenCalledOnce());
    expect(copied.mock.calls[0]?.[0].split('\n')).toHaveLength(2);
    app.settings.setPage('searchLines', 'right');
    await waitFor(() => {
      const rights = screen
        .getAllByTestId(TEST_IDS.concordanceLine)
        .map((line) => line.querySelector('.right')?.lastChild?.textContent ?? '');
      expect(rights.length).toBeGreaterThan(2);
      expect(rights.slice(0, 8)).toEqual(rights.slice(0, 8).toSorted());
    });
    screen.getByTestId(TEST_IDS.concordance).focus();
    await user.keyboard('{Home}{Enter}');
    await waitFor(() => expect(app.tabs.active.kind).toBe('report'));
    const { lines: expected } = await app.platform.call('concordance', {
      question: app.search.asked,
      sort: 'right',
      offset: 0,
      limit: 2,
    });
    expect(app.tabs.active).toMatchObject({ target: expected[0]?.range });
    app.commands.run('search.next');
    await waitFor(() =>
      expect(app.tabs.active).toMatchObject({
        report: expected[1]?.report,
        target: expected[1]?.range,
      }),
    );
  });

  it('are charts, whose bars filter, with their figures beside them', async () => {
    const { user, app } = await searched('侨胞');
    await show(user, 'charts');
    const chart = await screen.findByTestId(TEST_IDS.yearsChart);
    const bar = within(chart)
      .getAllByRole('button')
      .find(({ dataset }) => dataset['count'] !== '0') as HTMLElement;
    await user.click(screen.getByTestId(TEST_IDS.chartTable));
    const table = await screen.findByTestId(TEST_IDS.yearsTable);
    const row = within(table).getByRole('rowheader', { name: bar.dataset['year'] ?? '' });
    expect(row.nextElementSibling?.textContent).toBe(bar.dataset['count']);
    bar.focus();
    await user.keyboard('{Enter}');
    expect(app.search.filter.years).toEqual([Number(bar.dataset['year'])]);
    await waitFor(() => expect(app.search.total).toBe(Number(bar.dataset['count'])));
    app.search.clearFilter();
    const [place] = within(screen.getByTestId(TEST_IDS.placesChart)).getAllByRole('button');
    await fireEvent.click(place as HTMLElement);
    expect(app.search.filter.places).toEqual([place?.dataset['place']]);
  });

  it('are words around what was searched, and words that set the reports apart', async () => {
    const { user, app } = await searched('归侨');
    await show(user, 'collocates');
    const words = () => screen.getAllByTestId(TEST_IDS.word).map(({ dataset }) => dataset['word']);
    await waitFor(() => expect(words().length).toBeGreaterThan(2));
    const first = words();
    await user.click(screen.getAllByTestId(TEST_IDS.wordSort)[0] as HTMLElement);
    expect(words().toSorted()).toEqual(first.toSorted());
    const [word] = screen.getAllByTestId(TEST_IDS.word);
    await user.click(word as HTMLElement);
    await waitFor(() => expect(app.search.answered).toMatch(/^归侨 NEAR\/\d+ "/));
    expect(app.search.total).toBeGreaterThan(0);

    await fireEvent.input(field(), { target: { value: '侨批' } });
    await waitFor(() => expect(shownQuery()).toBe('侨批'));
    await show(user, 'keywords');
    await waitFor(() => expect(words().length).toBeGreaterThan(2));
    await user.click(screen.getAllByTestId(TEST_IDS.word)[0] as HTMLElement);
    await waitFor(() => expect(app.search.within).toEqual(['侨批']));
    expect(app.search.total).toBe(1);
  });

  it('are searched in, and left again', async () => {
    const { user, app } = await searched('侨胞');
    const all = app.search.total;
    await user.click(screen.getByTestId(TEST_IDS.searchNarrow));
    expect(document.activeElement).toBe(field());
    await user.type(field(), '夏令营');
    await waitFor(() => expect(shownQuery()).toBe('夏令营'));
    expect(app.search.total).toBeLessThan(all);
    await user.clear(field());
    const [before] = within(screen.getByTestId(TEST_IDS.searchWithin)).getAllByRole('button');
    await user.click(before as HTMLElement);
    await waitFor(() => expect(shownQuery()).toBe('侨胞'));
  });

  it('are tagged all at once, after a look at how many, and untagged by one undo', async () => {
    const { user, app, platform } = await searched('走访慰问');
    const all = { report: null, tag: null };
    const before = (await platform.call('passages', all)).length;
    app.commands.run('search.tagHits');
    const dialog = await screen.findByTestId(TEST_IDS.tagHits);
    const done = screen.getByTestId<HTMLButtonElement>(TEST_IDS.tagHitsDone);
    expect(done.disabled).toBe(true);
    await user.type(within(dialog).getByTestId(TEST_IDS.tagPickerInput), '引资');
    await user.click(
      (await within(dialog).findAllByTestId(TEST_IDS.tagPickerOption))[0] as Element,
    );
    await waitFor(() => expect(done.disabled).toBe(false));
    const count = Number(
      /\d+/.exec(screen.getByTestId(TEST_IDS.tagHitsCounts).textContent ?? '')?.[0],
    );
    await user.click(done);
    await waitFor(async () =>
      expect((await platform.call('passages', all)).length).toBe(before + count),
    );
    await waitFor(() => expect(screen.queryByTestId(TEST_IDS.tagHits)).toBeNull());
    await app.history.undo();
    expect((await platform.call('passages', all)).length).toBe(before);
  });

  it('are exported as a job', async () => {
    const { user, app } = await searched('走访慰问');
    app.commands.run('search.exportHits');
    await screen.findByTestId(TEST_IDS.exportHits);
    await user.click(screen.getByTestId(`${TEST_IDS.exportHitsFormat}-csv`));
    await user.click(screen.getByTestId(TEST_IDS.exportHitsWrite));
    await waitFor(() => expect(app.jobs.list[0]).toMatchObject({ kind: 'export', state: 'done' }));
    expect(app.jobs.list[0]?.path).toMatch(/走访慰问\.csv$/);
  });
});

describe('searches', () => {
  it('are kept under a name, asked again, renamed and forgotten', async () => {
    const { user, app } = await searched('走访慰问');
    app.search.setFilter({ scripts: ['Hant'] });
    await waitFor(() => expect(app.search.total).toBe(1));
    app.commands.run('search.save');
    const name = await screen.findByTestId(TEST_IDS.saveSearchName);
    await user.clear(name);
    await user.type(name, '慰问{Enter}');
    await waitFor(() => expect(screen.queryByTestId(TEST_IDS.saveSearch)).toBeNull());
    app.search.clearFilter();
    await fireEvent.input(field(), { target: { value: '' } });
    const kept = await screen.findByTestId(TEST_IDS.savedSearch);
    await user.click(within(kept).getByText('慰问'));
    await waitFor(() => expect(app.search.total).toBe(1));
    expect(app.search.query).toBe('走访慰问');
    await user.click(screen.getByTestId(TEST_IDS.savedOpen));
    const pick = (await screen.findByTestId(TEST_IDS.savedSearch)).querySelector('button');
    pick?.focus();
    await user.keyboard('{F2}');
    const rename = await screen.findByTestId(TEST_IDS.savedRename);
    await user.clear(rename);
    await user.type(rename, '年节{Enter}');
    await waitFor(() =>
      expect(screen.getByTestId(TEST_IDS.savedSearch).textContent).toContain('年节'),
    );
    await user.click(screen.getByTestId(TEST_IDS.savedRemove));
    await waitFor(() => expect(screen.queryByTestId(TEST_IDS.savedSearch)).toBeNull());
  });

  it('of before come under the empty field, by keys', async () => {
    const { user, app } = await searched('走访慰问');
    await user.keyboard('{Enter}');
    await fireEvent.input(field(), { target: { value: '侨批' } });
    await waitFor(() => expect(shownQuery()).toBe('侨批'));
    field().focus();
    await user.keyboard('{Enter}');
    expect(app.search.history.list).toEqual(['侨批', '走访慰问']);
    await fireEvent.input(field(), { target: { value: '' } });
    await user.keyboard('{ArrowDown}{ArrowDown}');
    const on = screen.getByRole('option', { selected: true });
    expect(field().getAttribute('aria-activedescendant')).toBe(on.id);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(shownQuery()).toBe('走访慰问'));
    await fireEvent.input(field(), { target: { value: '' } });
    await user.keyboard('{ArrowDown}');
    await user.click(screen.getByTestId(TEST_IDS.searchHistoryClear));
    expect(app.search.history.list).toEqual([]);
    expect(app.tabs.keep()).toMatchObject({ queries: [] });
  });
});
