import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoint, span } from './offsets';
import { ReadingText } from './reading';
import { BLOCKS_PER_SECTION, typeset } from './typeset';

const lines = [
  '标题',
  '一、𠮷祥',
  '第一段。第二句。',
  '项目\t数量\t单位',
  '家庭\t12\t户',
  '末段𪚥。',
];
const kinds = ['title', 'heading', 'paragraph', 'table', 'table', 'paragraph'];

function page(furniture: number[] = []) {
  let start = 0;
  const blocks = lines.map((line, i) => {
    const end = start + [...line].length;
    const block = { kind: kinds[i] ?? 'paragraph', start, end };
    start = end + 1;
    return block;
  });
  const text = new ReadingText(lines.join('\n'), blocks);
  const into = document.createElement('article');
  document.body.replaceChildren(into);
  const asides = furniture.map((position) => ({ text: '首页', reason: 'navigation', position }));
  return { into, text, page: typeset({ into, text, furniture: asides }) };
}

describe('typeset', () => {
  it('leaves no character out', () => {
    const { into } = page();
    expect(into.textContent).toBe(lines.join(''));
    expect(into.querySelectorAll('h1, h2').length).toBe(2);
    expect([...into.querySelectorAll('[role=cell]')].map((c) => c.textContent)).toEqual([
      '项目\t',
      '数量\t',
      '单位',
      '家庭\t',
      '12\t',
      '户',
    ]);
  });

  it('brings ranges back', () => {
    const { text, page: p } = page();
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), (a, b) => {
        const wanted = span(a, b);
        const ranges = p.ranges(wanted);
        expect(ranges.map((r) => r.toString()).join('')).toBe(
          text.slice(wanted).replaceAll('\n', ''),
        );
        for (const range of ranges) {
          const start = p.position(range.startContainer, range.startOffset) ?? codePoint(-1);
          const end = p.position(range.endContainer, range.endOffset) ?? codePoint(-1);
          expect(text.slice(span(start, end))).toBe(range.toString());
        }
      }),
    );
  });

  it('reads a selection that ends between elements', () => {
    const { into, text, page: p } = page();
    const selection = document.getSelection();
    const section = into.querySelector('section');
    const third = into.querySelector('[data-block="2"]');
    if (!selection || !section || !third) throw new Error('the page was not set');
    selection.setBaseAndExtent(third, 0, section, [...section.children].indexOf(third) + 1);
    expect(text.slice(p.selected(selection) ?? span(0, 0))).toBe(lines[2]);
    selection.removeAllRanges();
    expect(p.selected(selection)).toBeUndefined();
  });

  it('makes room where furniture stood', () => {
    const { into, page: p } = page([0, 0, 3, 999]);
    expect(p.asides.map((a) => a.furniture)).toEqual([[0, 1], [2], [3]]);
    const order = [...into.querySelectorAll('.aside, .block')].map((e) =>
      e.classList.contains('aside') ? 'aside' : (e as HTMLElement).dataset['block'],
    );
    expect(order).toEqual(['aside', '0', 'aside', '1', '2', '3', '4', '5', 'aside']);
  });

  it('cuts sections of fifty blocks, never one to a paragraph', () => {
    const blocks = Array.from({ length: 120 }, (_, i) => ({
      kind: 'paragraph',
      start: i * 2,
      end: i * 2 + 1,
    }));
    const text = new ReadingText(blocks.map(() => '段').join('\n'), blocks);
    const into = document.createElement('article');
    const set = typeset({ into, text });
    expect(set.sections).toHaveLength(Math.ceil(120 / BLOCKS_PER_SECTION));
    expect(typeset({ into, text, part: span(100, 104) }).sections[0]?.range).toEqual(
      span(100, 103),
    );
    expect(into.textContent).toBe('段段');
  });
});
