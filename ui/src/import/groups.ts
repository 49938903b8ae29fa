// The groups that the files of an import fall into.
import type { Item, ItemState } from './items';
import { wantsLook } from './problems';

export type Group =
  | 'all'
  | 'new'
  | 'look'
  | 'ask'
  | 'scan'
  | 'problems'
  | 'imported'
  | 'version'
  | 'near'
  | 'duplicate'
  | 'skipped'
  | 'refused';

const STATES: Partial<Record<Group, readonly ItemState[]>> = {
  new: ['new'],
  ask: ['password', 'mapping'],
  imported: ['imported'],
  version: ['version'],
  duplicate: ['duplicate'],
  skipped: ['skipped'],
  refused: ['refused', 'failed'],
};
const BEFORE: Partial<Record<Group, readonly ItemState[]>> = { look: ['near', 'changed'] };
const AFTER: Partial<Record<Group, readonly ItemState[]>> = { near: ['near'] };

/** In the order in which they are offered: what needs the user stands before what does not. */
const ORDER: readonly Group[] = [
  'all',
  'new',
  'imported',
  'version',
  'near',
  'ask',
  'look',
  'scan',
  'problems',
  'duplicate',
  'skipped',
  'refused',
];

export function isScan({ problems }: Item): boolean {
  return problems.some(({ code }) => code === 'no_text_layer');
}

/** The problems that somebody should look after. */
export function toLookAfter({ problems }: Item): { code: string; count: number }[] {
  return problems.filter(({ code }) => wantsLook(code));
}

export function inGroup(item: Item, group: Group, imported: boolean): boolean {
  if (group === 'all') return true;
  if (group === 'scan') return isScan(item);
  if (group === 'problems') return toLookAfter(item).length > 0;
  const states = STATES[group] ?? (imported ? AFTER : BEFORE)[group];
  return states?.includes(item.state) ?? false;
}

/** The groups that have any files, with how many. */
export function counted(
  items: readonly Item[],
  imported: boolean,
): { group: Group; count: number }[] {
  return ORDER.flatMap((group) => {
    const count = items.filter((item) => inGroup(item, group, imported)).length;
    return count > 0 ? [{ group, count }] : [];
  });
}
