// What reports are filtered by: in the library's list, and among what a search finds.
import { emptyFilter } from '../platform/platform';
import type { ReportFilter } from '../protocol/protocol';

/** The kinds of filter that have values, besides the words. */
export type FacetKind = {
  [K in keyof ReportFilter]: ReportFilter[K] extends (string | number)[] ? K : never;
}[keyof ReportFilter];

const typed = (kind: FacetKind, value: string): string | number =>
  kind === 'years' ? Number(value) : value;

/** A filter whose values are taken and excluded one by one. */
export abstract class Filtering {
  filter = $state.raw<ReportFilter>(emptyFilter());

  readonly filtered: boolean = $derived(
    JSON.stringify({ ...this.filter, text: this.filter.text.trim() }) !==
      JSON.stringify(emptyFilter()),
  );

  abstract setFilter(changes: Partial<ReportFilter>): void;

  /** Adds a value to the filter, or takes it out. */
  toggle(kind: FacetKind, value: string): void {
    if (this.isExcluded(kind, value)) {
      this.toggleExcluded(kind, value);
      return;
    }
    const before: readonly (string | number)[] = this.filter[kind];
    const one = typed(kind, value);
    const after = before.includes(one) ? before.filter((other) => other !== one) : [...before, one];
    this.setFilter({ [kind]: after });
  }

  has(kind: FacetKind, value: string): boolean {
    const values: readonly (string | number)[] = this.filter[kind];
    return values.includes(typed(kind, value));
  }

  /** What a report must not have: adds a value, or takes it out. */
  toggleExcluded(kind: FacetKind, value: string): void {
    const one = typed(kind, value);
    const before: readonly (string | number)[] = this.filter.exclude[kind];
    const excluded = before.includes(one);
    const wanted: readonly (string | number)[] = this.filter[kind];
    this.setFilter({
      [kind]: wanted.filter((other) => other !== one),
      exclude: {
        ...this.filter.exclude,
        [kind]: excluded ? before.filter((other) => other !== one) : [...before, one],
      },
    });
  }

  isExcluded(kind: FacetKind, value: string): boolean {
    const values: readonly (string | number)[] = this.filter.exclude[kind];
    return values.includes(typed(kind, value));
  }

  clearFilter(): void {
    this.setFilter(emptyFilter());
  }
}
