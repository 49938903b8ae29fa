// Every text on every ground it may stand on, by the formula of WCAG 2.2.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../src/styles/tokens.css'), 'utf8');

function block(selector: string): [string, string][] {
  const text = new RegExp(`^${selector}\\s*\\{([^}]*)\\}`, 'm').exec(css)?.[1];
  if (text === undefined) throw new Error(`tokens.css has no ${selector}`);
  return [...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [
    name as string,
    value as string,
  ]);
}

function tokens(theme: string): Map<string, string> {
  return new Map(block(`\\[data-theme='${theme}'\\]`));
}

/** The theme with what higher contrast lays over it. */
function highTokens(theme: string): Map<string, string> {
  const over = block(`:root\\[data-contrast='more'\\]\\[data-theme='${theme}'\\]`);
  return new Map([...tokens(theme), ...over]);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const GROUNDS = ['ground', 'paper', 'sheet', 'sunken', 'hover'];
/** Text and what it may stand on: 4.5 to 1. */
const TEXT: [string, string[]][] = [
  ['ink', [...GROUNDS, 'selected', 'accent-wash', 'good-wash', 'warn-wash', 'bad-wash']],
  ['ink-soft', [...GROUNDS, 'selected', 'bad-wash']],
  ['ink-faint', ['ground', 'paper', 'sheet', 'sunken']],
  ['accent-text', ['ground', 'paper', 'sheet', 'sunken', 'selected', 'accent-wash']],
  ['link', ['paper', 'sheet', 'sunken']],
  ['good', ['paper', 'sheet', 'good-wash']],
  ['warn', ['ground', 'paper', 'sheet', 'warn-wash']],
  ['bad', ['paper', 'sheet', 'bad-wash']],
  ['accent-ink', ['accent', 'accent-hover']],
  ['cloth-ink', ['cloth', 'cloth-deep', 'cloth-hover']],
  ['cloth-ink-soft', ['cloth', 'cloth-deep']],
  ['slip-ink', ['slip']],
  ['hit-ink', ['hit', 'hit-now']],
];
/** What shows where a control is or that it has the focus: 3 to 1. */
const EDGES: [string, string[]][] = [
  ['edge', ['paper', 'sheet', 'sunken']],
  ['focus', ['ground', 'paper', 'sheet', 'sunken', 'hover']],
  ['accent', ['paper', 'sheet']],
];

const pairs = (list: [string, string[]][]) =>
  list.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const));
/** In higher contrast also what only divides is seen. */
const LINES: [string, string[]][] = [
  ['line', ['paper', 'sheet', 'sunken']],
  ['line-strong', ['ground', 'paper', 'sheet', 'sunken']],
];

describe.each([
  ...['light', 'sepia', 'dark'].map((theme) => ({
    theme,
    name: theme,
    colours: tokens(theme),
    text: 4.5,
    edges: 3,
    seen: EDGES,
  })),
  ...['light', 'sepia', 'dark'].map((theme) => ({
    theme,
    name: `${theme}, higher contrast`,
    colours: highTokens(theme),
    text: 7,
    edges: 3,
    seen: [...EDGES, ...LINES],
  })),
])('the theme $name', ({ theme, colours, text, edges, seen }) => {
  const colour = (name: string) => {
    const found = colours.get(name);
    if (!found) throw new Error(`${theme} has no --${name}`);
    return found;
  };

  it.each(pairs(TEXT))('%s reads on %s', (ink, ground) => {
    expect(contrast(colour(ink), colour(ground))).toBeGreaterThanOrEqual(text);
  });
  it.each(pairs(seen))('%s is seen on %s', (edge, ground) => {
    expect(contrast(colour(edge), colour(ground))).toBeGreaterThanOrEqual(edges);
  });
  it('has every colour of the light one', () => {
    expect([...colours.keys()].sort()).toEqual([...tokens('light').keys()].sort());
  });
});
