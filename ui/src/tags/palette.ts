/**
 * The colours offered for tags. Strong enough to be told apart as bars, and laid thinly over the
 * paper still legible in every theme; hues in an order that neighbours differ.
 */
export const TAG_COLOURS = [
  '#c0392b',
  '#2471a3',
  '#1e8449',
  '#b9770e',
  '#7d3c98',
  '#117a65',
  '#a93268',
  '#5b6abf',
  '#7a8b1c',
  '#a04b1f',
  '#3d7f8f',
  '#6e5a4b',
] as const;
