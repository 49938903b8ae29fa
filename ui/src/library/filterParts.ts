// A filter in words: for the chips above the list, and for saying why nothing is found.
import { m, message } from '../i18n/messages';
import type { PlaceCount, ReportFilter } from '../protocol/protocol';
import type { App } from '../state/app.svelte';
import type { FacetKind } from './library.svelte';
import { runs } from './years';

export interface FilterPart {
  key: string;
  label: string;
  colour?: string;
  excluded: boolean;
  /** The change that takes it out. */
  without: Partial<ReportFilter>;
}

const KINDS: readonly Exclude<FacetKind, 'years'>[] = [
  'places',
  'organisations',
  'sources',
  'scripts',
  'tags',
  'collections',
  'problems',
];

/** How the list of places names one: in the script of the reports. */
function placeName(places: readonly PlaceCount[], wanted: string): string | undefined {
  for (const { value, name, below } of places) {
    if (value === wanted) return name;
    const found = placeName(below, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name of a value to filter by. */
function labelOf(app: App, kind: FacetKind, value: string): string {
  if (kind === 'tags') return app.tags.byId.get(value)?.name ?? value;
  if (kind === 'collections') return app.collections.byId.get(value)?.name ?? value;
  if (kind === 'places') return placeName(app.library.facets?.places ?? [], value) ?? value;
  if (kind === 'scripts') return message(`script_${value}`, value);
  if (kind === 'problems') return message(`problem_${value}`, value);
  return value;
}

export function filterParts(app: App, filter: ReportFilter): FilterPart[] {
  const parts: FilterPart[] = [];
  const wanted = { years: filter.years, excluded: filter.exclude.years };
  for (const [first, last] of runs(wanted.years)) {
    parts.push({
      key: `years ${first}`,
      label: first === last ? m.year_chip({ year: first }) : m.years_chip({ first, last }),
      excluded: false,
      without: { years: filter.years.filter((year) => year < first || year > last) },
    });
  }
  for (const [first, last] of runs(wanted.excluded)) {
    const label = first === last ? m.year_chip({ year: first }) : m.years_chip({ first, last });
    const years = filter.exclude.years.filter((year) => year < first || year > last);
    parts.push({
      key: `not years ${first}`,
      label: m.facet_without({ label }),
      excluded: true,
      without: { exclude: { ...filter.exclude, years } },
    });
  }
  for (const kind of KINDS) {
    const colour = (value: string) => {
      const found = kind === 'tags' ? app.tags.byId.get(value)?.colour : undefined;
      return found === undefined ? {} : { colour: found };
    };
    for (const value of filter[kind]) {
      parts.push({
        key: `${kind} ${value}`,
        label: labelOf(app, kind, value),
        ...colour(value),
        excluded: false,
        without: { [kind]: filter[kind].filter((other) => other !== value) },
      });
    }
    for (const value of filter.exclude[kind]) {
      const values = filter.exclude[kind].filter((other) => other !== value);
      parts.push({
        key: `not ${kind} ${value}`,
        label: m.facet_without({ label: labelOf(app, kind, value) }),
        ...colour(value),
        excluded: true,
        without: { exclude: { ...filter.exclude, [kind]: values } },
      });
    }
  }
  for (const kind of ['passages', 'memo'] as const) {
    if (filter[kind] === null) continue;
    const label = kind === 'memo' ? m.facet_with_memo() : m.facet_with_passages();
    parts.push({
      key: kind,
      label: filter[kind] ? label : m.facet_without({ label }),
      excluded: !filter[kind],
      without: { [kind]: null },
    });
  }
  return parts;
}
