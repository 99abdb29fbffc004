// Lays out what VitePress builds the site from, in build/site/pages:
//   book/*.md, and each other markdown page of the repository that one of
//     them links to, with links that work on the site
//   public/figures/   the figures
//   public/code/      a page for each file and folder of the repository that
//     is linked to, and for the files of such folders
//   public/live/      the live page, if its folder is named
//   .vitepress/       a copy of this folder
// Usage: node stage.mjs ROOT PAGES [LIVE]
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { escapeHtml, headingOf, imageSize, isExternal, isFilm, mapLinks,
  numberOf, resolveLink, summary, withoutComments } from './source.mjs'

const [root, pages, live] = process.argv.slice(2)
const base = process.env.BASE || '/'
const site = 'Pixels to Predictions'

const at = (file) => path.join(root, file)
const isFolder = (file) => fs.statSync(at(file)).isDirectory()
// The site shows figures as pictures; any other picture is a file like others.
const isImage = (file) => /^figures\/.*\.(png|svg)$/.test(file)
const write = (file, content) => {
  fs.mkdirSync(path.dirname(path.join(pages, file)), { recursive: true })
  fs.writeFileSync(path.join(pages, file), content)
}
const copy = (file, to) => {
  fs.mkdirSync(path.dirname(path.join(pages, to)), { recursive: true })
  fs.copyFileSync(at(file), path.join(pages, to))
}

const isText = (file) => {
  const bytes = fs.readFileSync(at(file))
  return bytes.length < 300000 && !bytes.subarray(0, 8000).includes(0)
}

const listed = summary(root).flat()

// ---- Where the repository's files are on the site ------------------------

const isPage = (file) => file.endsWith('.md') && file !== 'book/SUMMARY.md'

function pageAddress(file) {
  if (file === 'book/introduction.md') return '/'
  return '/' + file.replace(/^book\//, '').replace(/\.md$/, '.html')
}

function address(file) {
  if (isFolder(file)) return `/code/${file}/`
  if (isPage(file)) return pageAddress(file)
  if (isImage(file)) return '/' + file
  return `/code/${file}.html`
}

// The live page as such, and not its source, which lines are cited from.
const livePage = 'chapters/18-browser/page/index.html'
const addressAlive = (file) =>
  live && file === livePage ? '/live/' : address(file)

const todo = []          // files and folders that the site must have
const known = new Set()
const citations = {}     // file -> the pages that link to it, with the lines

function want(file) {
  if (known.has(file)) return
  known.add(file)
  todo.push(file)
}

function siteLink(from, target) {
  if (isExternal(target)) return target
  const { file, hash } = resolveLink(from, target)
  if (!fs.existsSync(at(file)))
    throw new Error(`${from}: links to ${file}, which is not there`)
  want(file)
  citations[file] ??= []
  citations[file].push({ from, hash })
  return hash ? address(file) + hash : addressAlive(file)
}

// ---- Pages of markdown ---------------------------------------------------

const titles = {}

function stagePage(file) {
  const text = withoutComments(fs.readFileSync(at(file), 'utf8'))
  const chapter = path.basename(file, '.md')
  const entry = listed.find((one) => 'book/' + one.file === file)
  titles[file] = headingOf(text)
  const front = { title: titles[file], search: Boolean(entry) }
  if (!entry) front.prev = front.next = false
  const of = entry ? chapter : file.match(/^chapters\/([^/]+)\//)?.[1] ?? ''
  if (numberOf(of)) {
    const links = [
      ['page', `book/${of}.md`],
      ['program', `chapters/${of}/main.cpp`],
      ['exercises', `chapters/${of}/exercises`],
      ['solutions', `chapters/${of}/solutions/solutions.md`],
      ['figures', `figures/${of}`]]
    if (live && livePage.startsWith(`chapters/${of}/`))
      links.push(['live page', livePage])
    front.chapter = numberOf(of)
    front.links = links.filter(([, to]) => to !== file)
      .map(([name, to]) => ({ name, link: addressAlive(to) }))
    for (const [, to] of links) want(to)
  }
  const body = mapLinks(text, (target, image) =>
    image ? '/' + resolveLink(file, target).file : siteLink(file, target))
  want(file + '#source')
  const yaml = Object.entries(front)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n')
  write(file, `---\n${yaml}\n---\n\n${body}`)
}

// ---- Pages of code -------------------------------------------------------

const asset = (name) => `${base}code/${name}`

function frame(file, main, extra = '') {
  const steps = file.split('/')
  const name = steps.pop()
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(file)} | ${site}</title>
<link rel="icon" href="${base}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${asset('code.css')}">
<script src="${asset('code.js')}"></script>
</head>
<body>
<header>
<a href="${base}">${site}</a>
<button type="button" id="scheme">Light or dark</button>
</header>
<main>
<h1>${steps.length ? `<small>${escapeHtml(steps.join('/'))}/</small>` : ''}${
  escapeHtml(name)}</h1>
${extra}${main}
</main>
</body>
</html>
`
}

const lineOf = (hash) => Number(hash.match(/^#L(\d+)/)?.[1] ?? 0)

// "Cited in Convolution (lines 8 to 30, 41 to 44), Training."
function citedIn(file) {
  const pagesOfFile = new Map()
  for (const { from, hash } of citations[file] ?? [])
    pagesOfFile.set(from, (pagesOfFile.get(from) ?? new Set()).add(hash))
  const entries = [...pagesOfFile].map(([from, hashes]) => {
    const lines = [...hashes].filter(lineOf)
      .sort((a, b) => lineOf(a) - lineOf(b))
      .map((hash) => `<a href="${hash}">${hash.replace(/[#L]/g, '')
        .replace('-', '\u2013')}</a>`)
    return `<a href="${base}${pageAddress(from).slice(1)}">${
      escapeHtml(pageTitle(from))}</a>` +
      (lines.length ? ` (${lines.length > 1 ? 'lines' : 'line'}${
        hashes.size && /-/.test([...hashes].join()) && lines.length === 1
          ? 's' : ''} ${lines.join(', ')})` : '')
  })
  return entries.length ? `<p>Cited in ${entries.join(', ')}.</p>\n` : ''
}

function pageTitle(file) {
  const number = numberOf(path.basename(file))
  const chapter = file.match(/^chapters\/(\d\d)-/)?.[1]
  if (file === 'README.md') return 'the README'
  if (chapter) return titles[file]
  return (number ? number + ' ' : '') + titles[file]
}

function codePage(file) {
  const text = fs.readFileSync(at(file), 'utf8').replace(/\n$/, '')
  const ranges = new Set((citations[file] ?? []).map(({ hash }) => hash)
    .filter((hash) => /^#L\d+-L\d+$/.test(hash)))
  const anchors = {}  // for the ranges that are cited: to their first line
  for (const hash of ranges)
    (anchors[lineOf(hash)] ??= []).push(`<a id="${hash.slice(1)}"></a>`)
  const lines = text.split('\n').map((line, i) =>
    (anchors[i + 1] ?? []).join('') + escapeHtml(line))
  return frame(file, `<pre class="code" data-language="${
    file.split('.').at(-1)}" tabindex="0" role="region" aria-label="The file">${
    lines.join('\n')}\n</pre>
<script type="module" src="${asset('lines.js')}"></script>`,
    citedIn(file))
}

const alts = {}  // figure -> its alt text in the book

function folderPage(folder) {
  const names = fs.readdirSync(at(folder)).filter((name) => name[0] !== '.')
    .sort()
  const items = names.map((name) => {
    const file = `${folder}/${name}`
    const size = isFolder(file) ? '' : fs.statSync(at(file)).size
    if (!isFolder(file) && !isImage(file) && !isText(file))
      return `<li>${escapeHtml(name)} <small>${size} bytes</small>`
    const link = `<a href="${base}${address(file).slice(1)}">${
      escapeHtml(name)}</a>`
    if (!isImage(file)) return `<li>${link}`
    const { width, height } = imageSize(at(file))
    return `<li><figure><img src="${base}${file}" width="${width}" height="${
      height}" loading="lazy" alt="${escapeHtml(alts[file] ??
      `The figure ${name}, which the book does not show`)}"><figcaption>${
      link}</figcaption></figure>`
  })
  const figures = items.some((item) => item.startsWith('<li><figure'))
  return frame(folder, `<ul${figures ? ' class="figures"' : ''}>
