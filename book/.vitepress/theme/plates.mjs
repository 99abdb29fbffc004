// Figures open large in place: by a click or by Enter, the arrows go from one
// to the next, Escape closes. With Ctrl or a middle click a figure is a link
// to its file, as it is without scripts.
import { made } from './made.mjs'

export function startPlates() {
  const links = [...document.querySelectorAll('.vp-doc a.figure')]
  if (!links.length || typeof HTMLDialogElement === 'undefined') return
  let shown = 0
  const image = made('img')
  const words = made('p', { id: 'plate-words' })
  const count = made('span')
  const button = (text, label, act) => {
    const one = made('button', { type: 'button', 'aria-label': label }, text)
    one.addEventListener('click', act)
    return one
  }
  const show = (n) => {
    shown = (n + links.length) % links.length
    const from = links[shown].querySelector('img')
    image.src = links[shown].href
    image.alt = from.alt
    image.width = from.getAttribute('width')
    image.height = from.getAttribute('height')
    const svg = /\.svg$/.test(links[shown].pathname)
    const { clientWidth, clientHeight } = document.documentElement
    // Pixels in whole factors, plots as large as they go.
    const room = Math.min((clientWidth - 32) / image.width,
      (clientHeight - 150) / image.height)
    const scale = svg ? room : room >= 1 ? Math.min(Math.floor(room), 4) : room
    image.style.width = `${Math.round(image.width * scale)}px`
    image.classList.toggle('pixels', !svg && scale >= 2)
    const figure = links[shown].closest('figure')
    const caption = figure?.querySelector('figcaption')?.cloneNode(true)
    caption?.querySelectorAll('a').forEach((link) =>
      link.replaceWith(...(link.matches('.drawn') ? [] : link.childNodes)))
    words.replaceChildren(...(caption?.childNodes ?? [from.alt]))
    count.textContent = `${shown + 1} of ${links.length}`
  }
  const dialog = made('dialog', { class: 'plate',
    'aria-label': 'A figure, enlarged' },
    made('div', { class: 'row' }, count,
      button('←', 'The figure before', () => show(shown - 1)),
      button('→', 'The next figure', () => show(shown + 1)),
      button('✕', 'Close', () => dialog.close())), image, words)
  dialog.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') show(shown - 1)
    if (key === 'ArrowRight') show(shown + 1)
  })
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog || target === image) dialog.close()
  })
  dialog.addEventListener('close', () => {
    links[shown].focus({ preventScroll: true })
    links[shown].scrollIntoView({ block: 'nearest' })
  })
  document.body.append(dialog)
  // Before VitePress' router, which would load the picture as a page.
  addEventListener('click', (event) => {
    const link = event.target.closest?.('.vp-doc a.figure')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey ||
      event.button !== 0) return
    event.preventDefault()
    event.stopPropagation()
    show(links.indexOf(link))
    dialog.showModal()
  }, true)
}
