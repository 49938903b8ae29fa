import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { inApp, reportTitled } from '../../tests/inApp';
import { m } from '../i18n/messages';
import { TEST_IDS } from '../testids';
import { span } from '../text/offsets';
import { drawBars, type Bar } from './bars';
import { assignLanes } from './lanes';
import { openReport } from './openReports.svelte';
import { IntervalIndex } from '../text/intervals';
import Inspector from './Inspector.svelte';
import Reading from './Reading.test.svelte';

const WITH_FURNITURE = '云溪市侨联2020';

/** The reader and its inspector with a report. */
async function open(title = WITH_FURNITURE) {
  const shown = await inApp(Reading, async (platform) => ({
    reportId: await reportTitled(platform, title),
  }));
  const id = shown.props['reportId'] as string;
  await waitFor(() => expect(document.querySelector('.page .block')).not.toBeNull());
  const report = openReport(shown.app, id);
  if (!report?.text || !report.page) throw new Error('the report did not open');
  return { ...shown, id, report, text: report.text, page: report.page };
}

/** All text nodes of the page, in order. */
function textNodes(): Text[] {
  const walker = document.createTreeWalker(
    document.querySelector('.page') ?? document.body,
    NodeFilter.SHOW_TEXT,
    (node) =>
      node.parentElement?.closest('.aside, .margin')
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
  );
  const nodes: Text[] = [];
  while (walker.nextNode()) nodes.push(walker.currentNode as Text);
  return nodes;
}

describe('a report that is opened', () => {
  it('shows all of its text once, and its outline beside it', async () => {
    const { text, report } = await open();
    const blocks = [...document.querySelectorAll('.page .block')];
    expect(blocks.map(({ textContent }) => textContent)).toEqual(
      text.blocks.map((block) => text.slice(span(block.start, block.end))),
    );
    const outline = await screen.findAllByTestId(TEST_IDS.outlineEntry);
    expect(outline.map((entry) => entry.textContent?.trim())).toEqual(
      text.outline().map((entry) => entry.text),
    );
    expect(screen.getByRole('document', { name: report.title })).toBeTruthy();
    expect(document.querySelector('.page')?.getAttribute('lang')).toBe('zh-Hans');
  });

  it('folds what was set aside, and puts it back by a click', async () => {
    const { report, user } = await open();
    const before = report.view?.furniture.map(({ text }) => text) ?? [];
    expect(before.length).toBeGreaterThan(1);
    expect(screen.queryByText(before[0] ?? '')).toBeNull();
    await user.click(screen.getAllByTestId(TEST_IDS.asideToggle)[0] as HTMLElement);
    expect(screen.getByText(before[0] ?? '')).toBeTruthy();
    await user.click(screen.getAllByTestId(TEST_IDS.asideRestore)[0] as HTMLElement);
    await waitFor(() => expect(textNodes().map((node) => node.data)).toContain(before[0]));
    expect(report.view?.furniture.map(({ text }) => text)).toEqual(before.slice(1));
  });

  it('keeps its text nodes when passages come, go and are brought back', async () => {
    const { report, app, platform, id } = await open();
    const nodes = textNodes();
    const count = report.passages.length;
    const [tag] = app.tags.list;
    await platform.call('create_passage', {
      report: id,
      start: 40,
      end: 60,
      tags: [tag?.id ?? ''],
      memo: '',
    });
    await waitFor(() => expect(report.passages).toHaveLength(count + 1));
    await app.history.undo();
    await waitFor(() => expect(report.passages).toHaveLength(count));
    await app.history.redo();
    await waitFor(() => expect(report.passages).toHaveLength(count + 1));
    await platform.call('set_report_memo', { id, memo: '重读' });
    await waitFor(() => expect(report.view?.memo).toBe('重读'));
    const after = textNodes();
    expect(after).toHaveLength(nodes.length);
    after.forEach((node, i) => expect(node).toBe(nodes[i]));
  });

  it('keeps a memo of the report', async () => {
    const { user, platform, id } = await open();
    await user.type(screen.getByTestId(TEST_IDS.reportMemo), '与去年比较');
    await user.tab();
    await waitFor(async () =>
      expect((await platform.call('report', { id })).memo).toBe('与去年比较'),
    );
  });
});

