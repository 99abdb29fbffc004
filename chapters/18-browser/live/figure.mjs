// What the live figures share: a frame in which a reader can go back to the
// picture, the digits, and controls that look alike on the book's pages.

/** @typedef {import('../page/engine.mjs').Engine} Engine */
/** @typedef {{ engine: Engine, asset: (name: string) => Promise<Uint8Array>,
 *   image: HTMLImageElement }} Given */
/** @typedef {{ pixels: Float32Array, label: number }} Digit */

// The page's folder is the one above this file's, wherever both lie.
/** @param {string} file @returns {Promise<any>} */
const ofPage = (file) => import(new URL(`../${file}`, import.meta.url).href)
/** @type {[typeof import('../page/asset.mjs'),
 *   typeof import('../page/make.mjs'),
 *   typeof import('../page/pixels.mjs')]} */
const [{ digitsOf }, { counted, oncePerFrame }, { drawPixels, magnitude }] =
  await Promise.all([ofPage('asset.mjs'), ofPage('make.mjs'),
    ofPage('pixels.mjs')])
export { counted, drawPixels, magnitude, oncePerFrame }

const look = `
.touch { margin: 16px 0; text-align: left }
.touch p { margin: 8px 0; line-height: 1.5 }
.touch .row { display: flex; flex-wrap: wrap; gap: 8px 16px;
  align-items: center; margin: 8px 0 }
.touch figure { margin: 0; min-width: 0 }
.touch figcaption { font-size: 14px; line-height: 1.4 }
.touch canvas { display: block; max-width: 100%; border: 1px solid gray;
  image-rendering: pixelated }
.touch button, .touch select, .touch input[type=number] {
  min-height: 44px; min-width: 44px; padding: 4px 12px;
  border: 1px solid gray;
  border-radius: 6px; background: transparent; color: inherit;
  font: inherit; appearance: auto }
.touch option { color: black; background: white }
.touch button { appearance: none; cursor: pointer }
.touch button:hover { border-color: currentColor }
.touch :focus-visible { outline: 3px solid #5b7cfa; outline-offset: 2px }
.touch label { display: inline-flex; gap: 8px; align-items: center;
  min-height: 44px }
.touch input[type=radio] { width: 20px; height: 20px; appearance: auto }
.touch input[type=range] { min-height: 44px; width: min(100%, 20rem) }
.touch fieldset { border: 0; margin: 0; padding: 0; min-width: 0 }
.touch .said { font-variant-numeric: tabular-nums }
.touch .unseen { position: absolute; width: 1px; height: 1px; margin: -1px;
  overflow: hidden; clip-path: inset(50%) }
@media print { .touch { display: none } }
`

function dress() {
  if (document.getElementById('touch-look')) return
  document.head.append(Object.assign(document.createElement('style'),
    { id: 'touch-look', textContent: look }))
}

/** Builds a figure where the picture was. A button brings the picture back.
 * @param {HTMLElement} place @param {HTMLImageElement} image
 * @param {string} name of the figure, for those who do not see it
 * @param {string} html what it consists of */
export function frame(place, image, name, html) {
  dress()
  place.classList.add('touch')
  place.setAttribute('role', 'group')
  place.setAttribute('aria-label', name)
  place.innerHTML = `<div>${html}</div><p><button type="button"
    class="picture">Show the picture instead</button></p>`
  const body = /** @type {HTMLElement} */ (place.firstElementChild)
  const button = /** @type {HTMLElement} */ (place.querySelector('.picture'))
  /** @type {HTMLElement} */
  const picture = image.closest('.alive') ?? image.closest('a') ?? image
  let live = false
  const turn = () => {
    live = !live
    body.style.display = live ? '' : 'none'
    picture.style.display = live ? 'none' : ''
    button.textContent = live ? 'Show the picture instead'
      : 'Show the live figure'
  }
  button.addEventListener('click', turn)
  turn()
  /** One of its parts. @param {string} selector @returns {any} */
  return (selector) => body.querySelector(selector)
}

/** Tells those who listen to the page what a figure shows, at most once a
 * second: the last text wins. @param {HTMLElement} place
 * @returns {(text: string) => void} */
export function voice(place) {
  const line = document.createElement('p')
  line.className = 'unseen'
  line.setAttribute('role', 'status')
  place.append(line)
  let waiting = false, last = ''
  return (text) => {
    last = text
    if (waiting) return
    waiting = true
    setTimeout(() => {
      waiting = false
      line.textContent = last
    }, 1000)
  }
}

/** Sliders below each other, each with its name before it and its value after
 * it. @param {...string} sliders of sliderHtml() */
export const slidersHtml = (...sliders) => `<div style="display: grid;
  gap: 0 12px; align-items: center;
  grid-template-columns: max-content minmax(0, 20rem) 4em">
  ${sliders.join('')}</div>`

/** A slider of the class `kind`-slider. @param {string} name
 * @param {string} kind @param {string} range its attributes */
export const sliderHtml = (name, kind, range) =>
  `<label style="display: contents">${name}
    <input type="range" class="${kind}-slider" ${range} aria-label="${name}">
    <span class="${kind} said"></span></label>`

/** Shows the value of a slider of sliderHtml().
 * @param {HTMLInputElement} slider @param {string} text */
export function caption(slider, text) {
  slider.setAttribute('aria-valuetext', text)
  const value = slider.nextElementSibling
  if (value) value.textContent = text
}

/** The held-out digits. @param {Given['asset']} asset
 * @returns {Promise<Digit[]>} */
export async function heldOutDigits(asset) {
  const { count, picture, label } = digitsOf(await asset('held-out.bin.gz'))
  return Array.from({ length: count },
    (_, n) => ({ pixels: picture(n), label: label(n) }))
}

/** The number of the next digit of a class after number `n`; after the last it
 * is the first.
 * @param {Digit[]} digits @param {number} n @param {number} label */
export function nextOf(digits, n, label) {
  for (let i = 1; i <= digits.length; ++i)
    if (digits[(n + i) % digits.length].label === label)
      return (n + i) % digits.length
  return n
}

/** Joins arrays of numbers for the engine's room.
 * @param {...ArrayLike<number>} parts */
export function joined(...parts) {
  const all = new Float32Array(
    parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
