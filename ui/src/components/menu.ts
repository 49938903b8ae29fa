import type { Shortcut } from '../commands/keys';

/** An entry of a menu, whether it drops from a button, a bar or opens at the pointer. */
export interface MenuItem {
  label: string;
  run?: () => void;
  shortcut?: Shortcut | null;
  disabled?: boolean;
  danger?: boolean;
  /** A line above it. */
  separated?: boolean;
  /** Shown as ticked or not. */
  checked?: boolean;
  /** Ticking it closes the menu; a list of things to tick stays open. */
  closes?: boolean;
  /** The entries of a menu of its own; `run` is not called then. */
  items?: MenuItem[];
  testid?: string;
  /** Carried as `data-id`. */
  id?: string;
}
