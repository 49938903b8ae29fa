// What is to become of a file, and what the user made of what was recognised in it.
import { periodOf } from '../library/bulkEdit';
import type { ImportChoice, Metadata, MetadataEdit } from '../protocol/protocol';
import { isRefusedPage, type Item } from './items';

export type Choice = 'import' | 'version' | 'skip';

export interface Edit {
  /** Null for what is usual for such a file. */
  choice: Choice | null;
  /** The report that it becomes a version of, where that is not the one it is like. */
  of: string | null;
  metadata: MetadataEdit;
  /** Repairs that are taken back, by place in the list. */
  undo: ReadonlySet<number>;
  /** Pieces set aside that are put back, by place in the list. */
  restore: ReadonlySet<number>;
  password: string | null;
  encoding: string | null;
}

export const EDITED_NOT: Edit = {
  choice: null,
  of: null,
  metadata: {},
  undo: new Set(),
  restore: new Set(),
  password: null,
  encoding: null,
};

/** What may become of a file, the usual first. */
export function choices(item: Item): Choice[] {
  const { state, near } = item;
  switch (state) {
    case 'new':
      return ['import', 'skip'];
    case 'near':
      return near ? ['import', 'version', 'skip'] : ['import', 'skip'];
    case 'changed':
      return ['version', 'import', 'skip'];
    case 'mapping':
    case 'duplicate':
      return ['skip', 'import'];
    case 'refused':
      return isRefusedPage(item) ? ['skip', 'import'] : [];
    default:
      return [];
  }
}

/**
 * The files that a choice made for all of them is for. A page that was refused is imported where it is
 * meant by itself, not where it was chosen along with others.
 */
export function meantBy(items: readonly Item[], choice: Choice): Item[] {
  const can = items.filter((item) => choices(item).includes(choice));
  const alone = choice === 'skip' || can.every(isRefusedPage);
  return alone ? can : can.filter((item) => !isRefusedPage(item));
}

/** What becomes of a file. */
export function decided(item: Item, { choice }: Edit): Choice {
  const open = choices(item);
  return choice !== null && open.includes(choice) ? choice : (open[0] ?? 'skip');
}

/** An edit as the archive is asked for it; null, where it asks for nothing but the usual. */
export function choiceOf(item: Item, edit: Edit): ImportChoice | null {
  const open = choices(item);
  const choice = decided(item, edit);
  // By itself, a table would be one report.
  const usual =
    open.length === 0 || (choice === open[0] && edit.of === null && item.state !== 'mapping');
  const of = choice === 'version' ? (edit.of ?? item.near?.report) : undefined;
  const action = usual
    ? 'take'
    : choice === 'skip'
      ? 'skip'
      : choice === 'version'
        ? 'version'
        : item.state === 'new'
          ? 'take'
          : 'keep';
  const wanted: ImportChoice = {
    path: item.path,
    action,
    ...(action === 'version' && of ? { of } : {}),
    ...(edit.password === null ? {} : { password: edit.password }),
    ...(edit.encoding === null ? {} : { encoding: edit.encoding }),
    ...(Object.keys(edit.metadata).length === 0 ? {} : { metadata: edit.metadata }),
    ...sourceOf(edit),
  };
  return action === 'take' && Object.keys(wanted).length === 2 ? null : wanted;
}

/** What is taken back and put back of a file. */
export function sourceOf({ undo, restore }: Edit): Pick<ImportChoice, 'undo' | 'restore'> {
  return {
    ...(undo.size === 0 ? {} : { undo: [...undo] }),
    ...(restore.size === 0 ? {} : { restore: [...restore] }),
  };
}

/** What is known of a file, with what the user said instead. */
export function corrected(known: Metadata | null, change: MetadataEdit): Metadata | null {
  if (!known) return null;
  const now: Metadata = { ...known };
  for (const [field, value] of Object.entries(change)) {
    const read = field === 'period' && typeof value === 'string' ? periodOf(value) : value;
    (now as unknown as Record<string, unknown>)[field] = read === '' ? null : read;
  }
  return now;
}

/** A set with a member more, or less. */
export function flipped<T>(set: ReadonlySet<T>, member: T): Set<T> {
  const next = new Set(set);
  if (!next.delete(member)) next.add(member);
  return next;
}
