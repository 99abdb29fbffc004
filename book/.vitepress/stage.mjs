// Lays out what VitePress builds the site from, in build/site/pages:
//   book/*.md, and each other markdown page of the repository that one of
//     them links to, with links that work on the site; index.md, the first
//     page
//   public/figures/   the figures
//   public/code/      a page for each file and folder of the repository that
//     is linked to or included, and for the files of such folders
//   public/live/      the live page, if its folder is named
//   public/search.json   what the search looks through
//   .vitepress/       a copy of this folder, with book.json, what text.mjs
//     needs to know, and 404.html
// Usage: node stage.mjs ROOT PAGES [LIVE]
// With EPUB=FILE in the environment, the site offers that file, too.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { codePages, frame } from './code_pages.mjs'
import { codeEntries, pageEntries, promote, tasks } from './entries.mjs'
import { landing } from './landing.mjs'
import { card, lost } from './picture.mjs'
import { aboutPage, base, figureName, fromPage, headingOf, isExternal, isFilm,
  mapLinks, numberOf, pageAddress, pageOfFigure, picturesShown, plain,
  resolveLink, siteWords, summary, withoutComments } from './source.mjs'
import { lookUp } from './text.mjs'
import { packed } from './theme/find.mjs'

const [root, pages, live] = process.argv.slice(2)

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

const read = (file) => fs.readFileSync(at(file), 'utf8')

const listed = summary(root).flat()
  .map((entry) => ({ ...entry, text: read('book/' + entry.file) }))

const shown = picturesShown(listed.map(({ file, text }) =>
  ({ file: 'book/' + file, text })))

// ---- Where the repository's files are on the site ------------------------

const isPage = (file) => file.endsWith('.md') && file !== 'book/SUMMARY.md'

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
  const on = pageOfFigure(shown, file, from)
  if (on)  // a figure is named by its picture, and found on its page
    return `${on === from ? '' : pageAddress(on)}#${figureName(file)}`
  want(file)
  citations[file] ??= []
  citations[file].push({ from, hash })
  return hash ? address(file) + hash : addressAlive(file)
}

// ---- Pages of markdown ---------------------------------------------------

const titles = {}
const chapters = {}      // '04-backprop' -> aboutPage() of it
const entries = []       // for the search

const shortened = (text, most) => text.length <= most ? text
  : text.slice(0, most - 3).replace(/[\s,]+\S*$/, '') + ' ...'

// A page in one sentence or two, for search engines and for who shares it.
function describe(file, text, of) {
  const { aim, question } = aboutPage(text)
  if (aim) {
    const asked = question && question.replace(/^./, (c) => c.toUpperCase())
    return shortened(`${asked ? asked + ' ' : ''}${aim}`, 220)
  }
  if (/\/solutions\//.test(file)) {
    const asked = tasks(text).map(({ title }) => title).filter(Boolean)
    return `Solutions of chapter ${numberOf(of)}, explained: ${
      asked.join(', ')}`.slice(0, 220)
  }
  const first = withoutComments(text).split('\n\n')
    .find((part) => /^[\p{L}*[]/u.test(part)) ?? ''
  const words = plain(first.replace(/\n/g, ' '))
  const start = of && !/^book/.test(file) ? `Chapter ${numberOf(of)}: ` : ''
  return (start + shortened(words, 180)) || siteWords
}

// What a fence holds is said by the comment above it: here it goes behind
// the fence's language. "output step 3" -> "text output 3".
const labelled = (text) => text.replace(
  /^<!-- (output|timings|headlines)\b(.*?) -->\n```text$/gm,
  (whole, kind, rest) => {
    const step = kind === 'output' && rest.match(/^(?: \d\d)? step (\d+) /)?.[1]
    return `\`\`\`text ${kind}${step ? ' ' + step : ''}`
  })

