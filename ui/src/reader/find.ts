/** Finding in one text, letter for letter, upper and lower case alike. */

import { utf16, type Span } from '../text/offsets';
import type { ReadingText } from '../text/reading';

/** All places of a string that do not overlap, in order. */
export function findAll(text: ReadingText, wanted: string): Span[] {
  const { offsets } = text;
  const needle = wanted.toLowerCase();
  const hay = offsets.text.toLowerCase();
  // A few letters change their length in lower case; then case counts.
  const folded = hay.length === offsets.text.length;
  const [inText, sought] = folded ? [hay, needle] : [offsets.text, wanted];
  const found: Span[] = [];
  if (sought === '') return found;
  for (let at = inText.indexOf(sought); at >= 0; at = inText.indexOf(sought, at + sought.length)) {
    found.push({
      start: offsets.toCodePoint(utf16(at)),
      end: offsets.toCodePoint(utf16(at + sought.length)),
    });
  }
  return found;
}
