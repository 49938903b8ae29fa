/** So many queries are remembered. */
const MOST = 50;
/** And so much of each, in UTF-16 units: pasted text is no query to come back to. */
const LONGEST = 500;

/** What was searched in this archive, the latest first. Kept with the layout of the window. */
export class QueryHistory {
  list = $state.raw<readonly string[]>([]);

  note(query: string): void {
    const noted = query.trim();
    if (noted === '' || noted.length > LONGEST || this.list[0] === noted) return;
    this.list = [noted, ...this.list.filter((other) => other !== noted)].slice(0, MOST);
  }

  forget(query: string): void {
    this.list = this.list.filter((other) => other !== query);
  }

  clear(): void {
    this.list = [];
  }

  /** Takes over what was kept, as far as it is understood. */
  restore(kept: readonly unknown[]): void {
    const queries = kept.filter(
      (query): query is string => typeof query === 'string' && query.trim() !== '',
    );
    this.list = [...new Set(queries)].filter((query) => query.length <= LONGEST).slice(0, MOST);
  }
}
