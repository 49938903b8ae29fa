// How the middle of the window is laid out: columns side by side, tabs in them. Pure: every change
// gives another layout, or the same one where there is nothing to change.
import type { Range } from '../protocol/protocol';
import type { JsonValue } from '../protocol/serde_json/JsonValue';

/** What a tab shows. */
export type View =
  | { kind: 'library' }
  | { kind: 'search' }
  | { kind: 'codebook' }
  | { kind: 'help' }
  | { kind: 'compare'; reports: string[] }
  | {
      kind: 'report';
      report: string;
      title: string;
      /** Where to open it: code points. A new object asks to go there again. */
      target?: Range;
    };

/** A view with its identifier, one of its own in the window; what is pinned stands first. */
export type Tab = View & { id: string; pinned?: boolean };

export interface Column {
  readonly id: number;
  /** Never empty. */
  readonly tabs: readonly Tab[];
  /** The tab in front. */
  readonly active: string;
  /** Its part of the width of all columns, which is 1. */
  readonly width: number;
}

/** A tab that was closed, and where it stood. */
interface Closed {
  readonly view: View;
  readonly column: number;
  readonly at: number;
}

export interface Workspace {
  readonly columns: readonly Column[];
  /** The column that commands are for. */
  readonly column: number;
  /** The tabs by when they were in front, the latest last. */
  readonly recent: readonly string[];
  readonly closed: readonly Closed[];
}

export const MOST_COLUMNS = 5;
/** The least part of the width of two neighbours that one of them keeps. */
export const LEAST_SHARE = 0.15;
/** So many closed tabs can be opened again. */
const MOST_CLOSED = 30;
/** So many tabs are kept: a layout is at most 256 kB. */
const MOST_TABS = 300;
/** And so much of a title, in UTF-16 units. */
const MOST_TITLE = 200;
/** So many queries that were searched are remembered, and so much of each, in UTF-16 units. */
export const MOST_QUERIES = 50;
export const LONGEST_QUERY = 200;
/** Searches inside each other. */
const MOST_WITHIN = 8;
/** A comparison has so many columns. */
const MOST_COMPARED = 5;

const LIBRARY: Tab = { kind: 'library', id: 'library' };

export const FIRST: Workspace = {
  columns: [{ id: 1, tabs: [LIBRARY], active: LIBRARY.id, width: 1 }],
  column: 1,
  recent: [LIBRARY.id],
  closed: [],
};

// --- looking ------------------------------------------------------------------------------------

export function tabsOf(workspace: Workspace): Tab[] {
  return workspace.columns.flatMap(({ tabs }) => tabs);
}

export function columnOf(workspace: Workspace, id: string): Column | undefined {
  return workspace.columns.find(({ tabs }) => tabs.some((tab) => tab.id === id));
}

export function activeColumn(workspace: Workspace): Column {
  const found = workspace.columns.find(({ id }) => id === workspace.column);
  return found ?? (workspace.columns[0] as Column);
}

export function activeTab(workspace: Workspace): Tab {
  const { tabs, active } = activeColumn(workspace);
  return tabs.find(({ id }) => id === active) ?? LIBRARY;
}

/** The tab that shows a report: the one in front, else the one that was in front last. */
export function tabOfReport(workspace: Workspace, report: string): Tab | undefined {
  const tabs = tabsOf(workspace).filter((tab) => tab.kind === 'report' && tab.report === report);
  const { active } = activeColumn(workspace);
  return (
    tabs.find(({ id }) => id === active) ??
    tabs.toSorted((a, b) => workspace.recent.indexOf(b.id) - workspace.recent.indexOf(a.id))[0]
  );
}

/** Reports can be open more than once, the other views cannot. */
function isSingle(view: View): boolean {
  return view.kind !== 'report';
}

function freeId(view: View, taken: ReadonlySet<string>): string {
  if (view.kind !== 'report') return view.kind;
  const id = `report:${view.report}`;
  for (let n = 1; ; n++) {
    const wanted = n === 1 ? id : `${id}#${n}`;
    if (!taken.has(wanted)) return wanted;
  }
}

// --- putting in order ---------------------------------------------------------------------------

/** The order of a strip: what is pinned first, else as it is. */
function ordered(tabs: readonly Tab[]): Tab[] {
  return [...tabs.filter(({ pinned }) => pinned), ...tabs.filter(({ pinned }) => !pinned)];
}

