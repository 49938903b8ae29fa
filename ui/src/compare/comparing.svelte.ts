/** What the compare view shows: the reports of its columns and what they share. */

import { toFailure, type CommandFailure } from '../platform/platform';
import type { Comparison, ReportView } from '../protocol/protocol';
import type { App } from '../state/app.svelte';
import { ReadingText, textLanguage } from '../text/reading';
import { covered, markPairs, type Mark, type MarkPair } from './marks';

/** Shorter runs are formulae, which every report has. */
export const SHORTEST = 12;

/** A report in a column. */
export interface ColumnReport {
  readonly view: ReportView;
  readonly text: ReadingText;
  /** BCP 47, for the right forms of the characters. */
  readonly language: string;
}

const NOTHING_SHARED: Comparison = { passages: [], rows: [] };

export class Comparing {
  readonly #app: App;
  columns = $state.raw<readonly string[]>([]);
  reports = $state.raw<ReadonlyMap<string, ColumnReport>>(new Map());
  comparison = $state.raw<Comparison>(NOTHING_SHARED);
  failure = $state.raw<CommandFailure | null>(null);
  waiting = $state(false);
  /** Shared passages with fewer characters are not shown. */
  minimum = $state(SHORTEST);
  /** The number of the shared passage that was gone to last. */
  current = $state<number | null>(null);

  readonly pairs: readonly MarkPair[] = $derived(
    markPairs(this.comparison, this.columns, this.minimum),
  );
  #generation = 0;

  constructor(app: App) {
    this.#app = app;
  }

  /** Fetches the reports and what they share; texts that stayed the same keep their objects. */
  async load(columns: readonly string[]): Promise<void> {
    const generation = ++this.#generation;
    this.columns = columns;
    this.current = null;
    this.failure = null;
    this.waiting = true;
    try {
      const { platform } = this.#app;
      const [views, comparison] = await Promise.all([
        Promise.all(columns.map((id) => platform.call('report', { id }))),
        columns.length < 2 ? NOTHING_SHARED : platform.call('compare', { reports: [...columns] }),
      ]);
      if (generation !== this.#generation) return;
      this.reports = new Map(
        views.map((view) => {
          const before = this.reports.get(view.id);
          const same = before?.view.revision === view.revision;
          return [
            view.id,
            {
              view,
              text: same ? before.text : ReadingText.of(view),
              language: textLanguage(view.metadata),
            },
          ];
        }),
      );
      this.comparison = comparison;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.failure = toFailure(thrown);
      this.comparison = NOTHING_SHARED;
    } finally {
      if (generation === this.#generation) this.waiting = false;
    }
  }

  /** The shared passages as they stand in a column. */
  marks(report: string): Mark[] {
    return this.pairs.flatMap(({ sides }) => sides.filter((side) => side.report === report));
  }

  /** The part of a column that lies in shared passages, from 0 to 1. */
  share(report: string): number {
    const length = this.reports.get(report)?.text.length ?? 0;
    return length === 0 ? 0 : covered(this.marks(report)) / length;
  }
}
