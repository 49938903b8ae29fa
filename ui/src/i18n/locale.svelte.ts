// The language of the interface. Messages read it through a rune, so that every text on the page
// changes with it and nothing has to be loaded again.
import {
  baseLocale,
  isLocale,
  locales,
  overwriteGetLocale,
  type Locale,
} from '../paraglide/runtime';

export { locales, type Locale };

/** The language of development (see pseudo.ts), as a setting. */
export const PSEUDO = 'pseudo';

let current = $state<Locale>(baseLocale);
let pseudo = $state(false);
overwriteGetLocale(() => current);

/** The language now. */
export function locale(): Locale {
  return current;
}

/** Whether messages are shown in the language of development. */
export function inPseudo(): boolean {
  return pseudo;
}

/** The best of our languages for the languages that the system prefers. */
export function systemLocale(preferred: readonly string[] = navigator.languages): Locale {
  for (const tag of preferred) {
    const lower = tag.toLowerCase();
    if (lower.startsWith('zh')) {
      return /hant|tw|hk|mo/.test(lower) ? 'zh-Hant' : 'zh-Hans';
    }
    if (lower.startsWith('en')) return 'en';
  }
  return baseLocale;
}

/** Sets the language from a setting: one of ours, or `system`. */
export function setLanguage(setting: string): void {
  pseudo = import.meta.env.DEV && setting === PSEUDO;
  if (pseudo) current = 'en';
  else current = isLocale(setting) ? setting : systemLocale();
  // Set to the same, it would have every element's style computed anew.
  const root = document.documentElement;
  if (root.lang !== current) root.lang = current;
}
