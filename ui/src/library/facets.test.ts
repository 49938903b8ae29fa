// What the sidebar and the edit of many compute: trees, years, dates, edits, pages.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noMetadata } from '../platform/platform';
import type { Metadata, ReportRow, ReportsPage } from '../protocol/protocol';
import { common, keepAll, present, request, typed, type Edit } from './bulkEdit';
import { moved, template, COLUMNS } from './columns';
import { isoDate } from './dates';
import { PAGE, PagedRows } from './pagedRows.svelte';
import {
  isUnder,
  lines,
  matching,
  treeOf,
  treeStep,
  typedLine,
  type TreeNode,
} from '../components/tree';
import { bars, between, runs, withHandle } from './years';

const node = (label: string, ...children: TreeNode[]): TreeNode => ({
  id: label,
  label,
  count: 1,
  children,
});
const TREE = [
  node('平川省', node('云溪市', node('白鹿县')), node('安河市')),
  node('海屏省', node('南埔市')),
];

describe('a tree', () => {
  const shown = (...open: string[]) => lines(TREE, (id) => open.includes(id));

  it('shows what is open, each line with its level and place', () => {
    expect(
      shown('平川省').map(({ node: { label }, level, open, place, siblings }) => [
        label,
        level,
        open,
        place,
        siblings,
      ]),
    ).toEqual([
      ['平川省', 1, true, 1, 2],
      ['云溪市', 2, false, 1, 2],
      ['安河市', 2, null, 2, 2],
      ['海屏省', 1, false, 2, 2],
    ]);
  });

  it.each([
    ['ArrowDown', '平川省', { to: '海屏省' }],
    ['ArrowRight', '平川省', { open: '平川省' }],
    ['ArrowLeft', '平川省', null],
    ['End', '平川省', { to: '海屏省' }],
    ['*', '平川省', { openAll: ['平川省', '海屏省'] }],
  ])('closed, answers %s on %s', (key, at, step) => {
    expect(treeStep(shown(), at, key)).toEqual(step);
  });
  it.each([
    ['ArrowRight', '平川省', { to: '云溪市' }],
    ['ArrowLeft', '平川省', { close: '平川省' }],
    ['ArrowLeft', '安河市', { to: '平川省' }],
    ['ArrowRight', '安河市', null],
  ])('open, answers %s on %s', (key, at, step) => {
    expect(treeStep(shown('平川省'), at, key)).toEqual(step);
  });

  it('is searched: with what stands above a match, and what lies under it', () => {
    expect(lines(matching(TREE, '白鹿'), () => true).map((line) => line.node.label)).toEqual([
      '平川省',
      '云溪市',
      '白鹿县',
    ]);
    expect(lines(matching(TREE, '平川'), () => true)).toHaveLength(4);
    expect(matching(TREE, '西藏')).toEqual([]);
    expect(typedLine(shown('平川省'), '平川省', '安')).toBe('安河市');
    expect(typedLine(shown('平川省'), '海屏省', '平')).toBe('平川省');
  });

  it('is made of things that name the one above them, whatever they name', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const parent = fc.option(fc.constantFrom(...ids, 'gone'));
    fc.assert(
      fc.property(fc.tuple(parent, parent, parent, parent), (parents) => {
        const things = ids.map((id, i) => ({ id, parent: parents[i] ?? null }));
        const tree = treeOf(things, ({ id }) => ({ label: id, count: 0 }));
        const all = lines(tree, () => true).map((line) => line.node.id);
        expect([...all].sort()).toEqual(ids);
        for (const {
          parent: above,
          node: { id },
        } of lines(tree, () => true)) {
          if (above !== null) expect(isUnder(things, id, above)).toBe(true);
        }
      }),
    );
  });
});

