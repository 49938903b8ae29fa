// What a pane in the middle of the window knows about itself.
import { getContext } from 'svelte';

export const PANE = Symbol('pane');

export interface Pane {
  /** Whether it is the one in front. Panes behind stay mounted, hidden. */
  readonly active: boolean;
}

/** The pane around the component; one that is always in front where there is none. */
export function usePane(): Pane {
  return getContext<Pane | undefined>(PANE) ?? { active: true };
}
