// Every command of the window: one table for the palette, the keys and the menus.
import { openInNewWindow } from '../frame/newWindow';
import { focusInto, walkRegions } from '../frame/regions';
import type { App } from '../state/app.svelte';
import type { Shortcut } from './keys';

/** Where a command is at home, which is also its group in lists. Commands of `everywhere` may not share a shortcut with any other. */
export type CommandScope = 'everywhere' | 'library' | 'search' | 'reader' | 'codebook' | 'compare';

export interface Command {
  /** Key of the message files. */
  message: string;
  scope: CommandScope;
  shortcut: Shortcut | null;
  /** More shortcuts of the same. */
  also?: readonly Shortcut[];
  /** Whether the shortcut also works while text is being typed. */
  whileTyping?: boolean;
  /** Whether the shortcut also works while a dialog is in front. */
  inDialogs?: boolean;
  /** Whether it can run now; always, where absent. */
  when?: (app: App) => boolean;
  /** What it does. A command without one is done by the pane that offers it (see offer.ts). */
  run?: (app: App) => unknown;
}

/** The report that a command about one is of: the one in front, or under the cursor of the library. */
function similarOf({ tabs, library }: App): { report: string; title: string } | null {
  const { active } = tabs;
  if (active.kind === 'report') return { report: active.report, title: active.title };
  const row = active.kind === 'library' ? library.current : undefined;
  return row ? { report: row.id, title: row.title } : null;
}

const withArchive = (app: App) => app.session.archive !== null;

/** Puts the focus into a column, counted from the left. */
function toColumn(number: number): Command {
  return {
    message: `command_pane_focus_${number}`,
    scope: 'everywhere',
    shortcut: `Alt+${number}`,
    whileTyping: true,
    when: (app) => app.tabs.columns.length > 1 && app.tabs.columns.length >= number,
    run: (app) => {
      const column = app.tabs.columns[number - 1];
      const pane = column && document.getElementById(`pane-${column.active}`);
      if (column) app.tabs.activateColumn(column.id);
      if (pane) focusInto(pane);
    },
  };
}

