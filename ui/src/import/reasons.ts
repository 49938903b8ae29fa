// Why a file was not imported, in words.
import { message } from '../i18n/messages';
import type { Item } from './items';

export interface Reason {
  /** The same for all files that it holds for. */
  code: string;
  text: string;
  hint: string;
}

export function reasonOf({ state, error }: Item): Reason {
  const code = error?.code ?? 'internal';
  return {
    code,
    text: error
      ? message(`error_${code}`, error.message)
      : message(`import_state_of_${state}`, state),
    hint: message(`error_hint_${code}`, ''),
  };
}

/** Files that were left out, by the reason, most common first. */
export function byReason(items: readonly Item[]): { reason: Reason; items: Item[] }[] {
  const groups = new Map<string, { reason: Reason; items: Item[] }>();
  for (const item of items) {
    if (!['refused', 'failed', 'password', 'mapping'].includes(item.state)) continue;
    const reason = reasonOf(item);
    const group = groups.get(reason.code) ?? { reason, items: [] };
    group.items.push(item);
    groups.set(reason.code, group);
  }
  return [...groups.values()].sort((a, b) => b.items.length - a.items.length);
}
