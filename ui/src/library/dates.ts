// Dates as people write them, as far as they are known: a year, a month, a day, a minute.

const CHINESE = '〇一二三四五六七八九';

/** Digits of any width, and years in Chinese digits, as plain ones. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[零○Ｏ]/g, '〇')
    .replace(/[〇一二三四五六七八九]{4}(?=年)/g, (year) =>
      Array.from(year, (digit) => CHINESE.indexOf(digit)).join(''),
    )
    .trim();
}

const two = (value: string | undefined) => value?.padStart(2, '0');

/**
 * A date in ISO 8601, no more precise than it is written: `2021`, `2021-2`, `2021年2月4日`,
 * `2021/2/4 15:15`. Null, where it is none; the empty string is the empty date.
 */
export function isoDate(text: string): string | null {
  const written = plain(text);
  if (written === '') return '';
  const parts =
    /^(\d{4})(?:年|(?=[-/.])|$)(?:[-/.]?(\d{1,2})(?:月|(?=[-/.])|$)(?:[-/.]?(\d{1,2})[日号]?(?:[T\s]*(\d{1,2}):(\d{2})(?::(\d{2}))?)?)?)?$/.exec(
      written.replace(/\s*([年月日号])\s*/g, '$1'),
    );
  if (!parts) return null;
  const [, year = '', month, day, hour, minute, second] = parts;
  if (Number(year) < 1) return null;
  if (month !== undefined && (Number(month) < 1 || Number(month) > 12)) return null;
  if (day !== undefined) {
    const days = new Date(Date.UTC(2000, Number(month), 0)).getUTCDate();
    const leap = new Date(Date.UTC(Number(year), 1, 29)).getUTCMonth() === 1;
    const most = Number(month) === 2 ? (leap ? 29 : 28) : days;
    if (Number(day) < 1 || Number(day) > most) return null;
  }
  if (hour !== undefined && (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59))
    return null;
  const date = [year, two(month), two(day)].filter(Boolean).join('-');
  if (hour === undefined) return date;
  return `${date}T${two(hour)}:${minute}${second === undefined ? '' : `:${second}`}`;
}
