/** A family for a style sheet, with the comma behind it; nothing where none is chosen. */
export function familyList(family: string): string {
  // Quotes and backslashes have a meaning there, and no family a reason to have them.
  const name = family.replace(/["\\\n]/g, '').trim();
  return name === '' ? '' : `"${name}", `;
}
