// Starts the sections of the page, each by itself: one that is missing or
// fails leaves the others alone.
import { app } from './app.mjs'
import { wordsOf } from './asset.mjs'
import { chooseNetwork } from './network.mjs'
import { keepOffline, showVersion } from './offline.mjs'

/** @typedef {{ start: (section: HTMLElement, app:
 *   import('./app.mjs').SharedApp) => unknown }} Section */

/** @type {Record<string, () => Promise<Section>>} */
const sections = {
  draw: () => import('./draw.mjs'),
  layers: () => import('./layers.mjs'),
  train: () => import('./train.mjs'),
  keep: () => import('./keep.mjs'),
  toy: () => import('./toy.mjs'),
}

/** @param {string} name */
async function start(name) {
  const section = document.getElementById(name)
  if (!section) return
  try {
    await (await sections[name]()).start(section, app)
  } catch (error) {
    app.refuse(section, `This part could not start: ${wordsOf(error)}`)
  }
}

/** Keeps the browser from opening a file that is dropped where nothing takes
 * it: that would end the page, and a run with it. */
function keepThePage() {
  for (const name of /** @type {const} */ (['dragover', 'drop']))
    addEventListener(name, (event) => {
      const { target, dataTransfer } = event
      if (event.defaultPrevented || !dataTransfer?.types.includes('Files') ||
        target instanceof Element && target.matches('[type=file]')) return
      event.preventDefault()
      dataTransfer.dropEffect = 'none'
    })
}

/** @param {string} id */
const place = (id) => /** @type {HTMLElement} */ (
  document.getElementById(id))

/** Shows what lies below the pad, and goes to the section of the address: the
 * browser has gone to where it was while the sections were empty. Who has
 * gone elsewhere meanwhile stays there. */
function showAll() {
  document.querySelector('main')?.classList.add('started')
  const section = document.getElementById(location.hash.slice(1))
  if (!gone) section?.scrollIntoView({ behavior: 'instant' })
}

let gone = false  // by a finger, a wheel or a key
for (const name of ['pointerdown', 'wheel', 'keydown'])
  addEventListener(name, () => { gone = true }, { passive: true })
addEventListener('hashchange', () => { gone = false })

place('waiting').remove()
app.ready.catch((error) => app.refuse(place('draw'), error))
// First the pad, and what lies below it once the pad is on the screen.
const first = start('draw')
await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
chooseNetwork(place('network'), app)
Promise.all([first, ...Object.keys(sections).filter((name) =>
  name !== 'draw').map(start)]).then(showAll)
showVersion(place('version'))
keepThePage()
addEventListener('load', () => keepOffline(place('news')))
if (document.readyState === 'complete') keepOffline(place('news'))
