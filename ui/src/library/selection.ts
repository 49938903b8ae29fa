// Which reports are chosen: some, by identifier, or all that the filter lets through but for some.
// The second is what "select all" makes of 100,000 rows without fetching any of them.

/** Values are never changed; each operation returns another one. */
export type Selection =
  | { readonly kind: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'all'; readonly except: ReadonlySet<string> };

export const NOTHING_CHOSEN: Selection = { kind: 'some', ids: new Set() };
export const ALL_CHOSEN: Selection = { kind: 'all', except: new Set() };

export function only(ids: Iterable<string>): Selection {
  return { kind: 'some', ids: new Set(ids) };
}

export function isChosen(selection: Selection, id: string): boolean {
  return selection.kind === 'some' ? selection.ids.has(id) : !selection.except.has(id);
}

/** How many are chosen, of so many that the filter lets through. */
export function chosenCount(selection: Selection, total: number): number {
  return selection.kind === 'some'
    ? selection.ids.size
    : Math.max(0, total - selection.except.size);
}

/** Chooses one more, or one less. */
export function toggled(selection: Selection, id: string): Selection {
  return withOne(selection, id, !isChosen(selection, id));
}

function withOne(selection: Selection, id: string, chosen: boolean): Selection {
  const named = new Set(selection.kind === 'some' ? selection.ids : selection.except);
  if (chosen === (selection.kind === 'some')) named.add(id);
  else named.delete(id);
  return selection.kind === 'some' ? { kind: 'some', ids: named } : { kind: 'all', except: named };
}

/** Chooses more, besides those that are chosen. */
export function withAll(selection: Selection, ids: Iterable<string>): Selection {
  const named = new Set(selection.kind === 'some' ? selection.ids : selection.except);
  for (const id of ids) {
    if (selection.kind === 'some') named.add(id);
    else named.delete(id);
  }
  return selection.kind === 'some' ? { kind: 'some', ids: named } : { kind: 'all', except: named };
}

/** What is left of a choice when the list shows other reports: "all" meant those of before. */
export function underAnotherFilter(selection: Selection): Selection {
  return selection.kind === 'some' ? selection : NOTHING_CHOSEN;
}
