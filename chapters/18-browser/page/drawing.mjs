// What is on the pad, as a value: each change makes a new one, so that undo
// only has to go back to the last one.

/** A place on the pad, from 0 at the top left to 1. @typedef {[x: number,
 *   y: number]} Place */
/** Where a pen went without leaving the paper. @typedef {Place[]} Stroke */
/** `digit` is a picture that was taken from elsewhere, and `words` says what
 * is on the pad; `down` and `right` are how far all of it was moved, in
 * pixels of 28.
 * @typedef {{ strokes: Stroke[], cells: number[],
 *   digit: Float32Array | null, words: string, down: number,
 *   right: number }} Drawing */

/** Cells along each side of the grid for the keyboard. */
export const gridSide = 14

/** @type {Drawing} */
export const blank = { strokes: [], cells: [], digit: null,
  words: 'your drawing', down: 0, right: 0 }

/** @param {Drawing} drawing */
export const isBlank = ({ strokes, cells, digit }) =>
  !strokes.length && !cells.length && !digit

/** Adds a stroke. On a picture, it begins a new drawing.
 * @param {Drawing} drawing @param {Stroke} stroke @returns {Drawing} */
export function withStroke(drawing, stroke) {
  if (drawing.digit) return { ...blank, strokes: [stroke] }
  const { down, right } = drawing  // the pen draws where the paper lies now
  return { ...drawing, strokes: [...drawing.strokes,
    stroke.map(([x, y]) => /** @type {Place} */ ([x - right / 28,
      y - down / 28]))] }
}

/** Inks a cell of the grid, or takes its ink away.
 * @param {Drawing} drawing @param {number} cell @param {boolean} ink
 * @returns {Drawing} */
export function withCell(drawing, cell, ink) {
  const from = drawing.digit ? blank : drawing
  const others = from.cells.filter((other) => other !== cell)
  return { ...from, cells: ink ? [...others, cell] : others }
}

/** Moves a drawing to a place in whole pixels, no farther than by half the
 * pad.
 * @param {Drawing} drawing @param {number} down @param {number} right
 * @returns {Drawing} */
export function movedTo(drawing, down, right) {
  const kept = (/** @type {number} */ pixels) =>
    Math.max(-14, Math.min(14, Math.round(pixels)))
  return { ...drawing, down: kept(down), right: kept(right) }
}

/** Inked cells as strokes of a pen: a dot for each, and a line between
 * neighbours. Diagonal neighbours get one only if no inked cell touches both.
 * @param {number[]} cells @returns {Stroke[]} */
function strokesOfCells(cells) {
  const inked = new Set(cells)
  const has = (/** @type {number} */ row, /** @type {number} */ column) =>
    column >= 0 && column < gridSide && inked.has(row * gridSide + column)
  /** @type {Stroke[]} */
  const strokes = []
  for (const cell of cells) {
    const row = Math.floor(cell / gridSide), column = cell % gridSide
    /** @type {(down: number, right: number) => Place} */
    const place = (down, right) => [(column + right + 0.5) / gridSide,
      (row + down + 0.5) / gridSide]
    strokes.push([place(0, 0)])
    const below = has(row + 1, column)
    for (const [down, right] of [[0, 1], [1, 0], [1, 1], [1, -1]]) {
      const corner = down && right && (below || has(row, column + right))
      if (has(row + down, column + right) && !corner)
        strokes.push([place(0, 0), place(down, right)])
    }
  }
  return strokes
}

/** All ink as strokes, where it lies now.
 * @param {Drawing} drawing @returns {Stroke[]} */
export function strokesOf({ strokes, cells, down, right }) {
  return [...strokes, ...strokesOfCells(cells)].map((stroke) =>
    stroke.map(([x, y]) => [x + right / 28, y + down / 28]))
}

/** As the engine takes them: x, y and whether a stroke begins.
 * @param {Stroke[]} strokes */
export const numbersOf = (strokes) => Float32Array.from(strokes.flatMap(
  (stroke) => stroke.flatMap(([x, y], n) => [x, y, n ? 0 : 1])))

/** The drawing now, and all that it was before. */
export class History {
  now = blank
  /** @type {Drawing[]} */
  #past = []

  /** @param {Drawing} next */
  change(next) {
    this.#past.push(this.now)
    this.now = next
  }

  /** Replaces the drawing as part of the last change. @param {Drawing} next */
  replace(next) { this.now = next }

  get canUndo() { return this.#past.length > 0 }

  undo() { this.now = this.#past.pop() ?? this.now }
}
