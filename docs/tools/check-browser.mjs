// The built site in a browser: no console error on any page, search finds what is there, and pages are readable on a phone and in the dark.
// node tools/check-browser.mjs [folder for screenshots]
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { chromium } from 'playwright-core'

const dist = path.resolve('.vitepress/dist'), shots = process.argv[2]
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.json': 'application/json', '.woff2': 'font/woff2', '.wasm': 'application/wasm' }
const server = http.createServer((request, response) => {
  let file = path.join(dist, decodeURIComponent(new URL(request.url, 'http://x').pathname))
  if (fs.existsSync(file) && fs.statSync(file).isDirectory()) file = path.join(file, 'index.html')
  const found = file.startsWith(dist) && fs.existsSync(file)
  response.writeHead(found ? 200 : 404, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' })
  response.end(found ? fs.readFileSync(file) : '')
})
await new Promise(done => server.listen(0, '127.0.0.1', done))
const site = `http://127.0.0.1:${server.address().port}`
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
const faults = []
// The playground is no page of the site's kind, and has a test of its own: samples/Playground/test.sh.
const pages = fs.readdirSync(dist, { recursive: true }).filter(f => f.endsWith('.html') && f !== '404.html' && !f.startsWith('playground')).map(f => '/' + f).sort()

async function visit(name, options, look) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)                                    // a busy machine is no fault
  let address = ''
  page.on('console', message => message.type() === 'error' && faults.push(`${name} ${address}: console: ${message.text()}`))
  page.on('pageerror', error => faults.push(`${name} ${address}: ${error.message}`))
  for (address of pages) {
    await page.goto(site + address, { waitUntil: 'load' })
    await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__ || !document.querySelector('#VPContent'))
    const fault = await look(page, address)
    if (fault) faults.push(`${name} ${address}: ${fault}`)
    if (shots) await page.screenshot({ path: path.join(shots, `${name}${address.replaceAll('/', '-')}.png`), fullPage: true })
  }
  await context.close()
}

/** How far the page is wider than the window, and by what. */
const overflow = () => {
  const wide = document.documentElement.scrollWidth - window.innerWidth
  if (wide <= 0) return null
  const widest = [...document.querySelectorAll('.vp-doc *')].find(e => e.getBoundingClientRect().right > window.innerWidth + 1)
  return `is ${wide} pixels wider than the window, because of ${widest?.outerHTML.slice(0, 120)}`
}

/** The lowest contrast of the page's text with its background (WCAG 2: 4.5 is readable). */
const contrast = () => {
  const rgb = text => text.match(/[\d.]+/g).map(Number)
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0)
  const back = e => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor)
      if (c.length < 4 || c[3] > 0.9) return c
    }
    return [255, 255, 255]
  }
  for (const e of document.querySelectorAll('.vp-doc :is(h1,h2,h3,p,li,td,th)')) {
    if (!e.textContent.trim()) continue
    const a = light(rgb(getComputedStyle(e).color)), b = light(back(e)), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < 4.5) return `has text of contrast ${ratio.toFixed(1)}: ${e.textContent.slice(0, 60)}`
  }
  return null
}

await visit('phone', { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true }, page => page.evaluate(overflow))
await visit('dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }, async page =>
  await page.evaluate(() => document.documentElement.classList.contains('dark') ? null : 'is not dark') ?? await page.evaluate(contrast))
if (shots) await visit('light', { viewport: { width: 1280, height: 800 } }, page => page.evaluate(contrast))

const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
for (const [words, expected] of [['Dense', '/api/Dense.html'], ['learning rate', '/'], ['GradientCheck', '/api/GradientCheck.html']]) {
  await page.goto(site)
  await page.locator('#local-search button').first().click()
  await page.locator('#localsearch-input').fill(words)
  try {
    await page.waitForSelector(`.results a[href*="${expected}"]`, { timeout: 60_000 })
  } catch {
    faults.push(`search does not find ${words} on ${expected}`)
  }
  if (shots) await page.screenshot({ path: path.join(shots, `search-${words.replace(' ', '-')}.png`) })
}

await browser.close()
server.close()
for (const fault of faults) console.error(fault)
console.log(`${pages.length} pages on a phone and in the dark, ${faults.length} faults`)
process.exit(faults.length > 0 || pages.length === 0 ? 1 : 0)
