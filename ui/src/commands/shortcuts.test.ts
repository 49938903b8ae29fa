import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locales, overwriteGetLocale } from '../paraglide/runtime';
import { message } from '../i18n/messages';
import { shortcutOf } from './keys';
import { COMMANDS, COMMAND_LIST, type CommandId } from './registry';
import {
  assign,
  contested,
  defaults,
  edited,
  keymap,
  overlap,
  owners,
  refusal,
  type Keymap,
  type Overrides,
} from './shortcuts';

const ids = COMMAND_LIST.map(([id]) => id);

/** Two commands that one key could both mean, if there are any. */
function conflicts(map: Keymap): string[] {
  const holders = new Map<string, CommandId[]>();
  for (const id of ids) {
    for (const key of map.get(id) ?? []) holders.set(key, [...(holders.get(key) ?? []), id]);
  }
  return [...holders].flatMap(([key, of]) =>
    of.flatMap((id, at) =>
      of
        .slice(at + 1)
        .filter((other) => overlap(COMMANDS[id].scope, COMMANDS[other].scope))
        .map((other) => `${id} and ${other} share ${key}`),
    ),
  );
}

describe('the registry', () => {
  it('gives no two commands of overlapping scope one key, and each its own', () => {
    const map = keymap({});
    expect(conflicts(map)).toEqual([]);
    // Nothing was taken away to make it so.
    for (const id of ids) expect(map.get(id), id).toEqual(defaults(id));
  });

  it('gives no key that the program or the system needs otherwise', () => {
    for (const id of ids) {
      for (const key of defaults(id)) {
        expect([id, key, refusal(id, key, false)]).toEqual([id, key, null]);
        // Quitting is what the system means by it.
        if (id === 'app.quit') continue;
        expect([id, key, refusal(id, key, true)]).toEqual([id, key, null]);
      }
    }
  });

  it.each(locales)('names every command and its place in %s', (language) => {
    overwriteGetLocale(() => language);
    const names = COMMAND_LIST.map(([, command]) => message(command.message, ''));
    expect(COMMAND_LIST.filter((_, i) => names[i] === '').map(([id]) => id)).toEqual([]);
    for (const [, { scope }] of COMMAND_LIST) expect(message(`scope_${scope}`, '')).not.toBe('');
    overwriteGetLocale(() => 'zh-Hans');
  });
});

describe('changing shortcuts', () => {
  it('takes a key from whoever has it, and gives the first ones back', () => {
    const edit = assign({}, 'view.search', ['Mod+1', 'F9']);
    expect(edit).toEqual({ 'view.library': [], 'view.search': ['Mod+1', 'F9'] });
    const overrides = edited({}, edit);
    expect(keymap(overrides).get('view.library')).toEqual([]);
    expect(owners(keymap(overrides), 'view.library', 'Mod+1')).toEqual(['view.search']);
    expect(contested(overrides, 'view.library')).toEqual(['view.search']);
    const back = edited(overrides, assign(overrides, 'view.library', ['Mod+1']));
    expect(back).toEqual({ 'view.search': ['F9'] });
    expect(edited(back, assign(back, 'view.search', ['Mod+2']))).toEqual({});
  });

  it('lets commands of views that are never in front together share a key', () => {
    expect(owners(keymap({}), 'reader.deletePassage', 'Delete')).toEqual([]);
    expect(assign({}, 'codebook.create', ['F2'])).toEqual({ 'codebook.create': ['F2'] });
  });

  it.each([
    ['view.search', 'Alt+F4', 'system'],
    ['view.search', 'Mod+C', 'text'],
    ['view.search', 'Tab', 'moving'],
    ['view.search', 'Mod+Space', 'input_method'],
    ['view.search', 'J', 'typing'],
    ['view.search', 'Shift+?', 'typing'],
    ['view.search', 'Dead', 'unknown'],
    ['view.search', 'Mod+J', null],
    ['view.search', 'Mod++', null],
    // Where one does not type, a letter alone is a fine key.
    ['reader.nextPassage', 'J', null],
    ['compare.link', '1', null],
  ] as const)('of %s to %s: %s', (id, key, expected) => {
    expect(refusal(id, key, false)).toBe(expected);
  });

  it('knows what macOS keeps for itself', () => {
    expect(refusal('view.search', 'Mod+Q', true)).toBe('system');
    expect(refusal('view.search', 'Mod+Q', false)).toBe(null);
  });

  // Few keys, so that they are fought over.
  const key = fc.constantFrom(
    'Mod+1',
    'Mod+K',
    'Delete',
    'F2',
    'Alt+ArrowDown',
    'F9',
    'Mod+T',
    'J',
  );
  const command = fc.constantFrom(...ids);

  it('never leaves two commands of overlapping scope on one key', { timeout: 60_000 }, () => {
    const anything = fc.dictionary(
      fc.oneof(command as fc.Arbitrary<string>, fc.constantFrom('no.such', '__proto__')),
      fc.array(key, { maxLength: 4 }),
      { maxKeys: 12 },
    );
    const steps = fc.array(
      fc.oneof(
        fc.record({ id: command, keys: fc.array(key, { maxLength: 3 }) }),
        fc.record({ id: command, keys: fc.constant(null) }),
        fc.constant('all' as const),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(anything, steps, (file, edits) => {
        // A file that was edited by hand, or by a version with other commands.
        let overrides: Overrides = file;
        expect(conflicts(keymap(overrides))).toEqual([]);
        for (const step of edits) {
          if (step === 'all') overrides = {};
          else {
            const wanted = step.keys ?? defaults(step.id as CommandId);
            overrides = edited(overrides, assign(overrides, step.id as CommandId, wanted));
            // Who was given keys has them, all of them.
            expect(keymap(overrides).get(step.id as CommandId)).toEqual([...new Set(wanted)]);
          }
          expect(conflicts(keymap(overrides))).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a key', () => {
  const event = (init: KeyboardEventInit) => new KeyboardEvent('keydown', init);
  it.each([
    [{ key: '!', code: 'Digit1', ctrlKey: true, shiftKey: true }, false, 'Mod+Shift+1'],
    [{ key: 'å', code: 'KeyA', altKey: true }, true, 'Alt+A'],
    [{ key: 'ㄎ', code: 'KeyK', ctrlKey: true }, false, 'Mod+K'],
    [{ key: ' ', code: 'Space', ctrlKey: true }, false, 'Mod+Space'],
    [{ key: '+', code: 'Equal', ctrlKey: true, shiftKey: true }, false, 'Mod+Shift++'],
    [{ key: 'j', code: 'KeyJ' }, false, 'J'],
  ])('%j (macOS: %s) is %s', (init, mac, expected) => {
    expect(shortcutOf(event(init), mac)).toBe(expected);
  });
});
