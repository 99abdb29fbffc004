// What the site and the EPUB have in common: the order of the pages, and how
// the book's markdown is read. No package is needed here.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

export const siteName = 'Pixels to Predictions'
export const siteWords = 'A convolutional neural network in C++20, from an '
  + 'empty file to a program that reads handwritten digits'

// Where the site will be found, if SITE_URL says so: 'https://host/folder/'.
export const siteUrl = process.env.SITE_URL
  ? process.env.SITE_URL.replace(/\/?$/, '/') : ''
// The folder of its host that the site will lie in: '/', '/folder/'.
export const base = process.env.BASE ||
  (siteUrl ? new URL(siteUrl).pathname : '/')

// The repository on a code host, {host, name, address}: that from which this
// one was cloned or, failing that, the one whose pages SITE_URL names. null
// if there is neither.
export function repository(root, address = siteUrl) {
  let origin = ''
  try {
    origin = execFileSync('git', ['-C', root, 'remote', 'get-url', 'origin'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {}  // no git, or no such remote
  const [, owner, project] = address.match(
    /^https:\/\/([\w-]+)\.github\.io\/([\w.-]+)\/$/) ?? []
  const [, host, name] = origin.replace(/\.git$/, '').match(
    /^https:\/\/(?:[^@/]*@)?(github\.com|gitlab\.com|codeberg\.org)\/(.+)$/)
    ?? (owner ? ['', 'github.com', `${owner}/${project}`] : [])
  return host ? { host, name, address: `https://${host}/${name}` } : null
}

// The pages in SUMMARY.md's order, in its three parts (before the chapters,
// the chapters, after them): [[{title, file}]].
export function summary(root) {
  const text = fs.readFileSync(path.join(root, 'book/SUMMARY.md'), 'utf8')
  const parts = [[], [], []]
  let part = 0
  for (const line of text.split('\n')) {
    const entry = line.match(/^(\s*[-*] )?\[(.+)\]\((.+\.md)\)\s*$/)
    if (!entry) continue
    if (entry[1]) part = 1
    else if (part === 1) part = 2
    parts[part].push({ title: entry[2], file: entry[3] })
  }
  return parts
}

// 06 of 06-training.md, '' of notation.md.
export const numberOf = (file) => file.match(/^(\d\d)-/)?.[1] ?? ''

export const headingOf = (markdown) =>
  markdown.match(/^# (.+)$/m)?.[1] ?? 'Untitled'

// The name that a heading has in addresses, as the code hosts make it.
export const slugify = (heading) => heading.trim().toLowerCase()
  .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').replace(/\s/g, '-')

// What a page says of itself at its top: how long it takes ('About an hour'),
// what one can do afterwards, and the question of its chapter.
export function aboutPage(markdown) {
  const [, time, rest, aim] = markdown.match(
    /^\*([^.*]+?)(, (?:and|while)[^.*]+)?\. (Afterwards [^*]+)\*$/m) ?? []
  const [, concept, question, files] = markdown.match(
    /^<!-- chapter: ([^|]+) \| ([^|]+) \| (.+) -->$/m) ?? []
  return { time: time ?? '', whole: time ? time + (rest ?? '') : '',
    aim: aim ?? '', concept: concept ?? '', question: question ?? '',
    files: files?.split(' ') ?? [] }
}

// Words alone: no links, no emphasis, no formulas' commands.
export const plain = (markdown) => markdown
  .replace(/<!--.*?-->/g, '')
  .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
  .replace(/\[((?:`[^`]*`|[^\]`])*)\]\([^)\s]+\)/g, '$1')
  .replace(/\$\$?([^$]+)\$\$?/g, (_, formula) => plainFormula(formula))
  .replace(/(\*\*|__)(.+?)\1/g, '$2')
  .replace(/(^|[^\w*])[*_](\S[^*]*?)[*_]/g, '$1$2')
  .replace(/`/g, '').replace(/\s+/g, ' ').trim()

const signs = { cdot: '·', times: '×', le: '≤', ge: '≥', approx: '≈', eta: 'η',
  mu: 'μ', sigma: 'σ', kappa: 'κ', lambda: 'λ', rho: 'ρ', theta: 'θ',
  beta: 'β', gamma: 'γ', epsilon: 'ε', delta: 'δ', alpha: 'α', partial: '∂',
  sum: '∑', leftarrow: '←', pi: 'π', ln: 'ln', max: 'max', min: 'min',
  ldots: '...', infty: '∞', to: '→', pm: '±', neq: '≠' }
export const plainFormula = (formula) => formula
  .replace(/\\(?:text|mathrel|hat|bar|overline|mathrm)\{([^{}]*)\}/g, '$1')
  .replace(/\\frac\{([^{}]*)\}\{([^{}]*)\}/g, '$1/$2')
  .replace(/\\([a-zA-Z]+)/g, (whole, name) => signs[name] ?? '')
  .replace(/\\[,;! ]/g, ' ').replace(/[{}\\&]/g, '')

// Calls `change` with each line outside code listings; what it gives (null:
// nothing) stands in the line's place.
export function mapLines(markdown, change) {
  let fence = ''
  const lines = []
  for (const line of markdown.split('\n')) {
    const mark = line.match(/^[\s>]*(```+|~~~+)/)?.[1] ?? ''
    const inside = fence !== ''
    if (!inside && mark) fence = mark
    else if (inside && mark.startsWith(fence)) fence = ''
    const changed = inside || mark ? line : change(line)
    if (changed !== null) lines.push(changed)
  }
  return lines.join('\n')
}

