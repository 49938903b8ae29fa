/**
 * Hears of a measure of an element while it is seen. A view behind others measures 0, and stays as it is
 * until it comes back.
 */
export function whileSeen(take: (size: number) => void): (size: number) => void {
  return (size) => {
    if (size > 0) take(size);
  };
}
