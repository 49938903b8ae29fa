/** What was only noted about a text, and is nothing to look after. */
const NOTED = new Set([
  'glosses_removed',
  'spam_removed',
  'breaks_restored',
  'page_numbers_removed',
  'half_width_punctuation',
  'characters_replaced',
  'markup_removed',
  'hidden_text',
  'encoding_overruled',
]);

/** Whether somebody should look after a problem with this code. */
export function wantsLook(code: string): boolean {
  return !NOTED.has(code);
}
