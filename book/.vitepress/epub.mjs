// Makes of the book's pages what pandoc reads for an EPUB, and looks at what
// pandoc has made.
// Usage: node epub.mjs ROOT FOLDER, then node epub.mjs --check FILE
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { cover } from './picture.mjs'
import { drop, figureName, headingOf, isExternal, mapLines, mapLinks,
  numberOf, pageOfFigure, picturesShown, resolveLink, siteName, siteWords,
  summary, withoutComments } from './source.mjs'

// 'page-04-backprop', 'solutions-04-backprop'.
const idOf = (file) => file.includes('/solutions/')
  ? `solutions-${file.split('/')[1]}` : 'page-' + path.basename(file, '.md')

// The same for every build, so that a reader's shelf knows the book again:
// the UUID (version 5) of its name.
function identifier() {
  const hash = crypto.createHash('sha1')
    .update(Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex'))  // of URLs
    .update(siteName).digest().subarray(0, 16)
  hash[6] = hash[6] & 0x0f | 0x50
  hash[8] = hash[8] & 0x3f | 0x80
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/,
    '$1-$2-$3-$4-')
}

const authors = (root) => fs.readFileSync(path.join(root, 'LICENSE'), 'utf8')
  .match(/^Copyright \(c\) [\d, -]+ (.+)$/m)?.[1] ?? 'Its authors'

function prepare(root, folder) {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  const listed = summary(root).flat().map(({ file }) => 'book/' + file)
  const solutions = listed.map((page) => `chapters/${
    path.basename(page, '.md')}/solutions/solutions.md`)
    .filter((file) => fs.existsSync(path.join(root, file)))
  const pages = [...listed, ...solutions]
  const out = (page) => path.join(folder, `${idOf(page)}.md`)
  const texts = new Map(pages.map((page) =>
    [page, fs.readFileSync(path.join(root, page), 'utf8')]))
  const shown = picturesShown(listed.map((file) =>
    ({ file, text: texts.get(file) })))
  const figureId = (page, picture) => `${idOf(page)}-${figureName(picture)}`
  for (const [page, source] of texts) {
    let text = mapLinks(withoutComments(source), (target, image) => {
      if (isExternal(target)) return target
      const { file } = resolveLink(page, target)
      if (image) return file
      const on = pageOfFigure(shown, file, page)
      if (on) return '#' + figureId(on, file)
      return pages.includes(file) ? '#' + idOf(file) : drop  // code is outside
    })
    const number = numberOf(path.basename(page))
    const title = `# ${number} ${headingOf(text)}`.replace('#  ', '# ')
    text = text.replace(/^# .+$/m, () => `${title} {#${idOf(page)}}`)
    // A note begins with its heading. pandoc knows no numbers of equations,
    // nor brackets of a given size. Readers of books fold nothing away: what
    // the site folds stands there as an aside.
    text = mapLines(text, (line) => /^> \[!\w+\]$/.test(line) ? null
      : line.replace(/^<details>$/, '<div class="aside">')
        .replace(/^<summary>(.+)<\/summary>$/, '<p><strong>$1</strong></p>')
        .replace(/^<\/details>$/, '</div>')
        .replace(/^!\[.*\]\((figures\/\S+)\)$/, (figure, picture) =>
          `${figure}{#${figureId(page, picture)}}`)
        .replace(/\\tag\{([\d.]+)\}/g, '\\qquad ($1)')
        .replace(/\\[bB]igg?l\b/g, '\\left')
        .replace(/\\[bB]igg?r\b/g, '\\right'))
    fs.writeFileSync(out(page), text + '\n')
  }
  fs.writeFileSync(path.join(folder, 'pages.txt'),
    pages.map(out).join('\n') + '\n')
  fs.writeFileSync(path.join(folder, 'metadata.yaml'),
    `title: ${siteName}\nsubtitle: ${siteWords}\n` +
    `creator:\n- role: author\n  text: ${authors(root)}\n` +
    `identifier:\n- scheme: UUID\n  text: urn:uuid:${identifier()}\n` +
    `cover-image: ${path.join(folder, 'cover.png')}\n` +
    'lang: en-GB\nrights: MIT\n')
  fs.writeFileSync(path.join(folder, 'cover.png'), cover(root))
  fs.writeFileSync(path.join(folder, 'style.css'), `
body { line-height: 1.5 }
img { max-width: 100% }
h1, h2, h3 { break-after: avoid; page-break-after: avoid }
pre { font-size: 70%; line-height: 1.4; white-space: pre-wrap;
  overflow-wrap: anywhere; text-align: left; hyphens: none }
table { border-collapse: collapse; font-size: 90% }
td, th { padding: 0.2em 0.6em; border-bottom: 1px solid #999; text-align: left }
blockquote, .aside { margin: 1em 0; padding-left: 1em;
  border-left: 3px solid #999 }
`)
}

// The files of a ZIP archive: name -> bytes.
function unzip(bytes) {
  const files = new Map()
  let at = bytes.readUInt32LE(bytes.lastIndexOf('PK\x05\x06', undefined,
    'latin1') + 16)
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, size] = [bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20)]
    const [name, extra, comment] = [28, 30, 32].map((offset) =>
      bytes.readUInt16LE(at + offset))
    const local = bytes.readUInt32LE(at + 42)
    const begin = local + 30 + bytes.readUInt16LE(local + 26)
      + bytes.readUInt16LE(local + 28)
    const data = bytes.subarray(begin, begin + size)
    files.set(bytes.toString('utf8', at + 46, at + 46 + name),
      method === 8 ? zlib.inflateRawSync(data) : data)
    at += 46 + name + extra + comment
  }
  return files
}

