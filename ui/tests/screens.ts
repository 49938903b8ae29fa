// The main screens and dialogs as component tests open them: all at once what the journeys in the
// real window open one by one (e2e/screens.mjs).
import { tick } from 'svelte';
import type { App } from '../src/state/app.svelte';
import { reportTitled } from './inApp';
import type { MemoryPlatform } from '../src/platform/memory';

type Open = (app: App, platform: MemoryPlatform) => unknown;

export const SCREENS: [string, Open][] = [
  ['library', (app) => app.commands.run('view.library')],
  [
    'search',
    (app) => {
      app.commands.run('view.search');
      return app.search.ask('侨');
    },
  ],
  ['codebook', (app) => app.commands.run('view.codebook')],
  ['compare', (app) => app.commands.run('view.compare')],
  [
    'reader',
    async (app, platform) => {
      const id = await reportTitled(platform, '云溪市侨联2020');
      app.tabs.openReport(id, '云溪市侨联2020年工作总结');
    },
  ],
  ['activity', (app) => app.commands.run('view.activity')],
  ['import', (app) => app.commands.run('import.open')],
  ['settings', (app) => app.commands.run('settings.open')],
  ['palette', (app) => app.commands.run('palette.open')],
];

/** Waits until nothing more comes: commands answer, effects follow. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 12; round++) {
    await new Promise((done) => setTimeout(done, 8));
    await tick();
  }
}

/** Closes what lies on top. */
export function clear(app: App): void {
  app.shell.palette = false;
  app.shell.settings = false;
  app.shell.importing = false;
  app.shell.activity = false;
}
