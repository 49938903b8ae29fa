// What a pane in the middle of the window knows about itself.
import { getContext } from 'svelte';

export const PANE = Symbol('pane');

export interface Pane {
  /** Identifier of its tab; none where there is no tab around. */
  readonly tab: string | null;
  /** Whether it is seen: the one in front in its column. Panes behind stay mounted, hidden. */
  readonly shown: boolean;
  /** Whether it is the one that keys and commands are for. */
  readonly active: boolean;
  /** Where its text was read, when the window was left: code points. */
  readonly place: number;
  /** Remembers where its text is read. */
  keepPlace(place: number): void;
}

const ALONE: Pane = { tab: null, shown: true, active: true, place: 0, keepPlace: () => {} };

/** The pane around the component; one that is always in front where there is none. */
export function usePane(): Pane {
  return getContext<Pane | undefined>(PANE) ?? ALONE;
}
