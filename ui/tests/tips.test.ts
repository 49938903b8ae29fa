// The system's own tooltips look like nothing else here, and keys do not bring them: elements take
// the Tip component, those of lists `data-tip`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type AST } from 'svelte/compiler';
import { expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '../src');

/** The HTML elements of a component that have a title of the system's kind, by line. */
function titled(code: string): number[] {
  const lines: number[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    const { type, name, attributes, start } = node as AST.RegularElement;
    if (type === 'RegularElement' && name !== 'abbr')
      for (const attribute of attributes)
        if (attribute.type === 'Attribute' && attribute.name === 'title')
          lines.push(code.slice(0, start).split('\n').length);
    Object.values(node).forEach(visit);
  };
  visit(parse(code, { modern: true }).fragment);
  return lines;
}

it('finds titles of elements, and none of components', () => {
  expect(titled('<p>a</p>\n{#if x}<b {title}>b</b>{/if}')).toEqual([2]);
  expect(titled('<Dialog title="a"><i title="b"></i></Dialog>')).toEqual([1]);
  expect(titled('<Dialog title="a" />')).toEqual([]);
});

it('no element has a tooltip of the system', () => {
  const components = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.svelte'),
  );
  expect(components.length).toBeGreaterThan(60);
  const found = components.flatMap((path) =>
    titled(readFileSync(join(SOURCE, path), 'utf8')).map((line) => `${path}:${line}`),
  );
  expect(found).toEqual([]);
});