export const COMMANDS = {
  'palette.open': {
    message: 'command_palette',
    scope: 'everywhere',
    shortcut: 'Mod+K',
    whileTyping: true,
    run: (app) => (app.shell.palette = true),
  },
  'view.library': {
    message: 'command_view_library',
    scope: 'everywhere',
    shortcut: 'Mod+1',
    whileTyping: true,
    when: withArchive,
    run: (app) => app.tabs.open({ kind: 'library' }),
  },
  'view.search': {
    message: 'command_view_search',
    scope: 'everywhere',
    shortcut: 'Mod+2',
    whileTyping: true,
    when: withArchive,
    run: (app) => app.tabs.open({ kind: 'search' }),
  },
  'view.codebook': {
    message: 'command_view_codebook',
    scope: 'everywhere',
    shortcut: 'Mod+3',
    whileTyping: true,
    when: withArchive,
    run: (app) => app.tabs.open({ kind: 'codebook' }),
  },
  'view.compare': {
    message: 'command_view_compare',
    scope: 'everywhere',
    shortcut: 'Mod+4',
    whileTyping: true,
    when: withArchive,
    run: (app) => app.tabs.openCompare(),
  },
  'view.activity': {
    message: 'command_view_activity',
    scope: 'everywhere',
    shortcut: 'Mod+5',
    whileTyping: true,
    when: withArchive,
    run: (app) => app.shell.toggleActivity(),
  },
  'view.inspector': {
    message: 'command_view_inspector',
    scope: 'everywhere',
    shortcut: 'Mod+\\',
    whileTyping: true,
    when: withArchive,
    run: (app) => app.shell.toggleInspector(),
  },
  'view.theme': {
    message: 'command_view_theme',
    scope: 'everywhere',
    shortcut: null,
    run: (app) => app.settings.cycleTheme(),
  },
  'view.zoomIn': {
    message: 'command_view_zoom_in',
    scope: 'everywhere',
    shortcut: 'Mod+=',
    whileTyping: true,
    run: (app) => app.settings.resize(1),
  },
  'view.zoomOut': {
    message: 'command_view_zoom_out',
    scope: 'everywhere',
    shortcut: 'Mod+-',
    whileTyping: true,
    run: (app) => app.settings.resize(-1),
  },
  'view.zoomReset': {
    message: 'command_view_zoom_reset',
    scope: 'everywhere',
    shortcut: 'Mod+0',
    whileTyping: true,
    run: (app) => app.settings.resize(0),
  },
  'search.focus': {
    message: 'command_search_focus',
    scope: 'everywhere',
    shortcut: 'Mod+Shift+F',
    whileTyping: true,
    when: withArchive,
    run: (app) => {
      app.tabs.open({ kind: 'search' });
      app.shell.focusSearch();
    },
  },
  'search.next': {
    message: 'command_search_next',
    scope: 'everywhere',
    shortcut: 'F3',
    whileTyping: true,
    when: (app) => app.search.hits.length > 0,
    run: (app) => app.search.walk(1),
  },
  'search.previous': {
    message: 'command_search_previous',
    scope: 'everywhere',
    shortcut: 'Shift+F3',
    whileTyping: true,
    when: (app) => app.search.hits.length > 0,
    run: (app) => app.search.walk(-1),
  },
  'search.within': {
    message: 'command_search_within',
    scope: 'search',
    shortcut: 'Mod+Shift+K',
    whileTyping: true,
  },
  'search.save': {
    message: 'command_search_save',
    scope: 'search',
    shortcut: 'Mod+S',
    whileTyping: true,
  },
  'search.tagHits': {
    message: 'command_search_tag_hits',
    scope: 'search',
    shortcut: 'Mod+T',
    whileTyping: true,
  },
  'search.exportHits': {
    message: 'command_search_export_hits',
    scope: 'search',
    shortcut: null,
  },
  'search.filters': {
    message: 'command_search_filters',
    scope: 'search',
    shortcut: 'Mod+Shift+B',
    whileTyping: true,
  },
  'search.clearFilter': {
    message: 'command_search_clear_filter',
    scope: 'search',
    shortcut: null,
  },
  'search.relaxed': {
    message: 'command_search_relaxed',
    scope: 'search',
    shortcut: null,
  },
  'search.showReports': {
    message: 'command_search_show_reports',
    scope: 'search',
    shortcut: null,
  },
  'search.showConcordance': {
    message: 'command_search_show_concordance',
    scope: 'search',
    shortcut: null,
  },
  'search.showCharts': {
    message: 'command_search_show_charts',
    scope: 'search',
    shortcut: null,
  },
  'search.showCollocates': {
    message: 'command_search_show_collocates',
    scope: 'search',
    shortcut: null,
  },
  'search.showKeywords': {
    message: 'command_search_show_keywords',
    scope: 'search',
    shortcut: null,
  },
  'find.here': {
    message: 'command_find_here',
    scope: 'everywhere',
    shortcut: 'Mod+F',
    whileTyping: true,
  },
  'edit.undo': {
    message: 'command_undo',
    scope: 'everywhere',
    shortcut: 'Mod+Z',
    when: withArchive,
    run: (app) => app.history.undo(),
  },
  'edit.redo': {
    message: 'command_redo',
    scope: 'everywhere',
    shortcut: 'Mod+Shift+Z',
    when: withArchive,
    run: (app) => app.history.redo(),
  },
  'tab.close': {
    message: 'command_tab_close',
    scope: 'everywhere',
    shortcut: 'Mod+W',
    whileTyping: true,
    when: (app) => app.tabs.active.kind !== 'library',
    run: (app) => app.tabs.close(app.tabs.activeId),
  },
  'tab.next': {
    message: 'command_tab_next',
    scope: 'everywhere',
    shortcut: 'Mod+PageDown',
    whileTyping: true,
    when: withArchive,
    run: (app) => app.tabs.step(1),
  },
  'tab.previous': {
    message: 'command_tab_previous',
    scope: 'everywhere',
    shortcut: 'Mod+PageUp',
    whileTyping: true,
    when: withArchive,
    run: (app) => app.tabs.step(-1),
  },
  'tab.closeOthers': {
    message: 'command_tab_close_others',
    scope: 'everywhere',
    shortcut: null,
    when: (app) => app.tabs.others(app.tabs.activeId).length > 0,
    run: (app) => app.tabs.close(...app.tabs.others(app.tabs.activeId)),
  },
  'tab.closeRight': {
    message: 'command_tab_close_right',
    scope: 'everywhere',
    shortcut: null,
    when: (app) => app.tabs.others(app.tabs.activeId, true).length > 0,
    run: (app) => app.tabs.close(...app.tabs.others(app.tabs.activeId, true)),
  },
  'tab.reopen': {
    message: 'command_tab_reopen',
    scope: 'everywhere',
    shortcut: 'Mod+Shift+T',
    whileTyping: true,
    when: (app) => app.tabs.canReopen,
    run: (app) => app.tabs.reopen(),
  },
  'tab.pin': {
    message: 'command_tab_pin',
    scope: 'everywhere',
    shortcut: null,
    when: withArchive,
    run: (app) => app.tabs.pin(app.tabs.activeId, !app.tabs.active.pinned),
  },
  'tab.shiftLeft': {
    message: 'command_tab_shift_left',
    scope: 'everywhere',
    shortcut: 'Mod+Shift+PageUp',
    when: withArchive,
    run: (app) => app.tabs.shift(app.tabs.activeId, -1),
  },
  'tab.shiftRight': {
    message: 'command_tab_shift_right',
    scope: 'everywhere',
    shortcut: 'Mod+Shift+PageDown',
    when: withArchive,
    run: (app) => app.tabs.shift(app.tabs.activeId, 1),
  },
  'pane.split': {
    message: 'command_pane_split',
    scope: 'everywhere',
    shortcut: 'Mod+D',
    when: (app) => app.tabs.canDuplicate(app.tabs.activeId),
    run: (app) => app.tabs.duplicate(app.tabs.activeId),
  },
  'pane.moveLeft': {
    message: 'command_pane_move_left',
    scope: 'everywhere',
    shortcut: 'Alt+Shift+ArrowLeft',
    when: (app) => app.tabs.canMoveAside(app.tabs.activeId, 'left'),
    run: (app) => app.tabs.moveAside(app.tabs.activeId, 'left'),
  },
  'pane.moveRight': {
    message: 'command_pane_move_right',
    scope: 'everywhere',
    shortcut: 'Alt+Shift+ArrowRight',
    when: (app) => app.tabs.canMoveAside(app.tabs.activeId, 'right'),
    run: (app) => app.tabs.moveAside(app.tabs.activeId, 'right'),
  },
  'pane.equalise': {
    message: 'command_pane_equalise',
    scope: 'everywhere',
    shortcut: null,
    when: (app) => app.tabs.columns.length > 1,
    run: (app) => app.tabs.equalise(),
  },
  'pane.focus1': toColumn(1),
  'pane.focus2': toColumn(2),
  'pane.focus3': toColumn(3),
  'pane.focus4': toColumn(4),
  'pane.focus5': toColumn(5),
  'window.new': {
    message: 'command_window_new',
    scope: 'everywhere',
    shortcut: 'Mod+Shift+N',
    whileTyping: true,
    run: (app) => app.platform.call('open_window', { archive: null, workspace: null }),
  },
  'window.moveTab': {
    message: 'command_window_move_tab',
    scope: 'everywhere',
    shortcut: null,
    when: (app) => app.session.archive !== null && app.tabs.active.kind !== 'library',
    run: (app) => openInNewWindow(app, app.tabs.activeId),
  },
  'window.close': {
    message: 'command_window_close',
    scope: 'everywhere',
    shortcut: 'Mod+Shift+W',
    whileTyping: true,
    run: async (app) => {
      await app.layout.keep();
      await app.platform.call('close_window', {});
    },
  },
  'app.quit': {
    message: 'command_app_quit',
    scope: 'everywhere',
    shortcut: 'Mod+Q',
    whileTyping: true,
    run: (app) => app.platform.call('quit', {}),
  },
  'view.nextRegion': {
    message: 'command_view_next_region',
    scope: 'everywhere',
    shortcut: 'F6',
    whileTyping: true,
    when: withArchive,
    run: () => walkRegions(1),
  },
  'view.previousRegion': {
    message: 'command_view_previous_region',
    scope: 'everywhere',
    shortcut: 'Shift+F6',
    whileTyping: true,
    when: withArchive,
    run: () => walkRegions(-1),
  },
  'view.menu': {
    message: 'command_view_menu',
    scope: 'everywhere',
    shortcut: 'F10',
    whileTyping: true,
    when: withArchive,
    run: (app) => (app.shell.menu = true),
  },
  'import.open': {
    message: 'command_import',
    scope: 'everywhere',
    shortcut: 'Mod+I',
    when: withArchive,
    run: (app) => (app.shell.importing = true),
  },
  'import.paste': {
    message: 'command_import_paste',
    scope: 'everywhere',
    shortcut: 'Mod+Shift+V',
    when: withArchive,
    run: (app) => app.shell.paste(),
  },
  'export.open': {
    message: 'command_export',
    scope: 'everywhere',
    shortcut: 'Mod+E',
    when: withArchive,
  },
  'archive.create': {
    message: 'command_archive_create',
    scope: 'everywhere',
    shortcut: 'Mod+N',
    run: (app) => app.session.create(),
  },
  'archive.open': {
    message: 'command_archive_open',
    scope: 'everywhere',
    shortcut: 'Mod+O',
    run: (app) => app.session.pickAndOpen(),
  },
  'archive.example': {
    message: 'command_archive_example',
    scope: 'everywhere',
    shortcut: null,
    run: (app) => app.session.openExample(),
  },
  'archive.close': {
    message: 'command_archive_close',
    scope: 'everywhere',
    shortcut: null,
    when: withArchive,
    run: (app) => app.session.close(),
  },
  'index.rebuild': {
    message: 'command_index_rebuild',
    scope: 'everywhere',
    shortcut: null,
    when: withArchive,
    run: (app) => app.index.rebuild(),
  },
  'settings.open': {
    message: 'command_settings',
    scope: 'everywhere',
    shortcut: 'Mod+,',
    whileTyping: true,
    run: (app) => app.shell.openSettings(),
  },
  'settings.shortcuts': {
    message: 'command_settings_shortcuts',
    scope: 'everywhere',
    shortcut: null,
    run: (app) => app.shell.openSettings('shortcuts'),
  },
  'archive.backup': {
    message: 'command_backup_now',
    scope: 'everywhere',
    shortcut: null,
    when: withArchive,
    run: async (app) => {
      await app.jobs.startBackup();
      app.shell.openSettings('backups');
    },
  },
  'view.textLarger': {
    message: 'command_text_larger',
    scope: 'everywhere',
    shortcut: 'Mod+Alt+=',
    run: (app) => app.settings.resizeText(1),
  },
  'view.textSmaller': {
    message: 'command_text_smaller',
    scope: 'everywhere',
    shortcut: 'Mod+Alt+-',
    run: (app) => app.settings.resizeText(-1),
  },
  'view.textReset': {
    message: 'command_text_size_reset',
    scope: 'everywhere',
    shortcut: 'Mod+Alt+0',
    run: (app) => app.settings.resizeText(0),
  },
  'help.open': {
    message: 'command_help_open',
    scope: 'everywhere',
    shortcut: 'F1',
    whileTyping: true,
    inDialogs: true,
    run: (app) => app.help.open(app.help.topicHere()),
  },
  'help.contents': {
    message: 'command_help_contents',
    scope: 'everywhere',
    shortcut: 'Shift+F1',
    whileTyping: true,
    inDialogs: true,
    run: (app) => app.help.open(''),
  },
  'help.shortcuts': {
    message: 'command_help_shortcuts',
    scope: 'everywhere',
    shortcut: 'Mod+/',
    whileTyping: true,
    inDialogs: true,
    run: (app) => app.help.open('shortcuts'),
  },
  'help.tour': {
    message: 'command_help_tour',
    scope: 'everywhere',
    shortcut: null,
    run: (app) => app.tour.start(),
  },
  'tour.next': {
    message: 'command_tour_next',
    scope: 'everywhere',
    shortcut: 'F8',
    whileTyping: true,
    when: (app) => app.tour.active,
    run: (app) => app.tour.next(),
  },
  'tour.back': {
    message: 'command_tour_back',
    scope: 'everywhere',
    shortcut: null,
    when: (app) => app.tour.active,
    run: (app) => app.tour.back(),
  },
  'tour.leave': {
    message: 'command_tour_leave',
    scope: 'everywhere',
    shortcut: null,
    when: (app) => app.tour.active,
    run: (app) => app.tour.leave(),
  },
  'library.selectAll': {
    message: 'command_library_select_all',
    scope: 'library',
    shortcut: 'Mod+A',
  },
  'library.open': { message: 'command_library_open', scope: 'library', shortcut: null },
  'library.openBeside': {
    message: 'command_library_open_beside',
    scope: 'library',
    shortcut: 'Mod+Enter',
  },
  'library.collect': {
    message: 'command_library_collect',
    scope: 'library',
    shortcut: 'Mod+Shift+L',
  },
  'library.copyCitation': {
    message: 'command_library_copy_citation',
    scope: 'library',
    shortcut: 'Mod+Shift+X',
  },
  'library.sidebar': {
    message: 'command_library_sidebar',
    scope: 'library',
    shortcut: 'Mod+Shift+B',
    whileTyping: true,
  },
  'library.density': { message: 'command_library_density', scope: 'library', shortcut: null },
  'library.clearFilter': {
    message: 'command_library_clear_filter',
    scope: 'library',
    shortcut: null,
  },
  'library.metadata': { message: 'command_library_metadata', scope: 'library', shortcut: 'F2' },
  'library.recognise': { message: 'command_library_recognise', scope: 'library', shortcut: null },
  'library.delete': { message: 'command_library_delete', scope: 'library', shortcut: 'Delete' },
  'compare.selected': {
    message: 'command_compare_selected',
    scope: 'library',
    shortcut: 'Mod+Shift+C',
  },
  'report.similar': {
    message: 'command_report_similar',
    scope: 'everywhere',
    shortcut: null,
    when: (app) => similarOf(app) !== null,
    run: (app) => (app.shell.similar = similarOf(app)),
  },
  'reader.tag': { message: 'command_reader_tag', scope: 'reader', shortcut: 'Mod+T' },
  'reader.caret': { message: 'command_reader_caret', scope: 'reader', shortcut: 'F7' },
  'reader.inVivo': { message: 'command_reader_in_vivo', scope: 'reader', shortcut: 'Mod+Shift+Y' },
  'reader.memo': { message: 'command_reader_memo', scope: 'reader', shortcut: 'Mod+Shift+M' },
  'reader.copyCitation': {
    message: 'command_reader_copy_citation',
    scope: 'reader',
    shortcut: 'Mod+Shift+X',
  },
  'reader.nextPassage': {
    message: 'command_reader_next_passage',
    scope: 'reader',
    shortcut: 'Alt+ArrowDown',
  },
  'reader.previousPassage': {
    message: 'command_reader_previous_passage',
    scope: 'reader',
    shortcut: 'Alt+ArrowUp',
  },
  'reader.deletePassage': {
    message: 'command_reader_delete_passage',
    scope: 'reader',
    shortcut: 'Delete',
  },
  'codebook.create': { message: 'command_codebook_create', scope: 'codebook', shortcut: 'Mod+T' },
  'compare.link': { message: 'command_compare_link', scope: 'compare', shortcut: 'Mod+L' },
  'compare.linkHere': { message: 'command_compare_link_here', scope: 'compare', shortcut: null },
  'compare.nextShared': {
    message: 'command_compare_next_shared',
    scope: 'compare',
    shortcut: 'Alt+ArrowDown',
  },
  'compare.previousShared': {
    message: 'command_compare_previous_shared',
    scope: 'compare',
    shortcut: 'Alt+ArrowUp',
  },
} satisfies Record<string, Command>;

export type CommandId = keyof typeof COMMANDS;

/** The table as a list, in its order. */
export const COMMAND_LIST = Object.entries(COMMANDS) as [CommandId, Command][];
