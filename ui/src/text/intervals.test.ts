import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntervalIndex, overlaps } from './intervals';
import { codePoint, span, type Span } from './offsets';

const spans = fc.array(
  fc.tuple(fc.nat(200), fc.nat(60)).map(([start, length]) => span(start, start + length)),
  { maxLength: 80 },
);

describe('IntervalIndex', () => {
  it('finds what a scan finds', () => {
    fc.assert(
      fc.property(spans, fc.nat(260), fc.nat(40), (all, from, length) => {
        const index = new IntervalIndex(all);
        const byPlace = (a: Span, b: Span) => a.start - b.start || a.end - b.end;
        expect([...index.at(codePoint(from))].sort(byPlace)).toEqual(
          all.filter((s) => s.start <= from && from < s.end).sort(byPlace),
        );
        const range = span(from, from + length + 1);
        expect(index.within(range)).toEqual(
          all.filter((s) => s.start < s.end && overlaps(s, range)).sort(byPlace),
        );
      }),
    );
  });

  it('lets the smallest win', () => {
    const index = new IntervalIndex([span(0, 100), span(10, 20), span(12, 60)]);
    expect(index.smallestAt(codePoint(15))).toEqual(span(10, 20));
    expect(index.smallestAt(codePoint(30))).toEqual(span(12, 60));
    expect(index.smallestAt(codePoint(100))).toBeUndefined();
  });
});
