// Every setting: where it stands, what it is called, and what of the settings it is.
import { m } from '../i18n/messages';
import type { Settings } from '../protocol/protocol';
import type { SettingsPatch } from './patch';

export const SECTIONS = {
  general: () => m.settings_section_general(),
  appearance: () => m.settings_section_appearance(),
  reading: () => m.settings_section_reading(),
  tagging: () => m.settings_section_tagging(),
  import: () => m.settings_section_import(),
  ocr: () => m.settings_section_ocr(),
  backups: () => m.settings_section_backups(),
  export: () => m.settings_section_export(),
  shortcuts: () => m.settings_section_shortcuts(),
  privacy: () => m.settings_section_privacy(),
  reset: () => m.settings_section_reset(),
  about: () => m.settings_section_about(),
} satisfies Record<string, () => string>;

export type SectionId = keyof typeof SECTIONS;

export const SECTION_IDS = Object.keys(SECTIONS) as SectionId[];

export interface Entry {
  section: SectionId;
  label: () => string;
  hint?: () => string;
  /** What else it is found by: its values. */
  values?: () => string;
  /** What of the settings it is: a key, or a member of one. */
  of?: keyof Settings | readonly [keyof Settings, string];
}

export const ENTRIES = {
  language: { section: 'general', label: () => m.settings_language(), of: 'language' },
  collation: {
    section: 'general',
    label: () => m.settings_collation(),
    hint: () => m.settings_collation_hint(),
    values: () => `${m.settings_collation_pinyin()} ${m.settings_collation_stroke()}`,
    of: 'collation',
  },
  archiveFolder: {
    section: 'general',
    label: () => m.settings_archive_folder(),
    hint: () => m.settings_archive_folder_hint(),
    of: 'archiveFolder',
  },
  reopen: {
    section: 'general',
    label: () => m.settings_reopen(),
    hint: () => m.settings_reopen_hint(),
    of: 'reopen',
  },
  theme: {
    section: 'appearance',
    label: () => m.settings_theme(),
    values: () => `${m.theme_light()} ${m.theme_sepia()} ${m.theme_dark()}`,
    of: 'theme',
  },
  contrast: {
    section: 'appearance',
    label: () => m.settings_contrast(),
    hint: () => m.settings_contrast_hint(),
    of: 'contrast',
  },
  interfaceSize: {
    section: 'appearance',
    label: () => m.settings_interface_size(),
    hint: () => m.settings_interface_size_hint(),
    of: 'interfaceSize',
  },
  interfaceFont: {
    section: 'appearance',
    label: () => m.settings_interface_font(),
    of: ['fonts', 'interface'],
  },
  motion: {
    section: 'appearance',
    label: () => m.settings_motion(),
    hint: () => m.settings_motion_hint(),
    of: 'motion',
  },
  readingFont: {
    section: 'reading',
    label: () => m.settings_reading_font(),
    hint: () => m.settings_reading_font_hint(),
    of: ['fonts', 'reading'],
  },
  readingSize: { section: 'reading', label: () => m.settings_size(), of: 'readingSize' },
  readingLeading: { section: 'reading', label: () => m.settings_leading(), of: 'readingLeading' },
  readingMeasure: { section: 'reading', label: () => m.settings_measure(), of: 'readingMeasure' },
  readingIndent: { section: 'reading', label: () => m.settings_indent(), of: 'readingIndent' },
  coder: {
    section: 'tagging',
    label: () => m.settings_coder(),
    hint: () => m.settings_coder_hint(),
    of: 'coder',
  },
  pickerAtSelection: {
    section: 'tagging',
    label: () => m.settings_picker_selection(),
    hint: () => m.settings_picker_selection_hint(),
    of: ['picker', 'atSelection'],
  },
  pickerDigits: {
    section: 'tagging',
    label: () => m.settings_picker_digits(),
    hint: () => m.settings_picker_digits_hint(),
    of: ['picker', 'digits'],
  },
  importLook: {
    section: 'import',
    label: () => m.settings_import_look(),
    hint: () => m.settings_import_look_hint(),
  },
  watched: {
    section: 'import',
    label: () => m.settings_watched(),
    hint: () => m.settings_watched_hint(),
    of: 'watched',
  },
  ocr: { section: 'ocr', label: () => m.settings_ocr_here() },
  backupNow: { section: 'backups', label: () => m.settings_backups_here() },
  backupsAutomatic: {
    section: 'backups',
    label: () => m.settings_backups_automatic(),
    hint: () => m.settings_backups_automatic_hint(),
    of: ['backups', 'automatic'],
  },
  backupsEvery: {
    section: 'backups',
    label: () => m.settings_backups_every(),
    of: ['backups', 'everyHours'],
  },
  backupsDaily: {
    section: 'backups',
    label: () => m.settings_backups_daily(),
    hint: () => m.settings_backups_daily_hint(),
    of: ['backups', 'keepDaily'],
  },
  backupsWeekly: {
    section: 'backups',
    label: () => m.settings_backups_weekly(),
    hint: () => m.settings_backups_weekly_hint(),
    of: ['backups', 'keepWeekly'],
  },
  backupsFolder: {
    section: 'backups',
    label: () => m.settings_backups_folder(),
    hint: () => m.settings_backups_folder_hint(),
    of: ['backups', 'folder'],
  },
  exportPaper: {
    section: 'export',
    label: () => m.settings_export_paper(),
    of: ['export', 'paper'],
  },
  exportFont: { section: 'export', label: () => m.settings_export_font(), of: ['export', 'font'] },
  exportLegend: { section: 'export', label: () => m.export_legend(), of: ['export', 'legend'] },
  exportIndex: { section: 'export', label: () => m.export_index(), of: ['export', 'index'] },
  exportMemos: { section: 'export', label: () => m.export_memos(), of: ['export', 'memos'] },
  exportCoders: { section: 'export', label: () => m.export_coders(), of: ['export', 'coders'] },
  shortcuts: { section: 'shortcuts', label: () => m.settings_section_shortcuts(), of: 'shortcuts' },
  places: { section: 'privacy', label: () => m.settings_privacy_places() },
  clearRecent: {
    section: 'privacy',
    label: () => m.settings_clear_recent(),
    hint: () => m.settings_clear_recent_hint(),
  },
  clearPalette: {
    section: 'privacy',
    label: () => m.settings_clear_palette(),
    hint: () => m.settings_clear_palette_hint(),
  },
  clearSearches: {
    section: 'privacy',
    label: () => m.settings_clear_searches(),
    hint: () => m.settings_clear_searches_hint(),
  },
  clearCrashes: { section: 'privacy', label: () => m.settings_clear_crashes() },
  resetAll: {
    section: 'reset',
    label: () => m.settings_reset_all(),
    hint: () => m.settings_reset_all_hint(),
  },
  version: { section: 'about', label: () => m.settings_section_about() },
  licence: { section: 'about', label: () => m.settings_licence() },
  parts: { section: 'about', label: () => m.settings_parts() },
} satisfies Record<string, Entry>;

export type EntryId = keyof typeof ENTRIES;

export const ENTRY_LIST = Object.entries(ENTRIES) as [EntryId, Entry][];

/** The change that makes the settings of a section what they were at first; null where it has none. */
export function resetOf(section: SectionId): SettingsPatch | null {
  const patch: Record<string, null | Record<string, null>> = {};
  for (const [, { section: at, of }] of ENTRY_LIST) {
    if (at !== section || of === undefined) continue;
    if (typeof of === 'string') patch[of] = null;
    else patch[of[0]] = { ...patch[of[0]], [of[1]]: null };
  }
  return Object.keys(patch).length > 0 ? patch : null;
}
