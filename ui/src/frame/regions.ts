// The parts of the window that F6 walks through, and the order of the Tab key among the columns.
//
// The panes of all columns stand together in the tree, in an order that never changes: a tab that
// moves to another column keeps its nodes. What is seen beside each other is put in order here.

const FOCUSABLE = [
  'a[href]',
  'button',
  'input',
  'select',
  'textarea',
  '[tabindex]',
  '[contenteditable="true"]',
].join(',');

/** What of a region the focus goes to first: its text or list, not the buttons above. */
const MAIN = '[role="document"], [role="grid"], [role="tree"], [role="listbox"]';

function isTabbable(element: HTMLElement): boolean {
  if (element.tabIndex < 0 || element.matches(':disabled, [inert] *')) return false;
  if (element instanceof HTMLInputElement && element.type === 'radio' && !element.checked) {
    const root = element.getRootNode() as ParentNode;
    const group = `input[type="radio"][name="${CSS.escape(element.name)}"]:checked`;
    if (element.name !== '' && root.querySelector(group)) return false;
  }
  return element.checkVisibility?.({ visibilityProperty: true }) ?? true;
}

/** What the Tab key reaches in an element, in the order of the tree. */
export function tabbables(within: ParentNode): HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isTabbable);
}

/** The regions that are there, in the order in which they are seen: `data-region` is the place. */
function regions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-region]:not([hidden])')].sort(
    (a, b) => Number(a.dataset['region']) - Number(b.dataset['region']),
  );
}

/** The last thing that had the focus in each region. */
const LAST = new WeakMap<Element, HTMLElement>();

/** Remembers where in its region the focus is. */
export function rememberFocus(event: FocusEvent): void {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  const region = target.closest('[data-region]');
  if (region) LAST.set(region, target);
}

/** Puts the focus into a region: where it was, else on what the region is about. */
export function focusInto(region: HTMLElement): boolean {
  const inside = tabbables(region);
  const last = LAST.get(region);
  const found =
    (last && inside.includes(last) ? last : undefined) ??
    inside.find((element) => element.matches(MAIN)) ??
    inside.find((element) => element.matches('[type="search"]')) ??
    inside[0];
  found?.focus();
  return found !== undefined;
}

/** Where what had the focus is gone, the keys go on in the pane in front. */
export function keepFocus(): void {
  if (document.activeElement !== document.body) return;
  const front = document.querySelector<HTMLElement>('[role="tabpanel"][data-front]');
  if (front) focusInto(front);
}

/** Goes to the next region, around the end. */
export function walkRegions(by: 1 | -1): void {
  const all = regions();
  const here = all.findIndex((region) => region.contains(document.activeElement));
  const count = all.length;
  for (let step = 1; step <= count; step++) {
    const from = here < 0 ? (by > 0 ? -1 : 0) : here;
    const region = all[(from + by * step + count * 2) % count];
    if (region && focusInto(region)) return;
  }
}

/**
 * Moves the focus for the Tab key where the order of the tree is not the order in which the columns
 * are seen: out of one of these parts, or into them from what stands around them. Inside a part the
 * engine's own order holds.
 */
export function tabThrough(event: KeyboardEvent, columns: HTMLElement, parts: HTMLElement[]): void {
  if (event.key !== 'Tab' || event.defaultPrevented || event.altKey || event.ctrlKey) return;
  const from = document.activeElement;
  if (!(from instanceof HTMLElement)) return;
  // A menu or a dialog has an order of its own.
  if (from.closest('[role="dialog"], [role="menu"], [role="listbox"]')) return;
  const all = tabbables(document);
  const stands = (element: HTMLElement, where: number) =>
    (columns.compareDocumentPosition(element) & where) !== 0 && !columns.contains(element);
  const groups = [
    all.filter((element) => stands(element, Node.DOCUMENT_POSITION_PRECEDING)),
    ...parts.map((part) => (part.matches('[tabindex="0"]') ? [part] : tabbables(part))),
    all.filter((element) => stands(element, Node.DOCUMENT_POSITION_FOLLOWING)),
  ].filter((group) => group.length > 0);
  const here = groups.findIndex((group) => group.includes(from));
  const group = groups[here];
  const edge = event.shiftKey ? group?.[0] : group?.at(-1);
  if (!group || edge !== from) return;
  const next = event.shiftKey ? groups[here - 1]?.at(-1) : groups[here + 1]?.[0];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
