// Opens every page of the site in headless Chromium, as readers see it, and
// says what is wrong with it.
// Usage: CHROME=PROGRAM node test.mjs ROOT DIST [SCREENSHOTS]
// SITE_PAGES=EXPRESSION opens only the pages whose names it matches.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { axeOptions, filesIn, launching, stayHere, violationText }
  from './browser.mjs'
import { testBehaviour } from './test_behaviour.mjs'
import { testFiles } from './test_files.mjs'
import { addressIn, base, isFilm, mapLines } from './source.mjs'
import { fileOf, serve } from './serve.mjs'

const began = Date.now()
const [root, dist, screenshots] = process.argv.slice(2)
  .map((folder) => path.resolve(folder))
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const limit = 500e3  // bytes a chapter, see weigh()

const failures = []
const fail = (where, what) => failures.push(`${where}: ${what}`)

const views = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2, isMobile: true, hasTouch: true },
}

// ---- What the files say --------------------------------------------------

const files = filesIn(dist)
const isLive = (file) => file.startsWith('live' + path.sep)
const pages = files.filter((file) => file.endsWith('.html') && !isLive(file))
const isCode = (page) => page.startsWith('code' + path.sep)
const isVue = (page) => !isCode(page) && page !== '404.html'

// Without films, the live page and the pages of code: those are loaded one by
// one, and the last weigh what the code weighs.
function weigh() {
  const kinds = {}
  for (const file of files) {
    const kind = isFilm(file) ? 'films' : isLive(file) ? 'live page'
      : isCode(file) ? 'pages of code' : file.split('.').at(-1)
    kinds[kind] = (kinds[kind] ?? 0)
      + fs.statSync(path.join(dist, file)).size
  }
  const { films = 0, 'live page': live = 0, 'pages of code': code = 0,
    epub = 0, ...rest } = kinds
  const sum = Object.values(rest).reduce((a, b) => a + b, 0)
  const kB = (bytes) => `${Math.round(bytes / 1000)} kB`
  const chapters = pages.filter((page) => /^\d\d-[^/]*$/.test(page)).length
  console.log(`weight ${kB(sum)}, and ${kB(films)} of films, ${
    kB(live)} of the live page, ${kB(code)} of the pages of code and ${
    kB(epub)} of the EPUB: ` +
    Object.entries(rest).sort((a, b) => b[1] - a[1])
      .map(([kind, bytes]) => `${kind} ${kB(bytes)}`).join(', '))
  if (sum >= limit * chapters)
    fail('weight', `${sum} bytes for ${chapters} chapters, over ${limit} each`)
}

