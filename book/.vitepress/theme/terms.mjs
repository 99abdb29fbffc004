// A term of the glossary says what it means as soon as one hovers over it or
// reaches it by keyboard. The words come from the glossary's page.
import { made } from './made.mjs'

let page  // its document, once asked for

const glossary = (address) => page ??= fetch(address)
  .then((response) => response.text())
  .then((html) => new DOMParser().parseFromString(html, 'text/html'))
  .catch(() => { page = undefined })

export function startTerms() {
  if (!location.protocol.startsWith('http')) return
  // VitePress' router hears of a click before anything here does, and would
  // have gone to the glossary already; it leaves links of this class alone.
  for (const link of document.querySelectorAll('a.term'))
    link.classList.add('vp-raw')
  const box = made('div', { class: 'meaning', id: 'meaning', role: 'tooltip',
    hidden: '' })
  document.body.append(box)
  let shown = null, timer = 0

  const hide = () => {
    clearTimeout(timer)
    shown?.removeAttribute('aria-describedby')
    shown = null
    box.hidden = true
  }
  async function show(link) {
    clearTimeout(timer)
    if (shown === link) return
    hide()
    shown = link
    const there = await glossary(link.href.split('#')[0])
    const entry = there?.getElementById(decodeURIComponent(
      link.hash.slice(1)))
    if (!entry || shown !== link) return
    box.replaceChildren(...[...entry.childNodes].map((node) =>
      document.importNode(node, true)))
    // Its links are seen from the glossary's page, which lies at the root.
    for (const one of box.querySelectorAll('a'))
      one.href = new URL(one.getAttribute('href'), link.href).href
    box.hidden = false
    const at = link.getBoundingClientRect()
    const { clientWidth, clientHeight } = document.documentElement
    box.style.left = `${Math.max(8, Math.min(at.left,
      clientWidth - box.offsetWidth - 8))}px`
    const under = at.bottom + 6
    box.style.top = `${under + box.offsetHeight > clientHeight
      ? at.top - box.offsetHeight - 6 : under}px`
    link.setAttribute('aria-describedby', 'meaning')
  }
  const linkOf = ({ target }) => target.closest?.('a.term')
  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch') return
    const link = linkOf(event)
    if (link) {
      clearTimeout(timer)
      timer = setTimeout(() => show(link), 150)
    } else if (!box.contains(event.target)) {
      clearTimeout(timer)
      if (shown) timer = setTimeout(hide, 250)
    } else clearTimeout(timer)
  })
  document.addEventListener('focusin', (event) => {
    const link = linkOf(event)
    if (link?.matches(':focus-visible')) show(link)
    else if (!box.contains(event.target)) hide()
  })
  // A finger's first tap shows, its second one goes there. (Some browsers'
  // clicks do not say what they were made with.)
  let pressed = ''
  document.addEventListener('pointerdown', ({ pointerType }) => {
    pressed = pointerType
  }, true)
  document.addEventListener('click', (event) => {
    const link = linkOf(event)
    if (!link) {
      if (!box.contains(event.target)) hide()
    } else if ((event.pointerType ?? pressed) === 'touch' && shown !== link) {
      event.preventDefault()
      event.stopPropagation()
      show(link)
    }
  }, true)
  addEventListener('keydown', ({ key }) => { if (key === 'Escape') hide() })
  addEventListener('scroll', hide, { passive: true })
}
