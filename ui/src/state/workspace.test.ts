import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../protocol/serde_json/JsonValue';
import * as layouts from './workspace';
import { FIRST, MOST_COLUMNS, type View, type Workspace } from './workspace';

const report = (id: string): View => ({ kind: 'report', report: id, title: `《${id}》` });
const strips = (workspace: Workspace) =>
  workspace.columns.map(({ tabs }) => tabs.map(({ id }) => id));
const open = (...ids: string[]) => ids.reduce((now, id) => layouts.open(now, report(id)), FIRST);

/** What holds of every layout. */
function check(workspace: Workspace): void {
  const { columns, column, recent } = workspace;
  const ids = strips(workspace).flat();
  expect(ids.filter((id) => id === 'library')).toHaveLength(1);
  expect(new Set(ids).size).toBe(ids.length);
  expect(columns.length).toBeGreaterThanOrEqual(1);
  expect(columns.length).toBeLessThanOrEqual(MOST_COLUMNS);
  expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
  expect(columns.map(({ id }) => id)).toContain(column);
  for (const { tabs, active, width } of columns) {
    expect(tabs.map(({ id }) => id)).toContain(active);
    expect(width).toBeGreaterThan(0);
    const pinned = tabs.map((tab) => Boolean(tab.pinned));
    expect(pinned).toEqual(pinned.toSorted((a, b) => Number(b) - Number(a)));
  }
  expect(columns.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1, 6);
  expect(layouts.activeTab(workspace).id).toBe(columns.find(({ id }) => id === column)?.active);
  expect(recent.at(-1)).toBe(layouts.activeTab(workspace).id);
  expect(recent.every((id) => ids.includes(id))).toBe(true);
  const kinds = layouts.tabsOf(workspace).map(({ kind }) => kind);
  for (const kind of ['search', 'codebook', 'compare', 'help'] as const) {
    expect(kinds.filter((other) => other === kind).length).toBeLessThanOrEqual(1);
  }
}

type Change = (workspace: Workspace) => Workspace;
const views: fc.Arbitrary<View> = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd').map(report),
  fc.constantFrom<View>(
    { kind: 'library' },
    { kind: 'search' },
    { kind: 'codebook' },
    { kind: 'help' },
  ),
  fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c'))
    .map((reports): View => ({ kind: 'compare', reports })),
);
/** Any change, of a tab and a column that are chosen among those that are there. */
const changes: fc.Arbitrary<Change> = fc
  .record({
    what: fc.constantFrom(
      ...['open', 'activate', 'column', 'close', 'closeMany', 'reopen', 'forget', 'retitle'],
      ...['move', 'shift', 'split', 'duplicate', 'aside', 'pin', 'resize', 'equalise', 'kept'],
    ),
    view: views,
    tab: fc.nat(30),
    column: fc.nat(6),
    at: fc.integer({ min: -2, max: 9 }),
    side: fc.constantFrom('left' as const, 'right' as const),
    share: fc.double({ min: -1, max: 2 }),
  })
  .map(({ what, view, tab, column, at, side, share }) => (now) => {
    const ids = strips(now).flat();
    const id = ids[tab % ids.length] ?? '';
    const other = now.columns[column % now.columns.length]?.id ?? 0;
    switch (what) {
      case 'open':
        return layouts.open(now, view);
      case 'activate':
        return layouts.activate(now, id);
      case 'column':
        return layouts.activateColumn(now, other);
      case 'close':
        return layouts.close(now, [id]);
      case 'closeMany':
        return layouts.close(now, ids.slice(0, column));
      case 'reopen':
        return layouts.reopen(now);
      case 'forget':
        return layouts.forget(now, ['a', 'b'].slice(0, column));
      case 'retitle':
        return layouts.retitle(now, 'a', `《${at}》`);
      case 'move':
        return layouts.move(now, id, other, at);
      case 'shift':
        return layouts.shift(now, id, at);
      case 'split':
        return layouts.split(now, id, other, side);
      case 'duplicate':
        return layouts.duplicate(now, id);
      case 'aside':
        return layouts.moveAside(now, id, side);
      case 'pin':
        return layouts.pin(now, id, side === 'left');
      case 'resize':
        return layouts.resize(now, column, share);
      case 'equalise':
        return layouts.equalise(now);
      default:
        return layouts.restore(layouts.keep(whole(now))).workspace;
    }
  });
