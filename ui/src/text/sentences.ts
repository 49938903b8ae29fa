/** Where sentences begin, for moving a caret. The rule is the one the Rust side cuts by. */

const ENDS = new Set('。！？；!?;…\n');
const CLOSES = new Set('”’」』）)》"');

/** The UTF-16 positions at which the sentences of a text begin, then the text's length. */
export function sentenceStarts(text: string): number[] {
  const starts = [0];
  let ended = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (ended && !CLOSES.has(c) && !ENDS.has(c)) {
      starts.push(i);
      ended = false;
    }
    ended ||= ENDS.has(c);
  }
  if (text.length > 0) starts.push(text.length);
  return starts;
}