/** The latest of these that was in front. */
function latest(recent: readonly string[], tabs: readonly Tab[]): string | undefined {
  return recent.findLast((id) => tabs.some((tab) => tab.id === id));
}

/**
 * Takes out empty columns, whose width goes to a neighbour, and makes every reference hold. Where
 * the tab in front went away, the one that was in front before it comes, else the one that has moved
 * into its place, which the layout `before` tells.
 */
function settled(workspace: Workspace, before = workspace): Workspace {
  const columns: Column[] = [];
  let spare = 0;
  for (const column of workspace.columns) {
    const neighbour = columns.at(-1);
    if (column.tabs.length > 0) {
      columns.push({ ...column, tabs: ordered(column.tabs), width: column.width + spare });
      spare = 0;
    } else if (neighbour)
      columns[columns.length - 1] = { ...neighbour, width: neighbour.width + column.width };
    else spare += column.width;
  }
  const known = new Set(columns.flatMap(({ tabs }) => tabs.map(({ id }) => id)));
  const recent = workspace.recent.filter((id) => known.has(id));
  const whole = columns.map((column) => {
    if (column.tabs.some(({ id }) => id === column.active)) return column;
    const was = before.columns.find(({ id }) => id === column.id)?.tabs ?? [];
    const at = was.findIndex(({ id }) => id === column.active);
    const next = column.tabs[Math.max(0, Math.min(at, column.tabs.length - 1))];
    return { ...column, active: latest(recent, column.tabs) ?? next?.id ?? column.active };
  });
  const stays = whole.some(({ id }) => id === workspace.column);
  const last = recent.at(-1);
  const column = stays
    ? workspace.column
    : (whole.find(({ tabs }) => tabs.some(({ id }) => id === last)) ?? whole[0])?.id;
  return { ...workspace, columns: whole, column: column ?? workspace.column, recent };
}

function withColumn(
  workspace: Workspace,
  id: number,
  change: (column: Column) => Partial<Column>,
): Workspace {
  return {
    ...workspace,
    columns: workspace.columns.map((column) =>
      column.id === id ? { ...column, ...change(column) } : column,
    ),
  };
}

function withTab(workspace: Workspace, id: string, change: (tab: Tab) => Tab): Workspace {
  return {
    ...workspace,
    columns: workspace.columns.map((column) => ({
      ...column,
      tabs: column.tabs.map((tab) => (tab.id === id ? change(tab) : tab)),
    })),
  };
}

// --- opening and closing ------------------------------------------------------------------------

/** Brings a tab to the front of its column, and its column to the front. */
export function activate(workspace: Workspace, id: string): Workspace {
  const column = columnOf(workspace, id);
  if (!column) return workspace;
  if (column.active === id && workspace.column === column.id && workspace.recent.at(-1) === id) {
    return workspace;
  }
  return {
    ...withColumn(workspace, column.id, () => ({ active: id })),
    column: column.id,
    recent: [...workspace.recent.filter((other) => other !== id), id],
  };
}

/** Makes a column the one that commands are for. */
export function activateColumn(workspace: Workspace, id: number): Workspace {
  const column = workspace.columns.find((other) => other.id === id);
  return column ? activate(workspace, column.active) : workspace;
}

function inserted(workspace: Workspace, tab: Tab, column: number, at: number): Workspace {
  return activate(
    withColumn(workspace, column, ({ tabs }) => ({ tabs: ordered(tabs.toSpliced(at, 0, tab)) })),
    tab.id,
  );
}

/** Opens a view in the column in front, or brings its tab to the front wherever that is. */
export function open(workspace: Workspace, view: View): Workspace {
  const known =
    view.kind === 'report'
      ? tabOfReport(workspace, view.report)
      : tabsOf(workspace).find(({ kind }) => kind === view.kind);
  if (!known) return openAt(workspace, view, activeColumn(workspace), Infinity);
  const { id, pinned } = known;
  return activate(
    withTab(workspace, id, () => ({ ...view, id, ...(pinned ? { pinned } : {}) })),
    id,
  );
}

function openAt(workspace: Workspace, view: View, column: Column, at: number): Workspace {
  const id = freeId(view, new Set(tabsOf(workspace).map((tab) => tab.id)));
  return inserted(workspace, { ...view, id }, column.id, at);
}

