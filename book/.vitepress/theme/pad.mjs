// The pad of the first page: what one draws there is read by the live page's
// own modules. Where they cannot run, the film stays that stands in its place.
import { made } from './made.mjs'

// A 3 that draws itself while nobody else does, so that one sees what the
// pad is for. Places on the pad, from 0 to 1.
const three = Array.from({ length: 40 }, (_, n) => {
  const t = n / 39
  const [upper, angle] = t < 0.5 ? [true, -2.6 + t * 8.2]
    : [false, -1.5 + (t - 0.5) * 8.2]
  return [0.47 + (upper ? 0.16 : 0.19) * Math.cos(angle),
    (upper ? 0.34 : 0.66) + (upper ? 0.15 : 0.18) * Math.sin(angle)]
})

async function open(place, folder) {
  const load = (file) => import(/* @vite-ignore */ new URL(file, folder).href)
  const [{ Engine }, { asset }, pad, drawing, { ask, percent }, pixels] =
    await Promise.all(['engine.mjs', 'asset.mjs', 'pad.mjs', 'drawing.mjs',
      'read.mjs', 'pixels.mjs'].map(load))
  const { History, blank, isBlank, numbersOf, strokesOf, withStroke } = drawing
  const canvas = made('canvas', { class: 'pad', role: 'img', tabindex: '0',
    'aria-label': 'A pad to draw a digit on. The live page has one for the ' +
    'keyboard.' })
  const seen = made('canvas', { class: 'seen', width: 28, height: 28,
    role: 'img', 'aria-label': 'What the network sees: nothing yet' })
  const said = made('p', { class: 'said', role: 'status' })
  said.textContent = 'Draw a digit here, with the mouse or a finger.'
  const bars = made('ol', { class: 'bars', 'aria-hidden': 'true' },
    ...Array.from({ length: 10 }, (_, n) => made('li', {}, String(n),
      made('span', {}, made('span')), made('b'))))
  const clear = made('button', { type: 'button' }, 'Clear')
  const more = made('a', { href: folder.href, target: '_self' },
    'See every layer of it')
  place.replaceChildren(made('div', { class: 'pads' }, canvas,
    made('div', { class: 'side' }, seen, bars)), said,
    made('div', { class: 'row' }, clear, more))

  const history = new History()
  let width = 0.09, engine = null, demo = true, drawn = false, asked = false
  const read = () => {
    if (!engine) return
    engine.send(numbersOf(strokesOf(history.now)))
    width = engine.call('pen_picture', 1) || width
    const picture = engine.floats()
    pixels.drawPixels(seen, picture, 28, 28)
    const { probabilities, best } = ask(engine, picture)
    const empty = isBlank(history.now)
    bars.querySelectorAll('li').forEach((row, n) => {
      row.classList.toggle('best', !empty && n === best)
      row.querySelector('span span').style.width =
        `${empty ? 0 : 100 * probabilities[n]}%`
      row.querySelector('b').textContent = empty ? '' :
        percent(probabilities[n])
    })
    const one = `${best === 8 ? 'an' : 'a'} ${best}`
    // Of the 3 it says nothing before all of it is there: whoever listens
    // would hear about each piece.
    const words = empty || demo && !drawn
      ? 'Draw a digit here, with the mouse or a finger.'
      : demo ? `It reads this as ${one}, ${percent(probabilities[best])
      }. Now draw your own.`
        : `It reads your digit as ${one}, ${percent(probabilities[best])}.`
    if (said.textContent !== words) said.textContent = words
    seen.setAttribute('aria-label', empty ? 'What the network sees: nothing ' +
      'yet' : `What the network sees: it reads ${one}`)
  }
  const show = () => {
    asked = false
    read()
    pad.paint(canvas, history.now, width)
  }
  const changed = () => {
    if (!asked) requestAnimationFrame(show)
    asked = true
  }
  // Whoever draws takes the pad over from the 3.
  canvas.addEventListener('pointerdown', () => {
    if (!demo) return
    demo = false
    history.replace(blank)
  }, true)
  pad.listen(canvas, history, () => 'draw', changed)
  clear.addEventListener('click', () => {
    demo = false
    history.change(blank)
    changed()
  })
  new ResizeObserver(changed).observe(canvas)
  place.classList.add('ready')

  // Nobody may ask it before it has a network: it would refuse once and for
  // all.
  const [loaded, network] = await Promise.all(
    [Engine.load(folder.href), asset('digits.safetensors')])
  loaded.send(network)
  loaded.call('network_load')
  engine = loaded
  changed()
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  for (let n = still ? three.length : 1; n <= three.length; ++n) {
    if (!demo) return
    history.replace(withStroke(blank, three.slice(0, n)))
    drawn = n === three.length
    changed()
    await new Promise((done) => setTimeout(done, 25))
  }
}

function film(place) {
  const image = place.querySelector('img[data-src]')
  if (!image) return
  image.src = image.dataset.src
  place.classList.add('film-shown')
}

/** @param {string} folder of the live page */
export async function startPad(folder) {
  const place = document.querySelector('[data-pad]')
  if (!place) return
  const film0 = place.firstElementChild
  if (!place.dataset.pad || typeof WebAssembly === 'undefined' ||
    !location.protocol.startsWith('http')) {
    film(place)
    return
  }
  try {
    await open(place, new URL(folder, location.href))
  } catch (error) {
    place.classList.remove('ready')
    place.replaceChildren(film0)
    film(place)
    console.info(`The pad could not start: ${error.message}`)
  }
}
