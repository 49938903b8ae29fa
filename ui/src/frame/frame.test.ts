import { screen, waitFor } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { inApp } from '../../tests/inApp';
import { emptyFilter } from '../platform/platform';
import { MemoryPlatform } from '../platform/memory';
import { App } from '../state/app.svelte';
import { TEST_IDS } from '../testids';
import Columns from './Columns.svelte';
import Frame from './Frame.svelte';

describe('keys', () => {
  async function ready() {
    const app = new App(new MemoryPlatform({ open: true }));
    const end = app.start();
    await waitFor(() => expect(app.session.archive).not.toBeNull());
    const press = (init: KeyboardEventInit, target: HTMLElement = document.body) => {
      const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
      Object.defineProperty(event, 'target', { value: target });
      app.commands.key(event);
      return event.defaultPrevented;
    };
    return { app, end, press };
  }

  it('undo and redo, but leave text fields their own undo', async () => {
    const { app, end, press } = await ready();
    const { platform } = app;
    await platform.call('create_tag', {
      name: '新',
      parent: null,
      colour: null,
      description: null,
    });
    const names = async () => (await platform.call('tags', {})).map(({ name }) => name);
    const input = document.createElement('input');
    expect(press({ key: 'z', ctrlKey: true }, input)).toBe(false);
    expect(await names()).toContain('新');
    expect(press({ key: 'z', ctrlKey: true })).toBe(true);
    await waitFor(async () => expect(await names()).not.toContain('新'));
    await waitFor(() => expect(app.toasts.list.at(-1)?.text()).toBe('已撤销：新建标签'));
    expect(press({ key: 'Z', ctrlKey: true, shiftKey: true })).toBe(true);
    await waitFor(async () => expect(await names()).toContain('新'));
    await waitFor(() => expect(app.toasts.list).toHaveLength(1));
    expect(app.toasts.list[0]?.text()).toBe('已重做：新建标签');
    end();
  });

  it('do nothing while an input method composes', async () => {
    const { app, end, press } = await ready();
    expect(press({ key: 'k', ctrlKey: true, isComposing: true })).toBe(false);
    expect(press({ key: 'k', ctrlKey: true, keyCode: 229 } as KeyboardEventInit)).toBe(false);
    expect(app.shell.palette).toBe(false);
    expect(press({ key: 'k', ctrlKey: true })).toBe(true);
    expect(app.shell.palette).toBe(true);
    end();
  });

  it('belong to the pane that offers the command', async () => {
    const { app, end, press } = await ready();
    expect(press({ key: 'Delete' })).toBe(false);
    const done: string[] = [];
    const back = app.commands.offer({ 'library.delete': () => done.push('library') });
    const front = app.commands.offer({ 'reader.deletePassage': () => done.push('reader') });
    press({ key: 'Delete' });
    front();
    back();
    expect(press({ key: 'Delete' })).toBe(false);
    await waitFor(() => expect(done).toHaveLength(1));
    end();
  });
});

describe('tabs', () => {
  it('take the view that was left out of the page when the next one is there', async () => {
    const { app, user } = await inApp(Frame, {});
    await user.click(await screen.findByTestId(TEST_IDS.libraryFilter));
    const library = document.getElementById('pane-library');
    expect(library?.contains(document.activeElement)).toBe(true);
    flushSync(() => app.tabs.openReport('r1', '甲'));
    expect(library?.hidden).toBe(true);
    // Its keys are no longer heard while it is still there.
    expect(document.activeElement).toBe(document.body);
    expect(library?.className).toMatch('leaving');
    await waitFor(() => expect(library?.className).not.toMatch('leaving'));
    expect(library?.hidden).toBe(true);
    flushSync(() => app.tabs.activate('library'));
    expect(library?.hidden).toBe(false);
    expect(library?.className).not.toMatch('leaving');
    flushSync(() => app.tabs.openReport('r1', '甲'));
    expect(library?.className).toMatch('leaving');
    // Nor does the Tab key lead into it.
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true }));
    expect(library?.className).not.toMatch('leaving');
  });

  it('open once, go back to the one before on closing, and never lose the library', async () => {
    const { app, user } = await inApp(Columns, {});
    app.tabs.openReport('r1', '甲');
    app.tabs.openReport('r2', '乙');
    app.tabs.openReport('r1', '甲', { start: 3, end: 5 });
    expect(app.tabs.list.map(({ id }) => id)).toEqual(['library', 'report:r1', 'report:r2']);
    expect(app.tabs.active).toMatchObject({ report: 'r1', target: { start: 3, end: 5 } });
    app.tabs.close('report:r1');
    expect(app.tabs.activeId).toBe('report:r2');
    app.tabs.close('report:r2');
    app.tabs.close('library');
    expect(app.tabs.active.kind).toBe('library');
    app.tabs.openCompare(['a', 'b']);
    app.tabs.activate('library');
    app.tabs.openCompare();
    expect(app.tabs.active).toMatchObject({ kind: 'compare', reports: ['a', 'b'] });
    const tabs = await screen.findAllByTestId(TEST_IDS.tab);
    await user.click(tabs[0] as HTMLElement);
    await user.keyboard('{ArrowRight}');
    expect(app.tabs.active.kind).toBe('compare');
  });
});

describe('the panes', () => {
  it('offer their commands while they are in front, and again when they come back', async () => {
    const { app } = await inApp(Frame, {});
    const offered = () =>
      (['library.selectAll', 'reader.caret', 'codebook.create'] as const).filter((id) =>
        app.commands.available(id),
      );
    await waitFor(() => expect(offered()).toEqual(['library.selectAll']));
    const [row] = (
      await app.platform.call('reports', {
        filter: emptyFilter(),
        sort: 'title',
        descending: false,
        offset: 0,
        limit: 1,
      })
    ).rows;
    app.tabs.openReport(row?.id ?? '', '');
    await waitFor(() => expect(offered()).toEqual(['reader.caret']));
    app.tabs.open({ kind: 'codebook' });
    await waitFor(() => expect(offered()).toEqual(['codebook.create']));
    app.tabs.open({ kind: 'library' });
    await waitFor(() => expect(offered()).toEqual(['library.selectAll']));
    app.tabs.openReport(row?.id ?? '', '');
    await waitFor(() => expect(offered()).toEqual(['reader.caret']));
  });

  it('have the keys again when a dialog closes whose opener is gone', async () => {
    const { app, user } = await inApp(Frame, {});
    await screen.findAllByTestId(TEST_IDS.libraryRow);
    const opener = document.body.appendChild(document.createElement('button'));
    opener.focus();
    app.shell.importing = true;
    await screen.findByTestId(TEST_IDS.importSheet);
    opener.remove();
    await user.keyboard('{Escape}');
    const front = document.querySelector('[data-front]');
    await waitFor(() => expect(front?.contains(document.activeElement)).toBe(true));
  });
});
