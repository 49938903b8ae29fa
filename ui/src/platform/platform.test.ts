import { invoke } from '@tauri-apps/api/core'; // eslint-disable-line no-restricted-imports -- the seam's own test
import { describe, expect, it, vi } from 'vitest';
import { MemoryPlatform } from './memory';
import { CommandFailure, emptyQuestion, toFailure } from './platform';
import { TauriPlatform } from './tauri';

vi.mock('@tauri-apps/api/core', () => ({ invoke: vi.fn() }));
vi.mock('@tauri-apps/api/event', () => ({ listen: vi.fn() }));
vi.mock('@tauri-apps/api/webview', () => ({ getCurrentWebview: vi.fn() }));

describe('failures', () => {
  it.each([
    ['Command search not allowed by ACL', 'internal', 'Command search not allowed by ACL'],
    [{ code: 'locked', message: 'In use.', hints: ['Close it.'] }, 'locked', 'In use.'],
    [{ code: 'from_the_future', message: 'Hm.' }, 'internal', 'Hm.'],
    [new Error('boom'), 'internal', 'boom'],
    [undefined, 'internal', 'undefined'],
    [null, 'internal', 'null'],
  ])('are made of %j', (thrown, code, text) => {
    const failure = toFailure(thrown);
    expect([failure.code, failure.message]).toEqual([code, text]);
    expect(Array.isArray(failure.hints)).toBe(true);
  });

  it('of the shell are the same, whether it or the archive refused', async () => {
    const platform = new TauriPlatform();
    vi.mocked(invoke).mockRejectedValueOnce('invalid args `request`');
    await expect(platform.call('tags', {})).rejects.toMatchObject({ code: 'internal' });
    vi.mocked(invoke).mockRejectedValueOnce({ code: 'no_archive', message: 'None.', hints: [] });
    await expect(platform.call('tags', {})).rejects.toBeInstanceOf(CommandFailure);
    vi.mocked(invoke).mockResolvedValueOnce([]);
    await platform.call('suggest_tags', { query: 'zf', limit: 9 });
    expect(invoke).toHaveBeenLastCalledWith('suggest_tags', { request: { query: 'zf', limit: 9 } });
  });
});

describe('the archive in memory', () => {
  it('undoes and redoes changes of every kind', async () => {
    const platform = new MemoryPlatform({ open: true });
    const all = { report: null, tag: null };
    const before = await platform.call('passages', all);
    const [first] = before;
    if (!first) throw new Error('the samples have passages');
    const { report } = first.passage;
    await platform.call('create_passage', { report, start: 3, end: 9, tags: [], memo: 'x' });
    await platform.call('delete_reports', { ids: [report] });
    expect((await platform.call('passages', all)).every((p) => p.passage.report !== report)).toBe(
      true,
    );
    expect(await platform.call('undo', {})).toMatchObject({
      applied: true,
      label: 'report_delete',
    });
    expect((await platform.call('passages', all)).length).toBe(before.length + 1);
    await platform.call('undo', {});
    expect(await platform.call('passages', all)).toEqual(before);
    expect((await platform.call('undo', {})).applied).toBe(false);
    await platform.call('redo', {});
    expect((await platform.call('passages', all)).length).toBe(before.length + 1);
  });

  it('finds both scripts, with offsets of the report', async () => {
    const platform = new MemoryPlatform({ open: true });
    const search = (query: string) =>
      platform.call('search', {
        question: { ...emptyQuestion(), query },
        sort: 'relevance',
        offset: 0,
        limit: 50,
      });
    const [hans, hant] = [await search('走访慰问'), await search('走訪慰問')];
    expect(hans.total).toBeGreaterThan(3);
    expect(hant.hits.map((hit) => hit.matches)).toEqual(hans.hits.map((hit) => hit.matches));
    for (const hit of hans.hits) {
      const { text } = await platform.call('report', { id: hit.report });
      for (const { start, end } of hit.matches) {
        expect(Array.from(text).slice(start, end).join('')).toMatch(/走[访訪]慰[问問]/);
      }
    }
    expect((await search('走访慰问 -学生')).total).toBeLessThan(hans.total);
    expect((await search('地区:南埔 走访')).hits).toHaveLength(1);
    expect((await search('年:2018..2020 侨')).total).toBe(2);
  });

  it('sets shared passages of twelve characters and more side by side', async () => {
    const platform = new MemoryPlatform({ open: true });
    const { hits } = await platform.call('search', {
      question: { ...emptyQuestion(), query: '生病必访' },
      sort: 'relevance',
      offset: 0,
      limit: 9,
    });
    const reports = hits.map((hit) => hit.report);
    expect(reports).toHaveLength(2);
    const { passages, rows } = await platform.call('compare', { reports });
    expect(passages.some(({ chars }) => chars >= 26)).toBe(true);
    expect(passages.every(({ chars, a }) => chars >= 12 && a.end - a.start === chars)).toBe(true);
    expect(rows.length).toBeGreaterThan(3);
  });
});
