import { describe, expect, it } from 'vitest';
import type { PlaceCount } from '../protocol/protocol';
import { firstPlace, placesUnder, ticks, yearBars } from './charts';
import { nearQuery } from './words';
import { read } from '../platform/queries';
import { edited } from '../platform/queries';

const place = (value: string, count: number, ...below: PlaceCount[]): PlaceCount => ({
  value,
  name: value,
  count,
  below,
});

describe('the figures of charts', () => {
  it.each([
    [0, true, [0, 1]],
    [1, true, [0, 1]],
    [7, true, [0, 2, 4, 6, 8]],
    [100, true, [0, 50, 100]],
    [1234, true, [0, 500, 1000, 1500]],
    [0.8, false, [0, 0.2, 0.4, 0.6, 0.8]],
  ])('have round steps up to %d', (most, whole, expected) => {
    expect(ticks(most, whole).map((tick) => Math.round(tick * 100) / 100)).toEqual(expected);
  });

  it('have a bar for every year between those that were found, with its share', () => {
    const found = [
      { year: 2010, count: 0 },
      { year: 2018, count: 2 },
      { year: 2020, count: 1 },
    ];
    expect(yearBars(found, [{ year: 2018, count: 8 }])).toEqual([
      { year: 2018, count: 2, all: 8, share: 0.25 },
      { year: 2019, count: 0, all: 0, share: 0 },
      { year: 2020, count: 1, all: 0, share: 0 },
    ]);
  });

  it('begin where places part', () => {
    const roots = [place('甲省', 3, place('甲省乙市', 2), place('甲省丙市', 1))];
    expect(firstPlace(roots)).toBe('甲省');
    expect(placesUnder(roots, '甲省').places).toHaveLength(2);
    expect(placesUnder(roots, '甲省乙市').way.map(({ value }) => value)).toEqual([
      '甲省',
      '甲省乙市',
    ]);
    expect(placesUnder(roots, '不在').places).toBe(roots);
  });
});

describe('a word near what was searched', () => {
  it.each([
    ['侨胞', '侨胞 NEAR/15 "服务"'],
    ['"服务 侨胞"', '"服务 侨胞" NEAR/15 "服务"'],
    ['侨胞 OR 侨商', '(侨胞 OR 侨商) NEAR/15 "服务"'],
    // What has no place in the text has nothing near it.
    ['侨胞 地区:商洛', null],
    ['侨胞 -招聘', null],
  ])('%s', (query, expected) => {
    expect(nearQuery(read(query).tree, '服务', 5)).toBe(expected);
  });
});

describe('a query of the archive in memory', () => {
  it.each([
    ['走访 侨胞', [0], { kind: 'remove' }, '侨胞'],
    ['走访 -侨胞', [1], { kind: 'negate' }, '走访 侨胞'],
    ['走访', [], { kind: 'quote' }, '"走访"'],
    ['(甲乙 OR 丙丁) 戊', [0, 1], { kind: 'remove' }, '甲乙 戊'],
    ['甲 NEAR/5 乙 句 丙', [1], { kind: 'remove' }, '甲 句 丙'],
    ['甲 乙', [1], { kind: 'replace', text: '年:2019..2020' }, '甲 年:2019..2020'],
    ['甲', [], { kind: 'remove' }, ''],
  ] as const)('%s %j is changed', (query, path, edit, expected) => {
    expect(edited(query, path, edit)).toBe(expected);
  });
});
