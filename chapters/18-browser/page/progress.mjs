// What a reader sees of a run: the loss and the held-out accuracy against
// steps, the filters of the first layer, and a line for each epoch.
import { lineChart, short, table } from './charts.mjs'
import { copies } from './copy.mjs'
import { counted, make } from './make.mjs'
import { drawPixels, magnitude } from './pixels.mjs'
import { commandOf } from './recipe.mjs'

/** @typedef {import('./recipe.mjs').Recipe} Recipe */
/** @typedef {import('./trainer.mjs').Report} Report */

/** The mean of the last 25 values at each step, because a batch's loss is
 * noisy. When there are 600 points, every second one is dropped. */
class RunningMean {
  /** @type {[number, number][]} */
  points = []
  /** @type {number[]} */
  #last = []
  #every = 1

  /** @param {number} step @param {number} value */
  add(step, value) {
    this.#last.push(value)
    if (this.#last.length > 25) this.#last.shift()
    if (step % this.#every !== 0 && step > 1) return
    this.points.push([step,
      this.#last.reduce((sum, one) => sum + one) / this.#last.length])
    if (this.points.length < 600) return
    this.#every *= 2
    this.points = this.points.filter((_, index) => index % 2 === 0)
  }
}

/** @param {HTMLElement} parent */
function filterPictures(parent) {
  parent.innerHTML = '<div class="filters" role="img" ' +
    'aria-label="no filters yet"></div>' +
    '<p class="note scale"><span></span><canvas aria-hidden="true"></canvas>' +
    '<span></span></p>'
  const [tiles, scale] = /** @type {any} */ (parent.children)
  const [low, ramp, high] = scale.children
  drawPixels(ramp, Array.from({ length: 65 }, (_, i) => i / 32 - 1), 65, 1,
    'diverging')
  /** @param {Float32Array} floats @param {number} size rows of each; 0 if
   * there are none to show */
  return (floats, size) => {
    const each = size * size
    const count = size ? Math.min(64, Math.floor(floats.length / each)) : 0
    parent.hidden = count === 0
    const most = magnitude(floats)
    while (tiles.children.length < count)
      tiles.append(make('canvas'))
    while (tiles.children.length > count) tiles.lastChild.remove()
    for (let i = 0; i < count; ++i)
      drawPixels(tiles.children[i], floats.subarray(i * each, (i + 1) * each),
        size, size, 'diverging', most)
    low.textContent = `weight −${short(most)} (blue)`
    high.textContent = `+${short(most)} (orange)`
    tiles.setAttribute('aria-label', `${counted(count, 'filter')
    } of ${size} x ${size} weights, from −${short(most)} to ${short(most)}`)
  }
}

const percent = (/** @type {number} */ share) => (100 * share).toFixed(2)

/** @param {string} command @param {string} of what it trains, such as a run */
export function commandWithCopy(command, of) {
  const copy = make('button', { type: 'button',
    'aria-label': `Copy the command of ${of}` }, 'Copy')
  copies(copy, () => command)
  return make('div', { class: 'command' }, make('code', {}, command), copy)
}

/** @param {HTMLElement} curves the place for charts and filters
 * @param {HTMLElement} lines the place for a line for each epoch */
export function progressView(curves, lines) {
  curves.innerHTML = `<div class="columns"></div>
<h3>The filters of the first layer</h3><div></div>`
  const [charts, heading, first] = /** @type {any} */ (curves.children)

  const loss = lineChart(charts, { title: 'Loss while training', x: 'steps',
    y: 'loss (nats)', log: true,
    reference: { y: Math.LN10, name: 'ln 10: knows nothing' } })
  const accuracy = lineChart(charts, { title: 'Held-out digits read',
    x: 'steps', y: 'accuracy (%)', low: 0, high: 100,
    reference: { y: 10, name: 'chance' } })
  const drawFilters = filterPictures(first)
  const epochs = table(lines, 'After each epoch', ['epoch', 'steps',
    'loss', 'held out (%)', 'checksum of the weights', 'in a terminal'])
  let mean = new RunningMean()
  /** @type {[number, number][]} */
  let heldOut = []
  let step = 0
  heading.hidden = first.hidden = epochs.region.hidden = true
  /** Hides the filters of the former run, but leaves their space until the new
   * ones come, so that nothing moves. @param {boolean} waiting */
  const awaitFilters = (waiting) => {
    for (const { style } of [heading, first])
      style.visibility = waiting ? 'hidden' : ''
  }

  return {
    clear() {
      mean = new RunningMean()
      heldOut = []
      step = 0
      epochs.clear()
      epochs.region.hidden = true
      loss.draw()
      accuracy.draw()
      awaitFilters(true)
    },
    /** The run cannot begin, and so no filters will come. */
    refused() {
      heading.hidden = first.hidden = true
    },
    /** @param {Report} report @param {Recipe} recipe */
    add(report, recipe) {
      for (let i = 0; i < report.numbers.length; i += 3)
        mean.add(++step, report.numbers[i])
      for (const [at, share] of report.heldOut) heldOut.push([at, 100 * share])
      for (const one of report.epochs) {
        epochs.region.hidden = false
        epochs.add(String(one.epoch), one.step.toLocaleString('en'),
          one.loss.toFixed(4), percent(one.accuracy),
          make('code', {}, one.sum), commandWithCopy(
            commandOf(recipe, one.step), `epoch ${one.epoch}`))
      }
      const newest = mean.points.at(-1), best = heldOut.at(-1)
      loss.draw({ name: '25-step mean', points: mean.points },
        newest && `After ${counted(newest[0], 'step')} ${
          short(newest[1])}.`)
      accuracy.draw({ name: 'held out', points: heldOut, dots: true },
        best && `After ${counted(best[0], 'step')} ${
          best[1].toFixed(1)} %.`)
      drawFilters(report.filters, report.rows)
      heading.hidden = first.hidden
      awaitFilters(false)
    },
    /** What is known last: the loss, and the step and the share of the last
     * look at the held-out digits. */
    get last() {
      return { loss: mean.points.at(-1)?.[1], heldOut: heldOut.at(-1) }
    },
  }
}
