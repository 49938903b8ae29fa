import { setLanguage } from '../i18n/locale.svelte';
import type { Unsubscribe } from '../platform/platform';
import type { JsonValue } from '../protocol/serde_json/JsonValue';
import type { Settings } from '../protocol/protocol';
import { DEFAULTS } from '../settings/defaults';
import { familyList } from '../settings/fonts';
import { patched, type SettingsPatch } from '../settings/patch';
import type { App } from './app.svelte';

export type Theme = 'light' | 'sepia' | 'dark';
const THEMES = ['system', 'light', 'sepia', 'dark'];

/** The limits of the reading settings, in the units of {@link Settings}. */
export const READING = {
  size: { min: 14, max: 32, step: 1 },
  leading: { min: 140, max: 240, step: 10 },
  measure: { min: 24, max: 48, step: 2 },
} as const;

/** The limits of the size of the interface, in percent. */
export const INTERFACE = { min: 90, max: 200, step: 10 } as const;

const SYSTEM = {
  dark: '(prefers-color-scheme: dark)',
  contrast: '(prefers-contrast: more), (forced-colors: active)',
  still: '(prefers-reduced-motion: reduce)',
} as const;

/** The user's settings, and their effect on the page. */
export class SettingsState {
  readonly #app: App;
  value = $state.raw<Settings>(DEFAULTS);
  /** Changes that are being kept. */
  #keeping = 0;
  /** What the system asks for. */
  #system = $state({ dark: false, contrast: false, still: false });
  #zoom = 1;
  /** The theme that is painted. */
  readonly theme: Theme = $derived.by(() => {
    const { theme } = this.value;
    if (theme === 'light' || theme === 'sepia' || theme === 'dark') return theme;
    return this.#system.dark ? 'dark' : 'light';
  });
  /** Whether text and borders stand out more. */
  readonly highContrast = $derived.by(() => {
    const { contrast } = this.value;
    return contrast === 'system' ? this.#system.contrast : contrast === 'more';
  });
  /** Whether things appear where they belong instead of moving there. */
  readonly still = $derived.by(() => {
    const { motion } = this.value;
    return motion === 'system' ? this.#system.still : motion === 'less';
  });

  /** Whether the kept settings are here, and not only those of a first start. */
  #known = false;

  constructor(app: App) {
    this.#app = app;
  }

  /** Follows the system's colours, contrast and motion until the returned function is called. */
  followSystem(): () => void {
    const ends = (Object.keys(SYSTEM) as (keyof typeof SYSTEM)[]).map((wish) => {
      const query = window.matchMedia(SYSTEM[wish]);
      const follow = () => {
        this.#system[wish] = query.matches;
        this.#paint();
      };
      follow();
      query.addEventListener('change', follow);
      return () => query.removeEventListener('change', follow);
    });
    return () => ends.forEach((end) => end());
  }

  /** Takes settings over as they are kept. */
  apply(settings: Settings): void {
    this.#known = true;
    this.value = settings;
    setLanguage(settings.language);
    this.#paint();
  }

  /** Shows settings on the page without keeping them, while a slider is being dragged. */
  show(changes: Partial<Settings>): void {
    this.apply({ ...this.value, ...changes });
  }

  /** Changes settings: at once on the page, then where they are kept. */
  change(changes: SettingsPatch): void {
    this.apply(patched(this.value, changes));
    this.#app.attempt(async () => {
      this.#keeping++;
      try {
        const kept = await this.#app.platform.call('set_settings', { changes });
        // What was changed meanwhile is still to come.
        if (this.#keeping === 1) this.apply(kept);
      } finally {
        this.#keeping--;
      }
    });
  }

  /** Makes some settings what they were at first. */
  reset(keys: readonly (keyof Settings)[]): void {
    this.change(Object.fromEntries(keys.map((key) => [key, null])));
  }

  /** Follows changes made in other windows until the returned function is called. */
  listen(): Unsubscribe {
    return this.#app.platform.on('settings_changed', (settings) => {
      if (this.#keeping === 0) this.apply(settings);
    });
  }

  /** Something that the page keeps for itself, such as the width of a column. */
  page<T extends JsonValue>(key: string, fallback: T): T {
    return (this.value.page[key] as T | undefined) ?? fallback;
  }

  /** Shows it without keeping it, while something is being dragged. */
  showPage(key: string, value: JsonValue): void {
    this.show({ page: { ...this.value.page, [key]: value } });
  }

  setPage(key: string, value: JsonValue): void {
    this.change({ page: { [key]: value } });
  }

  cycleTheme(): void {
    const next = (THEMES.indexOf(this.value.theme) + 1) % THEMES.length;
    this.change({ theme: THEMES[next] ?? 'system' });
  }

  /** Makes reading text so many pixels larger, or as it is made. */
  resizeText(direction: 1 | -1 | 0): void {
    const wanted = direction === 0 ? DEFAULTS.readingSize : this.value.readingSize + direction;
    const readingSize = Math.max(READING.size.min, Math.min(READING.size.max, wanted));
    if (readingSize !== this.value.readingSize) this.change({ readingSize });
  }

  /** Makes the interface one step larger or smaller, or as it is made. */
  resize(direction: 1 | -1 | 0): void {
    const wanted = direction === 0 ? 100 : this.value.interfaceSize + direction * INTERFACE.step;
    const interfaceSize = Math.max(INTERFACE.min, Math.min(INTERFACE.max, wanted));
    if (interfaceSize !== this.value.interfaceSize) this.change({ interfaceSize });
  }

  #paint(): void {
    const { dataset, style } = document.documentElement;
    // What is set anew, if to the same, has every element's style computed anew.
    const set = (name: string, value: string) => {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    };
    const mark = (name: string, value: string) => {
      if (dataset[name] !== value) dataset[name] = value;
    };
    // The shell set the theme before the page was there: a light moment before a dark page dazzles.
    if (this.#known || !dataset['theme']) mark('theme', this.theme);
    mark('contrast', this.highContrast ? 'more' : 'normal');
    mark('motion', this.still ? 'less' : 'normal');
    const zoom = this.value.interfaceSize / 100;
    if (zoom !== this.#zoom) this.#app.platform.zoom(zoom);
    this.#zoom = zoom;
    set('--reading-size', `${this.value.readingSize}px`);
    set('--reading-leading', String(this.value.readingLeading / 100));
    set('--reading-measure', `${this.value.readingMeasure}em`);
    set('--reading-indent', this.value.readingIndent ? '2em' : '0');
    // Families that the user chose stand before the program's own, which fill what they lack.
    const { reading, interface: all } = this.value.fonts;
    set('--font-reading-own', familyList(reading));
    set('--font-interface-own', familyList(all));
  }
}
