// Tries the live page in headless Chromium, as README.md beside it says.
// Usage: node tests/browser/harness.mjs [FILE_test.mjs ...]
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { axeOptions, launching, stayHere, violationText }
  from '../../book/.vitepress/browser.mjs'
import { serve } from '../../book/.vitepress/serve.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const at = (variable, folder) =>
  path.resolve(process.env[variable] ?? path.join(here, '../..', folder))
const folder = at('PAGE', 'build/live')            // the page, assembled
const programs = at('BUILD', 'build/release')      // the native programs
const modules = at('MODULES', 'build/browser')     // what npm ci fetched
const failed = path.join(modules, 'failed')        // pictures of failures
const require = createRequire(path.join(modules, 'any'))
const { chromium } = require('playwright-core')
const axeScript = fs.readFileSync(require.resolve('axe-core/axe.min.js'),
  'utf8')

const desktop = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2,
  isMobile: true, hasTouch: true }
const views = {
  desktop: { ...desktop, colorScheme: 'light' },
  phone: { ...phone, colorScheme: 'light' },
  'dark desktop': { ...desktop, colorScheme: 'dark' },
  'dark phone': { ...phone, colorScheme: 'dark' },
}

export const expect = (truth, text) => assert.ok(truth, `expected ${text}`)

// How a native program ends: {code, stdout, stderr}. Each command runs only
// once.
const endings = new Map()
function ended(program, args = []) {
  const key = [program, ...args].join(' ')
  const file = path.join(programs, 'chapters', program, program)
  if (!endings.has(key))
    endings.set(key, promisify(execFile)(file, args, { maxBuffer: 1e8 })
      .then((printed) => ({ code: 0, ...printed }), (error) => error))
  return endings.get(key)
}

// What a native program prints. If it fails, throws an error with those three.
async function native(program, args) {
  const ending = await ended(program, args)
  if (ending.code !== 0) throw ending
  return ending.stdout
}

// Fails if axe finds a violation, and says where it is.
async function axe(page) {
  await page.evaluate(axeScript)
  const { violations } = await page.evaluate((options) =>
    window.axe.run(document, options), axeOptions)
  const lines = violations.map(violationText)
  expect(lines.length === 0, `nothing from axe, got\n${lines.join('\n')}`)
}

// Records what no page may do, whatever its test is about. A test that provokes
// an error allows it with allow(PATTERN).
function watch(context, address) {
  const wrong = []
  const allowed = []
  const note = (text) => {
    if (!allowed.some((pattern) => pattern.test(text))) wrong.push(text)
  }
  context.on('console', (message) => {
    if (message.type() === 'error') note(`console: ${message.text()}`)
  })
  context.on('weberror', (error) =>
    note(`script: ${error.error().stack ?? error.error()}`))
  context.on('request', (request) => {
    if (!request.url().startsWith(address) &&
        !/^(data|blob):/.test(request.url()))
      note(`request to elsewhere: ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 400)
      note(`status ${response.status()}: ${response.url()}`)
  })
  return { wrong, allow: (pattern) => allowed.push(pattern) }
}

// Scrolls at once: a pointer goes down and up where the element was when it
// came to rest, and a smooth scroll that has not ended would move it from
// under the pointer between the two, so that the click is lost.
const scrollAtOnce = () => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('html { scroll-behavior: auto !important }')
  document.adoptedStyleSheets.push(sheet)
}

// Where a page stands, for whoever reads of a failure.
const standing = () => ['#train [data-at=status]', '[role=alert]', '#voice']
  .flatMap((selector) => [...document.querySelectorAll(selector)]
    .map((one) => one.textContent).filter(Boolean)
    .map((text) => `${selector}: ${text}`))
  .concat(`scrolled to ${Math.round(scrollY)}`).join('\n')

async function run(test, usual, address) {
  const began = Date.now()
  const browser = test.flags
    ? await chromium.launch(launching(test.flags)) : usual
  const context = await browser.newContext({ ...views[test.view],
    acceptDownloads: true, ...test.context })
  await stayHere(context)
  await context.addInitScript(scrollAtOnce)
  const { wrong, allow } = watch(context, address)
  const page = await context.newPage()
  page.setDefaultTimeout(30000)  // machines can be busy
  const open = async (hash = '') => {
    await page.goto(address + hash, { waitUntil: 'load' })
    return page
  }
  let deadline
  const late = new Promise((_, reject) => {
    deadline = setTimeout(() =>
      reject(new Error('still not done after 170 s')), 170000)
  })
  let error
  try {
    await Promise.race([late, test.body({ page, context, browser, open,
      address, folder, native, ended, expect, axe, allow, view: test.view })])
    expect(wrong.length === 0, 'nothing that no page may do')
  } catch (caught) {
    error = caught
    fs.mkdirSync(failed, { recursive: true })
    const picture = path.join(failed,
      `${test.name} ${test.view}`.replace(/\W+/g, '-') + '.png')
    error.standing = await Promise.race([page.evaluate(standing),
      new Promise((done) => setTimeout(done, 5000, 'the page does not answer'))
    ]).catch(String)
    await page.screenshot({ path: picture, timeout: 10000 })
      .then(() => { error.picture = picture }, () => {})
  }
  clearTimeout(deadline)
  await context.close()
  if (test.flags) await browser.close()
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  console.log(`${error ? 'FAILED' : 'ok    '} ${test.file}: ${test.name} (${
    test.view}, ${seconds} s)`)
  if (error)
    console.log([error.stack, ...wrong, error.standing,
      `picture: ${error.picture}`].join('\n').replace(/^/gm, '       '))
  return !error
}

async function collect(files) {
  const tests = []
  for (const file of files) {
    const { default: declare } = await import(pathToFileURL(file))
    declare((name, options, body) => {
      for (const view of options.views ?? ['desktop']) {
        expect(views[view], `one of ${Object.keys(views)}, got ${view}`)
        tests.push({ file: path.basename(file, '_test.mjs'), name, view,
          context: options.context, flags: options.flags, body })
      }
    })
  }
  return tests
}

const began = Date.now()
const named = process.argv.slice(2).map((file) => path.resolve(file))
const files = named.length ? named : fs.readdirSync(here)
  .filter((name) => name.endsWith('_test.mjs'))
  .sort()
  .map((name) => path.join(here, name))
const tests = await collect(files)
const server = await serve(folder, 0)
const address = `http://127.0.0.1:${server.address().port}/`
const browser = await chromium.launch(launching())
fs.rmSync(failed, { recursive: true, force: true })

let failures = 0
const todo = [...tests]
async function work() {
  for (let test; (test = todo.shift()) !== undefined;)
    if (!await run(test, browser, address)) ++failures
}
await Promise.all([work(), work()])
await browser.close()
server.close()
console.log(`${tests.length} tests, ${failures || 'no'} failures, ${
  Math.round((Date.now() - began) / 1000)} s`)
process.exit(failures || !tests.length ? 1 : 0)
