import type { Range, Snippet } from '../protocol/protocol';

/** A piece of a snippet: plain, or a match by its number in the report. */
export interface Piece {
  text: string;
  match: number | null;
}

/** Cuts a snippet at its matches. Offsets are code points of the report. */
export function marked(snippet: Snippet, matches: readonly Range[]): Piece[] {
  const characters = Array.from(snippet.text);
  const pieces: Piece[] = [];
  let at = snippet.start;
  const add = (to: number, match: number | null) => {
    if (to <= at) return;
    const text = characters.slice(at - snippet.start, to - snippet.start).join('');
    pieces.push({ text, match });
    at = to;
  };
  matches.forEach(({ start, end }, match) => {
    if (end <= snippet.start || start >= snippet.end) return;
    add(Math.min(start, snippet.end), null);
    // Matches may overlap: the part that is marked already stays with the earlier one.
    add(Math.min(end, snippet.end), match);
  });
  add(snippet.start + characters.length, null);
  return pieces;
}

/** The number of the first match inside a snippet. */
export function firstMatch(snippet: Snippet, matches: readonly Range[]): number {
  return Math.max(
    0,
    matches.findIndex(({ start, end }) => end > snippet.start && start < snippet.end),
  );
}
