/** Paints what a comparison shows over a page: shared passages, the current one, own tags. */

import { onDestroy } from 'svelte';
import { painter } from '../reader/painter';
import { useApp } from '../state/app.svelte';
import { IntervalIndex } from '../text/intervals';
import { span, type Span } from '../text/offsets';
import { paintedIn } from '../text/sight.svelte';
import type { Page, Section } from '../text/typeset';
import type { ColumnReport } from './comparing.svelte';
import type { Mark } from './marks';

/** What is shown. */
export interface Shown {
  /** None while the page is out of sight. */
  readonly page: Page | null;
  /** The sections that are laid out. */
  readonly laid: readonly Section[];
  readonly report: ColumnReport;
  readonly marks: IntervalIndex<Mark>;
  /** The number of the passage that stands out. */
  readonly current: Mark | undefined;
  readonly showTags: boolean;
}

/** Paints as long as the component lives. */
export function paintComparison(shown: () => Shown): void {
  const app = useApp();
  const owner = {};
  onDestroy(() => painter().forget(owner));

  $effect(() => {
    const { page, laid, marks } = shown();
    painter().paint(owner, 'shared', page ? paintedIn(page, laid, marks) : []);
  });
  $effect(() => {
    const { page, laid, current } = shown();
    const now = new IntervalIndex(current ? [current] : []);
    painter().paint(owner, 'shared-current', page ? paintedIn(page, laid, now) : []);
  });
  $effect(() => {
    const { page, laid, report, showTags } = shown();
    const byColour = new Map<string, Span[]>();
    for (const passage of page && showTags ? report.view.passages : []) {
      if (passage.state === 'lost') continue;
      for (const tag of passage.tags) {
        const colour = app.tags.byId.get(tag)?.colour;
        if (!colour) continue;
        byColour.set(colour, [...(byColour.get(colour) ?? []), span(passage.start, passage.end)]);
      }
    }
    painter().paintTags(
      owner,
      new Map(
        [...byColour].map(([colour, spans]) => [
          colour,
          page ? paintedIn(page, laid, new IntervalIndex(spans)) : [],
        ]),
      ),
    );
  });
}
