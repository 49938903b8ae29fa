/** Paints what a comparison shows over a page: shared passages, the current one, own tags. */

import { onDestroy } from 'svelte';
import { painter } from '../reader/painter';
import { useApp } from '../state/app.svelte';
import { span } from '../text/offsets';
import type { Page } from '../text/typeset';
import type { ColumnReport } from './comparing.svelte';
import type { Mark } from './marks';

/** What is shown. */
export interface Painted {
  /** None while the page is out of sight. */
  readonly page: Page | null;
  readonly report: ColumnReport;
  readonly marks: readonly Mark[];
  /** The number of the passage that stands out. */
  readonly current: number | null;
  readonly showTags: boolean;
}

/** Paints as long as the component lives. */
export function paintComparison(painted: () => Painted): void {
  const app = useApp();
  const owner = {};
  onDestroy(() => painter().forget(owner));

  $effect(() => {
    const { page, marks } = painted();
    painter().paint(owner, 'shared', page ? marks.flatMap((mark) => page.ranges(mark)) : []);
  });
  $effect(() => {
    const { page, marks, current } = painted();
    const now = marks.filter(({ number }) => number === current);
    painter().paint(owner, 'shared-current', page ? now.flatMap((mark) => page.ranges(mark)) : []);
  });
  $effect(() => {
    const { page, report, showTags } = painted();
    const byColour = new Map<string, Range[]>();
    for (const passage of page && showTags ? report.view.passages : []) {
      if (passage.state === 'lost') continue;
      for (const tag of passage.tags) {
        const colour = app.tags.byId.get(tag)?.colour;
        if (!colour) continue;
        const ranges = byColour.get(colour) ?? [];
        ranges.push(...(page?.ranges(span(passage.start, passage.end)) ?? []));
        byColour.set(colour, ranges);
      }
    }
    painter().paintTags(owner, byColour);
  });
}