function check(file) {
  const files = unzip(fs.readFileSync(file))
  const wrong = []
  const counts = { pages: 0, formulas: 0, images: 0, links: 0 }
  if ([...files.keys()][0] !== 'mimetype') wrong.push('mimetype is not first')
  for (const [name, bytes] of files) {
    if (!name.endsWith('.xhtml')) continue
    const text = bytes.toString()
    ++counts.pages
    counts.formulas += text.split('<math').length - 1
    if (/<span class="math/.test(text)) wrong.push(`${name}: TeX is left over`)
    if (/<!--/.test(text)) wrong.push(`${name}: a comment is left over`)
    if (/<details|<summary/.test(text)) wrong.push(`${name}: something folds`)
    for (const [image] of text.matchAll(/<img [^>]*>/g))
      if (!/ alt="[^"]{10,}"/.test(image)) wrong.push(`${name}: ${image}`)
    for (const [, kind, target] of text.matchAll(/ (href|src)="([^"]*)"/g)) {
      if (isExternal(target)) continue
      const [to, id] = target.split('#')
      const at = to === '' ? name
        : path.posix.join(path.posix.dirname(name), decodeURIComponent(to))
      ++counts[kind === 'src' ? 'images' : 'links']
      if (!files.has(at)) wrong.push(`${name}: no ${target}`)
      else if (id && !files.get(at).toString().includes(`id="${id}"`))
        wrong.push(`${name}: no anchor ${target}`)
    }
  }
  const about = [...files].find(([name]) => name.endsWith('.opf'))?.[1]
    .toString() ?? ''
  for (const [what, pattern] of Object.entries({
    'its name': new RegExp(`<dc:title[^>]*>${siteName}<`),
    'an author': /<dc:creator[^>]*>[^<]+</,
    'the identifier of its name': new RegExp(`urn:uuid:${identifier()}`),
    'a cover': /properties="cover-image"/ }))
    if (!pattern.test(about)) wrong.push(`the book's file has not ${what}`)
  if (![...files].some(([name, bytes]) => name.endsWith('.xhtml') &&
    / id="solutions-/.test(bytes.toString()))) wrong.push('no solutions')
  console.log(Object.entries(counts).map(([what, n]) => `${n} ${what}`)
    .join(', '))
  if (!counts.images) wrong.push('no pictures')
  if (!counts.formulas) wrong.push('no formulas')
  for (const what of wrong) console.error(what)
  process.exit(wrong.length ? 1 : 0)
}

const [first, second] = process.argv.slice(2)
if (first === '--check') check(second)
else prepare(first, second)
