// The main screens and dialogs as component tests open them: all at once what the journeys in the
// real window open one by one (e2e/screens.mjs).
import { tick } from 'svelte';
import { importing } from '../src/import/importing.svelte';
import type { App } from '../src/state/app.svelte';
import { loadGuide } from '../src/help/guide';
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
  ['tour', (app) => app.tour.start()],
];

/** An import, whose names of files and formats are data. */
export const IMPORTS: [string, Open][] = [
  ['what files hold, before they are imported', (app) => review(app)],
  [
    'what an import came to',
    async (app) => {
      await review(app);
      await importing(app).begin();
      await ended(app);
    },
  ],
];

/** The help, whose pages are data like reports, but loaded with the page. */
export const HELP: [string, Open][] = [
  ['the contents of the help', (app) => guide(app, '')],
  ['a page of the help', (app) => guide(app, 'searching')],
  ['the list of shortcuts', (app) => guide(app, 'shortcuts')],
  [
    'what the help found',
    async (app) => {
      await guide(app, '');
      app.help.query = '标签';
    },
  ],
  [
    'the help over the page',
    async (app) => {
      app.commands.run('palette.open');
      await settled();
      await guide(app, 'start');
    },
  ],
];

async function review(app: App): Promise<void> {
  app.shell.importing = true;
  await importing(app).take(['/家/下载/侨联报告']);
  await ended(app);
}

async function ended(app: App): Promise<void> {
  while (importing(app).running) await new Promise((done) => setTimeout(done, 20));
  for (const job of importing(app).followed) await importing(app).follow(job);
}

async function guide(app: App, page: string): Promise<void> {
  await Promise.all([
    loadGuide('zh-Hans'),
    import('../src/help/HelpView.svelte'),
    import('../src/help/HelpOver.svelte'),
  ]);
  app.help.open(page);
}

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
  importing(app).clear();
  app.shell.activity = false;
  app.help.over = false;
  app.help.query = '';
  app.tour.leave();
}