describe('the tag picker', () => {
  /** Opens it over a range that no passage has. */
  async function pick(from = 20, to = 26) {
    const shown = await open();
    const range = span(from, to);
    shown.report.pick(range);
    const field = await screen.findByTestId<HTMLInputElement>(TEST_IDS.tagPickerInput);
    await waitFor(() =>
      expect(screen.getAllByTestId(TEST_IDS.tagPickerOption).length).toBeGreaterThan(0),
    );
    const made = () => shown.report.passages.find((p) => p.start === from && p.end === to);
    return { ...shown, field, made };
  }

  it('has the focus, takes initials and Enter', async () => {
    const { user, field, made, app, text } = await pick();
    expect(document.activeElement).toBe(field);
    await user.keyboard('ky');
    await waitFor(() =>
      expect(screen.getAllByTestId(TEST_IDS.tagPickerOption)[0]?.textContent).toContain('抗疫'),
    );
    await user.keyboard('{Enter}');
    await waitFor(() => expect(made()).toBeDefined());
    expect(made()?.tags.map((id) => app.tags.byId.get(id)?.name)).toEqual(['抗疫']);
    expect(made()?.quote).toBe(text.slice(span(20, 26)));
    expect(screen.queryByTestId(TEST_IDS.tagPicker)).toBeNull();
    expect(document.activeElement).toBe(screen.getByTestId(TEST_IDS.readerText));
  });

  it('leaves keys to an input method', async () => {
    const { field, made, report } = await pick();
    for (const init of [
      { key: 'Enter', isComposing: true },
      // WebKit sends the Enter that confirms a candidate like this.
      { key: 'Enter', keyCode: 229 },
      { key: '1', isComposing: true },
      { key: 'Escape', isComposing: true },
      { key: 'ArrowDown', keyCode: 229 },
    ]) {
      const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
      field.dispatchEvent(event);
      expect(event.defaultPrevented).toBe(false);
    }
    await tick();
    expect(screen.getByTestId(TEST_IDS.tagPicker)).toBeTruthy();
    const [first] = screen.getAllByTestId(TEST_IDS.tagPickerOption);
    expect(first?.getAttribute('aria-selected')).toBe('true');
    expect(made()).toBeUndefined();
    expect(report.picking).not.toBeNull();
  });

  it('makes a tag of a new name, takes several and a memo', async () => {
    const { user, made, app } = await pick();
    await user.keyboard('基层治理');
    await waitFor(() =>
      expect(screen.getAllByTestId(TEST_IDS.tagPickerOption).at(-1)?.textContent).toContain(
        '基层治理',
      ),
    );
    await user.keyboard('{Shift>}{Enter}{/Shift}');
    await waitFor(() => expect(app.tags.list.map(({ name }) => name)).toContain('基层治理'));
    await user.keyboard('抗疫');
    await waitFor(() =>
      expect(screen.getAllByTestId(TEST_IDS.tagPickerOption)[0]?.textContent).toContain('抗疫'),
    );
    await user.keyboard('{Shift>}{Enter}{/Shift}');
    await waitFor(() =>
      expect(
        within(screen.getByTestId(TEST_IDS.tagPicker)).getAllByRole('button').length,
      ).toBeGreaterThan(2),
    );
    await user.click(screen.getByTestId(TEST_IDS.tagPickerMemo));
    await user.keyboard('待核{Control>}{Enter}{/Control}');
    await waitFor(() => expect(made()).toBeDefined());
    expect(made()?.tags.map((id) => app.tags.byId.get(id)?.name)).toEqual(['基层治理', '抗疫']);
    expect(made()?.memo).toBe('待核');
  });

  it('takes a recent tag by its number, in vivo words, and Escape for nothing', async () => {
    const { user, made, report, text, app } = await pick();
    await user.keyboard('{Escape}');
    expect(report.picking).toBeNull();
    expect(made()).toBeUndefined();

    report.pick(span(20, 26));
    await waitFor(() =>
      expect(screen.getAllByTestId(TEST_IDS.tagPickerOption).length).toBeGreaterThan(2),
    );
    const second = screen.getAllByTestId(TEST_IDS.tagPickerOption)[1]?.textContent;
    await user.keyboard('2');
    await waitFor(() => expect(made()).toBeDefined());
    expect(second).toContain(app.tags.byId.get(made()?.tags[0] ?? '')?.name);

    report.pick(span(30, 34));
    const words = text.slice(span(30, 34));
    await waitFor(() =>
      expect(screen.getAllByTestId(TEST_IDS.tagPickerOption).at(-1)?.textContent).toContain(words),
    );
    await user.click(screen.getAllByTestId(TEST_IDS.tagPickerOption).at(-1) as HTMLElement);
    await waitFor(() => expect(report.passages.find((p) => p.start === 30)?.tags.length).toBe(1));
    expect(app.tags.list.map(({ name }) => name)).toContain(words);
  });
});

