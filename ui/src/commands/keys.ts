// Keys: which of them belong to an input method, how a shortcut is written and matched.

/**
 * Whether a key belongs to an input method that is composing. WebKit sends the Enter that confirms
 * a candidate after the composition has ended, with key code 229 (WebKit bug 165004), so asking
 * `isComposing` alone is not enough. Every key binding asks this first.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/**
 * A shortcut: modifiers `Mod` (Ctrl, on macOS Cmd), `Ctrl`, `Alt`, `Shift` in this order, then the
 * key as `KeyboardEvent.key` names it, letters in capitals: `Mod+Shift+Z`, `F3`, `Mod+,`.
 */
export type Shortcut = string;

/** Whether the system of this page is macOS. */
export const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform);

/** The key of an event, without what its modifiers make of it. */
function keyOf(event: KeyboardEvent, mac: boolean): string {
  const { key, code } = event;
  if (key === ' ') return 'Space';
  // Shift makes `!` of 1 and Option `å` of A, on each layout another: the key itself is meant.
  const modified = event.ctrlKey || event.altKey || event.metaKey;
  if (modified && /^Digit\d$/.test(code) && key.length === 1) return code.slice(5);
  const foreign = key.length === 1 && !/^[\x21-\x7e]$/.test(key);
  if (/^Key[A-Z]$/.test(code) && ((modified && foreign) || (mac && event.altKey))) {
    return code.slice(3);
  }
  return key.length === 1 ? key.toUpperCase() : key;
}

/** Whether the key is one that only changes others. */
export function isModifier(event: KeyboardEvent): boolean {
  return /^(Control|Shift|Alt|AltGraph|Meta|OS|Fn|Hyper|Super|CapsLock|NumLock)$/.test(event.key);
}

/** The shortcut that an event stands for. */
export function shortcutOf(event: KeyboardEvent, mac = isMac): Shortcut {
  const parts: string[] = [];
  if (mac ? event.metaKey : event.ctrlKey) parts.push('Mod');
  if (mac && event.ctrlKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey) parts.push('Shift');
  parts.push(keyOf(event, mac));
  return parts.join('+');
}

const MAC: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' };
const NAMES: Record<string, string> = {
  Mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Delete: 'Del',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Enter: '⏎',
  Space: '␣',
  Escape: 'Esc',
};

/** The keys of a shortcut as they are printed on the keyboard. */
export function keyCaps(shortcut: Shortcut, mac = isMac): string[] {
  const parts = shortcut.split('+');
  // The key `+` itself leaves two empty parts.
  const plus = parts.length > 1 && parts.at(-1) === '';
  return [...parts.filter((part) => part !== ''), ...(plus ? ['+'] : [])].map(
    (part) => (mac ? MAC[part] : undefined) ?? NAMES[part] ?? part,
  );
}

/** Whether typing into the element changes text. */
export function isEditable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'range', 'color', 'submit'].includes(target.type)
  );
}