/** Closes tabs. The library stays: without it there would be no way to anything. */
export function close(workspace: Workspace, ids: readonly string[]): Workspace {
  const going = new Set(ids.filter((id) => id !== LIBRARY.id));
  const closed: Closed[] = [];
  const columns = workspace.columns.map((column) => ({
    ...column,
    tabs: column.tabs.filter((tab, at) => {
      if (!going.has(tab.id)) return true;
      closed.push({ view: viewOf(tab), column: column.id, at });
      return false;
    }),
  }));
  if (closed.length === 0) return workspace;
  const front = activeTab(workspace).id;
  const next = settled(
    { ...workspace, columns, closed: [...workspace.closed, ...closed].slice(-MOST_CLOSED) },
    workspace,
  );
  if (!going.has(front)) return next;
  // In the same column one goes back to what was in front there before.
  return activate(next, activeColumn(next).active);
}

/** A view without what belongs to its tab, and without the place that was asked for. */
function viewOf(tab: Tab): View {
  if (tab.kind === 'report') return { kind: 'report', report: tab.report, title: tab.title };
  return tab.kind === 'compare' ? { kind: 'compare', reports: tab.reports } : { kind: tab.kind };
}

/** Opens the tab that was closed last, where it stood. */
export function reopen(workspace: Workspace): Workspace {
  const last = workspace.closed.at(-1);
  if (!last) return workspace;
  const left = { ...workspace, closed: workspace.closed.slice(0, -1) };
  const known = tabsOf(left).find(({ kind }) => kind === last.view.kind);
  if (known && isSingle(last.view)) return activate(left, known.id);
  const column = left.columns.find(({ id }) => id === last.column) ?? activeColumn(left);
  return openAt(left, last.view, column, last.at);
}

/** Reports that are no more: their tabs close, and are not opened again. */
export function forget(workspace: Workspace, reports: readonly string[]): Workspace {
  const gone = new Set(reports);
  const of = (view: View) => view.kind === 'report' && gone.has(view.report);
  const next = close(
    workspace,
    tabsOf(workspace).flatMap((tab) => (of(tab) ? tab.id : [])),
  );
  const closed = next.closed.filter(({ view }) => !of(view));
  return closed.length === next.closed.length ? next : { ...next, closed };
}

export function retitle(workspace: Workspace, report: string, title: string): Workspace {
  const wrong = tabsOf(workspace).filter(
    (tab) => tab.kind === 'report' && tab.report === report && tab.title !== title,
  );
  return wrong.reduce((now, { id }) => withTab(now, id, (tab) => ({ ...tab, title })), workspace);
}

// --- moving -------------------------------------------------------------------------------------

/** Puts a tab before the `at`-th of the others of a column. */
export function move(workspace: Workspace, id: string, column: number, at: number): Workspace {
  const from = columnOf(workspace, id);
  const tab = from?.tabs.find((other) => other.id === id);
  if (!from || !tab || !workspace.columns.some((other) => other.id === column)) return workspace;
  if (from.id === column && from.tabs.indexOf(tab) === at) return activate(workspace, id);
  const without = withColumn(workspace, from.id, ({ tabs }) => ({
    tabs: tabs.filter((other) => other !== tab),
  }));
  return settled(inserted(without, tab, column, Math.max(0, at)), workspace);
}

/** Moves a tab so many places on in its strip. */
export function shift(workspace: Workspace, id: string, by: number): Workspace {
  const column = columnOf(workspace, id);
  if (!column) return workspace;
  const at = column.tabs.findIndex((tab) => tab.id === id) + by;
  return at < 0 || at >= column.tabs.length ? workspace : move(workspace, id, column.id, at);
}

export type Side = 'left' | 'right';

/** Whether a tab can go into a new column beside another one. */
export function canSplit(workspace: Workspace, id: string, beside: number): boolean {
  const from = columnOf(workspace, id);
  if (!from) return false;
  const alone = from.tabs.length === 1;
  if (alone && from.id === beside) return false;
  return workspace.columns.length < MOST_COLUMNS || alone;
}

