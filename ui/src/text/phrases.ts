/**
 * Where a title may be broken into lines. Chinese breaks between any two characters, which tears
 * names and years apart: 南埔市僑 / 聯二〇一 / 九年. No engine that we run in breaks by phrases yet
 * (`word-break: auto-phrase`), so this is done with the words of ICU.
 */

const words =
  typeof Intl.Segmenter === 'function' ? new Intl.Segmenter('zh', { granularity: 'word' }) : null;

const NUMERAL = /^[\d〇零一二三四五六七八九十百千万萬两兩]+/u;
const HAN = /^\p{Script=Han}/u;
const OPENS = /[（(《〈“‘「『【]$/u;

/** Cuts a title into phrases; together they are the title. */
export function phrases(title: string): string[] {
  if (!words) return [title];
  const cut: string[] = [];
  for (const { segment, isWordLike } of words.segment(title)) {
    const before = cut.at(-1);
    if (before === undefined || OPENS.test(segment)) {
      cut.push(segment);
      continue;
    }
    // What ICU leaves as single characters stays together: it knows few names. A number begins
    // anew, and takes along what it counts.
    const inNumber = NUMERAL.exec(before)?.[0] === before;
    const single = [...segment].length === 1 && HAN.test(segment);
    const joins = NUMERAL.test(segment) ? inNumber : single || (inNumber && HAN.test(segment));
    const stays = !isWordLike || OPENS.test(before) || joins;
    if (stays) cut[cut.length - 1] = before + segment;
    else cut.push(segment);
  }
  return cut;
}
