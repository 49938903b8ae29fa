import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { inApp } from '../../tests/inApp';
import { m } from '../i18n/messages';
import { MemoryPlatform } from '../platform/memory';
import type { Commands } from '../protocol/protocol';
import { TEST_IDS } from '../testids';
import { marked } from './marked';
import SearchView from './SearchView.svelte';

const field = () => screen.getByTestId<HTMLInputElement>(TEST_IDS.searchField);
const hits = () => screen.queryAllByTestId(TEST_IDS.searchHit);

/** An archive whose answers to searches come when the test says so. */
class Held extends MemoryPlatform {
  readonly asked: { query: string; answer: () => void }[] = [];
  override async call<K extends keyof Commands>(name: K, request: Commands[K][0]) {
    if (name === 'search') {
      const { query } = (request as Commands['search'][0]).question;
      await new Promise<void>((answer) => this.asked.push({ query, answer }));
    }
    return super.call(name, request);
  }
}

describe('searching', () => {
  it('shows hits with their matches marked, and what was understood', async () => {
    const { user } = await inApp(SearchView, {});
    await user.type(field(), '走訪慰問');
    await waitFor(() => expect(hits()).toHaveLength(4));
    expect(screen.getByTestId(TEST_IDS.searchTotal).dataset['total']).toBe('4');
    for (const hit of hits()) {
      expect(
        within(hit).getAllByTestId(TEST_IDS.searchSnippet)[0]?.querySelector('mark')?.textContent,
      ).toMatch(/走[访訪]慰[问問]/);
    }
    expect(screen.getByTestId(TEST_IDS.searchChip).textContent).toContain('走訪慰問');
  });

  it('never shows a late answer to an earlier query', async () => {
    const platform = new Held({ open: true });
    await inApp(SearchView, {}, platform);
    await fireEvent.input(field(), { target: { value: '侨' } });
    await fireEvent.input(field(), { target: { value: '侨批' } });
    await waitFor(() => expect(platform.asked.map(({ query }) => query)).toEqual(['侨', '侨批']));
    platform.asked[1]?.answer();
    await waitFor(() =>
      expect(screen.getByTestId(TEST_IDS.searchTotal).dataset['query']).toBe('侨批'),
    );
    const shown = hits().map((hit) => hit.dataset['id']);
    expect(shown).toHaveLength(1);
    platform.asked[0]?.answer();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(screen.getByTestId(TEST_IDS.searchTotal).dataset['query']).toBe('侨批');
    expect(hits().map((hit) => hit.dataset['id'])).toEqual(shown);
  });

  it('waits for the input method', async () => {
    const platform = new Held({ open: true });
    const { app } = await inApp(SearchView, {}, platform);
    await fireEvent.compositionStart(field());
    for (const value of ['z', 'zou', 'zou fang']) {
      await fireEvent.input(field(), { target: { value }, isComposing: true });
    }
    // The Enter that confirms the candidate: WebKit sends it with key code 229 alone.
    await fireEvent.keyDown(field(), { key: 'Enter', keyCode: 229 });
    expect(platform.asked).toEqual([]);
    expect(app.tabs.active.kind).toBe('library');
    await fireEvent.input(field(), { target: { value: '走访' }, isComposing: true });
    await fireEvent.compositionEnd(field());
    await waitFor(() => expect(platform.asked.map(({ query }) => query)).toEqual(['走访']));
  });

  it('goes with the arrows and Enter to the match, and on with F3 through all reports', async () => {
    const { user, app } = await inApp(SearchView, {});
    await user.type(field(), '侨胞之家');
    await waitFor(() => expect(hits().length).toBe(3));
    await user.keyboard('{ArrowDown}{ArrowDown}');
    const option = screen.getByRole('option', { selected: true });
    expect(field().getAttribute('aria-activedescendant')).toBe(option.id);
    await user.keyboard('{Enter}');
    const second = app.search.hits[1];
    expect(app.tabs.active).toMatchObject({
      kind: 'report',
      report: second?.report,
      target: second?.matches[0],
    });
    app.commands.run('search.next');
    await waitFor(() =>
      expect(app.tabs.active).toMatchObject({ report: app.search.hits[2]?.report }),
    );
    app.commands.run('search.next');
    await waitFor(() =>
      expect(app.tabs.active).toMatchObject({ report: app.search.hits[0]?.report }),
    );
    app.commands.run('search.previous');
    await waitFor(() =>
      expect(app.tabs.active).toMatchObject({ report: app.search.hits[2]?.report }),
    );
  });

  it('has a menu on each hit, also by keys for the one the arrows stand on', async () => {
    const { user, app, platform } = await inApp(SearchView, {});
    app.tabs.open({ kind: 'search' });
    await user.type(field(), '侨胞之家');
    await waitFor(() => expect(hits().length).toBe(3));
    const [first, second] = app.search.hits;
    const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await fireEvent.contextMenu(hits()[1] as HTMLElement);
    await user.click(await screen.findByRole('menuitem', { name: m.report_copy_source() }));
    await waitFor(() => expect(copied).toHaveBeenCalledOnce());
    const { metadata } = await platform.call('report_preview', { id: second?.report ?? '' });
    expect(copied.mock.calls[0]?.[0]).toContain(`《${metadata.title ?? '?'}》`);

    field().focus();
    await user.keyboard('{ArrowDown}{Shift>}{F10}{/Shift}');
    const beside = { name: new RegExp(m.command_library_open_beside()) };
    await user.click(await screen.findByRole('menuitem', beside));
    expect(app.tabs.active).toMatchObject({ report: first?.report, target: first?.matches[0] });
    expect(app.tabs.columns.map(({ tabs }) => tabs.map(({ kind }) => kind))).toEqual([
      ['library', 'search'],
      ['report'],
    ]);

    await fireEvent.contextMenu(hits()[1] as HTMLElement);
    await fireEvent.click(await screen.findByRole('menuitem', { name: m.reader_compare() }));
    await fireEvent.click(await screen.findByText(first?.title ?? '', { selector: '.menu-label' }));
    expect(app.tabs.active).toMatchObject({
      kind: 'compare',
      reports: [second?.report, first?.report],
    });
  });

  it('says that nothing was found', async () => {
    const { user } = await inApp(SearchView, {});
    await user.type(field(), '龘');
    expect(await screen.findByTestId('search-none')).toBeTruthy();
  });
});

describe('a snippet', () => {
  it.each([
    // Snippet, matches, pieces: matches in brackets.
    [{ text: '走访慰问侨胞', start: 10, end: 16 }, [[12, 14]], '走访[慰问]侨胞'],
    [
      { text: '走访慰问侨胞', start: 10, end: 16 },
      [
        [8, 11],
        [15, 20],
      ],
      '[走]访慰问侨[胞]',
    ],
    [
      { text: '𠮷村走访', start: 0, end: 4 },
      [
        [0, 1],
        [2, 4],
      ],
      '[𠮷]村[走访]',
    ],
    [
      { text: '走访慰问', start: 0, end: 4 },
      [
        [0, 3],
        [1, 4],
      ],
      '[走访慰][问]',
    ],
    [
      { text: '走访', start: 5, end: 7 },
      [
        [0, 2],
        [9, 11],
      ],
      '走访',
    ],
  ])('is cut by code points: %j %j', (snippet, matches, expected) => {
    const ranges = matches.map(([start, end]) => ({ start: start ?? 0, end: end ?? 0 }));
    const pieces = marked(snippet, ranges);
    expect(pieces.map(({ text, match }) => (match === null ? text : `[${text}]`)).join('')).toBe(
      expected,
    );
  });
});