// Formulas that a page's markdown has: `$` outside code.
function formulasIn(page) {
  const name = page.replace('.html', '.md')
  const file = [path.join(root, 'book', name), path.join(root, name)]
    .find((one) => fs.existsSync(one))
  if (!file) return 0
  let count = 0
  mapLines(fs.readFileSync(file, 'utf8'), (line) => {
    count += line.replace(/(`+).*?\1/g, '').split('$').length - 1
    return line
  })
  return count
}

// ---- What the browser says -----------------------------------------------

// Runs in the page. Gives what is wrong, and what there is.
async function inspect({ desktop, code }) {
  const wrong = []
  for (const fold of document.querySelectorAll('.vp-doc details'))
    fold.open = true
  const images = [...document.images].filter((image) => image.src)
  for (const image of images) image.loading = 'eager'
  await Promise.all(images.map((image) => image.decode().catch(() => {})))
  for (const image of images) {
    const name = image.getAttribute('src')
    if (!image.naturalWidth) wrong.push(`${name} does not show`)
    if (!image.getAttribute('width') || !image.getAttribute('height'))
      wrong.push(`${name} has no size`)
    // A card of the first page says beside its picture what it leads to.
    if (image.alt.trim().length < 20 && !image.closest('a.card'))
      wrong.push(`${name} has no alt text that says what it shows`)
    if (getComputedStyle(image).objectFit === 'cover')
      wrong.push(`${name} is cut to fit`)
    const { width, height } = image.getBoundingClientRect()
    if (getComputedStyle(image).objectFit !== 'fill') continue
    const ratio = image.getAttribute('width') / image.getAttribute('height')
    if (Math.abs(width / height / ratio - 1) > 0.03)
      wrong.push(`${name} is out of shape: ${width} x ${height}`)
  }
  const scrolls = (element) =>
    /auto|scroll/.test(getComputedStyle(element).overflowX)
  const boxes = 'pre, .wide, mjx-container[display=true]'
  for (const pre of document.querySelectorAll('pre'))
    if (pre.scrollWidth > pre.clientWidth + 1 ||
      pre.hasAttribute('tabindex'))
      wrong.push(`listing "${pre.textContent.trim().slice(0, 40)}" ${
        pre.hasAttribute('tabindex') ? 'is a stop for the keyboard'
          : 'has to be scrolled'}`)
  // Where a line of code goes on, at least half of the width is left.
  for (const line of document.querySelectorAll('.snippet .l, .code .line')) {
    const { lineHeight, paddingLeft, marginLeft } = getComputedStyle(line)
    if (line.clientHeight > 1.5 * parseFloat(lineHeight) &&
      parseFloat(paddingLeft) + parseFloat(marginLeft) > innerWidth / 2)
      wrong.push(`line "${line.textContent.trim()}" is set in a narrow column`)
  }
  for (const box of document.querySelectorAll(boxes)) {
    if (box.scrollWidth <= box.clientWidth) continue
    const name = `${box.tagName.toLowerCase()} "${
      box.textContent.trim().slice(0, 40)}"`
    if (!scrolls(box)) wrong.push(`${name} is clipped`)
    else if (desktop && !code)
      wrong.push(`${name} has to be scrolled`)
    // On a phone, it is as small as it gets before it has to be.
    else if (box.matches('.equation *') && parseFloat(getComputedStyle(box)
      .fontSize) > 0.67 * parseFloat(getComputedStyle(box.parentElement)
      .fontSize))
      wrong.push(`${name} of ${box.closest('.equation').id} is cut`)
  }
  // What is wider than the column could be cut off by a box around it.
  const column = document.querySelector('.vp-doc, main') ??
    document.body
  const edge = column.getBoundingClientRect().right + (desktop ? 1 : 25)
  for (const box of column.querySelectorAll('pre, .wide, mjx-container, img'))
    if (box.getBoundingClientRect().right > edge)
      wrong.push(`${box.tagName.toLowerCase()} "${
        (box.textContent || box.alt).trim().slice(0, 40)}" leaves the page`)
  if (document.scrollingElement.scrollWidth > innerWidth)
    wrong.push(`the page is ${document.scrollingElement.scrollWidth} wide`)
  const maths = document.querySelectorAll('mjx-container')
  for (const one of maths)
    if (one.querySelector('merror, [data-mjx-error]'))
      wrong.push(`formula: ${one.textContent}`)
    else if (!one.querySelector('svg')?.getBoundingClientRect().width)
      wrong.push(`formula "${one.textContent}" does not show`)
  const text = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (text.nextNode()) {
    const { parentElement: parent, data } = text.currentNode
    if (!code && !parent.closest('pre, code, script') && /\$|<!--/.test(data))
      wrong.push(`left as text: "${data.trim().slice(0, 60)}"`)
  }
  return { wrong, maths: maths.length, figures: images.length,
    listings: document.querySelectorAll('pre').length,
    ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
    links: [...document.querySelectorAll('a[href]')].map(({ href }) => href) }
}

// Pages of code are made alike, and there are hundreds: one in 24 of them
// is opened and audited, and the others are read as files, unless
// SITE_AUDIT=all asks for them as well.
const isOpened = (page) => !isCode(page) ||
  process.env.SITE_AUDIT === 'all' || pages.indexOf(page) % 24 === 0

// What such a page links to, and what can be linked to in it.
function readCodePage(page) {
  const html = fs.readFileSync(path.join(dist, page), 'utf8')
  const [, code = ''] =
    html.match(/<pre class="code"[^>]*>([^]*?)<\/pre>/) ?? []
  seen[page] = new Set([...html.matchAll(/ id="([^"]+)"/g)]
    .map(([, id]) => id))
  code.split('\n').forEach((line, i) => seen[page].add(`L${i + 1}`))
  for (const [, href] of html.matchAll(/<a [^>]*href="([^"]+)"/g)) {
    const { origin, pathname, hash } =
      new URL(href, 'http://here' + addressOf(page))
    if (origin === 'http://here') links.push({ page, href: pathname + hash })
    else external.add(href)
  }
}

// Of a long file the first lines: the others look no different, and take
// the audit seconds for each page.
async function accessibility(tab, where, options = axeOptions) {
  if (!await tab.evaluate(() => 'axe' in window))
    await tab.addScriptTag({ path: axe })
  const { violations } = await tab.evaluate((options) => window.axe.run(
    { exclude: ['.code > .line:nth-child(n+40)'] }, options), options)
  for (const violation of violations) fail(where, violationText(violation))
}

const seen = {}       // page -> its ids
const links = []      // {page, href}
const external = new Set()

const addressOf = (page) => base + addressIn(page)

// A tab that says what no page may do.
async function open(context, origin, where) {
  const tab = await context.newPage()
  tab.setDefaultTimeout(120000)  // machines can be busy
  tab.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !(where === '404.html'
      && /status of 404/.test(message.text())))
      fail(where, `console: ${message.text()}`)
  })
  tab.on('pageerror', (error) => fail(where, `script: ${error.message}`))
  tab.on('requestfailed', (request) => {
    // Who leaves a page leaves its lazy pictures, too.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      fail(where, `failed request: ${request.url()}`)
  })
  tab.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      fail(where, `request to elsewhere: ${request.url()}`)
  })
  tab.on('response', (response) => {
    if (response.status() >= 400 && !where.startsWith('404.html'))
      fail(where, `status ${response.status()}: ${response.url()}`)
  })
  return tab
}