describe('passages', () => {
  it('that overlap have lanes of their own in the margin', async () => {
    const { page } = await open();
    const [section] = page.sections;
    if (!section) throw new Error('no section');
    const spans = [span(10, 60), span(20, 40), span(30, 80), span(100, 120)];
    const lanes = assignLanes(spans);
    const bars: Bar[] = spans.map((s, i) => ({
      ...s,
      id: `p${i}`,
      lane: lanes[i] ?? 0,
      colours: i === 1 ? ['#c0392b', '#2471a3'] : ['#c0392b'],
    }));
    drawBars(page, section, new IntervalIndex(bars), 3);
    const drawn = [...section.margin.querySelectorAll<HTMLElement>('.bar')];
    expect(drawn.map((bar) => [bar.dataset['passage'], bar.dataset['lane']])).toEqual([
      ['p0', '0'],
      ['p1', '1'],
      ['p2', '2'],
      ['p3', '0'],
    ]);
    const places = drawn.map((bar) => bar.style.insetInlineEnd);
    expect(new Set(places.slice(0, 3)).size).toBe(3);
  });

  it('are gone through, opened and deleted by keys', async () => {
    const { report, app, user } = await open();
    app.commands.run('reader.nextPassage');
    await waitFor(() => expect(report.chosen).toBe(report.placed[0]?.passage.id));
    screen.getByTestId(TEST_IDS.readerText).focus();
    await user.keyboard('{Enter}');
    const card = await screen.findByTestId(TEST_IDS.passageCard);
    expect(document.activeElement).toBe(card);
    await user.type(within(card).getAllByTestId(TEST_IDS.passageMemo)[0] as HTMLElement, '好例');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(report.chosenPassage?.memo).toBe('好例'));
    await user.keyboard('{Escape}');
    expect(screen.queryByTestId(TEST_IDS.passageCard)).toBeNull();
    const count = report.passages.length;
    app.commands.run('reader.deletePassage');
    await waitFor(() => expect(report.passages).toHaveLength(count - 1));
    await app.history.undo();
    await waitFor(() => expect(report.passages).toHaveLength(count));
  });
});

describe('the menu at the pointer', () => {
  it('acts on the passage under it', async () => {
    const { report } = await open();
    const place = report.placed.find((one) => report.index.within(one).length === 1);
    if (!place) throw new Error('no passage that lies alone');
    report.lit = place.passage.id;
    await fireEvent.contextMenu(screen.getByTestId(TEST_IDS.readerText));
    const count = report.passages.length;
    await fireEvent.click(
      await screen.findByRole('menuitem', { name: m.command_reader_delete_passage() }),
    );
    await waitFor(() => expect(report.passages).toHaveLength(count - 1));
    expect(report.passages.some(({ id }) => id === place.passage.id)).toBe(false);
  });

  it('searches for what is selected', async () => {
    const { report, app } = await open();
    report.selection = span(0, 2);
    await fireEvent.contextMenu(screen.getByTestId(TEST_IDS.readerText));
    const words = report.text?.slice(span(0, 2)) ?? '';
    await fireEvent.click(
      await screen.findByRole('menuitem', { name: m.reader_search_selection({ text: words }) }),
    );
    await waitFor(() => expect(app.search.answered).toBe(`"${words}"`));
  });
});

it('the inspector lists the passages of the report in front', async () => {
  const { report, rerender, id, app } = await open();
  app.tabs.openReport(id, report.title);
  const listed = await screen.findAllByTestId(TEST_IDS.inspectorPassage);
  expect(listed.map((entry) => entry.dataset['id'])).toEqual(
    report.placed.map(({ passage }) => passage.id),
  );

  // The report stands beside itself then, at the passage.
  const { passage } = report.placed[0] ?? {};
  await fireEvent.contextMenu(listed[0] as HTMLElement);
  await fireEvent.click(await screen.findByRole('menuitem', { name: m.passage_show_beside() }));
  expect(app.tabs.columns).toHaveLength(2);
  expect(app.tabs.active).toMatchObject({ report: id, target: { start: passage?.start } });
  expect(app.tabs.list.filter(({ kind }) => kind === 'report')).toHaveLength(2);

  await rerender({ shown: Inspector as never, given: { reportId: null } });
  expect(screen.queryByTestId(TEST_IDS.inspectorPassages)).toBeNull();
  expect(id).toBe(report.id);
});

it('the problems of one kind are one line that goes from place to place', async () => {
  const { report, app, user } = await open();
  const [block] = report.text?.blocks.slice(-1) ?? [];
  if (!report.view || !block) throw new Error('no report');
  const lost = (start: number) => ({ code: 'lost_digits', message: '', start, end: start + 1 });
  report.view = { ...report.view, problems: [lost(block.start), lost(block.start + 3)] };
  const section = await screen.findByTestId(TEST_IDS.inspectorProblems);
  const line = await waitFor(() => within(section).getByRole('button', { name: /×2$/u }));
  for (const at of [0, 3, 0]) {
    await user.click(line);
    const start = block.start + at;
    await waitFor(() => expect(app.tabs.active).toMatchObject({ target: { start } }));
  }
});
