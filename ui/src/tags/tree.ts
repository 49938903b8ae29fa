/** The codebook as a tree, and as the rows that are seen of it. */

import type { Tag } from '../protocol/protocol';

/** A tag where it stands in the tree. */
export interface TreeRow {
  readonly tag: Tag;
  /** 1 at the top. */
  readonly level: number;
  readonly hasChildren: boolean;
}

/** The tags under each tag; those whose parent is not there stand at the top, under null. */
export function childrenOf(tags: readonly Tag[]): Map<string | null, Tag[]> {
  const known = new Set(tags.map(({ id }) => id));
  const children = new Map<string | null, Tag[]>();
  for (const tag of tags) {
    const parent = tag.parent !== null && known.has(tag.parent) ? tag.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), tag]);
  }
  return children;
}

/** The rows from top to bottom, without what lies under closed tags. */
export function treeRows(tags: readonly Tag[], closed: ReadonlySet<string>): TreeRow[] {
  const children = childrenOf(tags);
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const add = (parent: string | null, level: number): void => {
    for (const tag of children.get(parent) ?? []) {
      if (seen.has(tag.id)) continue;
      seen.add(tag.id);
      const hasChildren = children.has(tag.id);
      rows.push({ tag, level, hasChildren });
      if (hasChildren && !closed.has(tag.id)) add(tag.id, level + 1);
    }
  };
  add(null, 1);
  return rows;
}

/** A tag and all that lie under it: where it cannot be moved to. */
export function withDescendants(tags: readonly Tag[], id: string): Set<string> {
  const children = childrenOf(tags);
  const found = new Set([id]);
  for (const member of found)
    for (const { id: child } of children.get(member) ?? []) found.add(child);
  return found;
}