// What a tab shows in a view, and what is wrong with it.
async function look(tab, page, view, audit) {
  const where = `${page} (${view})`
  const code = isCode(page)
  const there = await tab.evaluate(inspect, { code,
    desktop: view !== 'phone' })
  for (const what of new Set(there.wrong)) fail(where, what)
  if (formulasIn(page) > 0 && !code && there.maths === 0)
    fail(where, 'no formula is drawn')
  if (audit) await accessibility(tab, where, audit)
  if (screenshots && !code) await shoot(tab, page, view)
  return there
}

// The dark comes over a page that is open, and changes nothing but colours.
const colourRules = { runOnly: ['color-contrast', 'link-in-text-block'],
  resultTypes: ['violations'] }
async function darken(tab, page) {
  await tab.emulateMedia({ colorScheme: 'dark' })
  if (isVue(page)) await tab.waitForFunction(() =>
    document.documentElement.classList.contains('dark'))
  await look(tab, page, 'dark', colourRules)
}

async function visit(context, server, page, view) {
  const origin = `http://127.0.0.1:${server.address().port}`
  const where = `${page} (${view})`
  const tab = await open(context, origin, where)
  const response = await tab.goto(origin + addressOf(page),
    { waitUntil: 'load' })
  if (response.status() !== 200) fail(where, `status ${response.status()}`)
  if (isVue(page)) await tab.waitForFunction(() =>
    document.querySelector('#app')?.__vue_app__)
  const there = await look(tab, page, view,
    view === 'phone' ? null : axeOptions)
  if (/^\d\d-/.test(page))
    for (const part of ['.chapter-links a[href*="main.cpp"]',
      '.chapter-links a[href*="exercises"]', '.edit-link-button',
      '.pager-link'])
      if (await tab.locator(part).count() === 0)
        fail(where, `has no ${part}`)
  seen[page] = new Set([...there.ids, ...(seen[page] ?? [])])
  for (const href of new Set(there.links)) {
    if (!href.startsWith(origin)) external.add(href)
    else if (view === 'light')
      links.push({ page, href: href.slice(origin.length) })
  }
  if (view === 'light' && !isCode(page)) await darken(tab, page)
  await tab.close()
  return there
}

// A page in slices that are large enough to read.
async function shoot(tab, page, view) {
  await tab.evaluate(() => scrollTo(0, 0))
  const { width } = views[view].viewport
  const height = await tab.evaluate(() =>
    document.scrollingElement.scrollHeight)
  const slice = view === 'phone' ? 1700 : 1600
  await tab.setViewportSize({ width, height: Math.min(height, 16000) })
  for (let y = 0, i = 0; y < height; y += slice, ++i)
    await tab.screenshot({ fullPage: true, scale: 'css',
      clip: { x: 0, y, width, height: Math.min(slice, height - y) },
      path: path.join(screenshots, view, `${page.replace(/\W+/g, '-')
        .replace(/-html$/, '')}-${String(i).padStart(2, '0')}.png`) })
}

function followLinks() {
  const content = {}
  for (const { page, href } of links) {
    const [address, hash = ''] = href.split('#')
    const file = fileOf(dist, address, base)
    if (!file) {
      fail(page, `dead link: ${href}`)
      continue
    }
    const target = path.relative(dist, file)
    const id = decodeURIComponent(hash)
    const [, line] = id.match(/^L(\d+)$/) ?? []
    const lines = id.match(/^L(\d+)-L(\d+)$/)
    content[target] ??= target.endsWith('.html')
      ? fs.readFileSync(file, 'utf8') : ''
    if (!id || seen[target]?.has(id)) continue
    if (!seen[target]) {  // a page that was not opened
      if (!line && !content[target].includes(`id="${id}"`))
        fail(page, `no anchor: ${href}`)
    } else if (!(lines && content[target].includes(`id="${id}"`) &&
          seen[target].has('L' + lines[2])))
      fail(page, `no anchor: ${href}`)
  }
}

