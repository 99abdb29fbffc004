// Draw and read: the pad with all that a reader can do to a drawing, and
// beside it what the network sees and says.
import { History, blank, isBlank, numbersOf, strokesOf }
  from './drawing.mjs'
import { makeGrid } from './grid.mjs'
import { makeHeldOut } from './held_out.mjs'
import { button, make, oncePerFrame } from './make.mjs'
import { listen, paint, savePng } from './pad.mjs'
import { makePhotograph } from './photograph.mjs'
import { startReading } from './read.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */

/** The 28 x 28 numbers of a drawing, and the width of its pen, in sides of the
 * pad; 0 for a picture, which no pen drew.
 * @param {import('./engine.mjs').Engine} engine
 * @param {import('./drawing.mjs').Drawing} drawing
 * @param {boolean} placed by MNIST's rule, or as it lies */
function pictureOf(engine, drawing, placed) {
  engine.send(drawing.digit ?? numbersOf(strokesOf(drawing)))
  const width = drawing.digit
    ? engine.call('picture_moved', drawing.down, drawing.right, Number(placed))
    : engine.call('pen_picture', Number(placed))
  return { picture: engine.floats(), width }
}

/** @param {HTMLElement} section @param {App} app */
export function start(section, app) {
  const history = new History()
  const canvas = make('canvas', { class: 'pad', role: 'img', tabindex: 0,
    'aria-label': 'A pad to draw on: nothing drawn yet' })
  /** @type {'draw' | 'move'} */
  let mode = 'draw'
  let width = 0.09  // of the pen, until the engine says it

  // Runs at most once a frame, with the newest drawing: nothing queues.
  const changed = oncePerFrame(() => {
    const { engine } = app
    if (engine && !engine.dead) {
      const now = pictureOf(engine, history.now, placed.checked)
      if (now.width) width = now.width
      app.setPicture(now.picture, history.now.words)
    }
    paint(canvas, history.now, width)
    grid.show()
    undo.disabled = !history.canUndo
    reset.disabled = history.now === blank
    for (const save of saves) save.disabled = isBlank(history.now)
    const { down, right } = history.now
    moved.textContent = down || right ? `Moved ${Math.abs(down)} ${
      down < 0 ? 'up' : 'down'} and ${Math.abs(right)} to the ${
      right < 0 ? 'left' : 'right'}, out of 28 pixels each way.` : ''
  })
  /** @param {import('./drawing.mjs').Drawing} next */
  const change = (next) => {
    history.change(next)
    changed()
  }
  /** @param {Float32Array} digit @param {string} words */
  const take = (digit, words) => {
    change({ ...blank, digit, words })
    canvas.scrollIntoView({ block: 'nearest' })
  }
  const takeBack = () => {
    history.undo()
    changed()
  }

  const modes = /** @type {const} */ (['draw', 'move']).map((name) =>
    button(name === 'draw' ? 'Draw' : 'Move', () => {
      mode = name
      canvas.classList.toggle('moving', mode === 'move')
      modes.forEach((one, n) => one.setAttribute('aria-pressed',
        String(['draw', 'move'][n] === mode)))
    }, { 'aria-pressed': String(name === mode) }))
  const undo = button('Undo', takeBack, { 'aria-keyshortcuts': 'Control+Z' })
  const reset = button('Clear', () => change(blank))
  const reading = startReading(app, (words) => canvas.setAttribute(
    'aria-label', `A pad to draw on: ${words}`))
  const saves = [
    button('Save the drawing', () => savePng(canvas, 'drawing.png')),
    button('Save the 28 × 28', () =>
      savePng(reading.canvas, 'drawing-28x28.png'))]
  const placed = make('input', { type: 'checkbox', checked: '' })
  placed.addEventListener('change', changed)
  const moved = make('p', { class: 'note', role: 'status' })
  const grid = makeGrid(history, changed)

  section.append(
    make('div', { class: 'reading' },
      make('div', {}, canvas, reading.words, make('div', { class: 'row' },
        ...modes, undo, reset)),
      reading.view, reading.bars),
    make('label', { class: 'choice' }, placed, 'Put the digit where MNIST\'s '
      + 'makers put theirs: 20 pixels high or wide, its ink balanced on the '
      + 'middle.'),
    make('p', { class: 'note' }, 'Untick the box and move the digit: press '
      + 'Move and drag it, or use the arrow keys on the pad. The answers '
      + 'change with every pixel, although the digit stays the same.'), moved,
    make('details', {}, make('summary', {}, 'Draw with the keyboard'),
      make('p', {}, 'The arrow keys go from cell to cell. The space bar inks '
        + 'a cell or takes its ink away, and with Shift held the arrows leave '
        + 'a trail of ink.'), grid.grid),
    make('div', { class: 'row' }, ...saves),
    makeHeldOut(app, take, () => history.now),
    makePhotograph(section, app, take))

  listen(canvas, history, () => mode, changed)
  document.addEventListener('keydown', (event) => {
    const { target } = event
    const typing = target instanceof HTMLTextAreaElement ||
      target instanceof HTMLInputElement &&
      !['checkbox', 'file'].includes(target.type)
    if (event.key.toLowerCase() !== 'z' || event.shiftKey || typing ||
      !(event.ctrlKey || event.metaKey) || !history.canUndo) return
    event.preventDefault()
    takeBack()
  })
  new ResizeObserver(changed).observe(canvas)
  app.on('engine', changed)
  app.ready.then(changed, () => {})
}
