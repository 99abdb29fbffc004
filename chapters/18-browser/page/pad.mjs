// The pad: a canvas that a finger, a pen or a mouse draws on, and that shows
// what has been drawn.
import { download } from './copy.mjs'
import { strokesOf, withStroke, movedTo } from './drawing.mjs'
import { drawPixels } from './pixels.mjs'
import { stepOf } from './tile.mjs'

/** @typedef {import('./drawing.mjs').History} History */
/** @typedef {import('./drawing.mjs').Place} Place */

/** Listens to the pointer and to the arrow keys. Only a press that begins on
 * the pad draws, and only the pad has `touch-action: none`: elsewhere a
 * finger scrolls.
 * @param {HTMLCanvasElement} canvas @param {History} history
 * @param {() => 'draw' | 'move'} mode @param {() => void} changed */
export function listen(canvas, history, mode, changed) {
  let pointer = -1  // the id of the one that is down
  /** @type {Place[]} */
  let places = []
  let before = history.now

  /** @param {PointerEvent} event @returns {Place} */
  const place = (event) => {
    const box = canvas.getBoundingClientRect()
    return [(event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height]
  }
  const show = () => {
    const [[x, y], last] = [places[0], places[places.length - 1]]
    history.replace(mode() === 'draw' ? withStroke(before, places)
      : movedTo(before, before.down + 28 * (last[1] - y),
        before.right + 28 * (last[0] - x)))
    changed()
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (pointer >= 0 || event.button !== 0) return
    pointer = event.pointerId
    canvas.setPointerCapture(pointer)
    before = history.now
    places = [place(event)]
    history.change(before)
    show()
  })
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) return
    // All places since the last frame, so that a quick stroke stays round.
    const events = event.getCoalescedEvents?.() ?? []
    places.push(...(events.length ? events : [event]).map(place))
    show()
  })
  canvas.addEventListener('pointerup', (event) => {
    if (event.pointerId === pointer) pointer = -1
  })
  // The browser has taken the pointer away, so that was no stroke.
  canvas.addEventListener('pointercancel', (event) => {
    if (event.pointerId !== pointer) return
    pointer = -1
    history.undo()
    changed()
  })
  canvas.addEventListener('keydown', (event) => {
    const step = stepOf(event.key)
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const { down, right } = history.now
    history.change(movedTo(history.now, down + step[0], right + step[1]))
    changed()
  })
}

const small = document.createElement('canvas')

/** Draws a drawing in the pixels of the device: white ink on black, like
 * MNIST's.
 * @param {HTMLCanvasElement} canvas
 * @param {import('./drawing.mjs').Drawing} drawing
 * @param {number} width of the pen, in sides of the pad */
export function paint(canvas, drawing, width) {
  const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio))
  if (canvas.width !== side) canvas.width = canvas.height = side
  const to = canvas.getContext('2d')
  if (!to) return
  to.fillStyle = '#000'
  to.fillRect(0, 0, side, side)
  if (drawing.digit) {
    drawPixels(small, drawing.digit, 28, 28)
    to.imageSmoothingEnabled = false
    to.drawImage(small, drawing.right * side / 28, drawing.down * side / 28,
      side, side)
    return
  }
  to.strokeStyle = '#fff'
  to.lineWidth = width * side
  to.lineCap = to.lineJoin = 'round'
  for (const stroke of strokesOf(drawing)) {
    to.beginPath()
    // A dot is a line of length 0, whose round ends are still drawn.
    for (const [x, y] of [stroke[0], ...stroke])
      to.lineTo(x * side, y * side)
    to.stroke()
  }
}

/** Hands a canvas to the reader as a PNG file.
 * @param {HTMLCanvasElement} canvas @param {string} name */
export function savePng(canvas, name) {
  canvas.toBlob((blob) => { if (blob) download(blob, name) })
}
