// Messages: `m.key()` where the key is known, `message(key)` where it comes from data; and, with
// them, what format.ts puts into words.
import * as all from '../paraglide/messages';
import { inPseudo } from './locale.svelte';
import { pseudoMessage } from './pseudo';

export { bytes, duration, moment, number, publicationDate, years } from './format';

type Message = (inputs?: Record<string, unknown>) => string;
type Messages = typeof all.m;

/** In development the language of development may be chosen; a build has the messages alone. */
function orPseudo(messages: Messages): Messages {
  if (!import.meta.env.DEV) return messages;
  const wrapped = new Map<string, Message>();
  return new Proxy(messages, {
    get(target, key, receiver) {
      const plain: unknown = Reflect.get(target, key, receiver);
      if (typeof plain !== 'function' || typeof key !== 'string' || !inPseudo()) return plain;
      const found = wrapped.get(key) ?? pseudoMessage(plain as Message);
      wrapped.set(key, found);
      return found;
    },
  });
}

export const m = orPseudo(all.m);
const table = m as unknown as Record<string, Message>;

/** The message with this key, or `fallback` where the key is from a newer archive than this page. */
export function message(
  key: string,
  fallback: string,
  inputs: Record<string, unknown> = {},
): string {
  const found = Object.hasOwn(all.m, key) ? table[key] : undefined;
  return found ? found(inputs) : fallback;
}
