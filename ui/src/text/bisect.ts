/**
 * The first index from 0 to `length` for which a test holds, the test being false up to some index
 * and true from there on; `length` if it never holds.
 */
export function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
