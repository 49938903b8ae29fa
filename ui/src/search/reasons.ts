// Why a report is a hit, in few words.
import { m, message } from '../i18n/messages';
import type { HitReason } from '../protocol/protocol';

const place = ({ place: where }: HitReason) => message(`search_why_${where}`, where);

/**
 * Where the parts of the query stand: those that stand in the same places together, and without names
 * where that is all of them. That one stands there only in the other form of its characters is said
 * once.
 */
export function reason(why: readonly HitReason[]): string {
  const phrases = new Map<string, string[]>();
  for (const each of why) {
    const before = phrases.get(each.phrase) ?? [];
    if (!before.includes(place(each))) phrases.set(each.phrase, [...before, place(each)]);
  }
  const wheres = new Map<string, string[]>();
  for (const [phrase, places] of phrases) {
    const where = places.join(' · ');
    wheres.set(where, [...(wheres.get(where) ?? []), phrase]);
  }
  const parts = [...wheres].map(([where, of]) =>
    wheres.size === 1 ? where : m.told_of({ what: of.join(m.search_why_or()), told: where }),
  );
  if (why.some(({ alternative }) => alternative)) parts.push(m.search_why_alternative());
  return parts.join(m.between_phrases());
}
