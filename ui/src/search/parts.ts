// The parts of a query as chips.
import { m, message } from '../i18n/messages';
import type { QueryPart } from '../protocol/protocol';

const GROUPS: ReadonlySet<string> = new Set(['all', 'any', 'near']);

/** Whether a part is drawn as its parts in brackets. */
export function isGroup(part: QueryPart): boolean {
  return GROUPS.has(part.kind) && part.parts.length > 0;
}

const QUOTABLE: ReadonlySet<string> = new Set(['phrase', 'original', 'loose', 'wildcard']);

/** Whether a part can be asked for exactly as it stands, or no longer. */
export function isQuotable(part: QueryPart): boolean {
  return QUOTABLE.has(part.kind) && part.parts.length === 0;
}

/** What is written on a chip in front of its words. */
export function kindOf(part: QueryPart): string | null {
  return part.kind === 'phrase' ? null : message(`search_chip_${part.kind}`, part.kind);
}

/** The words of a chip. */
export function wordsOf(part: QueryPart): string {
  // A field may hold parts: 标题:(甲 OR 乙).
  if (part.value === null && part.parts.length > 0) return part.parts.map(spoken).join(' ');
  const value = part.value ?? part.text;
  if (part.kind === 'script') return message(`script_${value}`, value);
  return part.quoted ? m.search_chip_quoted({ words: value }) : value;
}

/** What joins a part of a group to the next one; nothing where both simply have to hold. */
export function joint(group: QueryPart, at: number): string {
  if (group.kind === 'any') return m.search_chip_or();
  if (group.kind !== 'near') return '';
  const relation = group.relations[at] ?? '';
  const within = /\d+/.exec(relation)?.[0];
  if (within !== undefined) return m.search_chip_near({ count: within });
  if (/^(段|PARAGRAPH)$/i.test(relation)) return m.search_chip_paragraph();
  if (/^(句|SENTENCE)$/i.test(relation)) return m.search_chip_sentence();
  return relation;
}

/** A part in words, for those who hear the screen. */
export function spoken(part: QueryPart): string {
  if (part.kind === 'not')
    return m.search_chip_without({ words: part.parts.map(spoken).join(' ') });
  if (isGroup(part)) {
    return part.parts
      .map((inner, i) => [i > 0 ? joint(part, i - 1) : '', spoken(inner)].join(' ').trim())
      .join(' ');
  }
  return [kindOf(part), wordsOf(part)].filter((word) => word !== null).join(' ');
}