describe('years', () => {
  it('have a bar each, the empty ones too', () => {
    expect(
      bars([
        { year: 2019, count: 2 },
        { year: 2016, count: 1 },
      ]),
    ).toEqual([
      { year: 2016, count: 1 },
      { year: 2017, count: 0 },
      { year: 2018, count: 0 },
      { year: 2019, count: 2 },
    ]);
    expect(bars([])).toEqual([]);
  });
  it('fall into stretches and come back from them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1950, max: 1990 })), (years) => {
        const found = runs(years);
        expect(found.flatMap(([first, last]) => between(first, last))).toEqual(
          years.toSorted((a, b) => a - b),
        );
        found.forEach(([first], i) => {
          if (i > 0) expect(first).toBeGreaterThan((found[i - 1]?.[1] ?? 0) + 1);
        });
      }),
    );
  });
  it('are a range whose handles push each other and stay within', () => {
    const year = fc.integer({ min: 1990, max: 2030 });
    fc.assert(
      fc.property(year, fc.constantFrom('first' as const, 'last' as const), (to, handle) => {
        const chosen = withHandle([2000, 2020], [2005, 2010], handle, to);
        const at = Math.max(2000, Math.min(2020, to));
        if (chosen.length === 0) return expect([at]).toContain(handle === 'first' ? 2000 : 2020);
        expect(handle === 'first' ? chosen[0] : chosen.at(-1)).toBe(at);
        expect(chosen).toEqual(between(chosen[0] ?? 0, chosen.at(-1) ?? 0));
      }),
    );
    expect(withHandle([2000, 2020], [2000, 2010], 'last', 2020)).toEqual([]);
    expect(withHandle([2000, 2020], [2005, 2010], 'first', 2015)).toEqual([2015]);
  });
});

describe('dates', () => {
  it.each([
    ['', ''],
    ['2021', '2021'],
    ['2021年', '2021'],
    ['2021-2', '2021-02'],
    ['2021年2月', '2021-02'],
    ['2021年2月4日', '2021-02-04'],
    ['2021/2/4', '2021-02-04'],
    ['2021.02.04', '2021-02-04'],
    ['２０２１年２月４日', '2021-02-04'],
    ['二〇二一年2月', '2021-02'],
    ['2021-02-04T15:15', '2021-02-04T15:15'],
    ['2021年2月4日 9:05', '2021-02-04T09:05'],
    ['2020-02-29', '2020-02-29'],
    ['2021-02-29', null],
    ['2000-02-29', '2000-02-29'],
    ['1900-02-29', null],
    ['2021-13', null],
    ['2021-04-31', null],
    ['2021-0', null],
    ['202102', null],
    ['2021-024', null],
    ['去年', null],
    ['2021-02-04T25:00', null],
  ])('%j is read as %j', (written, iso) => {
    expect(isoDate(written)).toBe(iso);
  });
  it('read once are read the same again', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1000-01-01'), max: new Date('2999-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          expect(isoDate(iso)).toBe(iso);
          const [year, month, day] = iso.split('-').map(Number);
          expect(isoDate(`${year}年${month}月${day}日`)).toBe(iso);
        },
      ),
    );
  });
});

describe('an edit of many', () => {
  const metadata = (changes: Partial<Metadata>): Metadata => ({ ...noMetadata(), ...changes });
  const two = [metadata({ source: '侨网', authors: ['周砚', '林'] }), metadata({ source: '日报' })];

  it('knows what reports have in common, and does not guess', () => {
    expect(common(present(two, 'place', true))).toBe('');
    expect(common(present(two, 'source', true))).toBeNull();
    expect(common(present(two.slice(0, 1), 'authors', true))).toBe('周砚、林');
    // Others were not looked at.
    expect(common(present(two, 'place', false))).toBeNull();
  });

  it.each([
    ['', null, 'keep'],
    ['', '', 'keep'],
    ['', '侨网', 'clear'],
    ['侨网', '侨网', 'keep'],
    ['日报', '侨网', 'set'],
    ['日报', null, 'set'],
  ])('typing %j where %j stands means to %s', (text, before, act) => {
    expect(typed(text, before).act).toBe(act);
  });

  it('asks for what changes alone', () => {
    const set = (value: string): Edit => ({ act: 'set', value });
    expect(
      request({
        ...keepAll(),
        published: set('2021年2月'),
        source: { act: 'clear' },
        authors: set('周砚、 林；王,'),
      }),
    ).toEqual({
      title: null,
      published: '2021-02',
      place: null,
      organisation: null,
      source: '',
      editor: null,
      authors: ['周砚', '林', '王'],
    });
    expect(request({ ...keepAll(), authors: { act: 'clear' } }).authors).toEqual([]);
  });
});

