// Makes of the book's pages what pandoc reads for an EPUB, and looks at what
// pandoc has made.
// Usage: node epub.mjs ROOT FOLDER, then node epub.mjs --check FILE
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { drop, headingOf, isExternal, mapLines, mapLinks, numberOf,
  resolveLink, summary, withoutComments } from './source.mjs'

const idOf = (file) => 'page-' + path.basename(file, '.md')

function prepare(root, folder) {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  const pages = summary(root).flat().map(({ file }) => 'book/' + file)
  for (const page of pages) {
    let text = withoutComments(fs.readFileSync(path.join(root, page), 'utf8'))
    text = mapLinks(text, (target, image) => {
      if (isExternal(target)) return target
      const { file } = resolveLink(page, target)
      if (image) return file
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
        .replace(/\\tag\{([\d.]+)\}/g, '\\qquad ($1)')
        .replace(/\\[bB]igg?l\b/g, '\\left')
        .replace(/\\[bB]igg?r\b/g, '\\right'))
    fs.writeFileSync(path.join(folder, path.basename(page)), text + '\n')
  }
  const out = (page) => path.join(folder, path.basename(page))
  fs.writeFileSync(path.join(folder, 'pages.txt'),
    pages.map(out).join('\n') + '\n')
  fs.writeFileSync(path.join(folder, 'metadata.yaml'),
    'title: Pixels to Predictions\n' +
    'subtitle: A convolutional neural network in C++20, from an empty file\n' +
    'lang: en\nrights: MIT\n')
  fs.writeFileSync(path.join(folder, 'style.css'), `
body { line-height: 1.5 }
img { max-width: 100% }
pre { overflow-x: auto; font-size: 75%; line-height: 1.4; white-space: pre }
table { border-collapse: collapse; font-size: 90% }
td, th { padding: 0.2em 0.6em; border-bottom: 1px solid #999; text-align: left }
blockquote, .aside { margin: 1em 0; padding-left: 1em; border-left: 3px solid #999 }
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
