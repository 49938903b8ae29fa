// What one rule can cost: where some rule asks what an element holds, WebKit styles the whole page anew
// with each element that comes. One such rule made half of the time in which a report opened.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '../src');

it('no rule asks what an element holds', () => {
  const styled = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(svelte|css)$/.test(path),
  );
  expect(styled.length).toBeGreaterThan(60);
  const found = styled.filter((path) => readFileSync(join(SOURCE, path), 'utf8').includes(':has('));
  expect(found).toEqual([]);
});
