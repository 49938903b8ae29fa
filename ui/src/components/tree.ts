// Trees of values: places under places, tags under tags, collections under collections.

export interface TreeNode {
  /** Of the thing, one in the tree. */
  id: string;
  label: string;
  /** The whole name, where the label is only its last part. */
  title?: string;
  count: number;
  colour?: string;
  children: TreeNode[];
}

/** A node as a line of the tree. */
export interface TreeLine {
  node: TreeNode;
  /** 1 at the top. */
  level: number;
  parent: string | null;
  /** Whether it is open; null, where nothing lies under it. */
  open: boolean | null;
  /** Its place among its siblings, from 1, and how many they are. */
  place: number;
  siblings: number;
}

/** The lines that are seen: what lies under closed nodes is not. */
export function lines(
  nodes: readonly TreeNode[],
  isOpen: (id: string) => boolean,
  level = 1,
  parent: string | null = null,
): TreeLine[] {
  return nodes.flatMap((node, i) => {
    const open = node.children.length > 0 ? isOpen(node.id) : null;
    const line = { node, level, parent, open, place: i + 1, siblings: nodes.length };
    return open ? [line, ...lines(node.children, isOpen, level + 1, node.id)] : [line];
  });
}

/** The nodes whose names hold the words, with what stands above them. */
export function matching(nodes: readonly TreeNode[], words: string): TreeNode[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return [...nodes];
  return nodes.flatMap((node) => {
    const children = matching(node.children, wanted);
    const here = `${node.label}\n${node.title ?? ''}`.toLowerCase().includes(wanted);
    // Who asks for a province may want one of its cities.
    if (here) return [{ ...node, children: children.length > 0 ? children : node.children }];
    return children.length > 0 ? [{ ...node, children }] : [];
  });
}

/** A tree of things that name the one above them; things whose parent is missing stand at the top. */
export function treeOf<T extends { id: string; parent: string | null }>(
  things: readonly T[],
  node: (thing: T) => Omit<TreeNode, 'id' | 'children'>,
): TreeNode[] {
  const nodes = new Map<string, TreeNode>(
    things.map((thing) => [thing.id, { id: thing.id, ...node(thing), children: [] }]),
  );
  const top: TreeNode[] = [];
  for (const { id, parent } of things) {
    const here = nodes.get(id);
    if (!here) continue;
    const above = parent === null || isUnder(things, parent, id) ? undefined : nodes.get(parent);
    (above?.children ?? top).push(here);
  }
  return top;
}

/** Whether a thing is another one or lies under it. */
export function isUnder(
  things: readonly { id: string; parent: string | null }[],
  id: string,
  above: string,
): boolean {
  const parents = new Map(things.map((thing) => [thing.id, thing.parent]));
  const seen = new Set<string>();
  for (let at: string | null = id; at !== null && !seen.has(at); at = parents.get(at) ?? null) {
    if (at === above) return true;
    seen.add(at);
  }
  return false;
}

/** The names from the top of the tree down to a thing. */
export function namesDownTo(
  things: ReadonlyMap<string, { id: string; name: string; parent: string | null }>,
  id: string,
): string[] {
  const names: string[] = [];
  const seen = new Set<string>();
  for (let at = things.get(id); at && !seen.has(at.id);) {
    seen.add(at.id);
    names.unshift(at.name);
    at = at.parent === null ? undefined : things.get(at.parent);
  }
  return names;
}

/** What a key of a tree does, by WAI-ARIA: go to a line, or open or close the one it is on. */
export type TreeStep =
  { to: string } | { open: string } | { close: string } | { openAll: string[] } | null;

export function treeStep(shown: readonly TreeLine[], active: string, key: string): TreeStep {
  const at = shown.findIndex(({ node }) => node.id === active);
  const line = shown[at];
  if (!line) return null;
  const to = (index: number): TreeStep => {
    const target = shown[Math.max(0, Math.min(shown.length - 1, index))];
    return target ? { to: target.node.id } : null;
  };
  switch (key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'Home':
      return to(0);
    case 'End':
      return to(shown.length - 1);
    case 'ArrowRight':
      return line.open === false ? { open: active } : line.open ? to(at + 1) : null;
    case 'ArrowLeft':
      if (line.open) return { close: active };
      return line.parent === null ? null : { to: line.parent };
    case '*':
      return {
        openAll: shown
          .filter(({ parent, open }) => parent === line.parent && open === false)
          .map(({ node }) => node.id),
      };
    default:
      return null;
  }
}

/** The next line, after the active one and around the end, whose label begins with what was typed. */
export function typedLine(
  shown: readonly TreeLine[],
  active: string,
  typed: string,
): string | undefined {
  const at = shown.findIndex(({ node }) => node.id === active);
  // A second letter refines the first: the line one stands on may stay.
  const from = typed.length > 1 ? at : at + 1;
  const around = [...shown.slice(Math.max(0, from)), ...shown.slice(0, Math.max(0, from))];
  return around.find(({ node }) => node.label.toLowerCase().startsWith(typed.toLowerCase()))?.node
    .id;
}
