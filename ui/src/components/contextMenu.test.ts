import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import Fixture from './ContextMenu.test.svelte';
import type { MenuItem } from './menu';

describe('a context menu', () => {
  function shown(more: Partial<MenuItem> = {}) {
    const run = vi.fn();
    const asked: Element[] = [];
    const items = (target: Element): MenuItem[] => {
      asked.push(target);
      return target.id === 'list' ? [] : [{ label: '打开', run, shortcut: 'Enter', ...more }];
    };
    render(Fixture, { items });
    return { run, asked, user: userEvent.setup(), row: screen.getByTestId('row') };
  }

  it('opens on a right click with the entries of what was clicked on, and runs one', async () => {
    const { run, asked, user, row } = shown();
    await fireEvent.contextMenu(row);
    expect(asked).toEqual([row]);
    await user.click(await screen.findByRole('menuitem', { name: /打开/ }));
    expect(run).toHaveBeenCalledOnce();
    await waitFor(() => expect(screen.queryByTestId('context')).toBeNull());
  });

  it.each([{ key: 'F10', shiftKey: true }, { key: 'ContextMenu' }])(
    'opens by %j and gives the focus back',
    async (init) => {
      const { user, row } = shown();
      row.focus();
      expect(await fireEvent.keyDown(row, init)).toBe(false);
      await screen.findByRole('menuitem', { name: /打开/ });
      await user.keyboard('{Escape}');
      await waitFor(() => expect(screen.queryByTestId('context')).toBeNull());
      await waitFor(() => expect(row).toBe(document.activeElement));
    },
  );

  it('has menus in it', async () => {
    const run = vi.fn();
    const { user, row } = shown({ items: [{ label: '里面', run }] });
    await fireEvent.contextMenu(row);
    await user.click(await screen.findByRole('menuitem', { name: /打开/ }));
    // Without layout it stays unplaced, and hidden from roles.
    await fireEvent.click(await screen.findByText('里面'));
    expect(run).toHaveBeenCalledOnce();
  });

  it('stays away where it has nothing to say, and from text fields', async () => {
    shown();
    await fireEvent.contextMenu(screen.getByTestId('list'));
    await fireEvent.contextMenu(screen.getByTestId('field'));
    expect(await fireEvent.keyDown(screen.getByTestId('field'), { key: 'ContextMenu' })).toBe(true);
    await new Promise((done) => setTimeout(done, 20));
    expect(screen.queryByTestId('context')).toBeNull();
  });
});