/** Moves a tab into a new column beside another one, which gives it half of its width. */
export function split(workspace: Workspace, id: string, beside: number, side: Side): Workspace {
  const from = columnOf(workspace, id);
  const tab = from?.tabs.find((other) => other.id === id);
  if (!from || !tab || !canSplit(workspace, id, beside)) return workspace;
  const without = withColumn(workspace, from.id, ({ tabs }) => ({
    tabs: tabs.filter((other) => other !== tab),
  }));
  return settled(withNewColumn(without, tab, beside, side), workspace);
}

function withNewColumn(workspace: Workspace, tab: Tab, beside: number, side: Side): Workspace {
  const id = 1 + Math.max(...workspace.columns.map((column) => column.id));
  const columns = workspace.columns.flatMap((column) => {
    if (column.id !== beside) return column;
    const width = column.width / 2;
    const fresh: Column = { id, tabs: [tab], active: tab.id, width };
    const rest = { ...column, width };
    return side === 'left' ? [fresh, rest] : [rest, fresh];
  });
  return activate({ ...workspace, columns }, tab.id);
}

/** Whether {@link duplicate} has something to do. */
export function canDuplicate(workspace: Workspace, id: string): boolean {
  const column = columnOf(workspace, id);
  const tab = column?.tabs.find((other) => other.id === id);
  if (!column || !tab) return false;
  return isSingle(tab)
    ? canSplit(workspace, id, column.id)
    : workspace.columns.length < MOST_COLUMNS;
}

/** Splits: a report is opened again in a new column to the right, another view goes there. */
export function duplicate(workspace: Workspace, id: string): Workspace {
  const column = columnOf(workspace, id);
  const tab = column?.tabs.find((other) => other.id === id);
  if (!column || !tab || !canDuplicate(workspace, id)) return workspace;
  if (isSingle(tab)) return split(workspace, id, column.id, 'right');
  const view = viewOf(tab);
  const copy = { ...view, id: freeId(view, new Set(tabsOf(workspace).map((other) => other.id))) };
  return withNewColumn(workspace, copy, column.id, 'right');
}

/** Moves a tab into the neighbouring column, or into a new one at the edge. */
export function moveAside(workspace: Workspace, id: string, side: Side): Workspace {
  const at = workspace.columns.findIndex(({ tabs }) => tabs.some((tab) => tab.id === id));
  const here = workspace.columns[at];
  if (!here) return workspace;
  const next = workspace.columns[side === 'left' ? at - 1 : at + 1];
  if (next) return move(workspace, id, next.id, next.tabs.length);
  return split(workspace, id, here.id, side);
}

export function pin(workspace: Workspace, id: string, pinned: boolean): Workspace {
  return settled(
    withTab(workspace, id, (tab) => {
      const { pinned: _, ...rest } = tab;
      return pinned ? { ...rest, pinned } : rest;
    }),
  );
}

// --- widths -------------------------------------------------------------------------------------

/** Gives the `at`-th column this part of the width that it has together with the next one. */
export function resize(workspace: Workspace, at: number, share: number): Workspace {
  const [left, right] = [workspace.columns[at], workspace.columns[at + 1]];
  if (!left || !right || !Number.isFinite(share)) return workspace;
  const both = left.width + right.width;
  const kept = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, share));
  const columns = workspace.columns.with(at, { ...left, width: both * kept });
  return { ...workspace, columns: columns.with(at + 1, { ...right, width: both * (1 - kept) }) };
}

export function equalise(workspace: Workspace): Workspace {
  const width = 1 / workspace.columns.length;
  return { ...workspace, columns: workspace.columns.map((column) => ({ ...column, width })) };
}

// --- keeping ------------------------------------------------------------------------------------

/** What is kept of a layout beside its columns and tabs. */
export interface Kept {
  workspace: Workspace;
  /** Where each report tab was read, by tab: code points. */
  places: ReadonlyMap<string, number>;
  inspector: boolean;
  query: string;
  /** The queries in whose results it searches. */
  within: readonly string[];
  /** What was searched, the latest first. */
  queries: readonly string[];
}

type JsonObject = Record<string, JsonValue | undefined>;