// The live page is a folder of the site, and figures of the book come alive
// with what lies there. (Its own tests are in tests/browser.)
async function aliveness(browser, server) {
  const origin = `http://127.0.0.1:${server.address().port}`
  const context = await browser.newContext(views.light)
  const tab = await open(context, origin, 'live page')
  await tab.goto(origin + base)
  await tab.locator('a[href$="live/"]').first().click()
  await tab.waitForURL(origin + base + 'live/')
  await tab.locator('main section').first().waitFor()
  await tab.locator('header a[href="../"]').click()
  await tab.waitForURL(origin + base)
  await tab.goBack()
  // From the arithmetic of a cell to the listing that computed it.
  await tab.waitForLoadState('networkidle')
  await tab.locator('#layers .layer[data-layer="1"] canvas').first().click()
  await tab.locator('#layers .cell a').first().click()
  await tab.locator('.code .mark').first().waitFor()
  await tab.close()

  const modules = files.filter((file) =>
    /^live.live.\d\d-.*\.mjs$/.test(file))
  for (const file of modules) {
    const [, , chapter] = file.split(path.sep)
    const name = file.split(path.sep).slice(1).join('/')
    const page = await open(context, origin, name)
    await page.goto(`${origin}${base}${chapter}.html`)
    const button = page.locator(`button[data-live="${name}"]`)
    if (await button.count() !== 1)
      fail(name, `expected one button on ${chapter}, got ${
        await button.count()}`)
    else {
      await button.click()
      await page.locator('.live-figure > *, .live-figure[role=alert]').first()
        .waitFor()
      const said = page.locator('.live-figure[role=alert]')
      if (await said.count()) fail(name, await said.innerText())
      else console.log(`ok     ${name} comes alive`)
      await accessibility(page, name)
    }
    await page.close()
  }
  await context.close()
}

// ---- All of it -----------------------------------------------------------

const server = await serve(dist, 0, base)
const browser = await chromium.launch(launching())
if (screenshots) fs.rmSync(screenshots, { recursive: true, force: true })

let codePages = 0
const totals = { maths: 0, figures: 0, listings: 0 }
const wanted = new RegExp(process.env.SITE_PAGES || '')
const wantedPages = pages.filter((page) => wanted.test(page))
const todo = wantedPages.filter(isOpened)
const opened = todo.length
async function work() {
  const contexts = {}
  for (const view in views) {
    contexts[view] = await browser.newContext(views[view])
    await stayHere(contexts[view])
  }
  for (let page; (page = todo.shift()) !== undefined;) {
    const before = failures.length
    // One page is opened in the dark, too; darken() shows the others there.
    const shown = isCode(page) ? ['light'] : Object.keys(views)
      .filter((view) => view !== 'dark' || page === 'index.html')
    let there
    for (const view of shown)
      there = await visit(contexts[view], server, page, view)
        .catch((error) => fail(`${page} (${view})`, error.message))
        ?? there
    const mine = failures.slice(before)
      .filter((failure) => failure.startsWith(page)).length
    if (isCode(page)) ++codePages
    else if (typeof there === 'object')
      for (const kind in totals) totals[kind] += there[kind]
    if (typeof there === 'object')
      console.log(`${mine ? 'FAILED' : 'ok    '} ${page}  ${
        shown.join(' ')}, formulas ${there.maths}, ` +
        `figures ${there.figures}, listings ${there.listings}, ` +
        `links ${there.links.length}`)
  }
  for (const view in views) await contexts[view].close()
}
for (const page of wantedPages.filter((one) => !isOpened(one)))
  readCodePage(page)
await Promise.all([work(), work()])
followLinks()
testFiles({ root, dist, pages: pages.filter((page) => !isCode(page)), fail })
await Promise.all([
  testBehaviour({ root, dist, browser, server, views, open, fail, files,
    accessibility }),
  files.some(isLive) && wanted.test('live/index.html')
    ? aliveness(browser, server)
      .catch((error) => fail('live page', error.message)) : undefined])
weigh()
await browser.close()
server.close()

console.log(`${opened - codePages} pages (${totals.maths} formulas, ${
  totals.figures} figures, ${totals.listings} listings) and ${
  codePages} pages of code opened, ${wantedPages.length - opened} read, ${
  links.length} links inside the site followed, ${
  external.size} to elsewhere counted`)
for (const failure of failures) console.error(`FAILED ${failure}`)
console.log(`${failures.length || 'no'} failures, ${
  Math.round((Date.now() - began) / 1000)} s`)
process.exit(failures.length ? 1 : 0)
