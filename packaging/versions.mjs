// Prints the version, which is the workspace's in Cargo.toml, after checking that nothing else says
// another one.
import { readFileSync } from 'node:fs'
import { releases } from './metainfo.mjs'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const json = (path) => JSON.parse(read(path))

const section = read('Cargo.toml').split(/^\[workspace\.package\]$/m)[1]?.split(/^\[/m)[0] ?? ''
const version = /^version = "([^"]+)"$/m.exec(section)?.[1]
if (!version) throw new Error('Cargo.toml: no version under [workspace.package]')

const said = {
  'ui/package.json': json('ui/package.json').version,
  'ui/package-lock.json': json('ui/package-lock.json').version,
  'e2e/package.json': json('e2e/package.json').version,
  'e2e/package-lock.json': json('e2e/package-lock.json').version,
  'CHANGELOG.md, newest release': releases(read('CHANGELOG.md'))[0]?.version,
  'packaging/man/anjuan.1': /^\.TH .*Anjuan ([\d.]+[^" ]*)/m.exec(read('packaging/man/anjuan.1').replaceAll('\\', ''))?.[1],
}
const others = Object.entries(said).filter(([, other]) => other !== version)
// Tauri takes the number of src-tauri/Cargo.toml, which is the workspace's, where it finds none here.
const own = json('src-tauri/tauri.conf.json').version
if (own !== undefined) others.push(['src-tauri/tauri.conf.json (leave it out)', own])
for (const file of ['src-tauri/Cargo.toml', 'crates/cli/Cargo.toml', 'crates/archive/Cargo.toml']) {
  if (!/^version\.workspace = true$/m.test(read(file))) others.push([file, 'not the workspace’s'])
}
if (others.length) {
  for (const [file, other] of others) console.error(`${file}: ${other}, but Cargo.toml: ${version}`)
  process.exit(1)
}
console.log(version)
