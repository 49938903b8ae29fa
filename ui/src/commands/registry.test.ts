import { describe, expect, it } from 'vitest';
import { isComposing, keyCaps, shortcutOf } from './keys';

describe('shortcuts', () => {
  const event = (init: KeyboardEventInit) => new KeyboardEvent('keydown', init);
  it.each([
    [{ key: 'k', ctrlKey: true }, false, 'Mod+K'],
    [{ key: 'k', metaKey: true }, true, 'Mod+K'],
    [{ key: 'Z', ctrlKey: true, shiftKey: true }, false, 'Mod+Shift+Z'],
    [{ key: 'F3', shiftKey: true }, false, 'Shift+F3'],
    [{ key: ',', ctrlKey: true }, false, 'Mod+,'],
    [{ key: 'k', ctrlKey: true }, true, 'Ctrl+K'],
  ])('are read from %j (macOS: %s) as %s', (init, mac, expected) => {
    expect(shortcutOf(event(init), mac)).toBe(expected);
  });
  it.each([
    ['Mod+Shift+Z', false, ['Ctrl', 'Shift', 'Z']],
    ['Mod+Shift+Z', true, ['⌘', '⇧', 'Z']],
    ['Alt+ArrowDown', false, ['Alt', '↓']],
  ])('are written %s (macOS: %s)', (shortcut, mac, expected) => {
    expect(keyCaps(shortcut, mac)).toEqual(expected);
  });

  it.each([
    [{ isComposing: true }, true],
    [{ keyCode: 229, key: 'Enter' }, true],
    [{ keyCode: 13, key: 'Enter' }, false],
  ])('know the keys of an input method: %j', (init, expected) => {
    expect(isComposing(event(init as KeyboardEventInit))).toBe(expected);
  });
});
