import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import Columns2 from '@lucide/svelte/icons/columns-2';
import FileText from '@lucide/svelte/icons/file-text';
import LibraryBig from '@lucide/svelte/icons/library-big';
import Search from '@lucide/svelte/icons/search';
import Tags from '@lucide/svelte/icons/tags';
import { m } from '../i18n/messages';
import type { View } from '../state/tabs.svelte';

export const TAB_ICONS = {
  library: LibraryBig,
  search: Search,
  codebook: Tags,
  compare: Columns2,
  report: FileText,
  help: CircleQuestionMark,
};

/** What a tab is called. */
export function tabTitle(view: View): string {
  if (view.kind === 'report') return view.title;
  if (view.kind === 'library') return m.command_view_library();
  if (view.kind === 'search') return m.command_view_search();
  if (view.kind === 'codebook') return m.command_view_codebook();
  if (view.kind === 'help') return m.help();
  return m.command_view_compare();
}