${items.join('\n')}
</ul>`, citedIn(folder))
}

// ---- All of it -----------------------------------------------------------

fs.rmSync(pages, { recursive: true, force: true })
fs.cpSync(at('book/.vitepress'), path.join(pages, '.vitepress'),
  { recursive: true })
const theme = 'book/.vitepress/theme'
copy(`${theme}/icon.svg`, 'public/icon.svg')
for (const name of ['code.js', 'lines.js', 'highlight.js'])
  copy(`${theme}/${name}`, `public/code/${name}`)
write('public/code/code.css', ['colours.css', 'code.css'].map((name) =>
  fs.readFileSync(at(`${theme}/${name}`), 'utf8')).join(''))

// Pictures with the same pixels in fewer bytes; films stay as they are.
const oxipng = createRequire(path.resolve(pages, 'any')).resolve(
  '@jsquash/oxipng/codec/pkg/squoosh_oxipng.js')
const { default: load, optimise } = await import(pathToFileURL(oxipng))
await load(fs.readFileSync(oxipng.replace('.js', '_bg.wasm')))
let films = 0
for (const folder of fs.readdirSync(at('figures')).sort())
  for (const name of fs.readdirSync(at(`figures/${folder}`))) {
    const file = `figures/${folder}/${name}`
    if (!isImage(file)) continue
    if (isFilm(name)) ++films
    const bytes = fs.readFileSync(at(file))
    write(`public/${file}`, name.endsWith('.png') && !isFilm(name)
      ? optimise(bytes, 1, false, true) : bytes)
  }

if (live)
  fs.cpSync(live, path.join(pages, 'public/live'), { recursive: true })

for (const { file } of listed) want('book/' + file)
const code = []
while (todo.length) {
  const file = todo.shift()
  if (file.endsWith('#source')) code.push(file.replace('#source', ''))
  else if (isFolder(file)) {
    code.push(file)
    for (const name of fs.readdirSync(at(file)).sort()) {
      const inside = `${file}/${name}`
      if (isFolder(inside) || isImage(inside) || isText(inside)) want(inside)
    }
  } else if (isPage(file)) stagePage(file)
  else if (!isImage(file)) code.push(file)
}
for (const { file } of listed)
  mapLinks(fs.readFileSync(at('book/' + file), 'utf8'), (target, image) => {
    if (!image) return target
    const name = resolveLink('book/' + file, target).file
    const shown = fs.readFileSync(at('book/' + file), 'utf8')
    alts[name] = shown.split(`](${target})`)[0].split('![').at(-1)
    return target
  })
for (const file of code)
  if (isFolder(file)) write(`public/code/${file}/index.html`, folderPage(file))
  else write(`public/code/${file}.html`, codePage(file))

console.log(`${known.size} files and folders: ${listed.length} pages of the ` +
  `book, ${code.length} of code, ${films} films`)
