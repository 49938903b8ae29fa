import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoint, span } from './offsets';
import { ReadingText, type CaretStep } from './reading';

const lines = [
  '江州市侨联工作总结',
  '一、建章立制',
  '他说：“好。”然后走了。又回来！',
  '𠮷野先生讲话。完',
];
const text = lines.join('\n');
function blocks() {
  let start = 0;
  return lines.map((line, i) => {
    const end = start + [...line].length;
    const block = { kind: i === 0 ? 'title' : i === 1 ? 'heading' : 'paragraph', start, end };
    start = end + 1;
    return block;
  });
}
const reading = new ReadingText(text, blocks());

describe('ReadingText', () => {
  it('has an outline', () => {
    expect(reading.outline().map(({ text, level }) => [level, text])).toEqual([
      [0, lines[0]],
      [1, lines[1]],
    ]);
  });

  it.each([
    ['paragraph', 2, '（一）加强组织领导。各部门密切配合。', '（一）加强组织领导'],
    ['paragraph', 3, '1.𠮷野村的经验。各部门密切配合。', '1.𠮷野村的经验'],
    ['paragraph', 1, '一、加强组织领导', '一、加强组织领导'],
    ['heading', 1, '一、为民。务实。', '一、为民。务实。'],
    ['paragraph', undefined, '各部门密切配合。', null],
    ['list', undefined, '（一）其他。', null],
  ] as const)('has a %s of level %s in its outline as it should: %s', (kind, level, line, head) => {
    const block = { kind, ...(level ? { level } : {}), start: 0, end: [...line].length };
    const outline = new ReadingText(line, [block]).outline();
    const found = outline.map((entry) => [entry.level, entry.text]);
    expect(found).toEqual(head === null ? [] : [[level, head]]);
  });

  it('trims', () => {
    const t = new ReadingText('\u3000\u3000好 \n', []);
    expect(t.trim(span(0, 5))).toEqual(span(2, 3));
    expect(t.trim(span(0, 2))).toEqual(span(2, 2));
  });

  it('finds the block of a position', () => {
    for (const [index, block] of reading.blocks.entries()) {
      for (let at = block.start; at <= block.end; at++)
        expect(reading.blockAt(codePoint(at))).toBe(index);
    }
  });

  it('goes on by sentences', () => {
    const stops = [codePoint(0)];
    for (;;) {
      const from = stops.at(-1) ?? codePoint(0);
      const next = reading.move(from, 'sentence', true);
      if (next === from) break;
      stops.push(next);
    }
    const parts = stops.slice(1).map((end, i) => reading.slice(span(stops[i] ?? 0, end)).trim());
    expect(parts.filter(Boolean)).toEqual([
      lines[0],
      lines[1],
      '他说：“好。”',
      '然后走了。',
      '又回来！',
      '𠮷野先生讲话。',
      '完',
    ]);
  });

  it('keeps marks with their characters', () => {
    const t = new ReadingText('e\u0301葛\u{e0100}x', []);
    const at = [0, 2, 4, 5].map(codePoint);
    at.slice(1).forEach((to, i) => {
      expect(t.move(at[i] ?? codePoint(0), 'character', true)).toBe(to);
      expect(t.move(to, 'character', false)).toBe(at[i]);
    });
  });

  it('always ends at an end, one step at a time, both ways', () => {
    fc.assert(
      fc.property(
        fc.nat(reading.length),
        fc.constantFrom<CaretStep>('character', 'sentence', 'block', 'text'),
        fc.boolean(),
        (from, step, forwards) => {
          let at = codePoint(from);
          for (let i = 0; i <= reading.length; i++) {
            const next = reading.move(at, step, forwards);
            if (next === at) break;
            expect(next > at).toBe(forwards);
            at = next;
          }
          expect(at).toBe(forwards ? reading.length : 0);
        },
      ),
    );
  });
});
