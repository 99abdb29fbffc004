// The service worker: keeps one whole version of the page, so that it works
// without a network and never mixes files of two versions.
//
// A version is a cache. It is filled with all the files of release.json, or
// not at all. A new version waits until no page uses the old one, or until
// the reader of the only open page asks for it. Then the old cache goes.

const version = 'unassembled'  // assemble.mjs writes the release's own
const worker = /** @type {ServiceWorkerGlobalScope} */ (
  /** @type {unknown} */ (self))
const scope = worker.registration.scope
const prefix = `pixels ${scope} `
const own = prefix + version
/** @param {string} name */
const at = (name) => new URL(name, scope).href

/** The first 16 hex digits of a file's SHA-256.
 * @param {ArrayBuffer} bytes */
async function sum(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...hash.subarray(0, 8)]
    .map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A file as the server has it now. What is kept is a response of our own,
 * because one that was redirected may not answer a navigation.
 * @param {string} name @param {string} [expected] its sum */
async function fetched(name, expected) {
  const response = await fetch(at(name), { cache: 'no-cache' })
  if (!response.ok) throw new Error(`${name}: status ${response.status}`)
  const bytes = await response.arrayBuffer()
  if (expected && await sum(bytes) !== expected)
    throw new Error(`${name}: not the file of version ${version}`)
  const type = response.headers.get('content-type') ?? ''
  return new Response(bytes, { headers: { 'content-type': type } })
}

async function install() {
  const release = await fetched('release.json')
  /** @type {{ version: string, files: Record<string, string> }} */
  const { version: found, files } = await release.clone().json()
  if (found !== version)
    throw new Error(`expected version ${version}, found ${found}`)
  const cache = await caches.open(own)
  try {
    await Promise.all(Object.entries(files).map(async ([name, expected]) =>
      cache.put(at(name), await fetched(name, expected))))
    await cache.put(at(''), /** @type {Response} */ (
      await cache.match(at('index.html'))))
    await cache.put(at('release.json'), release)
  } catch (error) {
    await caches.delete(own)
    throw error
  }
}

// When this runs, no open page of this folder uses another version.
async function removeOthers() {
  for (const name of await caches.keys())
    if (name.startsWith(prefix) && name !== own) await caches.delete(name)
}

/** Answers with what this version's cache has, the page itself included,
 * because a page from the network might be newer than its modules.
 * @param {Request} request */
async function answer(request) {
  const cache = await caches.open(own)
  const kept = await cache.match(request, { ignoreSearch: true })
  return kept ?? fetch(request)
}

/** Lets this version replace the old one, unless other pages are open.
 * @param {Client} asking the page that asks */
async function takeOver(asking) {
  const all = await worker.clients.matchAll(
    { includeUncontrolled: true })
  const others = all.filter(({ id, url }) => id !== asking.id &&
    url.startsWith(scope)).length
  if (others) asking.postMessage({ others })
  else await worker.skipWaiting()
}

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) =>
  event.waitUntil(removeOthers()))
worker.addEventListener('fetch', (event) => {
  const { method, url } = event.request
  if (method === 'GET' && url.startsWith(scope))
    event.respondWith(answer(event.request))
})
worker.addEventListener('message', (event) => {
  if (event.data === 'use it')
    event.waitUntil(takeOver(/** @type {Client} */ (event.source)))
})
