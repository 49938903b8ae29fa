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

/** The report as a pane has it open; none before the pane is there. */
export function openReport(app: App, id: string | null): OpenReport | undefined {
  return id === null ? undefined : openOf(app).get(id);
}

/** Opens a report for a pane; closed with the returned function. */
export function registerReport(app: App, id: string): [OpenReport, () => void] {
  const open = openOf(app);
  const report = new OpenReport(app, id);
  open.set(id, report);
  return [
    report,
    () => {
      if (open.get(id) === report) open.delete(id);
    },
  ];
}
