// Figures, sizes, durations, dates and lists, as the language of the interface writes them. Nothing
// else on the page puts a number, a date or a list into words.
import { locale } from './locale.svelte';

// Making one of these takes longer than using it a thousand times, and a table asks for hundreds.
const kept = new Map<string, unknown>();
function once<T>(kind: string, make: (language: string) => T): T {
  const language = locale();
  const key = `${language} ${kind}`;
  const found = (kept.get(key) as T | undefined) ?? make(language);
  kept.set(key, found);
  return found;
}

/** A count, grouped as the language does it. */
export function number(value: number): string {
  return once('number', (language) => new Intl.NumberFormat(language)).format(value);
}

/** A figure with so many places behind the point. */
export function decimal(value: number, places = 1): string {
  return once(
    `decimal ${places}`,
    (language) =>
      new Intl.NumberFormat(language, {
        minimumFractionDigits: places,
        maximumFractionDigits: places,
      }),
  ).format(value);
}

/** A share of one, as whole percent. */
export function percent(share: number): string {
  return once(
    'percent',
    (language) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }),
  ).format(share);
}

/** An amount of a unit. */
function measure(value: number, unit: string, display: 'short' | 'long', places: number): string {
  return once(
    `${unit} ${display} ${places}`,
    (language) =>
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: display,
        maximumFractionDigits: places,
      }),
  ).format(value);
}

/** Bytes in the unit that reads best. */
export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(
    units.length - 1,
    Math.floor(Math.log(Math.max(1, value)) / Math.log(1000)),
  );
  // The short form of a byte has no plural.
  const [display, places] = power === 0 ? (['long', 0] as const) : (['short', 1] as const);
  return measure(value / 1000 ** power, units[power] ?? 'byte', display, places);
}

/** A duration in seconds, in words. */
export function duration(seconds: number): string {
  if (seconds < 90) return measure(Math.round(seconds), 'second', 'long', 0);
  if (seconds < 5400) return measure(Math.round(seconds / 60), 'minute', 'long', 0);
  return measure(Math.round(seconds / 3600), 'hour', 'long', 0);
}

/** A date of publication, ISO 8601 as precise as known, written no more precisely than that. */
export function publicationDate(iso: string): string {
  const parts = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(iso);
  if (!parts) return iso;
  const [, year, month, day] = parts;
  const date = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)));
  return once(
    `date ${month !== undefined} ${day !== undefined}`,
    (language) =>
      new Intl.DateTimeFormat(language, {
        year: 'numeric',
        ...(month ? { month: language === 'en' ? 'short' : 'long' } : {}),
        ...(day ? { day: 'numeric' } : {}),
        timeZone: 'UTC',
      }),
  ).format(date);
}

/** A moment, ISO 8601 in UTC, in local time. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return once(
    'moment',
    (language) =>
      new Intl.DateTimeFormat(language, {
        dateStyle: 'medium',
        timeStyle: 'short',
        // Where the hours of a list are told in words (清晨), they do not line up.
        ...(language === 'en' ? {} : { hourCycle: 'h23' }),
      }),
  ).format(date);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3_600],
  ['day', 86_400],
  ['week', 604_800],
  ['month', 2_629_800],
  ['year', 31_557_600],
];

/** How long ago a moment was, ISO 8601 in UTC: “3 minutes ago”, “yesterday”. */
export function ago(iso: string, now = Date.now()): string {
  const at = new Date(iso).getTime();
  if (Number.isNaN(at)) return iso;
  const seconds = (at - now) / 1000;
  const [unit, length] = STEPS.findLast(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1];
  const value = unit === 'second' ? 0 : Math.trunc(seconds / length);
  return once(
    'ago',
    (language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }),
  ).format(value, unit);
}

/** Several things in one line: “a, b, and c”, “a、b和c”. */
export function list(items: readonly string[]): string {
  return once('list', (language) => new Intl.ListFormat(language)).format(items);
}

/** Several things with no word before the last, as of a list that goes on: “a, b, c”, “a、b、c”. */
export function enumerated(items: readonly string[]): string {
  // The type `unit` would be meant for it, but writes nothing between Chinese words.
  const between = once('between', (language) =>
    new Intl.ListFormat(language)
      .formatToParts(['1', '2', '3'])
      .find(({ type }) => type === 'literal'),
  );
  return items.join(between?.value ?? ', ');
}

/** The years that a report covers: 2021, or 2016–2020. */
export function years({ from, to }: { from: number; to: number }): string {
  return from === to ? `${from}` : `${from}–${to}`;
}
