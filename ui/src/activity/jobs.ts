/** The last part of a path, whichever system it is of. */
export function fileName(path: string): string {
  return path.replace(/[/\\]+$/, '').replace(/^.*[/\\]/, '');
}
