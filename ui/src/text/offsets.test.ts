import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoint, countCodePoints, span, TextOffsets, utf16 } from './offsets';

/** Mostly Han, with characters above U+FFFF, combining marks and lone surrogates among them. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('侨', '聯', '，', '。', '\n', 'a', '\u3000') },
  { weight: 3, arbitrary: fc.constantFrom('𠮷', '𪚥', '𰻞', '😀', '\u{20000}') },
  { weight: 1, arbitrary: fc.constantFrom('e\u0301', '\ud800', '\udc00', '\ufeff') },
);
const text = fc.array(piece, { maxLength: 2500 }).map((pieces) => pieces.join(''));

describe('TextOffsets', () => {
  it('agrees with walking the code points', () => {
    fc.assert(
      fc.property(text, (t) => {
        const offsets = new TextOffsets(t);
        let units = 0;
        let points = 0;
        for (const c of t) {
          expect(offsets.toUtf16(codePoint(points))).toBe(units);
          expect(offsets.toCodePoint(utf16(units))).toBe(points);
          if (c.length === 2) expect(offsets.toCodePoint(utf16(units + 1))).toBe(points);
          units += c.length;
          points++;
        }
        expect(offsets.toUtf16(codePoint(points))).toBe(units);
        expect(offsets.toCodePoint(utf16(units))).toBe(points);
        expect(offsets.length).toBe(points);
        expect(countCodePoints(t)).toBe(points);
      }),
      { numRuns: 60 },
    );
  });

  it('slices by code points', () => {
    fc.assert(
      fc.property(text, fc.nat(3000), fc.nat(3000), (t, a, b) => {
        const offsets = new TextOffsets(t);
        const s = span(Math.min(a, offsets.length), Math.min(b, offsets.length));
        expect(offsets.slice(s)).toBe([...t].slice(s.start, s.end).join(''));
      }),
    );
  });

  it('draws positions outside the text to its ends', () => {
    const offsets = new TextOffsets('𠮷野家');
    expect(offsets.toUtf16(codePoint(99))).toBe(4);
    expect(offsets.toUtf16(codePoint(-1))).toBe(0);
    expect(offsets.toCodePoint(utf16(99))).toBe(3);
  });

  it('puts checkpoints right where a pair straddles one', () => {
    const t = 'a'.repeat(511) + '𠮷' + 'b'.repeat(600);
    const offsets = new TextOffsets(t);
    expect(offsets.toUtf16(codePoint(512))).toBe(513);
    expect(offsets.toCodePoint(utf16(513))).toBe(512);
    expect(offsets.toCodePoint(utf16(512))).toBe(511);
    expect(offsets.toUtf16(codePoint(1000))).toBe(1001);
  });
});
