import { mount } from 'svelte';
import Root from './Root.svelte';
import type { Platform } from './platform/platform';
import { TauriPlatform, insideShell } from './platform/tauri';
import { App, appContext } from './state/app.svelte';
import './styles/tokens.css';
import './styles/base.css';

/**
 * The shell, or in a browser (`npm run dev`) an archive in memory; `?copies=5000` fills its library,
 * `?delay=300` makes it slow.
 */
async function platform(): Promise<Platform> {
  if (insideShell()) return new TauriPlatform();
  const { MemoryPlatform } = await import('./platform/memory');
  const wanted = new URLSearchParams(location.search);
  return new MemoryPlatform({
    copies: Number(wanted.get('copies') ?? 0),
    delay: Number(wanted.get('delay') ?? 0),
  });
}

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const app = new App(await platform());
mount(Root, { target, context: appContext(app) });
