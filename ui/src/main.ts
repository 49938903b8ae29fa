import { mount } from 'svelte';
import Root from './Root.svelte';
import type { Platform } from './platform/platform';
import { TauriPlatform, insideShell } from './platform/tauri';
import { App, appContext } from './state/app.svelte';
import './styles/tokens.css';
import './styles/base.css';

/**
 * The shell, or in a browser (`npm run dev`) an archive in memory; `?copies=5000` fills its library,
 * `?many=100000` with made-up reports, `?delay=300` makes it slow, `?lang=pseudo` shows what never
 * went through the messages (as `?theme=dark` the dark theme), `?gallery` shows the components alone.
 */
async function platform(): Promise<Platform> {
  // Said so that a build leaves all that follows out.
  if (!import.meta.env.DEV || insideShell()) return new TauriPlatform();
  const { MemoryPlatform } = await import('./platform/memory');
  const wanted = new URLSearchParams(location.search);
  const many = Number(wanted.get('many') ?? 0);
  const options = {
    copies: Number(wanted.get('copies') ?? 0),
    delay: Number(wanted.get('delay') ?? 0),
    open: wanted.has('open'),
    settings: {
      language: wanted.get('lang') ?? 'system',
      theme: wanted.get('theme') ?? 'system',
      contrast: wanted.get('contrast') ?? 'system',
    },
  };
  if (many === 0) return new MemoryPlatform(options);
  const { ManyPlatform } = await import('./platform/many');
  return new ManyPlatform({ ...options, many });
}

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const app = new App(await platform());
const gallery = import.meta.env.DEV && new URLSearchParams(location.search).has('gallery');
const shown = gallery ? (await import('./components/Gallery.svelte')).default : Root;
mount(shown, { target, context: appContext(app) });
