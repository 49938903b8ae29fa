import { render } from '@testing-library/svelte';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Tag from '@lucide/svelte/icons/tag';
import { expect, it } from 'vitest';
import { drawn } from '../scripts/icons.js';

it('an icon is drawn with what it takes', () => {
  const { container } = render(Tag, { size: 16, strokeWidth: 1.5, class: 'spin' });
  const svg = container.querySelector('svg');
  const read = (name: string) => svg?.getAttribute(name);
  expect(['width', 'height', 'viewBox', 'stroke-width', 'class', 'aria-hidden'].map(read)).toEqual([
    '16',
    '16',
    '0 0 24 24',
    '1.5',
    'spin',
    'true',
  ]);
  expect([...(svg?.children ?? [])].map(({ localName }) => localName)).toEqual(['path', 'circle']);
  expect(svg?.querySelector('circle')?.getAttribute('fill')).toBe('currentColor');
});

it('an icon with a name is not hidden from who cannot see it', () => {
  const { container } = render(Tag, { 'aria-label': '标签' });
  const svg = container.querySelector('svg');
  expect(svg?.hasAttribute('aria-hidden')).toBe(false);
  expect(svg?.getAttribute('aria-label')).toBe('标签');
});

it('every icon of the set can be drawn, and another form is refused', () => {
  const folder = join(
    dirname(fileURLToPath(import.meta.resolve('@lucide/svelte/icons/tag'))),
    '../icons',
  );
  const icons = readdirSync(folder).filter((name) => name.endsWith('.svelte'));
  expect(icons.length).toBeGreaterThan(1000);
  for (const name of icons) expect(drawn(readFileSync(join(folder, name), 'utf8'))).toMatch(/<svg/);
  expect(() => drawn('<script></script>')).toThrow(/icon/);
});
