// Prints the AppStream metainfo with the releases of CHANGELOG.md in it.
//   node packaging/metainfo.mjs            (SOURCE_DATE_EPOCH dates a version that is not released yet)
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')

/** `## [1.2.0] - 2026-11-21` or `- Unreleased`, newest first, with the lists of their sections. */
export function releases(changelog) {
  return changelog
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const [, version, date] = /^\[(\d+\.\d+\.\d+[^\]]*)\] - (\d{4}-\d\d-\d\d|Unreleased)/.exec(section) ?? []
      if (!version) return []
      const items = section
        .split(/^- /m)
        .slice(1)
        .map((item) => item.split(/\n(?:\n|#|\[)/)[0].replace(/\s+/g, ' ').replaceAll('`', '').trim())
      return [{ version, date: date === 'Unreleased' ? null : date, items }]
    })
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The template with `<!-- releases -->` replaced. */
export function metainfo(template, changelog, today) {
  const entries = releases(changelog).map(({ version, date, items }) => {
    const kind = date ? 'stable' : 'development'
    const list = items.map((item) => `          <li>${escape(item)}</li>\n`).join('')
    return (
      `    <release version="${version}" date="${date ?? today}" type="${kind}">\n` +
      (list && `      <description>\n        <ul>\n${list}        </ul>\n      </description>\n`) +
      `    </release>\n`
    )
  })
  if (!entries.length) throw new Error('CHANGELOG.md names no release')
  return template.replace('<!-- releases -->', `<releases>\n${entries.join('')}  </releases>`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const epoch = process.env.SOURCE_DATE_EPOCH
  const now = epoch ? new Date(Number(epoch) * 1000) : new Date()
  const template = read('packaging/linux/io.github.anjuan.Anjuan.metainfo.xml')
  process.stdout.write(metainfo(template, read('CHANGELOG.md'), now.toISOString().slice(0, 10)))
}
