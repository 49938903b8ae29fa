import type { MenuItem } from '../components/menu';
import { m } from '../i18n/messages';
import type { App } from '../state/app.svelte';

/** Reports that are about the same as one, as an entry of its menu. */
export function similarItem(
  app: App,
  { report, title }: { report: string; title: string },
): MenuItem {
  return {
    label: m.command_report_similar(),
    testid: 'menu-similar',
    run: () => (app.shell.similar = { report, title }),
  };
}
