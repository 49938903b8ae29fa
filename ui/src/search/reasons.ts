// Why a report is a hit, in few words.
import { m, message } from '../i18n/messages';
import type { HitReason } from '../protocol/protocol';

const place = ({ place: where }: HitReason) => message(`search_why_${where}`, where);

/**
 * Where each part of the query stands. One part alone needs no name; that a part stands there only in
 * the other form of its characters is said once.
 */
export function reason(why: readonly HitReason[]): string {
  const phrases = new Map<string, string[]>();
  for (const each of why) {
    const before = phrases.get(each.phrase) ?? [];
    if (!before.includes(place(each))) phrases.set(each.phrase, [...before, place(each)]);
  }
  const only = phrases.size === 1;
  const parts = [...phrases].map(([phrase, places]) => {
    const where = places.join(' · ');
    return only ? where : m.search_why_phrase({ phrase, where });
  });
  if (why.some(({ alternative }) => alternative)) parts.push(m.search_why_alternative());
  return parts.join(m.search_why_and());
}
