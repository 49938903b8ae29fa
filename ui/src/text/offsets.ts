/**
 * Positions in one text: Unicode code points (what is stored and what goes over the wire) and
 * UTF-16 code units (what the page counts in). The two are different types, so that one never
 * passes for the other; `TextOffsets` is the only place that turns one into the other.
 */

import { firstWhere } from './bisect';

declare const unit: unique symbol;

/** A position or length in Unicode code points. */
export type CodePoint = number & { readonly [unit]: 'code point' };

/** A position or length in UTF-16 code units. */
export type Utf16 = number & { readonly [unit]: 'utf-16' };

/** A half-open range of code points. */
export interface Span {
  readonly start: CodePoint;
  readonly end: CodePoint;
}

/** Takes a number from the wire, or one counted here, as a position in code points. */
export function codePoint(value: number): CodePoint {
  return value as CodePoint;
}

/** Takes a number from the page (a `Range`, a string index) as a position in UTF-16 units. */
export function utf16(value: number): Utf16 {
  return value as Utf16;
}

/** A range of code points from two numbers of the wire, in either order. */
export function span(start: number, end: number): Span {
  return { start: codePoint(Math.min(start, end)), end: codePoint(Math.max(start, end)) };
}

/** Code units between two checkpoints: a look-up walks at most this far. */
const STRIDE = 512;

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/**
 * Converts between code points and UTF-16 units of one text.
 *
 * Texts without a character above U+FFFF, which is nearly all of them, cost nothing; the others
 * keep one number for every 512 units. A position inside a surrogate pair counts as the one
 * before the pair; positions outside the text are drawn to its ends.
 */
export class TextOffsets {
  /** Length in code points. */
  readonly length: CodePoint;
  /** `checkpoints[i]` is the number of code points before unit `i * STRIDE`; null: all are BMP. */
  readonly #checkpoints: Uint32Array | null;

  constructor(readonly text: string) {
    const checkpoints = new Uint32Array(Math.floor(text.length / STRIDE) + 1);
    let points = 0;
    for (let i = 0; i < text.length; i++) {
      if (i % STRIDE === 0) checkpoints[i / STRIDE] = points;
      if (!this.#insidePair(i)) points++;
    }
    if (text.length % STRIDE === 0) checkpoints[text.length / STRIDE] = points;
    this.length = codePoint(points);
    this.#checkpoints = points === text.length ? null : checkpoints;
  }

  /** The UTF-16 position of a code point. */
  toUtf16(at: CodePoint): Utf16 {
    const wanted = Math.min(Math.max(at, 0), this.length);
    const checkpoints = this.#checkpoints;
    if (!checkpoints) return utf16(wanted);
    // The last checkpoint at or before the code point.
    const last = firstWhere(checkpoints.length, (i) => (checkpoints[i] ?? 0) > wanted) - 1;
    let points = checkpoints[last] ?? 0;
    let i = last * STRIDE;
    // A checkpoint inside a pair has counted the pair already.
    if (this.#insidePair(i)) i++;
    while (points < wanted) {
      i += isHigh(this.text.charCodeAt(i)) && isLow(this.text.charCodeAt(i + 1)) ? 2 : 1;
      points++;
    }
    return utf16(i);
  }

  /** The code point at a UTF-16 position. */
  toCodePoint(at: Utf16): CodePoint {
    const wanted = Math.min(Math.max(at, 0), this.text.length);
    const checkpoints = this.#checkpoints;
    if (!checkpoints) return codePoint(wanted);
    const first = Math.floor(wanted / STRIDE);
    let points = checkpoints[first] ?? 0;
    for (let i = first * STRIDE; i < wanted; i++) if (!this.#insidePair(i)) points++;
    return codePoint(this.#insidePair(wanted) ? points - 1 : points);
  }

  /** The text of a range. */
  slice({ start, end }: Span): string {
    return this.text.slice(this.toUtf16(start), this.toUtf16(end));
  }

  #insidePair(i: number): boolean {
    return (
      i > 0 &&
      i < this.text.length &&
      isLow(this.text.charCodeAt(i)) &&
      isHigh(this.text.charCodeAt(i - 1))
    );
  }
}

/** The number of code points of a string. */
export function countCodePoints(text: string): CodePoint {
  return new TextOffsets(text).length;
}
