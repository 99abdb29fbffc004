// Puts the page together: a folder that any static host can serve.
// Usage: node assemble.mjs OUT --engine DIR --data DIR [--book ADDRESS]
// where DIR holds engine-simd.wasm, darkroom-simd.wasm and the same two
// without SIMD (-scalar), and what `18-browser --page DIR` wrote:
// held-out.bin and train.bin. ADDRESS is where the book's site begins, seen
// from the page: the page and its listings link to it.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'

const here = path.dirname(fileURLToPath(import.meta.url))
const weights = {
  'digits.safetensors': '../16-saving/weights/digits.safetensors',
  'reader.safetensors': '../17-handwriting/weights/reader.safetensors',
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`assemble.mjs: ${message}`)
  process.exit(1)
}

/** The files of a folder and of those in it, relative to it.
 * @param {string} folder @returns {string[]} */
function filesIn(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesIn(path.join(folder, entry.name))
        .map((name) => `${entry.name}/${name}`)
      : entry.name.startsWith('.') ? [] : [entry.name]).sort()
}

/** @param {string | Buffer} bytes */
const sum = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** Each file of the folder by its name.
 * @param {string} engine @param {string} data
 * @returns {Map<string, Buffer>} */
function gather(engine, data) {
  /** @type {Map<string, Buffer>} */
  const files = new Map()
  /** @param {string} name @param {string} file */
  const take = (name, file) => {
    try {
      files.set(name, fs.readFileSync(file))
    } catch {
      fail(`expected ${file}, which is not there`)
    }
  }
  for (const name of filesIn(path.join(here, 'page')))
    take(name, path.join(here, 'page', name))
  const live = path.join(here, 'live')
  if (fs.existsSync(live))
    for (const name of filesIn(live))
      take(`live/${name}`, path.join(live, name))
  for (const [name, file] of Object.entries(weights))
    take(name, path.join(here, file))
  for (const part of ['engine', 'darkroom'])
    for (const kind of ['simd', 'scalar'])
      take(`${part}-${kind}.wasm`, path.join(engine, `${part}-${kind}.wasm`))
  for (const name of ['held-out.bin', 'train.bin']) {
    take(name, path.join(data, name))
    files.set(`${name}.gz`,
      gzipSync(/** @type {Buffer} */ (files.get(name)), { level: 9 }))
    files.delete(name)
  }
  return files
}

const { values, positionals } = parseArgs({ allowPositionals: true,
  options: { engine: { type: 'string' }, data: { type: 'string' },
    book: { type: 'string', default: '' } } })
const { engine, data, book } = values
if (positionals.length !== 1 || !engine || !data)
  fail('expected OUT --engine DIR --data DIR [--book ADDRESS]')

const files = gather(engine, data)

// Where the page stands alone, what it says about the book is not a link.
const page = files.get('index.html')?.toString() ??
  fail('expected page/index.html')
const words = page.split(/<a href="book">(.+?)<\/a>/)
if (words.length !== 3) fail('expected one link to the book in index.html')
if (book) words[1] = `<a href="${book}">${words[1]}</a>`
files.set('index.html', Buffer.from(words.join('')))

/** @type {Record<string, string>} */
const sums = {}
for (const name of [...files.keys()].sort())
  sums[name] = sum(/** @type {Buffer} */ (files.get(name))).slice(0, 16)
const version = sum(JSON.stringify([book, sums])).slice(0, 12)

// The worker is the one file that a cache never holds: the browser compares
// it with the server's, and a new version in it means a new release.
const worker = files.get('sw.js')?.toString() ?? fail('expected page/sw.js')
files.set('sw.js', Buffer.from(worker.replace('\'unassembled\'',
  `'${version}'`)))
delete sums['sw.js']
files.set('release.json', Buffer.from(
  JSON.stringify({ version, book, files: sums }, null, 2) + '\n'))

// Only what an earlier run of this script wrote is deleted.
const [out] = positionals
if (fs.existsSync(out) && fs.readdirSync(out).length > 0 &&
  !fs.existsSync(path.join(out, 'release.json')))
  fail(`${out} holds something else: name an empty or new folder`)
fs.rmSync(out, { recursive: true, force: true })
for (const [name, bytes] of files) {
  fs.mkdirSync(path.dirname(path.join(out, name)), { recursive: true })
  fs.writeFileSync(path.join(out, name), bytes)
}
const bytes = [...files.values()].reduce((all, one) => all + one.length, 0)
console.log(`${out}: ${files.size} files, ${Math.round(bytes / 1000)} kB, ` +
  `version ${version}`)
