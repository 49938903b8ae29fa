// A language for development: every message longer, accented and in brackets, so that text that
// never went through the messages, and places that are too narrow, show at a glance.
const PLAIN = 'AaBCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz';
const ACCENTED = 'ÀàƁÇçĎďÈèĜĝĤĥÎîĴĵĶķĹĺÑñÔôŔŕŠšŤťÛûŴŵÝýŽž';
const ACCENT = new Map(Array.from(PLAIN, (letter, i) => [letter, [...ACCENTED][i] ?? letter]));
// Stand-ins for what is put into a message, of the private use area.
const INPUT_START = '\uE000';
const INPUT_END = '\uE001';
const INPUT = new RegExp(`${INPUT_START}(\\d+)${INPUT_END}`, 'g');

/** What stands around every message. */
export const OPEN = '⟦';
export const CLOSE = '⟧';

/** A text in the language of development: two fifths longer, as German is to English. */
export function pseudo(text: string): string {
  const accented = text.replace(/\p{L}/gu, (letter) => ACCENT.get(letter) ?? letter);
  const longer = '·'.repeat(Math.max(1, Math.round(text.length * 0.4)));
  return `${OPEN}${accented}${longer}${CLOSE}`;
}

type Message = (inputs?: Record<string, unknown>, options?: unknown) => string;

/** A message that answers in the language of development; what is put into it stays as it is. */
export function pseudoMessage(message: Message): Message {
  return (inputs = {}, options) => {
    const values = Object.values(inputs);
    // Numbers are handed over as they are: the choice between one and many hangs on them.
    const marked = Object.fromEntries(
      Object.entries(inputs).map(([name, value], i) => [
        name,
        typeof value === 'number' || /^\d+$/.test(String(value))
          ? value
          : `${INPUT_START}${i}${INPUT_END}`,
      ]),
    );
    const text = message(marked, options);
    const inner = pseudo(text);
    return inner.replace(INPUT, (_, at: string) => `${CLOSE}${String(values[Number(at)])}${OPEN}`);
  };
}
