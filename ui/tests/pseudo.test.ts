// Every screen in the language of development: whatever is neither in its brackets nor data was
// never a message, and would stay in one language for ever.
import { describe, expect, it } from 'vitest';
import Root from '../src/Root.svelte';
import { CLOSE, OPEN } from '../src/i18n/pseudo';
import { MemoryPlatform } from '../src/platform/memory';
import { inApp } from './inApp';
import { SCREENS, clear, settled } from './screens';

const SPOKEN = ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-valuetext'];
const MESSAGE = new RegExp(`${OPEN}[^${CLOSE}]*${CLOSE}`, 'g');
/** Names in their own language, keys as they are printed on the keyboard, dates as Intl has them. */
const OWN = [
  '简体中文',
  '繁體中文',
  'English',
  ...['Ctrl', 'Shift', 'Alt', 'Del', 'Esc', 'Tab', 'Home', 'End', 'Space', 'PgUp', 'PgDn'],
];
const DATE =
  /\b(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (?:\d{1,2}, )?\d{4}(?:, \d{1,2}:\d{2}\s?[AP]M)?|\d+ (?:seconds?|minutes?|hours?))\b/gu;

/** Everything that is shown or read out, each with where it stands. */
function spoken(): [string, string][] {
  const found: [string, string][] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Element) {
      for (const name of SPOKEN) {
        const value = node.getAttribute(name);
        if (value) found.push([value, `${node.tagName} ${name}`]);
      }
    } else if (
      node instanceof Text &&
      !['SCRIPT', 'STYLE'].includes(node.parentElement?.tagName ?? '')
    ) {
      const { parentElement } = node;
      if (node.data.trim()) {
        found.push([node.data, `${parentElement?.tagName} ${parentElement?.className}`]);
      }
    }
  }
  return found;
}

describe('in the language of development', () => {
  it.each(SCREENS)('%s shows messages and data only', async (_, open) => {
    const platform = new MemoryPlatform({ open: true, settings: { language: 'pseudo' } });
    // What the archive answered is data.
    let data = '';
    const call = platform.call.bind(platform);
    platform.call = (async (name: 'session', request: never) => {
      const answer = await call(name, request);
      data += JSON.stringify(answer);
      return answer;
    }) as typeof platform.call;
    const { app } = await inApp(Root, {}, platform);
    await settled();
    await open(app, platform);
    await settled();
    const plain = data.replaceAll('\\n', '\n').replaceAll('\\"', '"');
    const texts = spoken();
    clear(app);
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.some(([text]) => text.includes(OPEN))).toBe(true);
    const stray = texts.flatMap(([text, where]) => {
      const rest = text.replace(MESSAGE, '\n').replace(DATE, '\n');
      return rest
        .split(/, |[\n·、/…]/u)
        .map((piece) => piece.trim())
        .filter((piece) => /\p{L}{2}/u.test(piece) && !plain.includes(piece))
        .filter((piece) => !OWN.includes(piece))
        .map((piece) => `${where}: ${piece}`);
    });
    expect([...new Set(stray)]).toEqual([]);
  });
});
