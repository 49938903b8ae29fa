// What was recognised of a file, in words.
import { message, publicationDate } from '../i18n/messages';
import type { Metadata } from '../protocol/protocol';
import type { Item } from './items';

/** Names of formats that are the same in every language and no abbreviations. */
const NAMES: Record<string, string> = { doc: 'Word 97', docx: 'Word', markdown: 'Markdown' };

export function formatName(format: string | null): string | null {
  return format === null
    ? null
    : message(`import_format_${format}`, NAMES[format] ?? format.toUpperCase());
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