// Without the comments between which the book's tool fills the pages.
export const withoutComments = (markdown) =>
  mapLines(markdown, (line) => {
    const rest = line.replace(/<!--.*?-->/g, '')
    return rest !== line && /^[\s>]*$/.test(rest) ? null : rest
  })

// Calls `change(target, isImage, text)` for each link and image; code in a
// line is left alone. What it gives is the new target, and with `drop` only
// the link's text stays.
export const drop = Symbol('drop')
export function mapLinks(markdown, change) {
  const link = /(`+)(?:(?!\1).)*\1|(!?)\[((?:`[^`]*`|[^\]`])*)\]\(([^()\s]+)\)/g
  return mapLines(markdown, (line) =>
    line.replace(link, (whole, code, image, text, target) => {
      if (code) return whole
      const changed = change(target, image === '!', text)
      return changed === drop ? text : `${image}[${text}](${changed})`
    }))
}

// The pages that show each picture, and the text that the last of them gives
// it: {'figures/04-backprop/chain.svg': {pages: ['book/04-backprop.md'], alt}}.
export function picturesShown(pages) {
  const shown = {}
  for (const { file, text } of pages)
    mapLinks(text, (target, image, alt) => {
      if (!image) return target
      const picture = shown[resolveLink(file, target).file] ??= { pages: [] }
      picture.pages.push(file)
      picture.alt = alt
      return target
    })
  return shown
}

// The page on which a link in `from` finds a figure: its own, if that shows
// it, else that of the figure's chapter, else any. undefined if none does.
export function pageOfFigure(shown, picture, from) {
  const pages = shown[picture]?.pages ?? []
  const chapter = picture.split('/')[1]
  return pages.find((page) => page === from) ??
    pages.find((page) => page === `book/${chapter}.md`) ?? pages[0]
}

export const figureName = (picture) =>
  'figure-' + path.basename(picture).replace(/\.\w+$/, '')

export const isExternal = (target) => /^[a-z]+:/i.test(target)

// The file or folder of the repository that a link in `from` points at, and
// the rest of the link: {file: 'common/tensor/tensor.hpp', hash: '#L5-L9'}.
export function resolveLink(from, target) {
  const [link, anchor] = target.split('#')
  const file = link === '' ? from
    : path.posix.normalize(path.posix.join(path.posix.dirname(from), link))
  return { file: file.replace(/\/$/, ''), hash: anchor ? '#' + anchor : '' }
}

// Where a page of the repository is on the site.
export const pageAddress = (file) =>
  '/' + file.replace(/^book\//, '').replace(/\.md$/, '.html')

// The address of a file of the site, from the site's first page on.
export const addressIn = (file) => file.split(path.sep).join('/')
  .replace(/(^|\/)index\.html$/, '$1')

// Width and height of a PNG or an SVG of ours.
export function imageSize(file) {
  const bytes = fs.readFileSync(file)
  if (file.endsWith('.png'))
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  const [, width, height] = bytes.toString()
    .match(/<svg [^>]*?width="(\d+)" height="(\d+)"/)
  return { width: Number(width), height: Number(height) }
}

export const isFilm = (file) => /(^|[-/])film\.png$/.test(file)

// Links from the site's root become links from the page, so that pictures and
// links work in files that were opened from a disk as well.
export function fromPage(html, page) {
  const up = '../'.repeat(page.split('/').length - 1) || './'
  return html.replace(/( (?:href|src|data-src|data-base)=")([^"]*)"/g,
    (whole, before, address) => address.startsWith(base)
      ? `${before}${up}${address.slice(base.length)}"` : whole)
}

export const escapeHtml = (text) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
