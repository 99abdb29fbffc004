// What the network sees, and what it says: 28 x 28 pixels, ten bars with
// their numbers, and the answer in words.
import { drawPixels, fitPixels } from './pixels.mjs'
import { make } from './make.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */

/** '97.0 %', with a non-breaking space. No share below 1 is shown as 100 %.
 * @param {number} share */
export const percent = (share) =>
  `${Math.min(100 * share, share < 1 ? 99.9 : 100).toFixed(1)}\u00a0%`

/** The same for a sentence: '97 %'.
 * @param {number} share */
const wholePercent = (share) =>
  `${Math.min(Math.round(100 * share), share < 1 ? 99 : 100)}\u00a0%`

/** The place of the largest number. @param {ArrayLike<number>} numbers */
const largest = (numbers) =>
  Array.from(numbers).reduce((best, number, n, all) =>
    number > all[best] ? n : best, 0)

/** Asks the engine of the page about a picture. Finite weights can be so large
 * that their sums are not: then `best` is -1.
 * @param {import('./engine.mjs').Engine} engine
 * @param {Float32Array} picture 28 x 28 */
export function ask(engine, picture) {
  engine.send(picture)
  engine.call('network_answer')
  const probabilities = engine.floats()
  engine.call('answer_refused')
  return probabilities.every((share) => Number.isFinite(share))
    ? { probabilities, best: largest(probabilities), refused: engine.text() }
    : { probabilities, best: -1, refused: 'no answer: the weights are so ' +
      'large that the probabilities are not finite numbers' }
}

/** Where the ink of a picture balances, as [y, x] in pixels; empty for a blank
 * picture.
 * @param {import('./engine.mjs').Engine} engine
 * @param {Float32Array} picture */
function centreOf(engine, picture) {
  engine.send(picture)
  engine.call('picture_centre')
  return engine.floats()
}

/** The picture with a cross where its ink balances. */
function makeView() {
  const canvas = make('canvas', { width: 28, height: 28, role: 'img',
    'aria-label': 'What the network sees: nothing yet' })
  const mark = make('div', { class: 'mark', 'aria-hidden': 'true',
    hidden: '' })
  const words = make('p', { class: 'note' })
  /** @param {Float32Array} picture @param {Float32Array} centre */
  const show = (picture, centre) => {
    drawPixels(canvas, picture, 28, 28)
    mark.hidden = centre.length === 0
    if (mark.hidden) {
      words.textContent = 'There is no ink yet.'
      return
    }
    const [y, x] = centre
    mark.style.left = `${x / 0.28}%`
    mark.style.top = `${y / 0.28}%`
    words.textContent = `The ink balances at the cross, ${x.toFixed(1)
    } of 28 pixels from the left and ${y.toFixed(1)} from the top.`
  }
  const frame = make('div', { class: 'seen' }, canvas, mark)
  return { canvas, words, show, frame }
}

/** A table with a bar in each row; the numbers stand beside them. */
function makeBars() {
  const body = make('tbody')
  const table = make('table', { class: 'bars' }, make('caption', {},
    'The network\'s probability for each answer'), body)
  /** @type {{ row: HTMLElement, bar: HTMLElement, number: HTMLElement }[]} */
  let rows = []
  /** @param {string[]} names */
  const name = (names) => {
    rows = names.map(() => ({ row: make('tr'), number: make('td'),
      bar: make('div', { class: 'bar' }) }))
    rows.forEach(({ row, bar, number }, n) => row.append(
      make('th', { scope: 'row' }, names[n]), make('td', {}, bar), number))
    body.replaceChildren(...rows.map(({ row }) => row))
  }
  /** @param {Float32Array} probabilities @param {number} best or -1 */
  const show = (probabilities, best) =>
    rows.forEach(({ row, bar, number }, n) => {
      row.classList.toggle('best', n === best)
      bar.style.width = `${100 * (probabilities[n] || 0)}%`
      number.textContent = Number.isFinite(probabilities[n])
        ? percent(probabilities[n]) : '–'
    })
  return { table, name, show }
}

/** Builds the view, which answers whenever the page has another picture or
 * network.
 * @param {App} app @param {(words: string) => void} answered */
export function startReading(app, answered) {
  const view = makeView(), bars = makeBars()
  const words = make('p', { class: 'answer' })
  let last = ''

  const read = () => {
    const { engine, network } = app
    if (!engine || engine.dead || !network) return
    const centre = centreOf(engine, app.picture)
    view.show(app.picture, centre)
    const { probabilities, best, refused } = ask(engine, app.picture)
    const blank = centre.length === 0
    // Of a blank picture nothing is shown that could be taken for an answer.
    bars.show(blank ? probabilities.map(() => NaN) : probabilities,
      blank || refused ? -1 : best)
    const text = blank ? 'nothing to read yet' : refused
      ? `${app.origin}: ${refused}` : `${app.origin}, read as ${
        network.names[best]}, ${wholePercent(probabilities[best])}`
    words.textContent = text
    view.canvas.setAttribute('aria-label', `What the network sees: ${text}`)
    if (text !== last && !blank) app.say(text)
    last = text
    answered(text)
    app.answer = probabilities
    app.emit('answer', probabilities)
  }
  const start = () => {
    if (app.network) bars.name(app.network.names)
    read()
  }
  app.on('picture', read)
  app.on('network', start)
  start()

  const place = make('div', {}, make('h3', {}, 'What the network sees'),
    view.frame, view.words)
  new ResizeObserver(() =>
    fitPixels(view.canvas, 28, Math.min(place.clientWidth, 224)))
    .observe(place)
  return { words, view: place, bars: bars.table, canvas: view.canvas }
}
