import { expect, it } from 'vitest';
import { sentenceStarts } from './sentences';

function pieces(text: string): string[] {
  const starts = sentenceStarts(text);
  return starts.slice(1).map((end, i) => text.slice(starts[i], end));
}

it.each([
  ['一句。两句！三句', ['一句。', '两句！', '三句']],
  ['他说：“好。”然后走了。', ['他说：“好。”', '然后走了。']],
  ['等等……！？接着', ['等等……！？', '接着']],
  ['', []],
])('%s', (text, expected) => {
  expect(pieces(text)).toEqual(expected);
});
