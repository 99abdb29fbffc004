// The toy's square: the regions that a network has drawn for itself, the
// points on top of them, and a cursor for those who use the keyboard.

/** @typedef {{ x: number, y: number, label: number }} ToyPoint */

export const classNames = ['circle', 'cross', 'triangle']
const classColours = [[0, 114, 178], [213, 94, 0], [0, 158, 115]]

/** The square as a picture of side x side pixels: the classes' colours, mixed
 * by their probabilities.
 * @param {Float32Array} probabilities three for each cell, row by row
 * @param {number} side @param {number} paper grey level of the background */
function pictureOf(probabilities, side, paper) {
  const image = new ImageData(side, side)
  for (let cell = 0; cell < side * side; ++cell) {
    for (let channel = 0; channel < 3; ++channel) {
      let mixed = 0
      for (let k = 0; k < 3; ++k)
        mixed += probabilities[3 * cell + k] * classColours[k][channel]
      image.data[4 * cell + channel] = 0.55 * paper + 0.45 * mixed
    }
    image.data[4 * cell + 3] = 255
  }
  const canvas = Object.assign(document.createElement('canvas'),
    { width: side, height: side })
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return canvas
}

/** The most probable class at a cell of the grid.
 * @param {Float32Array} probabilities @param {number} cell */
function classAt(probabilities, cell) {
  const p = probabilities.subarray(3 * cell, 3 * cell + 3)
  return p.indexOf(Math.max(...p))
}

/** The lines between cells that get different answers, so that no border is
 * told by colour alone.
 * @param {Float32Array} probabilities @param {number} side of the grid
 * @param {number} width of a cell */
function bordersOf(probabilities, side, width) {
  const path = new Path2D()
  const best = Array.from({ length: side * side },
    (_, cell) => classAt(probabilities, cell))
  for (let row = 0; row < side; ++row)
    for (let column = 0; column < side; ++column) {
      const cell = row * side + column
      const [right, below] = [(column + 1) * width, (row + 1) * width]
      if (column + 1 < side && best[cell] !== best[cell + 1]) {
        path.moveTo(right, below - width)
        path.lineTo(right, below)
      }
      if (row + 1 < side && best[cell] !== best[cell + side]) {
        path.moveTo(right - width, below)
        path.lineTo(right, below)
      }
    }
  return path
}

/** The path of a point's mark: its class is told by its shape, too.
 * @param {number} label @param {number} x @param {number} y
 * @param {number} r */
function markOf(label, x, y, r) {
  const path = new Path2D()
  if (label === 0) {
    path.arc(x, y, r, 0, 2 * Math.PI)
  } else if (label === 1) {
    path.moveTo(x - r, y - r)
    path.lineTo(x + r, y + r)
    path.moveTo(x + r, y - r)
    path.lineTo(x - r, y + r)
  } else {
    path.moveTo(x, y - 1.2 * r)
    path.lineTo(x + 1.1 * r, y + 0.8 * r)
    path.lineTo(x - 1.1 * r, y + 0.8 * r)
    path.closePath()
  }
  return path
}

export class Square {
  /** @param {HTMLCanvasElement} canvas of any size, as wide as it is high */
  constructor(canvas) {
    this.canvas = canvas
    /** @type {ToyPoint[]} */
    this.points = []
    /** Three probabilities for each cell. @type {Float32Array} */
    this.probabilities = new Float32Array()
    /** The place of the keyboard's cursor, from -1 to 1, y upwards. */
    this.cursor = { x: 0, y: 0 }
  }

  /** The place of a click. @param {MouseEvent} event */
  placeOf({ offsetX, offsetY }) {
    const side = this.canvas.clientWidth
    return { x: 2 * offsetX / side - 1, y: 1 - 2 * offsetY / side }
  }

  /** What the network answers where the cursor is. */
  answerAtCursor() {
    const { x, y } = this.cursor
    const cells = Math.sqrt(this.probabilities.length / 3)
    const along = (/** @type {number} */ v) =>
      Math.floor((v + 1) / 2 * cells)
    const cell = along(-y) * cells + along(x)
    const best = classAt(this.probabilities, cell)
    const percent = 100 * this.probabilities[3 * cell + best]
    return `x ${x.toFixed(2)}, y ${y.toFixed(2)}: ${classNames[best]}, ${
      percent.toFixed(0)} %`
  }

  /** Moves the cursor, and keeps it inside.
   * @param {number} right @param {number} up */
  move(right, up) {
    const inside = (/** @type {number} */ v) =>
      Math.max(-0.95, Math.min(0.95, Math.round(100 * v) / 100))
    this.cursor = { x: inside(this.cursor.x + right),
      y: inside(this.cursor.y + up) }
  }

  /** @param {boolean} dark @param {boolean} withCursor */
  draw(dark, withCursor) {
    const ink = this.canvas.getContext('2d')
    if (!ink) return
    const side = this.canvas.width
    const cells = Math.sqrt(this.probabilities.length / 3)
    ink.drawImage(pictureOf(this.probabilities, cells, dark ? 27 : 255),
      0, 0, side, side)
    ink.lineWidth = side / 240
    ink.strokeStyle = dark ? '#ffffff' : '#000000'
    ink.stroke(bordersOf(this.probabilities, cells, side / cells))
    const at = (/** @type {number} */ x) => (x + 1) * side / 2
    ink.lineCap = 'round'
    for (const { x, y, label } of this.points) {
      const mark = markOf(label, at(x), at(-y), side / 80)
      ink.lineWidth = side / 80
      ink.strokeStyle = '#ffffff'
      ink.stroke(mark)
      ink.lineWidth = side / 180
      ink.strokeStyle = ['#00466e', '#8a3c00', '#005c43'][label]
      ink.stroke(mark)
    }
    if (!withCursor) return
    const [x, y] = [at(this.cursor.x), at(-this.cursor.y)]
    for (const [width, colour] of [[9, '#ffffff'], [4, '#000000']]) {
      ink.lineWidth = Number(width)
      ink.strokeStyle = String(colour)
      ink.strokeRect(x - 22, y - 22, 44, 44)
    }
  }
}
