// Keeps the page usable without a network: registers the service worker,
// sw.js, and offers a new version once all of it has been fetched.
import { button, counted, make } from './make.mjs'
import { release } from './release.mjs'

/** @param {HTMLElement} news where the offer appears */
export async function keepOffline(news) {
  const workers = navigator.serviceWorker
  if (!workers) return  // the page came neither by https nor from this machine
  const registration = await workers.register('sw.js')
    .catch(() => undefined)
  if (!registration) return

  const text = make('p')
  const use = button('Use it', () =>
    registration.waiting?.postMessage('use it'))
  const offer = () => {
    if (!registration.waiting || !workers.controller) return
    text.textContent = 'There is a new version of this page.'
    news.replaceChildren(text, use)
  }
  workers.addEventListener('message', ({ data }) => {
    text.textContent = `This page is open in ${
      counted(data.others, 'other tab')}, and two versions must not mix. ` +
      'Close what you do not need, and then try again.'
  })
  // From now on the files are those of the new version.
  const controlled = Boolean(workers.controller)
  workers.addEventListener('controllerchange', () => {
    if (controlled) location.reload()
  })

  registration.addEventListener('updatefound', () => {
    const next = registration.installing
    next?.addEventListener('statechange', offer)
  })
  offer()
}

/** Says at the foot of the page which release this is.
 * @param {HTMLElement} place */
export async function showVersion(place) {
  const { version } = await release()
  if (version) place.textContent = `Version ${version} of this page.`
}
