// The pictures beside a cell's arithmetic: the map before it with its window,
// what lies under the window, the weights and the products, and its own map,
// large enough to choose another cell.
import { make, roughly } from './make.mjs'
import { drawPixels, fitPixels, magnitude } from './pixels.mjs'
import { Tile } from './tile.mjs'

/** @typedef {import('./inside.mjs').Inside} Inside */
/** @typedef {import('./inside.mjs').Place} Place */
/** @typedef {import('./inside.mjs').Cell} Cell */

const room = 224  // CSS pixels across a map
const partRoom = 84

/** The map in the previous layer whose products have the largest sum of
 * magnitudes.
 * @param {Cell} cell */
function loudest(cell) {
  /** @type {number[]} */
  const sums = []
  for (const { from: { c }, product } of cell.terms)
    sums[c] = (sums[c] ?? 0) + Math.abs(product)
  let best = cell.terms[0].from.c
  sums.forEach((sum, c) => { if (sum > sums[best]) best = c })
  return best
}

export class CellPictures {
  /** @type {Tile | null} */
  #own = null
  /** @type {Tile | null} */
  #before = null
  #shape = ''

  /** @param {Inside} inside @param {(place: Place) => void} open */
  constructor(inside, open) {
    this.inside = inside
    this.open = open
    this.element = make('div', { class: 'row pictures' })
  }

  /** The cell next to the one that is shown.
   * @param {[number, number]} step */
  beside(step) { return this.#own?.beside(step) }

  /** @param {number} layer @param {number} c */
  #tile(layer, c) {
    const tile = new Tile(this.inside, layer, c, room)
    tile.canvas.setAttribute('role', 'img')
    tile.canvas.removeAttribute('aria-roledescription')
    tile.canvas.addEventListener('click', (event) => {
      const place = tile.placeUnder(event)
      if (place) this.open(place)
    })
    return tile
  }

  /** @param {HTMLElement} picture @param {string} text */
  #figure(picture, text) {
    return make('figure', {}, picture, make('figcaption', {}, text))
  }

  /** @param {Place} place @param {Cell | null} cell */
  show(place, cell) {
    const { layers } = this.inside
    const { layer, c } = place
    const isRow = layers[layer].H * layers[layer].W === 1
    const from = cell ? loudest(cell) : 0
    // Another network may have other maps under the same numbers.
    const sizes = layers.slice(Math.max(layer - 1, 0), layer + 1)
      .map(({ C, H, W }) => `${C} ${H} ${W}`)
    const shape = `${layer} ${isRow || c} ${cell ? from : ''} ${sizes}`
    if (shape !== this.#shape) {
      this.#shape = shape
      this.#own = this.#tile(layer, c)
      this.#before = cell ? this.#tile(layer - 1, from) : null
    }
    const own = /** @type {Tile} */ (this.#own)
    own.at = place
    this.#drawTile(own)
    own.mark('chosen', [place])
    const figures = [this.#figure(own.element, own.title)]
    if (cell && this.#before) {
      const before = this.#before
      this.#drawTile(before)
      before.mark('window', cell.terms.map((term) => term.from))
      const { kind } = layers[layer]
      const hasWindow = kind === 'conv' || kind.endsWith('pool')
      figures.unshift(this.#figure(before.element,
        before.title + (hasWindow ? ', the window' : '')),
        ...this.#parts(kind, layers[layer - 1].signed, from, cell))
    }
    this.element.replaceChildren(...figures)
  }

  /** @param {Tile} tile */
  #drawTile(tile) {
    tile.draw(tile.layer === 0 ? 1
      : magnitude(this.inside.numbersOf(tile.layer)))
    tile.canvas.setAttribute('aria-label', tile.title)
  }

  /** Three pictures of a convolution, for one map of its input: the numbers in
   * the window, the weights and the products.
   * @param {string} kind @param {boolean} signed the input has two signs
   * @param {number} c @param {Cell} cell */
  #parts(kind, signed, c, cell) {
    if (kind !== 'conv') return []
    const terms = cell.terms.filter(({ from }) => from.c === c)
    const K = Math.round(Math.sqrt(terms.length))
    /** @param {string} text @param {number[]} numbers
     * @param {import('./pixels.mjs').Palette} palette */
    const part = (text, numbers, palette = 'diverging') => {
      const canvas = make('canvas', { role: 'img', 'aria-label': text })
      const scale = drawPixels(canvas, numbers, K, K, palette,
        magnitude(numbers))
      fitPixels(canvas, K, partRoom)
      return this.#figure(canvas, `${text}, ${palette === 'grey' ? 'up to '
        : '±'}${roughly(scale)}`)
    }
    return [make('div', { class: 'parts' },
      part('in the window', terms.map(({ input }) => input),
        signed ? 'diverging' : 'grey'),
      part('× weights', terms.map(({ weight }) => weight)),
      part('= products', terms.map(({ product }) => product)))]
  }
}
