/**
 * Runs something when what the page shows now has been painted: behind the next frame. Never, where the
 * returned function is called before.
 */
export function afterPaint(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // What a frame's callback sets off comes when the frame is painted.
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(run);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