describe('columns', () => {
  it('are moved within their number', () => {
    expect(moved(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 'c', 5)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 'c', -5)).toEqual(['c', 'a', 'b']);
    const source = COLUMNS.filter(({ id }) => id === 'source');
    expect(template(source, { source: 12 })).toBe('12rem');
  });
});

describe('rows by pages', () => {
  const row = (i: number) => ({ id: `r${i}` }) as ReportRow;
  /** A list that answers when it is told to. */
  function held(total: () => number) {
    const waiting: { offset: number; answer: () => void }[] = [];
    const rows = new PagedRows(
      {
        rows: (offset, limit) =>
          new Promise<ReportsPage>((resolve) => {
            const length = Math.max(0, Math.min(limit, total() - offset));
            const page = Array.from({ length }, (_, i) => row(offset + i));
            waiting.push({ offset, answer: () => resolve({ total: total(), rows: page }) });
          }),
        ids: (offset, limit) =>
          Promise.resolve(Array.from({ length: limit }, (_, i) => `r${offset + i}`)),
        position: (id) => Promise.resolve(Number(id.slice(1)) + 7),
      },
      (thrown) => {
        throw thrown;
      },
    );
    const answer = async () => {
      waiting.splice(0).forEach((each) => each.answer());
      await new Promise((resolve) => setTimeout(resolve));
    };
    return { rows, waiting, answer };
  }
  async function loaded(total: () => number) {
    const list = held(total);
    const done = list.rows.load(true);
    await list.answer();
    expect(await done).toBe(0);
    return list;
  }

  it('are asked for where one looks and where one is going, a few at a time', async () => {
    const { rows, waiting, answer } = await loaded(() => 10_000);
    // A thumb dragged down the bar: only where it is now gets asked for next.
    for (let at = 1000; at <= 9000; at += 1000) rows.look(at, at + 20);
    expect(waiting).toHaveLength(2);
    await answer();
    await answer();
    expect(rows.get(9010)?.id).toBe('r9010');
    expect(rows.get(9000 + PAGE)?.id).toBe(`r${9000 + PAGE}`);
    expect(rows.get(5000)).toBeUndefined();
  });

  it('of another list are dropped when they come late; those of before stay till then', async () => {
    const { rows, waiting, answer } = await loaded(() => 500);
    rows.look(250, 270);
    const late = waiting.splice(0);
    const next = rows.load(true);
    late.forEach((each) => each.answer());
    await new Promise((resolve) => setTimeout(resolve));
    expect(rows.get(250)).toBeUndefined();
    expect(rows.get(0)?.id).toBe('r0');
    await answer();
    expect(await next).toBe(0);
  });

  it('go along with the row at the top when others come before it', async () => {
    const { rows, waiting, answer } = await loaded(() => 10_000);
    rows.look(PAGE - 5, PAGE + 15);
    await answer();
    const again = rows.load(false);
    await new Promise((resolve) => setTimeout(resolve));
    expect(waiting.map(({ offset }) => offset)).toEqual([PAGE]);
    await answer();
    expect(await again).toBe(7);
    expect(rows.get(PAGE + 2)?.id).toBe(`r${PAGE + 2}`);
  });

  it('are looked at from the end where the list has become shorter', async () => {
    let total = 1000;
    const { rows, answer } = await loaded(() => total);
    rows.look(0, 10);
    rows.look(900, 920);
    await answer();
    total = 150;
    const again = rows.load(false);
    await new Promise((resolve) => setTimeout(resolve));
    await answer();
    await answer();
    await again;
    expect(rows.total).toBe(150);
    expect(rows.get(149)?.id).toBe('r149');
  });
});
