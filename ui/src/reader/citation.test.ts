import { expect, it } from 'vitest';
import { noMetadata } from '../platform/platform';
import { chineseDate, cite } from './citation';

const nothing = noMetadata();

it.each([
  ['2021-02-04T15:15', '2021年2月4日'],
  ['2021-12', '2021年12月'],
  ['2021', '2021年'],
])('%s is %s', (iso, expected) => {
  expect(chineseDate(iso)).toBe(expected);
});

it('cites what is known and no more', () => {
  expect(cite('好', nothing)).toBe('“好”');
  expect(
    cite('聯絡海外僑胞', {
      ...nothing,
      title: '工作總結',
      place: '江州市',
      published: '2021-02-04',
      script: 'Hant',
    }),
  ).toBe('「聯絡海外僑胞」\n——《工作總結》，江州市，2021年2月4日');
});
