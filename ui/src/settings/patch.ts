// Changes of the settings, as the archive applies them: what is named is set, members of an object
// one by one; what is `null` goes back to what it was at first.
import type { Commands, Settings } from '../protocol/protocol';
import { DEFAULTS } from './defaults';

export type SettingsPatch = Commands['set_settings'][0]['changes'];

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings after a change. */
export function patched(settings: Settings, patch: SettingsPatch): Settings {
  const next: Members = { ...settings };
  for (const [key, change] of Object.entries(patch)) {
    const atFirst = (DEFAULTS as unknown as Members)[key];
    if (change === null || change === undefined) next[key] = atFirst;
    else if (isObject(change) && isObject(next[key])) {
      const members: Members = { ...next[key] };
      for (const [name, value] of Object.entries(change)) {
        if (value !== null) members[name] = value;
        else if (isObject(atFirst) && Object.hasOwn(atFirst, name)) members[name] = atFirst[name];
        else Reflect.deleteProperty(members, name);
      }
      next[key] = members;
    } else next[key] = change;
  }
  return next as unknown as Settings;
}
