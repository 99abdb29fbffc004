// Figures open large in place: by a click or by Enter, the arrows go from one
// to the next, Escape closes. With Ctrl or a middle click a figure is a link
// to its file, as it is without scripts.
import { made } from './made.mjs'

export function startPlates() {
  const links = [...document.querySelectorAll('.vp-doc a.figure')]
  if (!links.length || typeof HTMLDialogElement === 'undefined') return
  let shown = 0
  const image = made('img')
  const paper = made('div', { class: 'paper' }, image)
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
    // Pixels in whole factors, plots as large as they go. On a phone, where
    // that would be smaller than in the page, it can be scrolled.
    const fits = Math.min((clientWidth - 32) / image.width,
      (clientHeight - 150) / image.height)
    const room = clientWidth < 640 ? Math.max(fits, 1) : fits
    const scale = svg ? room : room >= 1 ? Math.min(Math.floor(room), 4) : room
    image.style.width = `${Math.round(image.width * scale)}px`
    paper.scrollLeft = 0
    paper.tabIndex = image.width * scale > clientWidth - 32 ? 0 : -1
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
      button('✕', 'Close', () => dialog.close())), paper, words)
  dialog.addEventListener('keydown', ({ key, target }) => {
    if (target === paper) return  // which the arrows scroll
    if (key === 'ArrowLeft') show(shown - 1)
    if (key === 'ArrowRight') show(shown + 1)
  })
  dialog.addEventListener('click', ({ target }) => {
    if ([dialog, paper, image].includes(target)) dialog.close()
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
