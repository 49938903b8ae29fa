/**
 * Runs something when what the page shows now has been painted; never, where the returned function
 * is called before. The first frame is the one that paints it, the second comes behind that.
 */
export function afterPaint(run: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(run);
  });
  return () => cancelAnimationFrame(frame);
}
