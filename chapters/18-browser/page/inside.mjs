// What the engine says about the layers of the network in use, for the picture
// that it sees. Layer 0 is the picture itself.

/** @typedef {import('./app.mjs').SharedApp} App */
/** C maps of H x W, whose numbers begin at `at`; signed: they may have either
 * sign.
 * @typedef {{ name: string, kind: string, text: string, C: number, H: number,
 *   W: number, at: number, signed: boolean }} Layer */
/** @typedef {{ layer: number, c: number, y: number, x: number }} Place */
/** @typedef {{ from: Place, inside: boolean, input: number, weight: number,
 *   product: number, order: number }} Term */
/** @typedef {{ value: number, sum: number, bias: number, winner: number,
 *   mean: number, deviation: number, weight: number, terms: Term[] }} Cell */

const twoSigned = ['conv', 'fc', 'bn', 'gn', 'ln']
const before = 7    // numbers before the terms
const ofATerm = 7   // numbers of each term

export class Inside {
  /** @type {Layer[]} */
  layers = []
  /** The numbers of all layers in a row. */
  numbers = new Float32Array()
  #app

  /** @param {App} app */
  constructor(app) { this.#app = app }

  get #engine() {
    return /** @type {import('./engine.mjs').Engine} */ (this.#app.engine)
  }

  /** Asks which layers there are: after each change of the network. */
  describe() {
    this.#engine.call('layers')
    const picture = { name: 'picture', kind: 'picture', text: '', C: 1, H: 28,
      W: 28 }
    let at = 0, signed = false
    this.layers = [picture, ...this.#engine.json()].map((layer) => {
      if (twoSigned.includes(layer.kind)) signed = true
      if (layer.kind === 'relu') signed = false
      const described = { ...layer, at, signed }
      at += layer.C * layer.H * layer.W
      return described
    })
  }

  /** Asks for the numbers of all layers for the picture. */
  look() {
    this.#engine.send(this.#app.picture)
    this.#engine.call('maps')
    const floats = this.#engine.floats()
    const picture = this.#app.picture
    this.numbers = new Float32Array(picture.length + floats.length)
    this.numbers.set(picture)
    this.numbers.set(floats, picture.length)
  }

  /** All numbers of a layer, or those of one map.
   * @param {number} layer @param {number} [c] */
  numbersOf(layer, c) {
    const { C, H, W, at } = this.layers[layer]
    return c === undefined ? this.numbers.subarray(at, at + C * H * W)
      : this.numbers.subarray(at + c * H * W, at + (c + 1) * H * W)
  }

  /** @param {Place} place */
  number({ layer, c, y, x }) {
    const { H, W, at } = this.layers[layer]
    return this.numbers[at + (c * H + y) * W + x]
  }

  /** Whether there is such a cell. @param {Place} place */
  has({ layer, c, y, x }) {
    const its = this.layers[layer]
    return !!its && c >= 0 && c < its.C && y >= 0 && y < its.H && x >= 0 &&
      x < its.W
  }

  /** (2, 4, 5) of a map, (7) of a row, (4, 5) of the picture.
   * @param {Place} place */
  indexOf({ layer, c, y, x }) {
    const { H, W } = this.layers[layer]
    return layer === 0 ? `(${y}, ${x})`
      : H * W === 1 ? `(${c})` : `(${c}, ${y}, ${x})`
  }

  /** As the book's code writes it: conv1(2, 4, 5). @param {Place} place */
  nameOf(place) {
    return this.layers[place.layer].name + this.indexOf(place)
  }

  /** The arithmetic of a cell of any layer but the picture.
   * @param {Place} place @returns {Cell} */
  cell({ layer, c, y, x }) {
    this.#engine.send(this.#app.picture)
    this.#engine.call('cell', layer - 1, c, y, x)
    const floats = this.#engine.floats()
    const [value, sum, bias, winner, mean, deviation, weight] = floats
    const terms = []
    for (let i = before; i < floats.length; i += ofATerm) {
      const from = { layer: layer - 1, c: floats[i], y: floats[i + 1],
        x: floats[i + 2] }
      terms.push({ from, inside: floats[i + 3] === 1, input: floats[i + 4],
        weight: floats[i + 5], product: floats[i + 6],
        order: terms.length + 1 })
    }
    return { value, sum, bias, winner, mean, deviation, weight, terms }
  }
}
