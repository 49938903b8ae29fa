import type { Settings } from '../protocol/protocol';

/** The settings of a new installation, as the archive has them too. */
export const DEFAULTS: Settings = {
  language: 'system',
  theme: 'system',
  readingSize: 18,
  readingLeading: 180,
  readingMeasure: 36,
  readingIndent: true,
  coder: '',
  interfaceSize: 100,
  contrast: 'system',
  motion: 'system',
  fonts: { reading: '', interface: '' },
  collation: 'pinyin',
  archiveFolder: '',
  reopen: true,
  picker: { atSelection: true, digits: true },
  backups: { automatic: true, everyHours: 24, keepDaily: 7, keepWeekly: 8, folder: '' },
  export: { paper: 'a4', font: '', legend: true, index: true, memos: true, coders: true },
  watched: [],
  shortcuts: {},
  page: {},
};
