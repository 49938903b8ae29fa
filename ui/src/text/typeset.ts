/**
 * Sets a reading text as a page, and goes between its positions and the page's nodes.
 *
 * The text nodes are made once and never written again: highlights are ranges over them, and a
 * range collapses when its node is written. Blocks stand in sections of about fifty, which the
 * engine may leave unlaid while they are out of sight (`content-visibility`, see page.css).
 */

import type { Furniture } from '../protocol/protocol';
import { firstWhere } from './bisect';
import { codePoint, span, utf16, type CodePoint, type Span, type Utf16 } from './offsets';
import { phrases } from './phrases';
import type { ReadingText } from './reading';

/** Blocks to a section. One section for each paragraph would make WebKit crawl. */
export const BLOCKS_PER_SECTION = 50;

/** A run of the text that is one text node. */
interface Piece {
  readonly node: Text;
  /** Units of the whole text. */
  readonly start: Utf16;
  readonly end: Utf16;
}

/** About fifty blocks, with room in the margin for bars and badges. */
export interface Section {
  readonly element: HTMLElement;
  /** Where the reader draws bars. */
  readonly margin: HTMLElement;
  readonly range: Span;
}

/** Where something was set aside; what is shown there is not this module's business. */
export interface AsidePlace {
  readonly element: HTMLElement;
  /** Indices in the report's list of furniture. */
  readonly furniture: readonly number[];
}

/** A page over one reading text. */
export interface Page {
  readonly text: ReadingText;
  readonly sections: readonly Section[];
  readonly asides: readonly AsidePlace[];
  /** The element of a block, by its index; none if it is outside what was set. */
  blockElement(index: number): HTMLElement | undefined;
  /** The DOM ranges of a range of the text, one for each text node that it touches. */
  ranges(range: Span): Range[];
  /** One DOM range over a range of the text, for measuring and selecting. */
  enclosing(range: Span): Range | undefined;
  /** The position of a DOM boundary point; none if it lies outside the page. */
  position(node: Node, offset: number): CodePoint | undefined;
  /** The range of the text that the page's selection covers; none if it lies outside or is empty. */
  selected(selection: Selection | null): Span | undefined;
}

/** What to set and where. */
export interface TypesetOptions {
  /** The element to fill. */
  readonly into: HTMLElement;
  readonly text: ReadingText;
  /** Only the blocks that touch this range; all without it. */
  readonly part?: Span | undefined;
  /** What was set aside, for the places where it stood. */
  readonly furniture?: readonly Furniture[];
}

