import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { inApp, reportTitled } from '../../tests/inApp';
import { usePainter, type Painter } from '../reader/painter';
import type { Painted } from '../text/sight.svelte';
import { TEST_IDS } from '../testids';
import CompareView from './CompareView.svelte';

/** Remembers what is painted, by layer. */
class RecordingPainter implements Painter {
  readonly layers = new Map<object, Map<string, string[]>>();
  paint(owner: object, layer: string, things: readonly Painted[]): void {
    const own = this.layers.get(owner) ?? new Map<string, string[]>();
    own.set(
      layer,
      things.map(({ ranges }) =>
        ranges()
          .map((range) => (range as Range).toString())
          .join(''),
      ),
    );
    this.layers.set(owner, own);
  }
  paintTags(): void {}
  forget(owner: object): void {
    this.layers.delete(owner);
  }
  shown(layer: string): string[][] {
    return [...this.layers.values()].map((own) => own.get(layer) ?? []);
  }
}

afterEach(() => usePainter(undefined));

async function open() {
  const painter = new RecordingPainter();
  usePainter(painter);
  const shown = await inApp(CompareView, async (platform) => ({
    reports: [await reportTitled(platform, '云溪市侨联2020'), await reportTitled(platform, '安河')],
  }));
  await waitFor(() => expect(screen.getAllByTestId(TEST_IDS.compareColumn)).toHaveLength(2));
  const reports = shown.props['reports'] as string[];
  const comparison = await shown.platform.call('compare', { reports });
  expect(comparison.passages.length).toBeGreaterThan(1);
  return { ...shown, painter, comparison };
}

describe('the comparison', () => {
  it('marks every shared passage on both sides', async () => {
    const { painter, comparison } = await open();
    const count = comparison.passages.length;
    expect(screen.getByTestId(TEST_IDS.compareCount).textContent).toContain(String(count));
    const sides = painter.shown('shared');
    expect(sides).toHaveLength(2);
    for (const side of sides) expect(side).toHaveLength(count);
    // What is marked is what is shared.
    expect([...(sides[0] ?? [])].sort()).toEqual([...(sides[1] ?? [])].sort());
  });

  it('leaves out what is shorter than asked for', async () => {
    const { comparison, painter } = await open();
    const longest = Math.max(...comparison.passages.map(({ chars }) => chars));
    const slider = screen.getByTestId<HTMLInputElement>(TEST_IDS.compareMinimum);
    slider.value = String(longest);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const left = comparison.passages.filter(({ chars }) => chars >= longest).length;
    await waitFor(() =>
      expect(screen.getByTestId(TEST_IDS.compareCount).textContent).toContain(String(left)),
    );
    for (const side of painter.shown('shared')) expect(side).toHaveLength(left);
  });

  it('goes from one shared passage to the next, on both sides', async () => {
    const { app, painter, comparison } = await open();
    app.commands.run('compare.nextShared');
    await waitFor(() =>
      expect(painter.shown('shared-current').map((side) => side.length)).toEqual([1, 1]),
    );
    const [left, right] = painter.shown('shared-current');
    expect(left).toEqual(right);
    app.commands.run('compare.previousShared');
    await waitFor(() => expect(painter.shown('shared-current')[0]).not.toEqual(left));
    expect(comparison.passages.length).toBeGreaterThan(1);
  });

  it('lays the reports out in rows of themes', async () => {
    const { user, comparison } = await open();
    await user.click(screen.getByTestId(TEST_IDS.compareThemes));
    const rows = await screen.findAllByTestId(TEST_IDS.compareRow);
    expect(rows).toHaveLength(comparison.rows.length);
    rows.forEach((row, i) => {
      expect(row.querySelectorAll('.page')).toHaveLength(comparison.rows[i]?.cells.length ?? -1);
    });
  });

  it('lets the scrolling go and links it again', async () => {
    const { user } = await open();
    const link = screen.getByTestId(TEST_IDS.compareLink);
    expect(link.getAttribute('aria-pressed')).toBe('true');
    expect(screen.queryByTestId(TEST_IDS.compareLinkHere)).toBeNull();
    await user.click(link);
    expect(link.getAttribute('aria-pressed')).toBe('false');
    await user.click(screen.getByTestId(TEST_IDS.compareLinkHere));
    expect(link.getAttribute('aria-pressed')).toBe('true');
  });
});

it('asks for two reports where it has none', async () => {
  await inApp(CompareView, { reports: [] });
  expect(screen.getAllByTestId(TEST_IDS.compareChoose)).toHaveLength(2);
  expect(screen.queryByTestId(TEST_IDS.compareColumn)).toBeNull();
});
