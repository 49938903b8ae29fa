// Shows a component over an archive in memory.
import { render, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import type { Component } from 'svelte';
import { vi } from 'vitest';
import { loadParts } from '../src/components/part.svelte';
import { MemoryPlatform } from '../src/platform/memory';
import { emptyFilter } from '../src/platform/platform';
import { App, appContext } from '../src/state/app.svelte';
import InApp from './InApp.svelte';

/** All is in sight where there is no layout. */
class AllInSight {
  readonly #callback: IntersectionObserverCallback;
  constructor(callback: IntersectionObserverCallback) {
    this.#callback = callback;
  }
  observe(target: Element) {
    const entry = { target, isIntersecting: true } as IntersectionObserverEntry;
    queueMicrotask(() => this.#callback([entry], this as unknown as IntersectionObserver));
  }
  unobserve() {}
  disconnect() {}
}

/** Shows a component with the example archive open. */
export async function inApp(
  shown: unknown,
  given:
    Record<string, unknown> | ((platform: MemoryPlatform) => Promise<Record<string, unknown>>) = {},
  platform = new MemoryPlatform({ open: true }),
) {
  vi.stubGlobal('IntersectionObserver', AllInSight);
  // As it is a moment after the window's first picture.
  await loadParts();
  const app = new App(platform);
  const props = typeof given === 'function' ? await given(platform) : given;
  const view = render(InApp, {
    props: { shown: shown as Component<Record<string, unknown>>, given: props },
    context: appContext(app),
  });
  await waitFor(() => {
    if (!app.session.archive || app.tags.list.length === 0) throw new Error('not open yet');
  });
  return { ...view, app, platform, user: userEvent.setup(), props };
}

/** The identifier of the report whose title holds a string. */
export async function reportTitled(platform: MemoryPlatform, part: string): Promise<string> {
  const { rows } = await platform.call('reports', {
    filter: emptyFilter(),
    sort: 'title',
    descending: false,
    offset: 0,
    limit: 100,
  });
  const row = rows.find(({ title }) => title.includes(part));
  if (!row) throw new Error(`no report is titled ${part}`);
  return row.id;
}
