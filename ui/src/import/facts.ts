// What was recognised of a file, in words.
import { m, message, publicationDate } from '../i18n/messages';
import type { Format, Metadata } from '../protocol/protocol';
import type { Item } from './items';

/** Names of formats: the same in every language, or said in each. */
const NAMES: Record<Format, string | (() => string)> = {
  text: () => m.import_format_text(),
  html: () => m.import_format_html(),
  markdown: 'Markdown',
  mhtml: () => m.import_format_mhtml(),
  pdf: 'PDF',
  ofd: 'OFD',
  doc: 'Word 97',
  docx: 'Word',
  odt: 'ODT',
  rtf: 'RTF',
  epub: 'EPUB',
  spreadsheet: () => m.import_format_spreadsheet(),
  slides: () => m.import_format_slides(),
  csv: 'CSV',
};

export function formatName(format: Format | null): string | null {
  if (format === null) return null;
  const name = NAMES[format];
  return typeof name === 'string' ? name : name();
}

/** The last division of a place, which is what tells reports apart. */
function shortPlace(place: string): string {
  return place.replace(/^.{2,}?(?:省|自治区|自治區)(?=.)/u, '');
}

const said = (facts: (string | null | undefined)[]) =>
  facts.filter((fact): fact is string => fact !== null && fact !== undefined && fact !== '');

/** What a report is about: when, where, whose, from where. */
export function subjectOf(known: Metadata | null): string[] {
  const date = known?.delivered ?? known?.published;
  return said([
    date ? publicationDate(date) : null,
    known?.place ? shortPlace(known.place) : null,
    known?.organisation,
    known?.source,
  ]);
}

/** What it is: kind, script, format, encoding. */
export function formOf(item: Item, known: Metadata | null): string[] {
  return said([
    known?.kind ? message(`report_kind_${known.kind}`, known.kind) : null,
    known?.script ? message(`script_${known.script}`, known.script) : null,
    formatName(item.format),
    item.encoding,
  ]);
}
