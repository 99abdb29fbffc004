// The arithmetic of one cell as a table, each number the one that the layer
// computed, and the way from it down to the pixels.
import { CellPictures } from './cell_pictures.mjs'
import { CellTable } from './cell_table.mjs'
import { kinds, listings } from './listings.mjs'
import { button, exactly, make, roughly } from './make.mjs'
import { release } from './release.mjs'
import { stepOf } from './tile.mjs'

/** @typedef {import('./inside.mjs').Place} Place */

/** What is open: a cell, and the cells of the previous layer that it comes
 * from.
 * @typedef {{ place: Place, from: Place[] }} Opened */

/** The sentence on how a layer computes a cell, and where the code stands.
 * @param {string} kind */
function sentence(kind) {
  const { does, equation, file, first, last } = listings[kind]
  const name = `${file.replace('chapters/', '')}, lines ${first} to ${last}`
  const source = make('span', {}, name)
  release().then(({ book }) => {
    if (book) source.replaceChildren(make('a',
      { href: `${book}code/${file}.html#L${first}-L${last}` }, name))
  })
  return make('p', {}, does, equation ? ` This is equation (${equation}) of ` +
    'the book, in ' : ' The code is in ', source, '.')
}

export class CellView {
  /** From the cell that was opened first down to the one that is shown.
   * @type {Place[]} */
  path = []
  /** @type {Element | null} */
  #origin = null

  /** @param {import('./inside.mjs').Inside} inside
   * @param {import('./app.mjs').SharedApp} app
   * @param {(open: Opened | null) => void} mark */
  constructor(inside, app, mark) {
    this.inside = inside
    this.app = app
    this.mark = mark
    this.crumbs = make('ol', { class: 'row crumbs' })
    this.heading = make('h3', { id: 'cell-heading', tabindex: -1 })
    this.words = make('div')
    this.table = new CellTable(inside, (place) => this.#go(
      [...this.path, place]))
    this.pictures = new CellPictures(inside, (place) =>
      this.#go(place.layer === this.#here.layer
        ? [...this.path.slice(0, -1), place] : [...this.path, place]))
    this.element = make('div', { class: 'cell', role: 'region',
      'aria-labelledby': 'cell-heading' },
    make('nav', { 'aria-label': 'From this cell down to the picture' },
      this.crumbs), this.heading, this.words, this.pictures.element,
    this.#arrows(), this.table.element,
    make('p', {}, button('Close', () => this.close(true))))
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close(true)
    })
  }

  get isOpen() { return this.path.length > 0 }
  get #here() { return this.path[this.path.length - 1] }

  /** Four buttons that go to a neighbouring cell: for fingers, which are wider
   * than a cell. */
  #arrows() {
    const names = { ArrowLeft: ['←', 'left'], ArrowUp: ['↑', 'above'],
      ArrowDown: ['↓', 'below'], ArrowRight: ['→', 'right'] }
    return make('div', { class: 'row', role: 'group',
      'aria-label': 'Go to a neighbouring cell' },
    ...Object.entries(names).map(([key, [sign, name]]) => button(sign, () => {
      const next = this.pictures.beside(stepOf(key))
      if (next) this.#go([...this.path.slice(0, -1), next], false)
      else this.app.say('That is the edge of the map.')
    }, { 'aria-label': `The cell ${name}` })))
  }

  /** @param {Place} place @param {Element | null} origin what gets the focus
   *   back */
  open(place, origin) {
    this.#origin = origin
    this.#go([place])
  }

  /** @param {boolean} back whether the focus goes back to where it came from */
  close(back) {
    if (!this.isOpen) return
    this.path = []
    this.element.remove()
    this.mark(null)
    if (back && this.#origin instanceof HTMLElement) this.#origin.focus()
  }

  /** @param {Place[]} path @param {boolean} moves whether the focus goes to
   *   the heading */
  #go(path, moves = true) {
    this.path = path
    const { layer } = this.#here
    const { kind } = this.inside.layers[layer]
    this.crumbs.replaceChildren(...path.map((place, i) => {
      const isLast = i === path.length - 1
      const name = this.inside.nameOf(place)
      return make('li', {}, isLast ? make('span', { 'aria-current': 'true' },
        name) : button(name, () => this.#go(path.slice(0, i + 1))))
    }))
    this.words.replaceChildren(layer === 0
      ? make('p', {}, 'This is a pixel of your digit: 0 is paper and 1 is ' +
        'ink. There is nothing below it to compute.') : sentence(kind))
    try {
      this.update()
    } catch (error) {
      const section = this.element.closest('section') ?? this.element
      this.close(true)  // or a fresh engine would be asked the same
      this.app.refuse(section, error)
      return
    }
    if (moves) this.heading.focus({ preventScroll: true })
    if (moves) this.element.scrollIntoView({ block: 'nearest' })
    this.app.say(`${this.inside.nameOf(this.#here)}, ${kinds[kind]}: ${
      roughly(this.inside.number(this.#here))}`)
  }

  /** The numbers have changed, or another cell is shown. */
  update() {
    if (!this.isOpen) return
    const place = this.#here
    const { layer } = place
    this.heading.textContent = `${this.inside.nameOf(place)} = ${
      exactly(this.inside.number(place))}`
    const cell = layer > 0 ? this.inside.cell(place) : null
    this.table.show(layer > 0 ? this.inside.layers[layer].kind : '', cell)
    this.pictures.show(place, cell)
    this.mark({ place, from: cell?.terms.map(({ from }) => from) ?? [] })
  }
}
