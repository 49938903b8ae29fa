// Names, roles and structure of every main screen, by axe-core. What needs a layout (contrast,
// what can be scrolled) is checked in the real window (e2e/journeys).
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import Root from '../src/Root.svelte';
import type { App } from '../src/state/app.svelte';
import { MemoryPlatform } from '../src/platform/memory';
import { inApp } from './inApp';
import { HELP, IMPORTS, SCREENS, clear, settled } from './screens';

// One copy for both kinds of tests: that of the journeys.
const axe = createRequire(join(import.meta.dirname, '../../e2e/package.json'))('axe-core') as {
  run(
    context: Element,
    options: unknown,
  ): Promise<{ violations: { id: string; nodes: { target: string[]; html: string }[] }[] }>;
};

/** Needs a layout, which jsdom does not have. */
const LAYOUT = ['color-contrast', 'scrollable-region-focusable', 'target-size', 'region'];

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.documentElement, {
    resultTypes: ['violations'],
    rules: Object.fromEntries(LAYOUT.map((rule) => [rule, { enabled: false }])),
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 160)}`),
  );
}

describe('axe finds nothing wrong with', () => {
  let app: App;
  let platform: MemoryPlatform;

  beforeAll(() => {
    // axe asks for one to measure icons made of letters; jsdom has none, and says so at length.
    HTMLCanvasElement.prototype.getContext = () => null;
    document.title = '案卷';
    document.documentElement.lang = 'zh-Hans';
  });

  it('the first screen', async () => {
    ({ app, platform } = await inApp(Root, {}));
    await settled();
    app.attempt(() => app.session.close());
    await settled();
    expect(await faults()).toEqual([]);
  });

  it.each([...SCREENS, ...IMPORTS, ...HELP])('%s', async (_, open) => {
    ({ app, platform } = await inApp(Root, {}));
    await settled();
    await open(app, platform);
    await settled();
    const found = await faults();
    clear(app);
    expect(found).toEqual([]);
  });
});
