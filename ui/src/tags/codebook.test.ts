import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { inApp } from '../../tests/inApp';
import { m } from '../i18n/messages';
import { TEST_IDS } from '../testids';
import CodebookView from './CodebookView.svelte';

describe('the codebook', () => {
  async function open() {
    const shown = await inApp(CodebookView, {});
    await waitFor(() => expect(screen.getAllByTestId(TEST_IDS.tagRow).length).toBeGreaterThan(3));
    const names = () =>
      screen.getAllByTestId(TEST_IDS.tagRow).map((row) => row.querySelector('.label')?.textContent);
    const row = (name: string) => {
      const found = screen
        .getAllByTestId(TEST_IDS.tagRow)
        .find((r) => r.querySelector('.label')?.textContent === name);
      if (!found) throw new Error(`no tag ${name}`);
      return found;
    };
    const stored = async (name: string) =>
      (await shown.platform.call('tags', {})).find((t) => t.name === name);
    return { ...shown, names, row, stored };
  }

  it('shows the passages of a tag and jumps to one', async () => {
    const { user, row, platform, app, stored } = await open();
    await user.click(row('抗疫'));
    const { id = '' } = (await stored('抗疫')) ?? {};
    const expected = await platform.call('passages', { report: null, tag: id });
    await waitFor(() =>
      expect(
        screen.getAllByTestId(TEST_IDS.tagPassage).map((passage) => passage.dataset['id']),
      ).toEqual(expected.map(({ passage }) => passage.id)),
    );
    const [first] = expected;
    const shown = screen.getAllByTestId(TEST_IDS.tagPassage)[0] as HTMLElement;
    expect(shown.textContent).toContain(first?.passage.quote);
    expect(shown.textContent).toContain(first?.title);
    await user.click(shown);
    expect(app.tabs.active).toMatchObject({
      kind: 'report',
      report: first?.passage.report,
      target: { start: first?.passage.start, end: first?.passage.end },
    });
  });

  it('shows a passage beside, and deletes it, by its menu', async () => {
    const { user, row, app, platform, stored } = await open();
    app.tabs.open({ kind: 'codebook' });
    await user.click(row('抗疫'));
    const { id = '' } = (await stored('抗疫')) ?? {};
    const [first] = await platform.call('passages', { report: null, tag: id });
    const listed = () => screen.queryAllByTestId(TEST_IDS.tagPassage);
    await waitFor(() => expect(listed()[0]?.dataset['id']).toBe(first?.passage.id));
    await fireEvent.contextMenu(listed()[0] as HTMLElement);
    await user.click(await screen.findByRole('menuitem', { name: m.passage_show_beside() }));
    expect(app.tabs.columns).toHaveLength(2);
    expect(app.tabs.active).toMatchObject({
      report: first?.passage.report,
      target: { start: first?.passage.start },
    });
    await fireEvent.contextMenu(listed()[0] as HTMLElement);
    await user.click(
      await screen.findByRole('menuitem', { name: m.command_reader_delete_passage() }),
    );
    await waitFor(() =>
      expect(listed().some((entry) => entry.dataset['id'] === first?.passage.id)).toBe(false),
    );
    await app.history.undo();
    await waitFor(() => expect(listed()[0]?.dataset['id']).toBe(first?.passage.id));
  });

  it('creates, renames, recolours, describes, moves and deletes', async () => {
    const { user, row, names, stored, app } = await open();
    await user.click(screen.getByTestId(TEST_IDS.tagCreate));
    await user.type(screen.getByTestId(TEST_IDS.tagCreateName), '乡村振兴{Enter}');
    await waitFor(() => expect(names()).toContain('乡村振兴'));

    await user.click(row('乡村振兴'));
    const name = screen.getByTestId<HTMLInputElement>(TEST_IDS.tagName);
    await user.clear(name);
    await user.type(name, '乡村建设{Enter}');
    await waitFor(() => expect(names()).toContain('乡村建设'));

    await user.click(screen.getAllByTestId(TEST_IDS.tagColour)[4] as HTMLElement);
    await waitFor(async () => expect((await stored('乡村建设'))?.colour).toBe('#7d3c98'));

    await user.type(screen.getByTestId(TEST_IDS.tagDescription), '与村镇有关的');
    await user.tab();
    await waitFor(async () => expect((await stored('乡村建设'))?.description).toBe('与村镇有关的'));

    // Under the one before it on its level, by keys.
    const level = row('乡村建设').getAttribute('aria-level');
    row('乡村建设').focus();
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await waitFor(async () => expect((await stored('乡村建设'))?.parent).not.toBeNull());
    await waitFor(() => expect(row('乡村建设').getAttribute('aria-level')).not.toBe(level));

    await user.click(screen.getByTestId(TEST_IDS.tagDelete));
    await waitFor(() => expect(names()).not.toContain('乡村建设'));
    await app.history.undo();
    await waitFor(() => expect(names()).toContain('乡村建设'));
  });

  it('is walked and folded by keys', async () => {
    const { user, row, names } = await open();
    const parent = row('服务侨胞');
    await user.click(parent);
    parent.focus();
    const all = names().length;
    await user.keyboard('{ArrowLeft}');
    await waitFor(() => expect(names().length).toBeLessThan(all));
    expect(row('服务侨胞').getAttribute('aria-expanded')).toBe('false');
    await user.keyboard('{ArrowRight}{ArrowDown}');
    await waitFor(() =>
      expect(
        within(screen.getByRole('tree')).getByRole('treeitem', { selected: true }).textContent,
      ).toContain('走访慰问'),
    );
  });

  it('has a menu on each tag, for that tag', async () => {
    const { user, row, stored, app } = await open();
    const other = row('抗疫');
    await fireEvent.contextMenu(other);
    await user.click(await screen.findByRole('menuitem', { name: m.tags_search() }));
    await waitFor(() => expect(app.search.answered).toBe('标签:"抗疫"'));
    expect(app.tabs.active.kind).toBe('search');
    await fireEvent.contextMenu(row('抗疫'));
    await user.click(await screen.findByRole('menuitem', { name: m.tags_delete() }));
    await waitFor(async () => expect(await stored('抗疫')).toBeUndefined());
  });
});
