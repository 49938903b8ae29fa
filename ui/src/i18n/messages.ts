// Messages: `m.key()` where the key is known, `message(key)` where it comes from data.
import * as all from '../paraglide/messages';
import { locale } from './locale.svelte';

export { m } from '../paraglide/messages';

type Message = (inputs?: Record<string, unknown>) => string;
const table = (all as unknown as { m: Record<string, Message> }).m;

/** The message with this key, or `fallback` where the key is from a newer archive than this page. */
export function message(
  key: string,
  fallback: string,
  inputs: Record<string, unknown> = {},
): string {
  const found = Object.hasOwn(table, key) ? table[key] : undefined;
  return found ? found(inputs) : fallback;
}

/** A count, grouped as the language does it. */
export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** Bytes in the unit that reads best. */
export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(
    units.length - 1,
    Math.floor(Math.log(Math.max(1, value)) / Math.log(1000)),
  );
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: 1,
  }).format(value / 1000 ** power);
}

/** A duration in seconds, in words. */
export function duration(seconds: number): string {
  const [value, unit] =
    seconds < 90
      ? [seconds, 'second']
      : seconds < 5400
        ? [seconds / 60, 'minute']
        : [seconds / 3600, 'hour'];
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: unit as string,
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  }).format(Math.round(value as number));
}

/** A date of publication, ISO 8601 as precise as known, written no more precisely than that. */
export function publicationDate(iso: string): string {
  const parts = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(iso);
  if (!parts) return iso;
  const [, year, month, day] = parts;
  const date = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)));
  return new Intl.DateTimeFormat(locale(), {
    year: 'numeric',
    ...(month ? { month: locale() === 'en' ? 'short' : 'long' } : {}),
    ...(day ? { day: 'numeric' } : {}),
    timeZone: 'UTC',
  }).format(date);
}

/** A moment, ISO 8601 in UTC, in local time. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(
    date,
  );
}
