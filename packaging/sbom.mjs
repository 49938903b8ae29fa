// Prints what is built into the programs as a CycloneDX list: the crates of Cargo.lock that the
// programs link on any system, and the npm packages that the page is made from.
//   node packaging/sbom.mjs > anjuan.cdx.json
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const root = new URL('..', import.meta.url)
const lock = JSON.parse(readFileSync(new URL('ui/package-lock.json', root), 'utf8'))
const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--locked', '--format-version', '1'], {
    cwd: root,
    maxBuffer: 1 << 28,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }),
)

// From the two programs down, leaving out what only tests and build scripts need.
const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]))
const programs = metadata.packages.filter((p) => ['anjuan-app', 'anjuan-cli'].includes(p.name))
const linked = new Set(programs.map((p) => p.id))
for (const id of linked) {
  for (const dep of nodes.get(id).deps) {
    if (dep.dep_kinds.some(({ kind }) => kind === null)) linked.add(dep.pkg)
  }
}

const component = (kind, name, version, license) => ({
  type: 'library',
  name,
  version,
  ...(license && { licenses: [{ expression: license.replaceAll('/', ' OR ') }] }),
  purl: `pkg:${kind}/${name.replace('@', '%40')}@${version}`,
})
const crates = metadata.packages
  .filter((p) => linked.has(p.id) && p.source)
  .map((p) => component('cargo', p.name, p.version, p.license))
const npm = Object.entries(lock.packages)
  .filter(([path, entry]) => path && !entry.dev && !entry.devOptional && !entry.optional)
  .map(([path, entry]) => component('npm', path.replace(/^.*node_modules\//, ''), entry.version, entry.license))

const app = programs.find((p) => p.name === 'anjuan-app')
const list = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    component: {
      type: 'application',
      name: 'anjuan',
      version: app.version,
      licenses: [{ expression: app.license }],
    },
  },
  components: [...crates, ...npm].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
}
console.log(JSON.stringify(list, null, 2))
