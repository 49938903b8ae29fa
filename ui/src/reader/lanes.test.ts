import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps } from '../text/intervals';
import { codePoint, span } from '../text/offsets';
import { assignLanes, barSpan } from './lanes';

const spans = fc.array(
  fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 80 })).map(([s, n]) => span(s, s + n)),
  { maxLength: 60 },
);

describe('assignLanes', () => {
  it('never lets two in one lane collide, and uses as few lanes as there can be', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const lanes = assignLanes(all);
        expect(lanes).toHaveLength(all.length);
        all.forEach((a, i) =>
          all.forEach((b, j) => {
            if (i < j && lanes[i] === lanes[j]) expect(overlaps(a, b)).toBe(false);
          }),
        );
        const depth = Math.max(
          0,
          ...all.map(({ start }) => all.filter((s) => s.start <= start && start < s.end).length),
        );
        expect(new Set(lanes).size).toBe(depth);
      }),
    );
  });

  it('keeps the longer of two that start together inside', () => {
    expect(assignLanes([span(0, 10), span(0, 50), span(60, 70)])).toEqual([1, 0, 0]);
  });
});

describe('barSpan', () => {
  const blocks = [
    { kind: 'paragraph', start: 0, end: 100 },
    { kind: 'paragraph', start: 101, end: 300 },
  ];

  it('keeps bars apart that could share a line, whatever the line breaks', () => {
    // Lines of a block break anywhere, but after at most `line` characters.
    const line = 10;
    const place = fc.tuple(fc.nat(280), fc.integer({ min: 1, max: 19 }));
    fc.assert(
      fc.property(place, place, fc.integer({ min: 1, max: line }), (a, b, first) => {
        const [p, q] = [span(a[0], a[0] + a[1]), span(b[0], b[0] + b[1])];
        const lineOf = (at: number) => {
          const block = blocks.findIndex(({ end }) => at <= end);
          const inside = at - (blocks[block]?.start ?? 0);
          return `${block}:${inside < first ? 0 : 1 + Math.floor((inside - first) / line)}`;
        };
        const linesOf = (s: typeof p) =>
          new Set(Array.from({ length: s.end - s.start }, (_, i) => lineOf(s.start + i)));
        const shared = [...linesOf(p)].some((l) => linesOf(q).has(l));
        if (shared) expect(overlaps(barSpan(p, blocks, line), barSpan(q, blocks, line))).toBe(true);
      }),
    );
  });

  it('does not reach over the ends of its blocks', () => {
    expect(barSpan(span(95, 105), blocks, 36)).toEqual(span(60, 140));
    expect(barSpan(span(2, 4), blocks, 36)).toEqual({ start: codePoint(0), end: codePoint(39) });
  });
});
