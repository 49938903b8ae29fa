import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { guidePlugin } from './scripts/guide.js';
import { iconsPlugin } from './scripts/icons.js';
import { messages } from './scripts/messages.js';

export default defineConfig({
  plugins: [paraglideVitePlugin(messages), guidePlugin(), iconsPlugin(), svelte(), svelteTesting()],
  // The shell serves the page from its own origin, without a path in front.
  base: './',
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: {
    target: ['safari17', 'chrome111'],
    // Inlined assets would need `data:` in the Content Security Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What the first picture needs, in one file; what several of the later parts share, in another.
            { name: 'first', tags: ['$initial'] },
            { name: 'shared', minShareCount: 2 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    // The machine may be busy; nothing here is timed.
    testTimeout: 60_000,
  },
});
