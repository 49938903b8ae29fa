import { setLanguage } from '../i18n/locale.svelte';
import type { JsonValue } from '../protocol/serde_json/JsonValue';
import type { Settings } from '../protocol/protocol';
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
  value = $state.raw<Settings>({
    language: 'system',
    theme: 'system',
    readingSize: 18,
    readingLeading: 180,
    readingMeasure: 36,
    coder: '',
    interfaceSize: 100,
    contrast: 'system',
    motion: 'system',
    page: {},
  });
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
    this.value = settings;
    setLanguage(settings.language);
    this.#paint();
  }

  /** Shows settings on the page without keeping them, while a slider is being dragged. */
  show(changes: Partial<Settings>): void {
    this.apply({ ...this.value, ...changes });
  }

  /** Changes settings: at once on the page, then where they are kept. */
  change(changes: Partial<Settings>): void {
    this.show(changes);
    this.#app.attempt(() => this.#app.platform.call('set_settings', this.value));
  }

  /** Something that the page keeps for itself, such as the width of a column. */
  page<T extends JsonValue>(key: string, fallback: T): T {
    return (this.value.page[key] as T | undefined) ?? fallback;
  }

  setPage(key: string, value: JsonValue): void {
    this.change({ page: { ...this.value.page, [key]: value } });
  }

  cycleTheme(): void {
    const next = (THEMES.indexOf(this.value.theme) + 1) % THEMES.length;
    this.change({ theme: THEMES[next] ?? 'system' });
  }

  /** Makes the interface one step larger or smaller, or as it is made. */
  resize(direction: 1 | -1 | 0): void {
    const wanted = direction === 0 ? 100 : this.value.interfaceSize + direction * INTERFACE.step;
    const interfaceSize = Math.max(INTERFACE.min, Math.min(INTERFACE.max, wanted));
    if (interfaceSize !== this.value.interfaceSize) this.change({ interfaceSize });
  }

  #paint(): void {
    const { dataset, style } = document.documentElement;
    dataset['theme'] = this.theme;
    dataset['contrast'] = this.highContrast ? 'more' : 'normal';
    dataset['motion'] = this.still ? 'less' : 'normal';
    const zoom = this.value.interfaceSize / 100;
    if (zoom !== this.#zoom) this.#app.platform.zoom(zoom);
    this.#zoom = zoom;
    style.setProperty('--reading-size', `${this.value.readingSize}px`);
    style.setProperty('--reading-leading', String(this.value.readingLeading / 100));
    style.setProperty('--reading-measure', `${this.value.readingMeasure}em`);
  }
}
