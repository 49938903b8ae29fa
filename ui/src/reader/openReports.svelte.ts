/** The reports that panes have open, so that the inspector shows the same one, not another copy. */

import { SvelteMap } from 'svelte/reactivity';
import type { App } from '../state/app.svelte';
import { OpenReport } from './openReport.svelte';

const OPEN = new WeakMap<App, SvelteMap<string, OpenReport>>();

function openOf(app: App): SvelteMap<string, OpenReport> {
  let open = OPEN.get(app);
  if (!open) OPEN.set(app, (open = new SvelteMap()));
  return open;
}

/** The report as a tab has it open, or a pane without tabs; none before the pane is there. */
export function openReport(app: App, key: string | null): OpenReport | undefined {
  return key === null ? undefined : openOf(app).get(key);
}

/**
 * Opens a report for a pane; closed with the returned function. One report may be open in several
 * tabs, in each at a place of its own.
 */
export function registerReport(app: App, id: string, tab: string | null): [OpenReport, () => void] {
  const open = openOf(app);
  const report = new OpenReport(app, id);
  const key = tab ?? id;
  open.set(key, report);
  return [
    report,
    () => {
      if (open.get(key) === report) open.delete(key);
    },
  ];
}
