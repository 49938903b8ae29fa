import { LONGEST_QUERY, MOST_QUERIES } from '../state/workspace';

/** What was searched in this archive, the latest first. Kept with the layout of the window. */
export class QueryHistory {
  list = $state.raw<readonly string[]>([]);

  note(query: string): void {
    const noted = query.trim();
    // Pasted text is no query to come back to.
    if (noted === '' || noted.length > LONGEST_QUERY || this.list[0] === noted) return;
    this.list = [noted, ...this.list.filter((other) => other !== noted)].slice(0, MOST_QUERIES);
  }

  forget(query: string): void {
    this.list = this.list.filter((other) => other !== query);
  }

  clear(): void {
    this.list = [];
  }
}
