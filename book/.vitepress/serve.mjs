// A server for the site's files, on this machine only.
// Usage: node serve.mjs DIST [PORT]
// It opens the address with the program that OPEN names.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const types = { html: 'text/html; charset=utf-8', css: 'text/css',
  js: 'text/javascript', mjs: 'text/javascript', json: 'application/json',
  svg: 'image/svg+xml', png: 'image/png', wasm: 'application/wasm',
  webmanifest: 'application/manifest+json' }

// The file that an address stands for; undefined if there is none.
export function fileOf(dist, address, base) {
  if (!address.startsWith(base)) return undefined
  let file = path.join(dist, decodeURIComponent(address.slice(base.length)))
  if (!(file + path.sep).startsWith(path.resolve(dist) + path.sep))
    return undefined
  if (address.endsWith('/')) file = path.join(file, 'index.html')
  return fs.existsSync(file) && fs.statSync(file).isFile() ? file : undefined
}

export function serve(dist, port, base = '/') {
  const server = http.createServer((request, response) => {
    let file
    try {
      file = fileOf(dist, new URL(request.url, 'http://here').pathname, base)
    } catch {}  // an address that cannot be read
    const found = file ?? path.join(dist, '404.html')
    const stream = fs.createReadStream(found)
    stream.on('open', () => {
      response.writeHead(file ? 200 : 404, {
        'content-type': types[found.split('.').at(-1)]
          ?? 'application/octet-stream' })
      stream.pipe(response)
    })
    // Gone since, or half read: the site is being built again.
    stream.on('error', () => {
      if (response.headersSent) return response.destroy()
      if (!file && fs.existsSync(path.join(dist, 'index.html')))
        return response.writeHead(404).end()
      response.writeHead(503,
        { 'content-type': 'text/plain', 'retry-after': 5 })
      response.end('The site is being built: reload this page in a moment.\n')
    })
  })
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [dist, port = '5173'] = process.argv.slice(2)
  const { BASE, SITE_URL } = process.env
  const base = BASE || (SITE_URL ? new URL(SITE_URL).pathname
    .replace(/\/?$/, '/') : '/')
  try {
    const server = await serve(path.resolve(dist), Number(port), base)
    const address = `http://127.0.0.1:${server.address().port}${base}`
    console.log(`${address}  (Ctrl-C ends it)`)
    if (process.env.OPEN)
      spawn(process.env.OPEN, [address], { stdio: 'ignore', detached: true })
        .on('error', () => {}).unref()
  } catch (error) {
    console.error(`tutorial: port ${port}: ${error.message}`)
    process.exit(1)
  }
}