/** Fills an element with a page. What stood there before is taken out. */
export function typeset({ into, text, part, furniture = [] }: TypesetOptions): Page {
  const document = into.ownerDocument;
  const pieces: Piece[] = [];
  const pieceOf = new Map<Text, Piece>();
  const elements = new Map<number, HTMLElement>();
  const sections: Section[] = [];
  const asides: AsidePlace[] = [];

  const asideAt = furnitureByBlock(text, furniture);
  const placed = [...text.blocks.entries()].filter(
    ([, block]) => !part || (block.start < part.end && block.end > part.start),
  );

  const addPiece = (parent: HTMLElement, start: number, end: number): void => {
    const node = document.createTextNode(text.offsets.text.slice(start, end));
    const piece = { node, start: utf16(start), end: utf16(end) };
    parent.append(node);
    pieces.push(piece);
    pieceOf.set(node, piece);
  };
  /** A title breaks into lines between its phrases. */
  const addPhrases = (parent: HTMLElement, start: number, end: number): void => {
    let at = start;
    for (const phrase of phrases(text.offsets.text.slice(start, end))) {
      if (at > start) parent.append(document.createElement('wbr'));
      addPiece(parent, at, at + phrase.length);
      at += phrase.length;
    }
    if (at === start) addPiece(parent, start, end);
  };
  const addAside = (parent: HTMLElement, before: number): void => {
    const set = part ? undefined : asideAt.get(before);
    if (!set) return;
    const element = document.createElement('div');
    element.className = 'aside';
    parent.append(element);
    asides.push({ element, furniture: set });
  };

  const filled = document.createDocumentFragment();
  for (let from = 0; from < placed.length; from += BLOCKS_PER_SECTION) {
    const members = placed.slice(from, from + BLOCKS_PER_SECTION);
    const element = document.createElement('section');
    element.className = 'sheet';
    const margin = document.createElement('div');
    margin.className = 'margin';
    margin.setAttribute('aria-hidden', 'true');
    element.append(margin);

    let table: HTMLElement | null = null;
    for (const [index, block] of members) {
      const start = text.offsets.toUtf16(codePoint(block.start));
      const end = text.offsets.toUtf16(codePoint(block.end));
      if (asideAt.has(index)) table = null;
      addAside(element, index);
      const set = document.createElement(elementName(block.kind, block.level));
      set.className = `block ${block.kind}`;
      set.dataset['block'] = String(index);
      elements.set(index, set);
      if (block.kind === 'table') {
        if (!table) {
          table = document.createElement('div');
          table.className = 'table';
          table.setAttribute('role', 'table');
          element.append(table);
        }
        table.append(set);
        set.setAttribute('role', 'row');
        addCells(document, set, text.offsets.text, start, end, addPiece);
      } else {
        table = null;
        if (/^[\s\u3000]/u.test(text.offsets.text.slice(start, start + 1)))
          set.classList.add('indented');
        element.append(set);
        if (block.kind === 'title' || block.kind === 'heading') addPhrases(set, start, end);
        else addPiece(set, start, end);
      }
    }
    const ends = members.map(([, block]) => block.end);
    sections.push({ element, margin, range: span(members[0]?.[1].start ?? 0, Math.max(...ends)) });
    filled.append(element);
  }
  const lastSection = sections.at(-1)?.element;
  if (lastSection) addAside(lastSection, text.blocks.length);
  into.replaceChildren(filled);

  const ranges = ({ start, end }: Span): Range[] => {
    const from = text.offsets.toUtf16(start);
    const to = text.offsets.toUtf16(end);
    const found: Range[] = [];
    const first = firstWhere(pieces.length, (i) => (pieces[i]?.end ?? 0) > from);
    for (const piece of pieces.slice(first)) {
      if (piece.start >= to) break;
      const range = document.createRange();
      range.setStart(piece.node, Math.max(from, piece.start) - piece.start);
      range.setEnd(piece.node, Math.min(to, piece.end) - piece.start);
      found.push(range);
    }
    return found;
  };

  const enclosing = (range: Span): Range | undefined => {
    const parts = ranges(range);
    const first = parts[0];
    const last = parts.at(-1);
    if (first && last) {
      first.setEnd(last.endContainer, last.endOffset);
      return first;
    }
    // An empty range, or one that holds nothing but the break between two blocks.
    const at = text.offsets.toUtf16(range.start);
    const piece = pieces.findLast((p) => p.start <= at) ?? pieces[0];
    if (!piece) return undefined;
    const collapsed = document.createRange();
    collapsed.setStart(piece.node, Math.max(0, Math.min(at, piece.end) - piece.start));
    collapsed.collapse(true);
    return collapsed;
  };

  const position = (node: Node, offset: number): CodePoint | undefined => {
    const direct = pieceOf.get(node as Text);
    if (direct) return text.offsets.toCodePoint(utf16(direct.start + offset));
    if (!into.contains(node)) return undefined;
    // A boundary between elements: the first piece that does not lie before it.
    const boundary = document.createRange();
    boundary.setStart(node, offset);
    const low = firstWhere(pieces.length, (i) => {
      const piece = pieces[i];
      return piece !== undefined && boundary.comparePoint(piece.node, 0) >= 0;
    });
    const next = pieces[low];
    const last = pieces.at(-1);
    if (!next) return last && text.offsets.toCodePoint(last.end);
    return text.offsets.toCodePoint(next.start);
  };

  const selected = (selection: Selection | null): Span | undefined => {
    if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return undefined;
    const range = selection.getRangeAt(0);
    const start = position(range.startContainer, range.startOffset);
    const end = position(range.endContainer, range.endOffset);
    if (start === undefined || end === undefined) return undefined;
    const trimmed = text.trim(span(start, end));
    return trimmed.start < trimmed.end ? trimmed : undefined;
  };

  return {
    text,
    sections,
    asides,
    blockElement: (index) => elements.get(index),
    ranges,
    enclosing,
    position,
    selected,
  };
}

/** Headings are headings to a screen reader as well; `h1` is the title. */
function elementName(kind: string, level: number | undefined): string {
  if (kind === 'title') return 'h1';
  if (kind === 'heading') return `h${Math.min(6, 1 + (level ?? 1))}`;
  return kind === 'table' ? 'div' : 'p';
}

/** Cells are cut at tabs; the tab stays in its cell, so that no position is lost. */
function addCells(
  document: Document,
  row: HTMLElement,
  text: string,
  start: number,
  end: number,
  addPiece: (parent: HTMLElement, start: number, end: number) => void,
): void {
  let from = start;
  while (from < end) {
    const tab = text.indexOf('\t', from);
    const to = tab < 0 || tab >= end ? end : tab + 1;
    const cell = document.createElement('span');
    cell.setAttribute('role', 'cell');
    row.append(cell);
    addPiece(cell, from, to);
    from = to;
  }
}

/** The furniture that stood before each block; the number of blocks stands for the end. */
function furnitureByBlock(
  text: ReadingText,
  furniture: readonly Furniture[],
): Map<number, number[]> {
  const places = new Map<number, number[]>();
  furniture.forEach((piece, index) => {
    const found = text.blocks.findIndex((block) => block.start >= piece.position);
    const place = found < 0 ? text.blocks.length : found;
    places.set(place, [...(places.get(place) ?? []), index]);
  });
  return places;
}
