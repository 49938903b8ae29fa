// Compiles `messages/*.json` to typed functions in `src/paraglide`. Run by Vite itself, and from
// the command line before the type check and the tests, which do not go through Vite's plugins.
import { compile } from '@inlang/paraglide-js';
import { fileURLToPath } from 'node:url';

const folder = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** @type {import("@inlang/paraglide-js").CompilerOptions} */
export const messages = {
  project: folder('project.inlang'),
  outdir: folder('src/paraglide'),
  // The page sets the language itself (see src/i18n/locale.svelte.ts).
  strategy: ['globalVariable', 'baseLocale'],
  outputStructure: 'locale-modules',
  emitTsDeclarations: true,
  emitReadme: false,
  isServer: 'false',
  disableAsyncLocalStorage: true,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await compile(messages);
