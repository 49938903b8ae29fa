import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { inApp } from '../../tests/inApp';
import { COMMANDS } from '../commands/registry';
import { message } from '../i18n/messages';
import { emptyFilter } from '../platform/platform';
import { TEST_IDS } from '../testids';
import { placeCard } from './place';
import { STEPS } from './steps';
import Tour from './Tour.svelte';

const step = () => screen.queryByTestId(TEST_IDS.tour)?.dataset['step'] ?? null;
const on = (name: string) => waitFor(() => expect(step()).toBe(name), { timeout: 3000 });

/** The tour alone: what it points to is not on the page, so its deeds are done by the state. */
async function tour() {
  const all = await inApp(Tour, {});
  await all.app.tour.start();
  return all;
}

describe('the steps', () => {
  it('have a title and a text each, and name commands that are there', () => {
    expect(STEPS.length).toBeGreaterThanOrEqual(7);
    expect(STEPS.length).toBeLessThanOrEqual(9);
    for (const { name, keys = [] } of STEPS) {
      expect(message(`tour_${name}_title`, ''), name).not.toBe('');
      expect(message(`tour_${name}_text`, '', { key: 'K', second: 'L' }), name).not.toBe('');
      for (const key of keys) expect(COMMANDS).toHaveProperty([key]);
    }
  });
});

describe('the tour', () => {
  it('notices what the user does, and goes on by itself', async () => {
    const { app, platform } = await tour();
    await on('library');
    const { rows } = await platform.call('reports', {
      filter: emptyFilter(),
      sort: 'title',
      descending: false,
      offset: 0,
      limit: 2,
    });
    const [a, b] = rows.map(({ id }) => id) as [string, string];
    app.tabs.openReport(a, '');
    await on('select');
    // The picker is not on the page: next, and the tour would wait for it.
    app.tour.next();
    await on('tag');
    await platform.call('create_passage', { report: a, start: 0, end: 4, tags: [], memo: '' });
    await on('passage');
    app.commands.run('tour.next');
    await on('search');
    app.tabs.open({ kind: 'search' });
    await on('find');
    await app.search.ask('侨联');
    await waitFor(() => expect(app.tour.done).toBe(true));
    expect(step()).toBe('find');
    app.tour.next();
    await on('compare');
    app.tabs.openCompare([a, b]);
    await on('shared');
    app.tour.next();
    await on('end');
    app.tour.next();
    await waitFor(() => expect(step()).toBeNull());
  });

  it('goes back to where a picker can be opened, when it was closed', async () => {
    const { app } = await tour();
    app.tabs.openReport('x', '');
    await on('select');
    app.tour.next();
    await on('tag');
    await waitFor(() => expect(step()).toBe('select'), { timeout: 4000 });
  });

  it('finds two reports that share text', async () => {
    const { app } = await tour();
    while (app.tour.step?.name !== 'compare') app.tour.next();
    app.tour.act();
    await on('shared');
    const { active } = app.tabs;
    const reports = active.kind === 'compare' ? active.reports : [];
    expect(reports).toHaveLength(2);
    const { passages } = await app.platform.call('compare', { reports });
    expect(passages.length).toBeGreaterThan(0);
  });

  it('is left by Escape, and is not offered again', async () => {
    const { app, user } = await tour();
    await on('library');
    expect(app.tour.offered).toBe(true);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(step()).toBeNull());
    expect(app.tour.offered).toBe(false);
    // It can be taken again all the same.
    await app.tour.start();
    await on('library');
  });

  it('leaves Escape to what lies in front', async () => {
    const { user } = await tour();
    await on('library');
    const dialog = document.createElement('div');
    dialog.setAttribute('role', 'dialog');
    dialog.innerHTML = '<button>x</button>';
    document.body.append(dialog);
    dialog.querySelector('button')?.focus();
    await user.keyboard('{Escape}');
    expect(step()).toBe('library');
    dialog.remove();
  });

  it('is read out', async () => {
    await tour();
    await on('library');
    const said = screen.getAllByRole('status').map((region) => region.textContent);
    expect(said.join()).toContain('第 1 步，共 9 步 这是文库');
  });

  it('asks before it takes the place of another archive', async () => {
    const { app, user } = await inApp(Tour, {});
    await app.session.open('/家/我的.anjuan');
    await app.tour.start();
    expect(step()).toBeNull();
    expect((await screen.findByRole('dialog')).textContent).toContain('“我的”');
    await user.click(screen.getByRole('button', { name: '打开示例并开始' }));
    await on('library');
    expect(app.session.archive?.example).toBe(true);
  });

  it('ends when its archive is closed', async () => {
    const { app } = await tour();
    await on('library');
    await app.session.open('/家/别的.anjuan');
    await waitFor(() => expect(step()).toBeNull());
  });
});

describe('the card', () => {
  const window = { width: 1000, height: 700 };
  const card = { width: 300, height: 160 };
  const boxes = [
    { left: 0, top: 100, width: 60, height: 40 },
    { left: 200, top: 20, width: 700, height: 40 },
    { left: 300, top: 560, width: 600, height: 60 },
    { left: 640, top: 100, width: 350, height: 590 },
    { left: 60, top: 40, width: 930, height: 640 },
    { left: 980, top: 690, width: 60, height: 40 },
  ];
  it.each(boxes)('stands inside the window beside %j', (box) => {
    const { left, top } = placeCard(box, card, window);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(left + card.width).toBeLessThanOrEqual(window.width);
    expect(top + card.height).toBeLessThanOrEqual(window.height);
    const apart =
      left >= box.left + box.width ||
      left + card.width <= box.left ||
      top >= box.top + box.height ||
      top + card.height <= box.top;
    // Only what fills the window is covered.
    expect(apart).toBe(box.width < 900);
  });
});
