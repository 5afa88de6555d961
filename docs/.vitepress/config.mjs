import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { codeFromSource } from './code-from-source.mjs'

const docs = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const api = path.join(docs, 'api', 'sidebar.json')

/** The pages of a folder with their own headings, in the order that they ask for. */
function pages(folder) {
  const files = fs.readdirSync(path.join(docs, folder)).filter(f => f.endsWith('.md') && f !== 'index.md')
  return files.map(file => {
    const text = fs.readFileSync(path.join(docs, folder, file), 'utf8')
    const heading = text.match(/^# (.+)$/m)
    if (!heading) throw new Error(`${folder}/${file} has no heading`)
    return { text: heading[1], link: `/${folder}/${file.slice(0, -3)}`, order: Number(text.match(/^order: (\d+)$/m)?.[1] ?? 1000) }
  }).sort((a, b) => a.order - b.order || a.link.localeCompare(b.link))
}

export default defineConfig({
  title: 'MiniNet',
  description: 'A small neural-network library for .NET that trains as well as runs.',
  base: process.env.DOCS_BASE ?? '/',
  srcExclude: ['tools/**'],
  ignoreDeadLinks: [/playground\//],                    // built beside the pages; tools/check-links.mjs looks whether it is there
  cleanUrls: false,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${process.env.DOCS_BASE ?? '/'}icon.svg` }]],
  markdown: {
    math: true,
    config: md => md.use(codeFromSource),
  },
  themeConfig: {
    logo: '/icon.svg',
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guides/first-network', activeMatch: '/guides/' },
      { text: 'Mathematics', link: '/mathematics/', activeMatch: '/mathematics/' },
      { text: 'API', link: '/api/', activeMatch: '/api/' },
      { text: 'Playground', link: '/playground/index.html', target: '_self' },
    ],
    sidebar: {
      '/guides/': [{ text: 'Guide', items: pages('guides') }],
      '/mathematics/': [{ text: 'Mathematics', items: [{ text: 'Overview', link: '/mathematics/' }, ...pages('mathematics')] }],
      '/api/': fs.existsSync(api) ? JSON.parse(fs.readFileSync(api, 'utf8')) : [],
    },
  },
})
