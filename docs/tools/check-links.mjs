// Every link of the built site leads to a page that is there, and to a heading on it: node tools/check-links.mjs
import fs from 'node:fs'
import path from 'node:path'

const dist = path.resolve(process.argv[2] ?? '.vitepress/dist')
const base = process.env.DOCS_BASE ?? '/'
const pages = new Map(fs.readdirSync(dist, { recursive: true }).filter(f => f.endsWith('.html')).map(f => [f, fs.readFileSync(path.join(dist, f), 'utf8')]))
const ids = new Map([...pages].map(([file, html]) => [file, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(m => decode(m[1])))]))
const faults = []
let count = 0

for (const [file, html] of pages) {
  if (file === '404.html') continue
  for (const [, raw] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
    const link = decode(raw)
    if (/^(https?:|mailto:|data:|javascript:)/.test(link)) continue
    count++
    const [address, anchor] = link.split('#')
    let target = address === '' ? file : address.startsWith('/') ? address.slice(base.length) : path.join(path.dirname(file), address)
    if (target === '' || target.endsWith('/')) target += 'index.html'
    if (!fs.existsSync(path.join(dist, target))) faults.push(`${file}: ${link} leads nowhere`)
    else if (anchor && ids.has(target) && !ids.get(target).has(decodeURIComponent(anchor))) faults.push(`${file}: ${link} has no such heading`)
  }
}

function decode(text) {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")
}

for (const fault of new Set(faults)) console.error(fault)
console.log(`${count} links on ${pages.size} pages, ${new Set(faults).size} broken`)
process.exit(faults.length > 0 || count === 0 ? 1 : 0)
