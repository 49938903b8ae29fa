import type { App } from '../state/app.svelte';

/** Opens a tab in a window of its own, on the same archive, and closes it here. */
export async function openInNewWindow(app: App, id: string): Promise<void> {
  await app.platform.call('open_window', { archive: null, workspace: app.tabs.keepAlone(id) });
  app.tabs.close(id);
}
