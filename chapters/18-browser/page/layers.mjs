// All maps of the picture, one row for each layer, redrawn while the picture
// changes. A press on a cell opens its arithmetic (cell.mjs).
import { CellView } from './cell.mjs'
import { startEvidence } from './evidence.mjs'
import { Inside } from './inside.mjs'
import { LayerRow } from './layer_row.mjs'
import { make, oncePerFrame, roughly } from './make.mjs'
import { stepOf } from './tile.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */
/** @typedef {import('./inside.mjs').Place} Place */
/** @typedef {import('./tile.mjs').Tile} Tile */

class LayersView {
  /** @type {LayerRow[]} */
  rows = []
  #stale = true
  /** Draws at most once a frame, and only what can be seen. */
  schedule = oncePerFrame(() => this.#safely(() => this.draw()))

  /** @param {HTMLElement} section @param {App} app */
  constructor(section, app) {
    this.section = section
    this.app = app
    this.inside = new Inside(app)
    this.list = make('div', { class: 'layers' })
    this.cell = new CellView(this.inside, app, (open) => this.#mark(open))
    this.seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const row = this.rows.find(({ element }) => element === target)
        if (row) row.visible = isIntersecting
      }
      this.schedule()
    }, { rootMargin: '100px' })
    section.append(
      make('p', { class: 'note' }, 'Cells are counted from 0, as in the ' +
        'code: conv1(2, 4, 5) is the cell in row 4 and column 5 of map 2. ' +
        'With a keyboard, go to a map, choose a cell with the arrow keys ' +
        'and press Enter. All numbers are those of the plain layers of ' +
        'chapters 02 to 04. The answer comes from chapter 07\'s, which add ' +
        'in another order, so that its last digits may differ.'), this.list)
  }

  /** Another network is in use. */
  renewed() {
    this.#safely(() => this.#build())
    this.changed()
  }

  /** Makes new rows, unless the layers are still the same. */
  #build() {
    const former = JSON.stringify(this.inside.layers)
    this.inside.describe()
    if (JSON.stringify(this.inside.layers) === former) return
    this.seen.disconnect()
    this.cell.close(false)
    this.rows = this.inside.layers.map((_, i) => new LayerRow(this.inside, i))
    this.list.replaceChildren(...this.rows.map(({ element }) => element))
    for (const row of this.rows) {
      this.seen.observe(row.element)
      for (const tile of row.tiles) this.#listen(row, tile)
    }
  }

  /** @param {LayerRow} row @param {Tile} tile */
  #listen(row, tile) {
    tile.canvas.addEventListener('click', (event) => {
      const place = tile.placeUnder(event)
      if (!place) return
      this.#choose(row, tile, place)
      this.#open(row, place)
    })
    tile.canvas.addEventListener('focus', () => this.#choose(row, tile))
    tile.canvas.addEventListener('blur', () => tile.mark('chosen', []))
    tile.canvas.addEventListener('keydown', (event) =>
      this.#press(row, tile, event))
  }

  /** @param {LayerRow} row @param {Tile} tile @param {KeyboardEvent} event */
  #press(row, tile, event) {
    const step = stepOf(event.key)
    const opens = event.key === 'Enter' || event.key === ' '
    if (!step && !opens || event.ctrlKey || event.metaKey || event.altKey)
      return
    event.preventDefault()
    if (opens) return this.#open(row, tile.at)
    const next = tile.beside(step)
    if (next) return this.#choose(row, tile, next, true)
    // Beyond its edge lies the next map.
    const other = row.tiles[row.tiles.indexOf(tile) + step[1]]
    if (!step[1] || !other) return
    const [line] = tile.seat(tile.at)
    other.at = other.placeAt(line, step[1] > 0 ? 0 : other.columns - 1) ??
      other.at
    other.canvas.focus()
    this.#choose(row, other, other.at, true)
  }

  /** @param {LayerRow} row @param {Tile} tile @param {Place} place
   * @param {boolean} aloud */
  #choose(row, tile, place = tile.at, aloud = false) {
    for (const each of row.tiles) each.canvas.tabIndex = each === tile ? 0 : -1
    tile.at = place
    tile.mark('chosen', [place])
    if (!aloud) return
    this.#safely(() => {
      this.#look()
      this.app.say(`${this.inside.nameOf(place)}: ${
        roughly(this.inside.number(place))}`)
    })
  }

  /** @param {LayerRow} row @param {Place} place */
  #open(row, place) {
    this.#safely(() => {
      this.#look()
      row.element.after(this.cell.element)
      this.cell.open(place, document.activeElement)
    })
  }

  /** Frames around the cell that is open and around its window.
   * @param {import('./cell.mjs').Opened | null} open */
  #mark(open) {
    for (const { tiles } of this.rows) for (const tile of tiles) {
      tile.mark('opened', open ? [open.place] : [])
      tile.mark('window', open ? open.from : [])
    }
  }

  /** The picture or the network has changed. */
  changed() {
    this.#stale = true
    this.schedule()
  }

  draw() {
    if (!this.app.engine || this.app.engine.dead) return
    const rows = this.rows.filter(({ visible }) => visible)
    if (!rows.length && !this.cell.isOpen) return
    this.#look()
    for (const row of rows) row.draw()
  }

  /** Asks the engine, unless its last numbers are still those to show. */
  #look() {
    if (!this.#stale) return
    this.inside.look()
    this.#stale = false
    this.cell.update()
  }

  /** @param {() => void} action */
  #safely(action) {
    try {
      action()
    } catch (error) {
      this.cell.close(false)  // or a fresh engine would be asked the same
      this.app.refuse(this.section, error)
    }
  }
}

/** Adds the style sheet and waits for it, so that nothing moves when it
 * arrives. */
function dressed() {
  const link = make('link', { rel: 'stylesheet',
    href: new URL('layers.css', import.meta.url).href })
  document.head.append(link)
  return new Promise((done) => {
    link.addEventListener('load', done)
    link.addEventListener('error', done)
  })
}

/** @param {HTMLElement} section @param {App} app */
export async function start(section, app) {
  await dressed()
  const view = new LayersView(section, app)
  const evidence = startEvidence(section, app)
  await app.ready
  const network = () => {
    app.refuse(section, null)
    view.renewed()
    evidence.changed()
  }
  network()
  app.on('network', network)
  app.on('picture', () => {
    view.changed()
    evidence.changed()
  })
}