const layoutsReached = fc
  .array(changes, { maxLength: 40 })
  .map((all) => all.reduce((now, change) => change(now), FIRST));
const whole = (workspace: Workspace): layouts.Kept => ({
  workspace,
  places: new Map(layouts.tabsOf(workspace).map(({ id }, i) => [id, i * 7])),
  inspector: workspace.columns.length % 2 === 0,
  query: '地区:商洛',
  within: ['侨商'],
  queries: ['走访 慰问', '侨商'],
});

describe('a layout', () => {
  it('holds together after any changes', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 60 }), (all) => {
        let now = FIRST;
        for (const change of all) {
          now = change(now);
          check(now);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is the same after being kept and restored', () => {
    fc.assert(
      fc.property(layoutsReached, (workspace) => {
        const kept = layouts.keep(whole(workspace));
        const restored = layouts.restore(JSON.parse(JSON.stringify(kept)) as JsonValue);
        check(restored.workspace);
        const looks = ({ columns }: Workspace) =>
          columns.map(({ tabs, active, width }) => ({
            tabs: tabs.map(({ id: _, ...view }) =>
              view.kind === 'report' ? { ...view, target: undefined } : view,
            ),
            active: tabs.findIndex(({ id }) => id === active),
            width: width.toFixed(3),
          }));
        expect(looks(restored.workspace)).toEqual(looks(workspace));
        expect(layouts.keep(restored)).toEqual(kept);
        expect(JSON.stringify(kept).length).toBeLessThan(256 * 1024);
      }),
      { numRuns: 300 },
    );
  });

  it('is restored from anything at all', () => {
    const anything = fc.jsonValue() as fc.Arbitrary<JsonValue>;
    const tab = fc.oneof(
      anything,
      fc.record({
        kind: fc.constantFrom('library', 'search', 'report', 'compare', 'chart', 3),
        report: fc.oneof(fc.constantFrom('a', 'b', ''), anything),
        title: anything,
        reports: anything,
        place: fc.oneof(fc.integer(), fc.double(), anything),
        pinned: anything,
      }),
    );
    const column = fc.oneof(
      anything,
      fc.record({
        width: fc.oneof(fc.double(), fc.constantFrom<JsonValue>(-1, 0, 1e308, '1', null)),
        active: fc.oneof(fc.integer({ min: -1, max: 9 }), anything),
        tabs: fc.oneof(fc.array(tab, { maxLength: 8 }), anything),
      }),
    );
    const given = fc.oneof(
      anything,
      fc.record({
        version: anything,
        columns: fc.oneof(fc.array(column, { maxLength: 9 }), anything),
        column: fc.oneof(fc.integer({ min: -1, max: 9 }), anything),
        inspector: anything,
        query: anything,
        within: fc.oneof(fc.array(anything), anything),
        queries: fc.oneof(fc.array(anything), anything),
      }),
    ) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(given, (json) => {
        const restored = layouts.restore(json);
        check(restored.workspace);
        for (const place of restored.places.values()) expect(place).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });

  it('drops what is unknown and keeps the rest', () => {
    const { workspace, places, inspector } = layouts.restore({
      version: 7,
      columns: [
        {
          width: 0.25,
          active: 2,
          tabs: [{ kind: 'chart' }, { kind: 'library' }, { kind: 'search' }],
        },
        { width: 0.2, active: 0, tabs: [{ kind: 'report' }] },
        {
          width: 0.75,
          active: 1,
          tabs: [{ kind: 'library' }, { kind: 'report', report: 'a', place: 9 }],
        },
      ],
      column: 2,
      inspector: false,
    });
    expect(strips(workspace)).toEqual([['library', 'search'], ['report:a']]);
    expect(workspace.columns.map(({ active, width }) => [active, width])).toEqual([
      ['search', 0.25],
      ['report:a', 0.75],
    ]);
    expect(layouts.activeTab(workspace).id).toBe('report:a');
    expect([...places]).toEqual([['report:a', 9]]);
    expect(inspector).toBe(false);
  });
});

describe('tabs', () => {
  it('of a report open once, wherever it is, unless it is split', () => {
    const two = layouts.duplicate(open('a', 'b'), 'report:a');
    expect(strips(two)).toEqual([['library', 'report:a', 'report:b'], ['report:a#2']]);
    expect(strips(layouts.open(two, report('b')))).toEqual(strips(two));
    expect(layouts.activeTab(layouts.open(two, report('a'))).id).toBe('report:a#2');
    const left = layouts.activate(two, 'report:a');
    expect(layouts.activeTab(layouts.open(left, report('a'))).id).toBe('report:a');
    // From another tab it is the copy that was in front last.
    const away = layouts.activate(layouts.activate(left, 'report:a#2'), 'library');
    expect(layouts.activeTab(layouts.open(away, report('a'))).id).toBe('report:a#2');
  });

  it('go back to the one before on closing, else to the neighbour', () => {
    const three = layouts.activate(open('a', 'b', 'c'), 'report:a');
    expect(layouts.activeTab(layouts.close(three, ['report:a'])).id).toBe('report:c');
    const kept = layouts.restore(layouts.keep(whole(three))).workspace;
    expect(layouts.activeTab(layouts.close(kept, ['report:a'])).id).toBe('report:b');
  });

  it('leave no empty column behind, and its width to the neighbour', () => {
    const two = layouts.resize(layouts.moveAside(open('a', 'b'), 'report:b', 'right'), 0, 0.7);
    expect(strips(two)).toEqual([['library', 'report:a'], ['report:b']]);
    expect(two.columns.map(({ width }) => Number(width.toFixed(2)))).toEqual([0.7, 0.3]);
    const one = layouts.close(two, ['report:b']);
    expect(one.columns.map(({ width }) => width)).toEqual([1]);
    const back = layouts.moveAside(two, 'report:b', 'left');
    expect(strips(back)).toEqual([['library', 'report:a', 'report:b']]);
    expect(layouts.activeTab(back).id).toBe('report:b');
  });

  it('open again where they were', () => {
    const closed = layouts.close(open('a', 'b', 'c'), ['report:a', 'report:c']);
    expect(strips(layouts.reopen(closed))).toEqual([['library', 'report:b', 'report:c']]);
    const again = layouts.reopen(layouts.reopen(closed));
    expect(strips(again)).toEqual([['library', 'report:a', 'report:b', 'report:c']]);
    expect(layouts.reopen(again)).toBe(again);
    expect(layouts.reopen(layouts.forget(closed, ['a', 'c'])).columns).toEqual(
      layouts.forget(closed, ['a', 'c']).columns,
    );
  });

  it('split no further than five columns', () => {
    let now = open('a');
    for (let n = 0; n < 9; n++) now = layouts.duplicate(now, 'report:a');
    expect(now.columns).toHaveLength(MOST_COLUMNS);
    expect(layouts.canDuplicate(now, 'report:a')).toBe(false);
    // The last of a column may still go and stand elsewhere, for its own column goes.
    const last = now.columns.at(-1)?.tabs[0]?.id ?? '';
    const first = now.columns[0]?.id ?? 0;
    expect(layouts.split(now, last, first, 'left').columns).toHaveLength(MOST_COLUMNS);
    expect(layouts.split(now, 'report:a', first, 'left')).toBe(now);
    expect(layouts.split(FIRST, 'library', 1, 'right')).toBe(FIRST);
  });

  it('that are pinned stand first and stay there', () => {
    const pinned = layouts.pin(open('a', 'b'), 'report:b', true);
    expect(strips(pinned)).toEqual([['report:b', 'library', 'report:a']]);
    expect(strips(layouts.shift(pinned, 'report:a', -2))).toEqual([
      ['report:b', 'report:a', 'library'],
    ]);
    expect(strips(layouts.pin(pinned, 'report:b', false))).toEqual([
      ['report:b', 'library', 'report:a'],
    ]);
  });
});
