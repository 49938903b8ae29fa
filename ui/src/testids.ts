// Names by which the journeys in the real window find things. A component that a journey drives
// carries one of these as `data-testid`; rows carry the identifier of their thing beside it
// (`data-id`), so that a journey can pick one of many.

export const TEST_IDS = {
  // Welcome
  welcome: 'welcome',
  welcomeCreate: 'welcome-create',
  welcomeOpen: 'welcome-open',
  welcomeExample: 'welcome-example',
  /** A recent archive; `data-path` is its file. */
  welcomeRecent: 'welcome-recent',
  /** A field that takes the path of an archive to open or create, for use without a dialog. */
  welcomePath: 'welcome-path',
  welcomePathOpen: 'welcome-path-open',
  welcomePathCreate: 'welcome-path-create',

  /** Beside a recent archive; `data-path` is its file. */
  welcomeForget: 'welcome-forget',
  welcomeLocate: 'welcome-locate',
  welcomeTour: 'welcome-tour',

  // Help
  /** `data-page` is the page shown, empty for the contents. */
  help: 'help',
  helpBack: 'help-back',
  helpForward: 'help-forward',
  helpSearch: 'help-search',
  /** A place found; `data-id` is its page. */
  helpHit: 'help-hit',
  /** A page in the list of contents; `data-id` is its name. */
  helpEntry: 'help-entry',
  helpTour: 'help-tour',

  // Tour
  /** `data-step` is the step's name. */
  tour: 'tour',
  tourNext: 'tour-next',
  tourBack: 'tour-back',
  tourLeave: 'tour-leave',
  tourDo: 'tour-do',

  // Frame
  frame: 'frame',
  railMenu: 'rail-menu',
  railLibrary: 'rail-library',
  railSearch: 'rail-search',
  railCodebook: 'rail-codebook',
  railCompare: 'rail-compare',
  railActivity: 'rail-activity',
  railHelp: 'rail-help',
  railSettings: 'rail-settings',
  /** A tab of the middle; `data-id` is `library`, `search`, `codebook`, `compare` or `report:ID`. */
  tab: 'tab',
  tabClose: 'tab-close',
  tabMenu: 'tab-menu',
  tabsAll: 'tabs-all',
  /** The strip of a column; `data-active` tells which one the keys are for. */
  column: 'column',
  columnBorder: 'column-border',
  /** Where a dragged tab would go: `data-zone` is `left`, `right` or `whole`. */
  columnDrop: 'column-drop',
  /** The application's menu; its entries carry the command as `data-id`. */
  appMenu: 'app-menu',
  inspector: 'inspector',
  statusArchive: 'status-archive',
  archiveClose: 'archive-close',
  statusPalette: 'status-palette',
  statusIndex: 'status-index',
  aboutIndex: 'about-index',
  indexCheck: 'index-check',
  indexChecked: 'index-checked',
  undo: 'undo',
  redo: 'redo',
  toast: 'toast',
  toastAction: 'toast-action',
  failure: 'failure',
  dialogClose: 'dialog-close',

  // Command palette
  palette: 'palette',
  paletteInput: 'palette-input',
  /** `data-id` is the command's identifier. */
  paletteItem: 'palette-item',

  // Library
  library: 'library',
  librarySidebar: 'library-sidebar',
  libraryFilter: 'library-filter',
  libraryCount: 'library-count',
  libraryEmpty: 'library-empty',
  /** A report; `data-id` is its identifier. */
  libraryRow: 'library-row',
  /** A column's head; `data-column` is the column. */
  libraryColumn: 'library-column',
  /** A value to filter by; `data-facet` and `data-value` tell which. */
  facet: 'facet',
  facetExclude: 'facet-exclude',
  libraryImport: 'library-import',
  libraryCompare: 'library-compare',
  libraryExport: 'library-export',
  libraryMetadata: 'library-metadata',
  libraryDelete: 'library-delete',
  libraryCollect: 'library-collect',
  collectionCreate: 'collection-create',
  collectionName: 'collection-name',
  /** `data-id` is its identifier. */
  collection: 'collection',
  libraryMenu: 'library-menu',
  libraryOptions: 'library-options',
  libraryAnnounced: 'library-announced',
  libraryChips: 'library-chips',
  libraryClearFilter: 'library-clear-filter',
  libraryClearSelection: 'library-clear-selection',
  libraryPreview: 'library-preview',
  libraryQuickLook: 'library-quick-look',
  previewOpen: 'preview-open',
  /** Follows the pointer while something is dragged. */
  dragBadge: 'drag-badge',
  /** `data-facet` is the kind. */
  facetSection: 'facet-section',
  facetSearch: 'facet-search',
  histogram: 'histogram',
  histogramHandle: 'histogram-handle',
  reportPicker: 'report-picker',
  reportPickerField: 'report-picker-field',
  /** `data-id` is the report. */
  reportPickerItem: 'report-picker-item',
  collectionPicker: 'collection-picker',
  collectionPickerField: 'collection-picker-field',
  collectionPickerItem: 'collection-picker-item',
  metadataDialog: 'metadata-dialog',
  /** The others are `metadata-FIELD`. */
  metadataTitle: 'metadata-title',
  metadataSave: 'metadata-save',

  // Import
  importSheet: 'import-sheet',
  importPaths: 'import-paths',
  importStart: 'import-start',
  importFiles: 'import-files',
  importFolder: 'import-folder',
  /** Whether files are looked at before they are imported. */
  importLook: 'import-look',
  importPaste: 'import-paste',
  importPasteText: 'import-paste-text',
  importPasteRead: 'import-paste-read',
  importProgress: 'import-progress',
  importCancel: 'import-cancel',
  /** `data-stage` is `review` while files are looked at, `import` from then on; `data-state` the job's. */
  importSummary: 'import-summary',
  /** Imports what was looked at. */
  importCommit: 'import-commit',
  /** Closes a finished import; and begins another one. */
  importDone: 'import-done',
  importAgain: 'import-again',
  importAnyway: 'import-anyway',
  /** `data-id` is the group. */
  importGroup: 'import-group',
  importList: 'import-list',
  importMenu: 'import-menu',
  /** One file; `data-outcome` is what it is, or became. */
  importItem: 'import-item',
  importToggle: 'import-toggle',
  importEditMany: 'import-edit-many',
  /** `data-item` is the file's number. */
  importPreview: 'import-preview',
  importBack: 'import-back',
  importTabKnown: 'import-tab-known',
  importTabText: 'import-tab-text',
  /** Each choice in it is `import-choice-CHOICE`. */
  importChoice: 'import-choice',
  importVersionOf: 'import-version-of',
  importView: 'import-view',
  importText: 'import-text',
  importNextRepair: 'import-next-repair',
  /** `data-repair` is its place in the list. */
  importRepair: 'import-repair',
  /** `data-id` is the kind. */
  importRepairKind: 'import-repair-kind',
  importPassword: 'import-password',
  importUnlock: 'import-unlock',
  /** The menu of each column is `import-column-NUMBER`. */
  importMapping: 'import-mapping',
  importMapped: 'import-mapped',
  importMap: 'import-map',
  importScan: 'import-scan',
  importRecognise: 'import-recognise',
  importOutcome: 'import-outcome',
  /** `data-id` is the group. */
  importCount: 'import-count',
  importEdit: 'import-edit',
  importProblems: 'import-problems',
  importNearPair: 'import-near-pair',

  // Search
  search: 'search',
  searchField: 'search-field',
  searchTotal: 'search-total',
  searchChip: 'search-chip',
  /** A report that was found; `data-id` is its identifier. */
  searchHit: 'search-hit',
  /** A snippet; opens the report at its first match. */
  searchSnippet: 'search-snippet',
  searchHelpOpen: 'search-help-open',
  searchMenu: 'search-menu',
  searchHelp: 'search-help',
  searchNone: 'search-none',
  searchFilters: 'search-filters',
  searchFacets: 'search-facets',
  searchFilterChips: 'search-filter-chips',
  searchClearFilter: 'search-clear-filter',
  searchChipEdit: 'search-chip-edit',
  searchChipText: 'search-chip-text',
  searchChipQuote: 'search-chip-quote',
  searchChipExclude: 'search-chip-exclude',
  searchChipRemove: 'search-chip-remove',
  searchNote: 'search-note',
  searchSuggestions: 'search-suggestions',
  searchSuggestion: 'search-suggestion',
  searchWithin: 'search-within',
  searchNarrow: 'search-narrow',
  searchTag: 'search-tag',
  searchExport: 'search-export',
  /** `search-views-reports`, `-concordance`, `-charts`, `-collocates`, `-keywords`. */
  searchViews: 'search-views',
  searchRelaxed: 'search-relaxed',
  searchSort: 'search-sort',
  searchTier: 'search-tier',
  searchWhy: 'search-why',
  searchHistory: 'search-history-box',
  searchPast: 'search-past',
  searchHistoryClear: 'search-history-clear',
  savedOpen: 'saved-open',
  savedPopover: 'saved-popover',
  savedSearch: 'saved-search',
  savedRename: 'saved-rename',
  savedRemove: 'saved-remove',
  saveOpen: 'save-open',
  saveSearch: 'save-search',
  saveSearchName: 'save-search-name',
  saveSearchDone: 'save-search-done',
  concordance: 'concordance',
  concordanceLine: 'concordance-line',
  concordanceSort: 'concordance-sort',
  charts: 'charts',
  chartWhat: 'chart-what',
  chartTable: 'chart-table',
  yearsChart: 'years-chart',
  yearsTable: 'years-table',
  placesChart: 'places-chart',
  placesTable: 'places-table',
  placesBelow: 'places-below',
  collocates: 'collocates',
  collocatesBefore: 'collocates-before',
  collocatesBehind: 'collocates-behind',
  keyWords: 'key-words',
  keyReference: 'key-reference',
  keySide: 'key-side',
  /** A word of a table; `data-word` is it. */
  word: 'word',
  wordSort: 'word-sort',
  wordMenu: 'word-menu',
  similarDialog: 'similar-dialog',
  similarReport: 'similar-report',
  tagHits: 'tag-hits',
  tagHitsSentences: 'tag-hits-sentences',
  tagHitsCounts: 'tag-hits-counts',
  tagHitsDone: 'tag-hits-done',
  exportHits: 'export-hits',
  exportHitsFormat: 'export-hits-format',
  exportHitsPath: 'export-hits-path',
  exportHitsWrite: 'export-hits-write',

  // Jobs and history
  activity: 'activity',
  job: 'job',
  jobCancel: 'job-cancel',
  jobProgress: 'job-progress',
  jobCounts: 'job-counts',
  jobShow: 'job-show',
  jobOpen: 'job-open',
  jobReveal: 'job-reveal',
  statusJob: 'status-job',
  historyEntry: 'history-entry',

  // Settings
  settings: 'settings',
  settingsLanguage: 'settings-language',
  /** The group; each theme in it is `settings-theme-NAME`. */
  settingsTheme: 'settings-theme',
  settingsCoder: 'settings-coder',
  settingsSearch: 'settings-search',
  /** A setting that was found; `data-id` is its name. Controls are `settings-NAME`. */
  settingsHit: 'settings-hit',
  settingsResetAll: 'settings-reset-all',
  settingsResetSure: 'settings-reset-sure',
  backupNow: 'backup-now',
  /** What is being made; `data-state` is how it stands. */
  backupJob: 'backup-job',
  backupList: 'backup-list',
  backupRestore: 'backup-restore',
  backupOpen: 'backup-open',
  shortcutSearch: 'shortcut-search',
  shortcutByKeys: 'shortcut-by-keys',
  /** A command; `data-id` is its identifier. */
  shortcutRow: 'shortcut-row',
  shortcutAdd: 'shortcut-add',
  shortcutReset: 'shortcut-reset',
  shortcutResetAll: 'shortcut-reset-all',
  shortcutReplace: 'shortcut-replace',
  shortcutCancel: 'shortcut-cancel',

  // Reader
  /** A report's pane; `data-id` is its identifier. */
  reader: 'reader',
  /** The text: what is scrolled and moved in by keys. */
  readerText: 'reader-text',
  readerRepairs: 'reader-repairs',
  readerCaret: 'reader-caret',
  readerCompare: 'reader-compare',
  readerExport: 'reader-export',
  /** Over a scan; `data-state` is `offered`, `running` or `done`. */
  recognition: 'recognition',
  recognitionStart: 'recognition-start',
  recognitionCancel: 'recognition-cancel',
  recognitionHow: 'recognition-how',
  recognitionUncertain: 'recognition-uncertain',
  recognitionAgain: 'recognition-again',
  recognitionPassword: 'recognition-password',
  recognitionUnlock: 'recognition-unlock',
  caret: 'caret',
  findField: 'find-field',
  findCount: 'find-count',
  /** What was set aside at one place. */
  aside: 'aside',
  asideToggle: 'aside-toggle',
  asideRestore: 'aside-restore',
  tagPicker: 'tag-picker',
  tagPickerInput: 'tag-picker-input',
  tagPickerOption: 'tag-picker-option',
  tagPickerMemo: 'tag-picker-memo',
  tagPickerSave: 'tag-picker-save',
  passageCard: 'passage-card',
  passageCardItem: 'passage-card-item',
  passageMemo: 'passage-memo',
  passageEdit: 'passage-edit',
  passageResize: 'passage-resize',
  passageCite: 'passage-cite',
  passageDelete: 'passage-delete',
  handleStart: 'handle-start',
  handleEnd: 'handle-end',

  // Inspector
  inspectorCard: 'inspector-card',
  inspectorProblems: 'inspector-problems',
  inspectorOutline: 'inspector-outline',
  outlineEntry: 'outline-entry',
  inspectorPassages: 'inspector-passages',
  /** A passage; `data-id` is its identifier. */
  inspectorPassage: 'inspector-passage',
  inspectorMemo: 'inspector-memo',
  reportMemo: 'report-memo',
  inspectorRepairs: 'inspector-repairs',

  // Codebook
  codebook: 'codebook',
  tagCreate: 'tag-create',
  tagCreateName: 'tag-create-name',
  /** A tag in the tree; `data-id` is its identifier. */
  tagRow: 'tag-row',
  tagRecord: 'tag-record',
  tagName: 'tag-name',
  tagDelete: 'tag-delete',
  tagColour: 'tag-colour',
  tagParent: 'tag-parent',
  tagDescription: 'tag-description',
  /** A passage that carries the tag; `data-id` is its identifier. */
  tagPassage: 'tag-passage',

  // Compare
  compare: 'compare',
  compareTexts: 'compare-texts',
  compareThemes: 'compare-themes',
  compareMinimum: 'compare-minimum',
  compareCount: 'compare-count',
  comparePrevious: 'compare-previous',
  compareNext: 'compare-next',
  compareLink: 'compare-link',
  compareLinkHere: 'compare-link-here',
  compareAdd: 'compare-add',
  compareTheme: 'compare-theme',
  /** A column; `data-id` is its report. */
  compareColumn: 'compare-column',
  compareChoose: 'compare-choose',
  compareChooser: 'compare-chooser',
  compareShare: 'compare-share',
  compareText: 'compare-text',
  compareGrid: 'compare-grid',
  compareRow: 'compare-row',

  // Export
  exportDialog: 'export-dialog',
  exportLegend: 'export-legend',
  exportIndex: 'export-index',
  exportMemos: 'export-memos',
  exportCoders: 'export-coders',
  exportPath: 'export-path',
  exportWrite: 'export-write',
  exportStop: 'export-stop',
  exportUnplaced: 'export-unplaced',
  exportResult: 'export-result',
  exportHighlights: 'export-highlights',
  exportMissing: 'export-missing',
  exportOpen: 'export-open',
  exportReveal: 'export-reveal',
} as const;
