import { m } from '../i18n/messages';

/** The languages to choose from, each in its own name. */
export function LANGUAGES(): { value: string; label: string }[] {
  return [
    { value: 'system', label: m.settings_system() },
    { value: 'zh-Hans', label: '简体中文' },
    { value: 'zh-Hant', label: '繁體中文' },
    { value: 'en', label: 'English' },
  ];
}
