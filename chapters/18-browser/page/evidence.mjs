// Which pixels an answer rests on, asked in two ways: by the gradient and by
// covering.
import { wordsOf } from './asset.mjs'
import { button, make, roughly } from './make.mjs'
import { drawPixels, fitPixels } from './pixels.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */

/** @typedef {{ name: string, press: string, sentence: string,
 *   wait: number }} Way */

/** @type {Way[]} */
const ways = [
  { name: 'saliency', press: 'Saliency', wait: 0,
    sentence: 'An orange pixel raises the score of the answer if it becomes ' +
      'brighter, and a blue one lowers it; the stronger the colour, the ' +
      'steeper the slope (9.1).' },
  { name: 'occlusion', press: 'Occlusion', wait: 400,
    sentence: 'A grey square of 7 × 7 pixels covers each place in turn. ' +
      'Where a pixel is orange, covering it takes probability away from ' +
      'the answer, and where it is blue, covering it adds some.' },
]

class Evidence {
  #timer = 0
  /** @param {HTMLElement} section @param {App} app @param {Way} way */
  constructor(section, app, way) {
    this.section = section
    this.app = app
    this.way = way
    this.toggle = button(way.press, () => this.press(),
      { 'aria-pressed': 'false' })
    this.canvas = make('canvas', { role: 'img', 'data-evidence': way.name })
    this.legend = make('span')
    this.figure = make('figure', { hidden: '' }, this.canvas,
      make('figcaption', {}, way.sentence, ' ', this.legend))
  }

  press() {
    this.app.refuse(this.section, null)
    this.#show(this.figure.hidden)
    this.changed(0)
  }

  /** @param {boolean} shown */
  #show(shown) {
    this.figure.hidden = !shown
    this.toggle.setAttribute('aria-pressed', String(shown))
  }

  /** Asks again once the picture has not changed for a while.
   * @param {number} wait in ms */
  changed(wait = this.way.wait) {
    clearTimeout(this.#timer)
    if (this.figure.hidden) return
    this.#timer = window.setTimeout(() => requestAnimationFrame(() => {
      try {
        this.#draw()
      } catch (error) {
        this.#show(false)  // or a fresh engine would be asked the same
        this.app.refuse(this.section, `${this.way.press} is off: ${
          wordsOf(error)}`)
      }
    }), wait)
  }

  #draw() {
    const { engine } = this.app
    if (!engine || engine.dead || this.figure.hidden) return
    engine.send(this.app.picture)
    const best = engine.call(this.way.name)
    const answer = this.app.network?.names[best] ?? String(best)
    const numbers = engine.floats()
    const end = roughly(drawPixels(this.canvas, numbers, 28, 28, 'diverging'))
    fitPixels(this.canvas, 28, 224)
    this.legend.textContent = `The answer is ${answer}; blue −${end} · ` +
      `white 0 · orange ${end}.`
    this.canvas.setAttribute('aria-label',
      `${this.way.press} of the answer ${answer}`)
  }
}

/** @param {HTMLElement} section @param {App} app */
export function startEvidence(section, app) {
  const all = ways.map((way) => new Evidence(section, app, way))
  section.append(
    make('h3', {}, 'Which pixels does the answer rest on?'),
    make('div', { class: 'row' }, ...all.map(({ toggle }) => toggle)),
    make('div', { class: 'columns evidence' },
      ...all.map(({ figure }) => figure)))
  return { changed: () => all.forEach((one) => one.changed()) }
}
