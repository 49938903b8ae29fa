// Every command of the window: one table for the palette, the keys and the menus.
import type { App } from '../state/app.svelte';
import type { Shortcut } from './keys';

/** Where a command is at home. Commands of `everywhere` may not share a shortcut with any other. */
export type CommandScope = 'everywhere' | 'library' | 'search' | 'reader' | 'codebook' | 'compare';

export interface Command {
  /** Key of the message files. */
  message: string;
  scope: CommandScope;
  shortcut: Shortcut | null;
  /** Whether the shortcut also works while text is being typed. */
  whileTyping?: boolean;
  /** Whether it can run now; always, where absent. */
  when?: (app: App) => boolean;
  /** What it does. A command without one is done by the pane that offers it (see offer.ts). */
  run?: (app: App) => unknown;
}

const withArchive = (app: App) => app.session.archive !== null;

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
    run: (app) => app.search.walk(app, 1),
  },
  'search.previous': {
    message: 'command_search_previous',
    scope: 'everywhere',
    shortcut: 'Shift+F3',
    whileTyping: true,
    when: (app) => app.search.hits.length > 0,
    run: (app) => app.search.walk(app, -1),
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
  'import.open': {
    message: 'command_import',
    scope: 'everywhere',
    shortcut: 'Mod+I',
    when: withArchive,
    run: (app) => (app.shell.importing = true),
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
    run: (app) => (app.shell.settings = true),
  },
  'library.selectAll': {
    message: 'command_library_select_all',
    scope: 'library',
    shortcut: 'Mod+A',
  },
  'library.metadata': { message: 'command_library_metadata', scope: 'library', shortcut: 'F2' },
  'library.delete': { message: 'command_library_delete', scope: 'library', shortcut: 'Delete' },
  'compare.selected': {
    message: 'command_compare_selected',
    scope: 'library',
    shortcut: 'Mod+Shift+C',
  },
  'reader.tag': { message: 'command_reader_tag', scope: 'reader', shortcut: 'Mod+T' },
  'reader.caret': { message: 'command_reader_caret', scope: 'reader', shortcut: 'F7' },
  'reader.inVivo': { message: 'command_reader_in_vivo', scope: 'reader', shortcut: 'Mod+Shift+T' },
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
