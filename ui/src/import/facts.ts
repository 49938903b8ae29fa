// What was recognised of a file, in words.
import { percent } from '../i18n/format';
import { m, message, publicationDate } from '../i18n/messages';
import type { Format, Metadata, NearPair, NearReport } from '../protocol/protocol';
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

/** What a file is to a report that it is like, but for one that is the same. */
export function likenessOf({ title, likeness, same }: NearReport): string | null {
  const told = { title, share: percent(likeness) };
  if (same === 'near') return m.import_near(told);
  if (same === 'extract') return m.import_near_extract(told);
  return same === 'fuller' ? m.import_near_fuller(told) : null;
}

/** The same in a word. */
export function likenessBadge({ likeness, same }: NearReport): string {
  if (same === 'extract') return m.import_badge_extract();
  if (same === 'fuller') return m.import_badge_fuller();
  return m.import_badge_near({ share: percent(likeness) });
}

/** What two reports are to each other. */
export function pairOf({ title, otherTitle, likeness, same }: NearPair): string {
  const share = percent(likeness);
  if (same === 'extract') return m.import_near_pair_extract({ title, other: otherTitle, share });
  if (same === 'fuller') {
    return m.import_near_pair_extract({ title: otherTitle, other: title, share });
  }
  return m.import_near_pair({ title, other: otherTitle, share });
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
