// What jsdom does not have and the components ask for.
import { configure } from '@testing-library/svelte';
import { vi } from 'vitest';

/** The height of everything that is observed: a window of 600, rows of 36 inside it. */
const VIEWPORT = { width: 1200, height: 600 };
const ROW = { width: 1200, height: 36 };

class Sizes {
  readonly #callback: ResizeObserverCallback;

  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback;
  }

  observe(target: HTMLElement) {
    // The virtual list places its rows absolutely.
    const contentRect = target.style.position === 'absolute' ? ROW : VIEWPORT;
    queueMicrotask(() => {
      if (!target.isConnected) return;
      const entry = { target, contentRect } as unknown as ResizeObserverEntry;
      this.#callback([entry], this as unknown as ResizeObserver);
    });
  }
  unobserve() {}
  disconnect() {}
}
class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', Sizes);
vi.stubGlobal('IntersectionObserver', NoObserver);
Object.defineProperty(HTMLElement.prototype, 'offsetParent', {
  configurable: true,
  get(this: HTMLElement) {
    return this.parentElement;
  },
});
Element.prototype.scrollIntoView = () => {};
Element.prototype.scrollTo = () => {};
Element.prototype.scrollBy = () => {};
Element.prototype.hasPointerCapture = () => false;
if (typeof CSS === 'undefined') vi.stubGlobal('CSS', {});
CSS.escape ??= (text) => text.replace(/[^\w-]/gu, '\\$&');
window.matchMedia = (media) =>
  ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;

// The first language of the application.
Object.defineProperty(navigator, 'languages', { value: ['zh-CN'] });
// A failed look-up says which one, without the whole page.
configure({ getElementError: (text) => new Error(text ?? 'not found') });
