// One map of a layer as a canvas whose cells can be chosen, by pointer or by
// keyboard. A row of numbers is one such map, broken into lines.
import { make } from './make.mjs'
import { drawPixels, fitPixels } from './pixels.mjs'

/** @typedef {import('./inside.mjs').Inside} Inside */
/** @typedef {import('./inside.mjs').Place} Place */

const mostColumns = 40

/** How many columns a row of numbers gets. @param {number} count */
function columnsFor(count) {
  for (let columns = Math.min(count, mostColumns); columns >= 10; --columns)
    if (count % columns === 0) return columns
  return Math.min(count, mostColumns)
}

/** Where an arrow key goes, as rows down and columns right; undefined for any
 * other key. @param {string} key */
export function stepOf(key) {
  /** @type {Record<string, [number, number]>} */
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1],
    ArrowRight: [0, 1] }
  return steps[key]
}

export class Tile {
  /** @param {Inside} inside @param {number} layer @param {number} c
   * @param {number} room the most CSS pixels across */
  constructor(inside, layer, c, room) {
    const { C, H, W } = inside.layers[layer]
    this.inside = inside
    this.layer = layer
    this.c = c
    this.isRow = H * W === 1
    this.columns = this.isRow ? columnsFor(C) : W
    this.lines = this.isRow ? Math.ceil(C / this.columns) : H
    this.canvas = make('canvas', { role: 'application',
      'aria-roledescription': 'map of cells', width: this.columns,
      height: this.lines })
    this.element = make('span', { class: 'tile' }, this.canvas)
    fitPixels(this.canvas, this.columns, room)
    /** Its chosen cell. @type {Place} */
    this.at = this.isRow ? { layer, c: 0, y: 0, x: 0 }
      : { layer, c, y: H >> 1, x: W >> 1 }
  }

  /** 'conv1, map 2'; for a row and for the picture only the name. */
  get title() {
    const { name } = this.inside.layers[this.layer]
    return this.isRow || this.layer === 0 ? name : `${name}, map ${this.c}`
  }

  /** @param {number} scale */
  draw(scale) {
    const { signed } = this.inside.layers[this.layer]
    let numbers = this.inside.numbersOf(this.layer,
      this.isRow ? undefined : this.c)
    if (numbers.length < this.columns * this.lines) {
      const whole = new Float32Array(this.columns * this.lines)
      whole.set(numbers)
      numbers = whole
    }
    drawPixels(this.canvas, numbers, this.columns, this.lines,
      signed ? 'diverging' : 'grey', scale)
  }

  /** The line and the column at which a cell is drawn.
   * @param {Place} place @returns {[number, number]} */
  seat({ c, y, x }) {
    return this.isRow ? [Math.floor(c / this.columns), c % this.columns]
      : [y, x]
  }

  /** @param {number} line @param {number} column
   * @returns {Place | undefined} */
  placeAt(line, column) {
    if (column < 0 || column >= this.columns || line < 0) return undefined
    const place = this.isRow
      ? { layer: this.layer, c: line * this.columns + column, y: 0, x: 0 }
      : { layer: this.layer, c: this.c, y: line, x: column }
    return this.inside.has(place) ? place : undefined
  }

  /** @param {MouseEvent} event */
  placeUnder(event) {
    const box = this.canvas.getBoundingClientRect()
    return this.placeAt(
      Math.floor((event.clientY - box.top) / box.height * this.lines),
      Math.floor((event.clientX - box.left) / box.width * this.columns))
  }

  /** The cell next to the chosen one. @param {[number, number]} step */
  beside([lines, columns]) {
    const [line, column] = this.seat(this.at)
    return this.placeAt(line + lines, column + columns)
  }

  /** Puts a frame around those of the places that lie in this map, in place of
   * the last frame of this kind. What lies outside of the map is cut off.
   * @param {'chosen' | 'opened' | 'window'} kind @param {Place[]} places */
  mark(kind, places) {
    this.element.querySelector(`.${kind}`)?.remove()
    const seats = places.filter(({ layer, c }) => layer === this.layer &&
      (this.isRow || c === this.c)).map((place) => this.seat(place))
    const lines = seats.map(([line]) => line)
    const columns = seats.map(([, column]) => column)
    const [top, left] = [Math.max(0, Math.min(...lines)),
      Math.max(0, Math.min(...columns))]
    const [bottom, right] = [Math.min(this.lines, Math.max(...lines) + 1),
      Math.min(this.columns, Math.max(...columns) + 1)]
    if (top >= bottom || left >= right) return  // also if no place is here
    const frame = make('span', { class: kind, 'aria-hidden': 'true' })
    frame.style.top = `${100 * top / this.lines}%`
    frame.style.left = `${100 * left / this.columns}%`
    frame.style.height = `${100 * (bottom - top) / this.lines}%`
    frame.style.width = `${100 * (right - left) / this.columns}%`
    this.element.append(frame)
  }
}
