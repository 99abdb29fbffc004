// What can be said of the site without opening it: what the search finds, how
// figures are numbered, what the pages say of themselves, what they weigh.
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { addressIn, repository, siteUrl } from './source.mjs'
import { find, makeIndex, unpacked } from './theme/find.mjs'

// What readers ask for, and where the first answer must lead: a page, and a
// word of the section's address.
export const queries = [
  ['padding', '02-convolution', 'how-large'],
  ['overfitting', '06-training', 'the-loop'],
  ['Adam', '11-optimizers', 'a-ruler'],
  ['softmax overflow', '05-softmax', 'what-breaks'],
  ['receptive field', '08-seeing', 'what-a-cell-can-see'],
  ['batch norm', '13-normalization', ''],
  ['gradient check', '04-backprop', 'do-not-trust'],
  ['learning rate', '04-backprop', 'downhill'],
  ['Tensor reshape', '01-tensor', 'a-reshape'],
  ['own picture', '15-colour', 'your-own-pictures'],
  ['momentum', '06-training', 'where-to-start'],
  ['max pooling', '03-pooling', 'sixteen'],
  ['dropout', '12-generalization', 'five-remedies'],
  ['cross entropy', '05-softmax', 'what-an-answer'],
  ['residual', '14-residual', ''],
  ['im2col', '07-speed', 'windows-as-columns'],
  ['safetensors', '16-saving', ''],
  ['WebAssembly', '18-browser', 'how-it-is-done'],
  ['weight initialisation', '10-initialization', ''],
  ['dilated_backward_image', 'dilated_backward', ''],
]

function search(dist, fail) {
  const entries = unpacked(JSON.parse(
    fs.readFileSync(path.join(dist, 'search.json'), 'utf8')))
  const index = makeIndex(entries)
  for (const [query, page, place] of queries) {
    const { href = 'nothing' } = find(index, query)[0]?.entry ?? {}
    if (!href.includes(page) || !href.includes(place))
      fail('search', `"${query}" finds ${href} first, not ${page}#${place}`)
  }
  for (const kind of ['page', 'section', 'exercise', 'solution', 'code',
    'term'])
    if (!entries.some((entry) => entry.kind === kind))
      fail('search', `there is no ${kind} to be found`)
  if (find(index, 'qwertyuiop').length)
    fail('search', 'finds what is not there')
}

