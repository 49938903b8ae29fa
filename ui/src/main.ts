import { mount } from 'svelte';
import Root from './Root.svelte';
import type { Platform } from './platform/platform';
import { TauriPlatform, insideShell } from './platform/tauri';
import { App, appContext } from './state/app.svelte';
import './styles/tokens.css';
import './styles/base.css';

/** The shell, or in a browser (`npm run dev`) an archive in memory. */
async function platform(): Promise<Platform> {
  if (insideShell()) return new TauriPlatform();
  const { MemoryPlatform } = await import('./platform/memory');
  return new MemoryPlatform();
}

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const app = new App(await platform());
mount(Root, { target, context: appContext(app) });
