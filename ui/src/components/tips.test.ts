import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Tips from './Tips.svelte';

describe('the tips of lists', () => {
  let row: HTMLElement;

  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    row = document.createElement('span');
    row.textContent = '云溪市侨联2020年工作总结';
    row.dataset['tip'] = '';
    document.body.append(row);
    render(Tips, {});
  });
  afterEach(() => {
    row.remove();
    vi.useRealTimers();
  });

  async function rest(on: Element) {
    await fireEvent.pointerOver(on);
    await vi.advanceTimersByTimeAsync(600);
  }
  const tip = () => screen.queryByRole('tooltip');

  it('say the whole of a text that is cut off, and nothing of one that is not', async () => {
    await rest(row);
    expect(tip()).toBeNull();
    await rest(document.body);
    Object.defineProperty(row, 'scrollWidth', { value: 300 });
    await rest(row);
    expect(tip()?.textContent?.trim()).toBe(row.textContent);
  });

  it('say what is given, wait for the pointer to rest, and stay under it', async () => {
    row.dataset['tip'] = 'C:\\报告\\云溪.docx';
    await fireEvent.pointerOver(row);
    expect(tip()).toBeNull();
    await vi.advanceTimersByTimeAsync(600);
    const shown = tip() as HTMLElement;
    expect(shown.textContent?.trim()).toBe('C:\\报告\\云溪.docx');
    await fireEvent.pointerOver(document.body);
    await fireEvent.pointerOver(shown);
    await vi.advanceTimersByTimeAsync(1000);
    expect(tip()).toBe(shown);
    await rest(document.body);
    expect(tip()).toBeNull();
  });

  it.each([
    ['a key', () => fireEvent.keyDown(document.body, { key: 'Escape' })],
    ['a press', () => fireEvent.pointerDown(document.body)],
    ['scrolling', () => fireEvent.scroll(document.body)],
    ['the end of what they belong to', () => row.remove()],
  ])('go away by %s', async (_, leave) => {
    row.dataset['tip'] = '抗疫';
    await rest(row);
    expect(tip()).not.toBeNull();
    await leave();
    await waitFor(() => expect(tip()).toBeNull());
  });
});