function numbers(page, html, fail) {
  const number = Number(page.match(/^(\d\d)-/)?.[1])
  if (!number) return
  const said = [...html.matchAll(
    /<figcaption><a class="number" href="#[^"]+">([^<]+)/g)]
    .map(([, words]) => words)
  said.forEach((words, n) => {
    if (words !== `Figure ${number}.${n + 1}`)
      fail(page, `expected Figure ${number}.${n + 1}, got ${words}`)
  })
  const figures = html.split(/<a class="figure"/).length - 1
  if (figures !== said.length)
    fail(page, `${figures} figures, but ${said.length} captions`)
  // The number is written in the markdown, and must not stand there twice.
  if (/<strong>Figure [\d.]+<\/strong>/.test(html))
    fail(page, 'the number of a figure is left over as text')
  const listings = html.split('class="snippet code"').length - 1
  const named = html.split(/class="snippet code"[^>]*><div class="bar"><a /)
    .length - 1
  if (named < listings - 3)
    fail(page, `${listings} listings, but ${named} names of files`)
}

// 'figure 4.3' must lead to the figure of this number.
function figureLinks(dist, page, html, fail) {
  let links = 0
  for (const [, address, id, said] of html.matchAll(
    /<a href="([^"#]*)#(figure-[^"]+)"[^>]*>[Ff]igure ([\d.]+)<\/a>/g)) {
    const to = address ? path.join(path.dirname(page), address) : page
    const there = fs.readFileSync(path.join(dist, to), 'utf8')
    if (!there.includes(
      `<a class="number" href="#${id}">Figure ${said}</a>`))
      fail(page, `figure ${said} leads to ${to}#${id}, which is another one`)
    ++links
  }
  return links
}

// Beside the code, a figure has the text that the book gives it: one line.
function figureTexts(dist, fail) {
  const folder = path.join(dist, 'code/figures')
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const page = path.join('code/figures', entry.name, 'index.html')
    const html = fs.readFileSync(path.join(dist, page), 'utf8')
    for (const [, alt] of html.matchAll(/<img [^>]*alt="([^"]*)"/g))
      if (alt.includes('\n'))
        fail(page, `a figure's text is: ${alt.slice(0, 60)} ...`)
  }
}

// Each equation has an address of its own and a link to it, with a number or
// without.
function equations(page, html, fail) {
  const shown = html.split(/<mjx-container [^>]*display="true"/).length - 1
  const ids = [...html.matchAll(/<div class="equation[^"]*" id="([^"]+)"/g)]
    .map(([, id]) => id)
  if (ids.length !== shown || new Set(ids).size !== shown)
    fail(page, `${shown} equations have ${new Set(ids).size} addresses`)
  for (const id of ids) {
    if (!/^eq-(\d+\.\d+|[\da-f]{8}(-\d+)?)$/.test(id))
      fail(page, `an equation's address is ${id}`)
    if (!html.includes(`href="#${id}"`)) fail(page, `${id} is no link`)
  }
}

// A page of text in bytes as they travel: with its styles and scripts, without
// pictures.
function weight(dist, page, html) {
  const sizes = new Map()
  const zipped = (file) => {
    if (!sizes.has(file))
      sizes.set(file, zlib.gzipSync(fs.readFileSync(path.join(dist, file)))
        .length)
    return sizes.get(file)
  }
  const assets = [...html.matchAll(/(?:href|src)="([^"]+\.(?:js|css))"/g)]
    .map(([, address]) =>
      path.normalize(path.join(path.dirname(page), address)))
  return zlib.gzipSync(html).length +
    [...new Set(assets)].reduce((sum, file) => sum + zipped(file), 0)
}

/** @param {object} given root, dist; pages, those that are not of code;
 *   fail(where, what) */
export function testFiles({ root, dist, pages, fail }) {
  search(dist, fail)
  figureTexts(dist, fail)
  // The line that clones the book: on the first page if and only if somebody
  // says where from.
  const named = repository(root, 'https://reader.github.io/pixels/')
  if (!/^https:\/\/[\w.]+\/.+/.test(named?.address))
    fail('repository', `SITE_URL on a code host gives ${named?.address}`)
  const first = fs.readFileSync(path.join(dist, 'index.html'), 'utf8')
  const known = repository(root)?.address
  if (first.includes('git clone') !== Boolean(known) ||
    known && !first.includes(`git clone ${known}`))
    fail('index.html', `the clone line, with the repository at ${known}`)
  const cards = first.match(/class="time">[^<,]{5,}</g)?.length ?? 0
  const chapters = pages.filter((page) => /^\d\d-[^/]*$/.test(page)).length
  if (cards !== chapters)
    fail('index.html', `${cards} cards with a time for ${chapters} chapters`)
  const descriptions = new Map()
  let heaviest = ['', 0], references = 0, toFigures = 0
  for (const page of pages) {
    const html = fs.readFileSync(path.join(dist, page), 'utf8')
    numbers(page, html, fail)
    toFigures += figureLinks(dist, page, html, fail)
    equations(page, html, fail)
    references += html.split('class="to-equation"').length - 1
    const description = html.match(
      /<meta name="description" content="([^"]+)"/)?.[1] ?? ''
    if (description.length < 25) fail(page, `describes itself: ${description}`)
    if (descriptions.has(description))
      fail(page, `has the description of ${descriptions.get(description)}`)
    descriptions.set(description, page)
    if (page === '404.html') continue
    if (!/<meta property="og:title"/.test(html)) fail(page, 'no og:title')
    if (/(href|src)="\/[^"]*"/.test(html) && !process.env.BASE)
      fail(page, `an address from the root: ${
        html.match(/(href|src)="\/[^"]*"/)[0]}`)
    const canonical = html.match(/<link rel="canonical" href="([^"]+)"/)?.[1]
    if (siteUrl && canonical !== siteUrl + addressIn(page))
      fail(page, `canonical address ${canonical}`)
    if (!siteUrl && canonical) fail(page, 'a canonical address from nowhere')
    const bytes = weight(dist, page, html)
    if (bytes > heaviest[1]) heaviest = [page, bytes]
    if (bytes >= 150e3) fail(page, `weighs ${bytes} bytes before its pictures`)
  }
  if (references < 50)
    fail('equations', `only ${references} links to them in texts`)
  if (!toFigures) fail('figures', 'no text names one by its number')
  if (siteUrl && !fs.readFileSync(path.join(dist, 'sitemap.xml'), 'utf8')
    .includes(`<loc>${siteUrl}</loc>`)) fail('sitemap.xml', 'no first page')
  const folder = fs.readFileSync(path.join(dist,
    'code/chapters/04-backprop/exercises/index.html'), 'utf8')
  const order = [...folder.matchAll(/<li>(\d+)\. /g)].map(([, n]) => Number(n))
  if (order.length < 3 || order.some((n, i) => i > 0 && n <= order[i - 1]))
    fail('exercises', `are in the order ${order}`)
  console.log(`${queries.length} queries; ${references} links to equations; ` +
    `${toFigures} to figures; ` +
    `the heaviest page before pictures, compressed: ${heaviest.join(', ')}`)
}
