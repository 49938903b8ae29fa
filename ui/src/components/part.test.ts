import { describe, expect, it, vi } from 'vitest';
import { loadParts, part } from './part.svelte';

/** A part whose program comes when it is told to. */
function made() {
  const read = vi.fn<() => Promise<{ default: string }>>();
  return { read, one: part(read) };
}

describe('a part of the page', () => {
  it('is nothing until its program has been read, and is read once', async () => {
    const { read, one } = made();
    read.mockResolvedValue({ default: 'view' });
    expect(one.view).toBeNull();
    expect(read).not.toHaveBeenCalled();
    expect(one.wanted).toBeNull();
    await one.load();
    expect(one.view).toBe('view');
    expect(one.wanted).toBe('view');
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is read anew when that failed', async () => {
    const { read, one } = made();
    read.mockRejectedValueOnce(new Error('gone')).mockResolvedValueOnce({ default: 'view' });
    await expect(one.load()).rejects.toThrow('gone');
    expect(one.view).toBeNull();
    await one.load();
    expect(one.view).toBe('view');
  });

  it('is read with the others, and so are those that come with it', async () => {
    const { read, one } = made();
    const inner = made();
    inner.read.mockResolvedValue({ default: 'inner' });
    let within: ReturnType<typeof part<string>> | undefined;
    read.mockImplementation(() => {
      within = part(inner.read);
      return Promise.resolve({ default: 'outer' });
    });
    await loadParts();
    expect(one.view).toBe('outer');
    expect(within?.view).toBe('inner');
  });

  it('comes also where one before it cannot be read', async () => {
    const [broken, whole] = [made(), made()];
    broken.read.mockRejectedValueOnce(new Error('gone')).mockResolvedValue({ default: 'later' });
    whole.read.mockResolvedValue({ default: 'view' });
    await expect(loadParts()).rejects.toThrow('gone');
    expect(whole.one.view).toBe('view');
    expect(broken.one.view).toBeNull();
    await loadParts();
    expect(broken.one.view).toBe('later');
  });
});