/** A layout as it is kept. */
export function keep({ workspace, places, inspector, query, within, queries }: Kept): JsonValue {
  let left = MOST_TABS;
  const columns = workspace.columns.map((column) => {
    const tabs = column.tabs.slice(0, left);
    left -= tabs.length;
    return {
      width: column.width,
      active: column.tabs.findIndex(({ id }) => id === column.active),
      tabs: tabs.map((tab): JsonValue => {
        const place = tab.kind === 'report' ? places.get(tab.id) : undefined;
        return {
          kind: tab.kind,
          ...(tab.kind === 'compare' ? { reports: tab.reports } : {}),
          ...(tab.kind === 'report'
            ? { report: tab.report, title: tab.title.slice(0, MOST_TITLE) }
            : {}),
          ...(tab.pinned ? { pinned: true } : {}),
          ...(place ? { place } : {}),
        };
      }),
    };
  });
  const column = workspace.columns.findIndex(({ id }) => id === workspace.column);
  return {
    version: 1,
    columns,
    column,
    inspector,
    query,
    within: [...within],
    queries: [...queries],
  };
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function asList(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function asQueries(value: JsonValue | undefined): string[] {
  return asList(value).filter(
    (query): query is string =>
      typeof query === 'string' && query.trim() !== '' && query.length <= LONGEST_QUERY,
  );
}

function asView(json: JsonObject): View | undefined {
  const { kind, report, title } = json;
  switch (kind) {
    case 'library':
    case 'search':
    case 'codebook':
    case 'help':
      return { kind };
    case 'compare': {
      const reports = asList(json['reports']).filter((id) => typeof id === 'string');
      return { kind, reports: [...new Set(reports)].slice(0, MOST_COMPARED) };
    }
    case 'report':
      if (typeof report !== 'string' || report === '') return undefined;
      return { kind, report, title: typeof title === 'string' ? title.slice(0, MOST_TITLE) : '' };
    default:
      return undefined;
  }
}

/** A layout as it was kept; what is not understood is left out, down to the library alone. */
export function restore(json: JsonValue | null | undefined): Kept {
  const kept = asObject(json ?? undefined);
  const places = new Map<string, number>();
  const taken = new Set<string>();
  const columns: Column[] = [];
  /** The column that was in front, by its place in what was kept. */
  let front: number | undefined;
  for (const [i, given] of asList(kept['columns']).entries()) {
    if (columns.length === MOST_COLUMNS) break;
    const column = asObject(given);
    const tabs: Tab[] = [];
    let active: string | undefined;
    for (const [at, entry] of asList(column['tabs']).entries()) {
      if (taken.size >= MOST_TABS) break;
      const of = asObject(entry);
      const view = asView(of);
      if (!view || (isSingle(view) && taken.has(view.kind))) continue;
      const id = freeId(view, taken);
      taken.add(id);
      tabs.push({ ...view, id, ...(of['pinned'] === true ? { pinned: true } : {}) });
      if (column['active'] === at) active = id;
      const { place } = of;
      if (view.kind === 'report' && typeof place === 'number' && Number.isSafeInteger(place)) {
        if (place > 0) places.set(id, place);
      }
    }
    const first = tabs[0];
    if (!first) continue;
    const { width } = column;
    const id = columns.length + 1;
    const usable = typeof width === 'number' && Number.isFinite(width) && width > 0.01;
    columns.push({
      id,
      tabs: ordered(tabs),
      active: active ?? first.id,
      width: usable ? Math.min(width, 1) : 1 / MOST_COLUMNS,
    });
    if (kept['column'] === i) front = id;
  }
  if (!taken.has(LIBRARY.id)) {
    const [first] = columns;
    if (first) columns[0] = { ...first, tabs: ordered([LIBRARY, ...first.tabs]) };
    else columns.push(...FIRST.columns);
  }
  const sum = columns.reduce((all, { width }) => all + width, 0);
  const scale = Math.abs(sum - 1) < 1e-6 ? 1 : sum;
  const column = front ?? 1;
  const active = columns.find(({ id }) => id === column)?.active ?? LIBRARY.id;
  return {
    workspace: {
      columns: columns.map((one) => ({ ...one, width: one.width / scale })),
      column,
      recent: [...columns.map((one) => one.active).filter((id) => id !== active), active],
      closed: [],
    },
    places,
    inspector: kept['inspector'] !== false,
    query: typeof kept['query'] === 'string' ? kept['query'].slice(0, 4000) : '',
    within: asQueries(kept['within']).slice(0, MOST_WITHIN),
    queries: asQueries(kept['queries']).slice(0, MOST_QUERIES),
  };
}
