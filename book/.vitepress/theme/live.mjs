// The button under a figure that can be touched. A press loads the engine and
// the figure's own file from the folder of the live page; until then a page
// weighs no more than its picture.
import { withBase } from 'vitepress'

let engine  // of this page, once a figure asks for it

async function start(button, place) {
  const folder = new URL(withBase('/live/'), location.href)
  const load = (file) => import(/* @vite-ignore */ new URL(file, folder).href)
  const [{ Engine }, { asset }, figure] = await Promise.all(
    [load('engine.mjs'), load('asset.mjs'), load(button.dataset.live)])
  engine ??= await Engine.load(folder.href)
  const image = button.closest('.alive').querySelector('img')
  await figure.start(place, { engine: await engine.fresh(), asset, image })
}

async function press(button) {
  button.disabled = true
  const figure = button.closest('figure') ?? button.closest('.alive')
  if (figure.nextElementSibling?.matches('.live-figure'))
    figure.nextElementSibling.remove()  // the last attempt's words
  const place = document.createElement('div')
  place.className = 'live-figure'
  figure.after(place)
  try {
    await start(button, place)
    button.remove()
    place.tabIndex = -1
    place.focus({ preventScroll: true })
    place.scrollIntoView({ block: 'nearest' })
  } catch (error) {
    place.setAttribute('role', 'alert')
    place.textContent = `This figure could not start: ${error.message}`
    button.disabled = false
  }
}

// Without scripts, or in a file that was opened from a disk, it has no use.
if (typeof document !== 'undefined') {
  addEventListener('load', () => {
    if (!location.protocol.startsWith('http')) return
    for (const button of document.querySelectorAll('.alive > button'))
      button.hidden = false
  })
  document.addEventListener('click', ({ target }) => {
    if (target.matches('.alive > button')) press(target)
  })
}
