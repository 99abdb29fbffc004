// What the tests of the site and those of the live page share: which files
// there are (the site's map asks, too), how Chromium starts, and what axe looks
// for.
import fs from 'node:fs'
import path from 'node:path'

/** The files of a folder and of those in it, relative to it: readdir does it
 * alone only from node 18.17 on.
 * @param {string} folder @returns {string[]} */
export const filesIn = (folder) =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(path.join(folder, entry.name))
      .map((name) => path.join(entry.name, name)) : [entry.name]).sort()

/** The options of Playwright's launch().
 * @param {string[]} flags more for Chromium */
export const launching = (flags = []) => ({
  executablePath: process.env.CHROME ?? '/usr/bin/chromium', headless: true,
  args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--no-sandbox',
    '--disable-background-networking', '--disable-component-update',
    '--disable-sync', ...flags] })

/** Requests to elsewhere are seen, but do not leave this machine.
 * @param {any} context Playwright's */
export const stayHere = (context) =>
  context.route((/** @type {URL} */ url) => url.hostname !== '127.0.0.1',
    (/** @type {any} */ route) => route.abort())

/** What axe.run() is asked for. */
export const axeOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',
  'wcag21aa'], resultTypes: ['violations'] }

/** A violation in one line.
 * @param {{id: string, help: string, nodes: any[]}} violation */
export function violationText({ id, help, nodes }) {
  const some = nodes.slice(0, 3).map(({ html, any }) =>
    `${html.slice(0, 120)} ${any[0]?.message ?? ''}`)
  return `axe ${id}: ${help}: ${some.join(' | ')}, ${nodes.length} in all`
}
