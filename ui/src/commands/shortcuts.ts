// Which keys belong to which command: the registry's, as the user changed them.
import type { Shortcut } from './keys';
import {
  COMMANDS,
  COMMAND_LIST,
  type Command,
  type CommandId,
  type CommandScope,
} from './registry';

/** What the user changed: all keys of a command, none of which may be left. */
export type Overrides = Readonly<Record<string, readonly Shortcut[]>>;

/** The keys of every command. No two of overlapping scope have one in common. */
export type Keymap = ReadonlyMap<CommandId, readonly Shortcut[]>;

/** The keys that a command has at first. */
export function defaults(id: CommandId): Shortcut[] {
  const { shortcut, also = [] }: Command = COMMANDS[id];
  return shortcut === null ? [] : [shortcut, ...also];
}

/** Whether commands of the two scopes can both be meant by one key. */
export function overlap(a: CommandScope, b: CommandScope): boolean {
  return a === b || a === 'everywhere' || b === 'everywhere';
}

/** Whether the keys say something other than the registry does. */
export function isChanged(overrides: Overrides, id: CommandId): boolean {
  return Object.hasOwn(overrides, id);
}

/**
 * The keys of every command. What the user chose comes before what the registry says, and in
 * either the order of the registry decides: so a file that was edited by hand, or a newer version's
 * defaults, cannot put two commands on one key.
 */
export function keymap(overrides: Overrides): Keymap {
  const taken = new Map<Shortcut, CommandScope[]>();
  const map = new Map<CommandId, readonly Shortcut[]>();
  const give = (id: CommandId, scope: CommandScope, wanted: readonly Shortcut[]) => {
    const given: Shortcut[] = [];
    for (const shortcut of new Set(wanted)) {
      const others = taken.get(shortcut) ?? [];
      if (others.some((other) => overlap(scope, other))) continue;
      taken.set(shortcut, [...others, scope]);
      given.push(shortcut);
    }
    map.set(id, given);
  };
  for (const [id, { scope }] of COMMAND_LIST) {
    const chosen = Object.hasOwn(overrides, id) ? overrides[id] : undefined;
    if (chosen) give(id, scope, chosen);
  }
  for (const [id, { scope }] of COMMAND_LIST) {
    if (!isChanged(overrides, id)) give(id, scope, defaults(id));
  }
  return map;
}

/** The commands that a key of this command would take it from. */
export function owners(map: Keymap, id: CommandId, shortcut: Shortcut): CommandId[] {
  const { scope } = COMMANDS[id];
  return COMMAND_LIST.filter(
    ([other, command]) =>
      other !== id && overlap(scope, command.scope) && map.get(other)?.includes(shortcut),
  ).map(([other]) => other);
}

/** Changes of some commands' keys; `null` is what the registry says. */
export type Edit = Readonly<Partial<Record<CommandId, Shortcut[] | null>>>;

const same = (a: readonly Shortcut[], b: readonly Shortcut[]) =>
  a.length === b.length && a.every((shortcut, i) => shortcut === b[i]);

/** Gives a command these keys, and takes them from whoever has them. */
export function assign(overrides: Overrides, id: CommandId, shortcuts: readonly Shortcut[]): Edit {
  const { scope } = COMMANDS[id];
  const map = keymap(overrides);
  const edit: Partial<Record<CommandId, Shortcut[] | null>> = {};
  for (const [other, command] of COMMAND_LIST) {
    if (other === id || !overlap(scope, command.scope)) continue;
    // Also those that a file names and that another command keeps from it so far.
    const named = Object.hasOwn(overrides, other) ? overrides[other] : map.get(other);
    if (!named?.some((key) => shortcuts.includes(key))) continue;
    edit[other] = named.filter((key) => !shortcuts.includes(key));
  }
  // What the registry says needs no keeping, and follows it when a new version changes it.
  const wanted = [...new Set(shortcuts)];
  edit[id] = same(wanted, defaults(id)) ? null : wanted;
  return edit;
}

/** The keys that the registry gives a command and others have now. */
export function contested(overrides: Overrides, id: CommandId): CommandId[] {
  const map = keymap(overrides);
  return [...new Set(defaults(id).flatMap((shortcut) => owners(map, id, shortcut)))];
}

/** The overrides after an edit. */
export function edited(overrides: Overrides, edit: Edit): Overrides {
  const changed = { ...overrides };
  for (const [id, shortcuts] of Object.entries(edit)) {
    if (shortcuts === null) Reflect.deleteProperty(changed, id);
    else changed[id] = shortcuts;
  }
  return changed;
}

/** Why a key cannot be a shortcut. */
export type Refusal = 'system' | 'text' | 'moving' | 'input_method' | 'typing' | 'unknown';

const CLIPBOARD = ['Mod+C', 'Mod+V', 'Mod+X', 'Shift+Insert', 'Mod+Insert', 'Shift+Delete'];
/** Moving, leaving and pressing things is done with these everywhere. */
const MOVING = /^(Shift\+)?(Tab|Enter|Escape|Space|Arrow(Up|Down|Left|Right))$/;
const SYSTEM = {
  mac: /^(Mod\+(Q|H|M|Tab|Space|`)|Mod\+Alt\+(H|Escape|Space)|Mod\+Shift\+[345Q]|Ctrl\+Mod\+[FQ]|Ctrl\+Arrow\w+|Mod\+Ctrl\+[FQ])$/,
  other:
    /^((Mod\+)?Alt\+(F4|Tab|Escape|Space|Delete)|Shift\+Alt\+Tab|Alt\+Shift\+Tab|Mod\+(Alt\+Delete|Escape|Shift\+Escape)|Mod\+Alt\+(F\d+|T|L|D)|PrintScreen)$/,
};
/** What switches Chinese input methods on, off and over. */
const INPUT_METHOD = /^(Mod\+(Space|\.|Shift\+Space)|Ctrl\+Space|Shift\+Space)$/;
/** A key that types something by itself. */
const TYPES = /^(Shift\+)?.$/u;

/** Why a command cannot have a key, or `null` where it can. */
export function refusal(id: CommandId, shortcut: Shortcut, mac: boolean): Refusal | null {
  const { scope, whileTyping }: Command = COMMANDS[id];
  const key = shortcut === '+' || shortcut.endsWith('++') ? '+' : shortcut.split('+').at(-1);
  if (!key || ['Unidentified', 'Dead', 'Process'].includes(key)) return 'unknown';
  if ((mac ? SYSTEM.mac : SYSTEM.other).test(shortcut)) return 'system';
  if (INPUT_METHOD.test(shortcut)) return 'input_method';
  if (MOVING.test(shortcut)) return 'moving';
  if (CLIPBOARD.includes(shortcut)) return 'text';
  // A single character is fine where one does not type, and nowhere else is it safe.
  if (TYPES.test(shortcut) && (scope === 'everywhere' || whileTyping)) return 'typing';
  if (/^(Shift\+)?(Backspace|Delete|Home|End|PageUp|PageDown)$/.test(shortcut)) {
    return whileTyping ? 'text' : null;
  }
  return null;
}
