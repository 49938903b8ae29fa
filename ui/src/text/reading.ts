/** The reading text of one revision of a report: its blocks, and positions in them. */

import type { Block, Metadata, ReportView } from '../protocol/protocol';
import { firstWhere } from './bisect';
import { codePoint, span, TextOffsets, utf16, type CodePoint, type Span } from './offsets';
import { sentenceStarts } from './sentences';

/** How far a caret moves. `text` is to the beginning or end of everything. */
export type CaretStep = 'character' | 'sentence' | 'block' | 'text';

/** Combining marks, variation selectors among them, stay with the character before them. */
const EXTENDS = /^(?:\p{M}|\u200d)/u;
/** White space as Unicode counts it, with the ideographic space. */
const BLANK = /\s/u;

/** A heading with the place it stands at. */
export interface OutlineEntry {
  readonly block: number;
  readonly level: number;
  readonly text: string;
  readonly start: CodePoint;
}

/** The text of a revision with its blocks; never changes. */
export class ReadingText {
  readonly offsets: TextOffsets;
  readonly blocks: readonly Block[];

  constructor(text: string, blocks: readonly Block[]) {
    this.offsets = new TextOffsets(text);
    // A text without blocks is one paragraph: nothing of a report is ever left out of the page.
    this.blocks =
      blocks.length > 0 || text.length === 0
        ? blocks
        : [{ kind: 'paragraph', start: 0, end: this.offsets.length }];
  }

  /** The text of a report as it came over the wire. */
  static of(view: ReportView): ReadingText {
    return new ReadingText(view.text, view.blocks);
  }

  /** Length in code points. */
  get length(): CodePoint {
    return this.offsets.length;
  }

  /** The characters of a range. */
  slice(range: Span): string {
    return this.offsets.slice(range);
  }

  /** The index of the block that holds a position, or of the last one before it. */
  blockAt(position: CodePoint): number {
    const behind = firstWhere(
      this.blocks.length,
      (index) => (this.blocks[index]?.start ?? 0) > position,
    );
    return Math.max(0, behind - 1);
  }

  /** The title, the headings and the paragraphs that begin with one, in order. */
  outline(): OutlineEntry[] {
    return this.blocks.flatMap((block, index) => {
      const headed = block.kind === 'paragraph' && block.level !== undefined;
      if (block.kind !== 'title' && block.kind !== 'heading' && !headed) return [];
      const text = this.slice(span(block.start, block.end)).trim();
      return [
        {
          block: index,
          level: block.kind === 'title' ? 0 : (block.level ?? 1),
          text: headed ? (text.split('。', 1)[0] ?? text) : text,
          start: codePoint(block.start),
        },
      ];
    });
  }

  /** A range drawn in so that it neither begins nor ends with white space; empty if there is no more. */
  trim(range: Span): Span {
    const characters = [...this.slice(range)];
    let first = 0;
    let last = characters.length;
    while (first < last && BLANK.test(characters[first] ?? '')) first++;
    while (last > first && BLANK.test(characters[last - 1] ?? '')) last--;
    return span(range.start + first, range.start + last);
  }

  /** Where a caret goes from a position; stays where there is no further. */
  move(from: CodePoint, step: CaretStep, forwards: boolean): CodePoint {
    switch (step) {
      case 'text':
        return forwards ? this.length : codePoint(0);
      case 'character':
        return this.#moveCharacter(from, forwards);
      case 'sentence':
        return nearest(this.#sentencesAround(from, forwards), from, forwards) ?? from;
      case 'block': {
        const starts = this.blocks.map((b) => codePoint(b.start));
        starts.push(this.length);
        return nearest(starts, from, forwards) ?? from;
      }
    }
  }

  #moveCharacter(from: CodePoint, forwards: boolean): CodePoint {
    const limit = forwards ? this.length : 0;
    const direction = forwards ? 1 : -1;
    let at = from as number;
    while (at !== limit) {
      at += direction;
      if (at === this.length || !EXTENDS.test(this.slice(span(at, at + 1)))) break;
    }
    return codePoint(at);
  }

  /** Sentence starts of the block at a position and of its neighbour, in order. */
  #sentencesAround(position: CodePoint, forwards: boolean): CodePoint[] {
    const here = this.blockAt(position);
    const around = forwards ? [here, here + 1] : [here - 1, here];
    return around.flatMap((index) => {
      const block = this.blocks[index];
      if (!block) return [];
      const base = this.offsets.toUtf16(codePoint(block.start));
      const text = this.slice(span(block.start, block.end));
      return sentenceStarts(text).map((at) => this.offsets.toCodePoint(utf16(base + at)));
    });
  }
}

function nearest(sorted: CodePoint[], from: CodePoint, forwards: boolean): CodePoint | undefined {
  return forwards ? sorted.find((p) => p > from) : sorted.findLast((p) => p < from);
}

/** The language of a report's text as a page says it, so that its characters have the right forms. */
export function textLanguage({ script }: Pick<Metadata, 'script'>): string {
  return script === 'Hant' ? 'zh-Hant' : 'zh-Hans';
}
