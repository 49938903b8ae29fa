// Adds to package-lock.json the optional packages of other platforms that npm left out because the
// registry it asked did not have them (mirrors often hold one platform only). `npm ci` refuses a
// lock file without them, everywhere.
//
//   node scripts/complete-lock.mjs ui

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(process.argv[2] ?? '.', 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));

const SYSTEMS = ['darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'android'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'riscv64', 'ppc64', 's390x', 'loong64'];

/** Where Node looks for a package from a folder of the tree, if the lock has it there. */
function found(from, name) {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    if (`${folder}/node_modules/${name}` in lock.packages) return true;
    if (!folder.includes('/node_modules/')) return `node_modules/${name}` in lock.packages;
  }
}

let added = 0;
for (const [folder, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (found(folder, name)) continue;
    if (!/^\d/.test(version)) throw new Error(`${folder} wants ${name} ${version}: not one version`);
    const words = name.split(/[/-]/);
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: PROCESSORS.filter((p) => words.some((w) => w === p || (p === 'arm' && w === 'gnueabihf'))),
      ...(entry.dev ? { dev: true } : {}),
      ...(words.includes('musl') ? { libc: ['musl'] } : {}),
      optional: true,
      os: SYSTEMS.filter((s) => words.includes(s)),
    };
    added += 1;
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${path}: ${added} added`);
