// A pad for the keyboard: 14 x 14 cells. The arrows go from cell to cell, the
// space bar inks one, and with shift held the arrows ink the cells they reach.
import { gridSide, withCell } from './drawing.mjs'
import { make } from './make.mjs'

/** @typedef {import('./drawing.mjs').History} History */

/** @param {History} history @param {() => void} changed */
export function makeGrid(history, changed) {
  const cells = Array.from({ length: gridSide * gridSide }, (_, n) =>
    make('div', { role: 'gridcell', tabindex: n ? -1 : 0,
      'aria-selected': 'false', 'aria-label': `row ${
        Math.floor(n / gridSide) + 1}, column ${n % gridSide + 1}` }))
  const grid = make('div', { role: 'grid', class: 'cells',
    'aria-label': 'Cells to ink', 'aria-multiselectable': 'true' },
  ...Array.from({ length: gridSide }, (_, row) => make('div',
    { role: 'row' }, ...cells.slice(row * gridSide, (row + 1) * gridSide))))

  let at = 0
  /** @param {number} cell */
  const goTo = (cell) => {
    cells[at].tabIndex = -1
    at = cell
    cells[at].tabIndex = 0
    cells[at].focus()
  }
  /** @param {boolean} ink */
  const ink = (ink) => {
    history.change(withCell(history.now, at, ink))
    changed()
  }
  // Asks the drawing: what is shown is only as new as the last frame.
  const turn = () => ink(!history.now.cells.includes(at))

  grid.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const row = Math.floor(at / gridSide), column = at % gridSide
    const last = gridSide - 1
    /** @type {Record<string, [number, number]>} */
    const places = { ArrowUp: [Math.max(row - 1, 0), column],
      ArrowDown: [Math.min(row + 1, last), column],
      ArrowLeft: [row, Math.max(column - 1, 0)],
      ArrowRight: [row, Math.min(column + 1, last)],
      Home: [row, 0], End: [row, last] }
    const place = places[event.key]
    if (place) {
      goTo(place[0] * gridSide + place[1])
      if (event.shiftKey && event.key.startsWith('Arrow')) ink(true)
    } else if (event.key === ' ' || event.key === 'Enter') {
      turn()
    } else {
      return
    }
    event.preventDefault()
  })
  grid.addEventListener('click', (event) => {
    const cell = cells.indexOf(/** @type {HTMLDivElement} */ (event.target))
    if (cell < 0) return
    goTo(cell)
    turn()
  })

  /** Those shown last. @type {number[] | undefined} */
  let shown
  return {
    grid,
    /** Shows which cells are inked now. */
    show() {
      if (history.now.cells === shown) return
      shown = history.now.cells
      const inked = new Set(shown)
      cells.forEach((cell, n) =>
        cell.setAttribute('aria-selected', String(inked.has(n))))
    },
  }
}
