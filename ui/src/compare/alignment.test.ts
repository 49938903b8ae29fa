import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SharedPassage } from '../protocol/protocol';
import { anchors, interpolate } from './alignment';
import { covered, markPairs } from './marks';

const shared = (a: number, b: number, chars: number): SharedPassage => ({
  a: { report: 'A', start: a, end: a + chars },
  b: { report: 'B', start: b, end: b + chars },
  chars,
});
const passages = fc.array(
  fc
    .tuple(fc.nat(1000), fc.nat(1000), fc.integer({ min: 12, max: 60 }))
    .map(([a, b, n]) => shared(a, b, n)),
  { maxLength: 40 },
);

describe('anchors', () => {
  it('rise in both reports and go both ways', () => {
    fc.assert(
      fc.property(passages, (all) => {
        const there = anchors({ passages: all, rows: [] }, 'A', 'B');
        for (const [i, anchor] of there.slice(1).entries()) {
          expect(anchor.from).toBeGreaterThan(there[i]?.from ?? Infinity);
          expect(anchor.to).toBeGreaterThan(there[i]?.to ?? Infinity);
        }
        const back = anchors({ passages: all, rows: [] }, 'B', 'A');
        expect(back.length > 0).toBe(all.length > 0);
      }),
    );
  });

  it('keep the long passage of two that cross, and the order of the text around it', () => {
    const all = [
      shared(0, 0, 20),
      shared(100, 500, 15),
      shared(200, 200, 80),
      shared(600, 600, 30),
    ];
    const found = anchors({ passages: all, rows: [] }, 'A', 'B').map((a) => [a.from, a.to]);
    expect(found).toContainEqual([0, 0]);
    expect(found).toContainEqual([200, 200]);
    expect(found).toContainEqual([600, 600]);
    expect(found).not.toContainEqual([100, 500]);
  });

  it('use themes where no passage is shared', () => {
    const rows = [
      {
        theme: '维护侨益',
        cells: [
          { report: 'B', start: 70, end: 90 },
          { report: 'A', start: 10, end: 40 },
        ],
      },
    ];
    expect(anchors({ passages: [], rows }, 'A', 'B')).toEqual([{ from: 10, to: 70 }]);
    expect(anchors({ passages: [], rows }, 'A', 'C')).toEqual([]);
  });
});

it('interpolate stays between its pairs and never turns back', () => {
  const height = fc.double({ min: 0, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(height, height, height, height, height, height, (a, b, c, d, x, y) => {
      const before = { from: Math.min(a, b), to: Math.min(c, d) };
      const behind = { from: Math.max(a, b), to: Math.max(c, d) };
      const [first, second] = [Math.min(x, y), Math.max(x, y)].map((at) =>
        interpolate(before, behind, at),
      );
      expect(first).toBeGreaterThanOrEqual(before.to);
      expect(second).toBeLessThanOrEqual(behind.to + 1e-6);
      expect(first ?? 0).toBeLessThanOrEqual((second ?? 0) + 1e-6);
    }),
  );
});

describe('markPairs', () => {
  it('numbers in the order of the first column and drops the short', () => {
    const turned = { a: shared(50, 5, 12).b, b: shared(50, 5, 12).a, chars: 12 };
    const pairs = markPairs(
      { passages: [shared(300, 0, 40), turned, shared(10, 90, 20)], rows: [] },
      ['A', 'B'],
      12,
    );
    expect(pairs.map((p) => [p.number, p.sides[0].report, p.sides[0].start])).toEqual([
      [1, 'A', 10],
      [2, 'A', 50],
      [3, 'A', 300],
    ]);
    expect(pairs[1]?.sides[1].partner.start).toBe(50);
    expect(
      markPairs({ passages: [shared(300, 0, 40), turned], rows: [] }, ['A', 'B'], 20),
    ).toHaveLength(1);
  });

  it('counts overlapping characters once', () => {
    fc.assert(
      fc.property(passages, (all) => {
        const spans = markPairs({ passages: all, rows: [] }, ['A', 'B'], 0).map((p) => p.sides[0]);
        const positions = new Set(
          spans.flatMap((s) => Array.from({ length: s.end - s.start }, (_, i) => s.start + i)),
        );
        expect(covered(spans)).toBe(positions.size);
      }),
    );
  });
});
