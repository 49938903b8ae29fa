import { beforeEach, describe, expect, it } from 'vitest';
import type { Painted } from '../text/sight.svelte';
import { HighlightPainter, painterFor, BlankPainter, safeColour } from './painter';

/** A highlight as the specification has it: a set of ranges with a priority. */
class FakeHighlight extends Set<AbstractRange> {
  priority = 0;
  type = 'highlight';
}

const names = new Map<string, FakeHighlight>();
const rules: string[] = [];
const painter = () =>
  new HighlightPainter({
    registry: { set: (name, highlight) => names.set(name, highlight as unknown as FakeHighlight) },
    newHighlight: () => new FakeHighlight() as unknown as Highlight,
    addRule: (rule) => rules.push(rule),
  });
const range = () => document.createRange();
/** Something painted that is one range. */
const one = (range: Range, key = String(Math.random())): Painted => ({
  key,
  ranges: () => [range],
});
const shown = (name: string) => [...(names.get(name) ?? [])];

beforeEach(() => {
  names.clear();
  rules.length = 0;
});

describe('HighlightPainter', () => {
  it('replaces what an owner showed, and nothing of others', () => {
    const p = painter();
    const [left, right] = [{}, {}];
    const [a, b, c] = [range(), range(), range()];
    p.paint(left, 'hit', [one(a)]);
    p.paint(right, 'hit', [one(b)]);
    expect(shown('hit')).toEqual([a, b]);
    p.paint(left, 'hit', [one(c)]);
    expect(shown('hit')).toEqual([b, c]);
    p.forget(right);
    expect(shown('hit')).toEqual([c]);
    p.paint(left, 'hit', []);
    expect(shown('hit')).toEqual([]);
  });

  it('has one highlight and one rule for a colour, however many passages', () => {
    const p = painter();
    const owner = {};
    const many = Array.from({ length: 2000 }, () => one(range()));
    p.paintTags(owner, new Map([['#c0392b', many]]));
    p.paintTags({}, new Map([['#c0392b', [one(range())]]]));
    expect([...names.keys()]).toEqual(['tag-0']);
    expect(shown('tag-0')).toHaveLength(2001);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toContain('::highlight(tag-0)');
    expect(rules[0]).toContain('#c0392b');
  });

  it('leaves what stays as it is: looking for its place again is dear', () => {
    const p = painter();
    const owner = {};
    const [a, b] = [range(), range()];
    p.paint(owner, 'hit', [one(a, '1-2'), one(b, '3-4')]);
    let asked = 0;
    const again = { key: '3-4', ranges: () => [(asked++, range())] };
    p.paint(owner, 'hit', [again]);
    expect(asked).toBe(0);
    expect(shown('hit')).toEqual([b]);
  });

  it('takes away the colours that are gone', () => {
    const p = painter();
    const owner = {};
    p.paintTags(
      owner,
      new Map([
        ['#c0392b', [one(range())]],
        ['#2980b9', [one(range())]],
      ]),
    );
    p.paintTags(owner, new Map([['#2980b9', [one(range())]]]));
    expect(shown('tag-0')).toHaveLength(0);
    expect(shown('tag-1')).toHaveLength(1);
  });

  it('lays layers over tags', () => {
    const p = painter();
    p.paintTags({}, new Map([['#c0392b', [one(range())]]]));
    p.paint({}, 'hit', [one(range())]);
    p.paint({}, 'focus', [one(range())]);
    const priority = (name: string) => names.get(name)?.priority ?? NaN;
    expect(priority('tag-0')).toBeLessThan(priority('hit'));
    expect(priority('hit')).toBeLessThan(priority('focus'));
  });
});

it('lets no text but a colour into a rule', () => {
  expect(safeColour('#12aBcF')).toBe('#12aBcF');
  expect(safeColour('red; } * { display: none')).toBe('#808080');
});

it('paints nothing where the engine cannot', () => {
  expect(painterFor(document)).toBeInstanceOf(BlankPainter);
});
