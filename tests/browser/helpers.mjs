// Functions that several of the tests here use.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Waits for three frames, because the page's pictures follow later. */
export const frames = (page) => page.evaluate(() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() =>
    requestAnimationFrame(done)))))

/** Scrolls an element into view and returns its box. A click that was tried
 * again may have scrolled it away, and a pointer would miss it. */
export async function boxInView(locator) {
  await locator.evaluate((one) => one.scrollIntoView({ block: 'nearest',
    behavior: 'instant' }))
  return locator.boundingBox()
}

/** Waits for words in the line that says where the run is. */
export const says = (page, pattern) => page.waitForFunction((source) =>
  new RegExp(source).test(
    document.querySelector('#train [data-at=status]')?.textContent ?? ''),
pattern.source, { timeout: 150000 })

/** Reloads the open page so that its service worker controls it. */
export async function controlled(page) {
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  await page.waitForFunction(() => navigator.serviceWorker.controller)
}

/** The checksums that the native 18-browser prints, each under its step.
 * @param {string} printed @returns {Record<string, string>} */
export const sumsOf = (printed) => Object.fromEntries([...printed.matchAll(
  /^ +([\d,]+) +\d+ .* ([0-9a-f]{16})$/gm)]
  .map(([, step, sum]) => [step.replaceAll(',', ''), sum]))

/** The library's checksum of some floats: FNV-1a, fed with their bits.
 * @param {number[]} bits */
export const checksum = (bits) => bits.reduce((sum, number) =>
  BigInt.asUintN(64, (sum ^ BigInt(number)) * 0x100000001b3n),
0xcbf29ce484222325n).toString(16).padStart(16, '0')

/** Calls body(file) with a folder that exists until body ends: file(name) is
 * the path of a file in it. Returns what body returns. */
export async function inFolder(body) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-'))
  try {
    return await body((name) => path.join(folder, name))
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}