function stagePage(file) {
  const chapter = path.basename(file, '.md')
  const entry = listed.find((one) => 'book/' + one.file === file)
  const source = entry?.text ?? read(file)
  const text = withoutComments(labelled(source))
  titles[file] = headingOf(text)
  const of = entry ? chapter : file.match(/^chapters\/([^/]+)\//)?.[1] ?? ''
  const front = { title: titles[file], description: describe(file, source, of) }
  if (!entry) front.prev = front.next = false
  if (/\/solutions\//.test(file)) front.solutions = true
  if (!entry) front.aside_page = true
  if (/^(notation|glossary)$/.test(chapter)) front.notation = true
  if (entry && numberOf(of)) front.time = aboutPage(source).whole
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
    front.chapterTitle = headingOf(read(`book/${of}.md`))
    front.links = links.filter(([, to]) => to !== file)
      .map(([name, to]) => ({ name, link: addressAlive(to) }))
    for (const [, to] of links) want(to)
    want(`chapters/${of}`)
  }
  const body = mapLinks(text, (target, image) =>
    image ? '/' + resolveLink(file, target).file : siteLink(file, target))
  want(file + '#source')
  entries.push(...pageEntries(file, source, pageAddress(file), of))
  const yaml = Object.entries(front)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n')
  write(file, `---\n${yaml}\n---\n\n${body}`)
}

// The lines of a chapter's code, without comments: [{file, line, number}].
const linesOfCode = new Map()
function linesOf(folder) {
  if (!linesOfCode.has(folder))
    linesOfCode.set(folder, fs.readdirSync(at(folder))
      .filter((name) => /\.[ch]pp$/.test(name)).flatMap((name) =>
        read(`${folder}/${name}`).split('\n').map((line, i) =>
          ({ file: `${folder}/${name}`, line, number: i + 1 })))
      .filter(({ line }) => !/^\s*\/\//.test(line)))
  return linesOfCode.get(folder)
}

// The line of a chapter's code that names a figure: that which draws it, as
// far as it can be told.
function drawnBy(figure) {
  const [, chapter, name] = figure.match(/^figures\/([^/]+)\/(.+)$/)
  const short = name.replace(/\.\w+$/, '')
  const naming = (word) => linesOf(`chapters/${chapter}`)
    .filter(({ line }) => line.includes(`"${word}"`))
  const full = naming(name)
  const hits = full.length ? full : naming(short)
  const files = new Set(hits.map(({ file }) => file))
  const best = files.size === 1 ? hits[0]
    : hits.find(({ file }) => file.endsWith('/figures.hpp'))
  return best ? `/code/${best.file}.html#L${best.number}` : ''
}

// ---- All of it -----------------------------------------------------------

fs.rmSync(pages, { recursive: true, force: true })
fs.cpSync(at('book/.vitepress'), path.join(pages, '.vitepress'),
  { recursive: true })
const theme = 'book/.vitepress/theme'
copy(`${theme}/icon.svg`, 'public/icon.svg')
for (const name of ['code.js', 'page.mjs', 'lines.js', 'highlight.js',
  'search.mjs', 'find.mjs', 'copy.mjs', 'made.mjs'])
  copy(`${theme}/${name}`, `public/code/${name}`)
write('public/code/code.css', ['colours.css', 'search.css', 'code.css']
  .map((name) => read(`${theme}/${name}`)).join(''))
write('public/card.png', card(root))
write('public/lost.png', lost(root))
if (process.env.EPUB)
  fs.copyFileSync(process.env.EPUB,
    path.join(pages, 'public/pixels-to-predictions.epub'))

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
      ? optimise(bytes, 2, false, true) : bytes)
  }

if (live)
  fs.cpSync(live, path.join(pages, 'public/live'), { recursive: true })

// What the pages of code are known to include has a page as well.
function wantIncluded(file) {
  const text = read(file)
  for (const [, name] of text.matchAll(/^#include "((?:common|\d\d-)[^"]+)"/gm))
    for (const one of [name, `chapters/${name}`])
      if (fs.existsSync(at(one))) want(one)
}

for (const { file, text } of listed)
  if (numberOf(file))
    chapters[file.replace('.md', '')] = aboutPage(text)
for (const { file } of listed) want('book/' + file)
write('index.md', `---
title: ${JSON.stringify('Pixels to Predictions')}
titleTemplate: ${JSON.stringify(siteWords)}
description: ${JSON.stringify(siteWords + '. Listings, numbers and figures ' +
  'are those of the program; you can draw a digit on this page.')}
layout: page
sidebar: false
landing: true
---

${landing({ root, live, epub: process.env.EPUB, link: (file) => {
    want(file)
    return addressAlive(file)
  } })}`)
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
  else if (!isImage(file)) {
    code.push(file)
    if (/\.[ch]pp$/.test(file)) wantIncluded(file)
  }
}

const alts = {}   // figure -> its alt text in the book
const drawn = {}  // figure -> where its code is on the site
for (const [name, { alt }] of Object.entries(shown)) {
  alts[name] = alt
  drawn[name] = drawnBy(name)
}

const lookedUp = lookUp(listed)
const make = codePages({ root, isFolder, isImage, isText, address, citations,
  titles, alts, known, live: Boolean(live), chapters })
for (const file of code) {
  const page = `code/${file}${isFolder(file) ? '/index' : ''}.html`
  write(`public/${page}`, fromPage(isFolder(file) ? make.folderPage(file)
    : make.codePage(file), page))
}
write('public/code/tree.js', `files = ${JSON.stringify(make.tree())}
equations = ${JSON.stringify(lookedUp.equations)}
`)
write('.vitepress/404.html', frame({ title: 'No such page', live: Boolean(live),
  description: 'There is no page at this address', main: `
<h1>There is no such page</h1>
<p><img class="lost" src="${base}lost.png" width="616" height="196"
alt="Three handwritten digits: a 4, a 0 and a 4"></p>
<p>These digits were written by hand, and a network can learn to read them.
The address that brought you here is harder: there is no page at it, or not
any more. Try the <button type="button" data-find
class="plain">search</button>, or begin with one of these:</p>
<ul>
<li><a href="${base}">The first page</a>
${listed.map(({ file, title }) => `<li><a href="${base}${
    pageAddress('book/' + file).slice(1)}">${numberOf(file)} ${title}</a>`)
    .join('\n')}
</ul>` }))

// ---- What the search and the pages look up -------------------------------

write('.vitepress/book.json', JSON.stringify({ ...lookedUp, drawn,
  root: path.resolve(root),
  chapters: Object.fromEntries(Object.entries(chapters)
    .map(([name, { whole }]) => [name, whole])) }))
promote(entries, listed.find(({ file }) => file === 'glossary.md')?.text
  ?? '')
for (const file of code)
  if (/^(chapters\/\d\d-[\w-]+(\/exercises)?|common\/\w+)\/[\w.]+\.hpp$/
    .test(file) &&
    !/figures\.hpp$|\/steps_/.test(file))
    entries.push(...codeEntries(file, read(file),
      `/code/${file}.html`))
write('public/search.json', JSON.stringify(packed(entries)))

console.log(`${known.size} files and folders: ${listed.length} pages of the ` +
  `book, ${code.length} of code, ${films} films, ${entries.length} entries ` +
  'for the search')
