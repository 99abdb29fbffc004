// The worker that trains, so that the page stays awake. A pause is answered
// after a slice of work. News goes out at most 20 times a second, and only
// once the page has seen the last.
import { asset, wordsOf } from './asset.mjs'
import { Engine } from './engine.mjs'
import { digitsToLearnFrom } from './recipe.mjs'
import { Run } from './run.mjs'

/**
 * @typedef {{do: 'prepare'} |
 *   {do: 'start', run: number, lines: string, batch: number,
 *     until: number} |
 *   {do: 'go', until: number} | {do: 'pause'} | {do: 'seen'} |
 *   {do: 'give', what: 'lesson_file' | 'lesson_onnx', id: number}} Order
 *
 * @typedef {object} Report all that is new since the last report
 * @property {'report'} say
 * @property {number} run
 * @property {boolean} running
 * @property {boolean} ended
 * @property {number} step
 * @property {number} total
 * @property {Float32Array} numbers loss, accuracy and rate of each step
 * @property {[number, number][]} heldOut steps and accuracies
 * @property {import('./run.mjs').Epoch[]} epochs
 * @property {Float32Array} filters of the first layer
 * @property {number} rows of each filter; 0 if it sees no picture
 * @property {number} speed images a second
 * @property {string} sum of the weights; '' while it runs
 *
 * @typedef {Report | {say: 'loading', received: number, total: number} |
 *   {say: 'ready', version: number} | {say: 'failed', text: string} |
 *   {say: 'given', id: number, bytes: Uint8Array} |
 *   {say: 'refused', run: number, started: boolean, text: string}} News
 */

const between = 50  // ms from one report to the next

/** @type {Engine} */
let engine
/** The digits held out and those to learn from. @type {Uint8Array[]} */
let digits = []
let heldOut = 0
/** @type {Run | null} */
let run = null
let number = 0, until = 0  // of this run
let running = false, waiting = false
let seen = true, reported = -Infinity

/** @param {News} message @param {Transferable[]} transfer */
const post = (message, ...transfer) => postMessage(message, { transfer })

// ---- The digits --------------------------------------------------------

function giveDigits() {
  const counts = digits.map((bytes, set) => {
    engine.send(bytes)
    return engine.call('digits', set)
  })
  heldOut = counts[0]
  if (counts[1] !== digitsToLearnFrom)
    throw new Error(`expected ${digitsToLearnFrom} digits to learn from, ` +
      `got ${counts[1]}`)
}

async function prepare() {
  try {
    let told = -Infinity
    engine = await Engine.load()
    digits = await Promise.all([asset('held-out.bin.gz'),
      asset('train.bin.gz', (received, total) => {
        if (performance.now() - told < between) return
        told = performance.now()
        post({ say: 'loading', received, total })
      })])
    giveDigits()
    post({ say: 'ready', version: engine.version })
  } catch (error) {
    post({ say: 'failed', text: wordsOf(error) })
  }
}

/** After a refusal: takes a fresh engine, and gives it the digits.
 * @param {unknown} error */
async function refused(error) {
  post({ say: 'refused', run: number, started: run !== null,
    text: wordsOf(error) })
  running = false
  run = null
  engine = await engine.fresh()
  giveDigits()
}

// ---- The run -----------------------------------------------------------

/** @param {number} at the step to stop after */
function go(at) {
  if (!run) return
  until = Math.min(at, run.total)
  running = !run.isAt(until)
  report(true)
  next()
}

const channel = new MessageChannel()

/** Asks for one more slice, after the orders that have come meanwhile. */
function next() {
  if (!running || waiting) return
  waiting = true
  channel.port2.postMessage(null)
}

async function slice() {
  waiting = false
  if (!running || !run) return
  try {
    run.work(until)
    running = !run.isAt(until)
    report(!running)
  } catch (error) {
    return refused(error)
  }
  next()
}
channel.port1.onmessage = () => { obeyNext(slice) }

/** @param {boolean} must even if the page has not seen the last */
function report(must) {
  const now = performance.now()
  if (!run || (!must && (!seen || now - reported < between))) return
  reported = now
  seen = false
  const rows = engine.call('lesson_filters'), filters = engine.floats()
  const { step, total, speed } = run
  const { numbers, heldOut, epochs } = run.takeNews()
  const floats = Float32Array.from(numbers)
  post({ say: 'report', run: number, running, ended: run.isAt(total), step,
    total, speed, rows, filters, heldOut, epochs, numbers: floats,
    sum: running ? '' : run.checksum() }, floats.buffer, filters.buffer)
}

// ---- Orders, one after the other ---------------------------------------

/** @param {Order} order */
async function obey(order) {
  if (order.do === 'prepare') return prepare()
  if (order.do === 'seen') seen = true
  if (order.do === 'go') go(order.until)
  if (order.do === 'pause' && running) {
    running = false
    report(true)
  }
  if (order.do === 'start') {
    running = false
    run = null
    number = order.run
    try {
      run = new Run(engine, order.lines, order.batch, heldOut)
      go(order.until)
    } catch (error) {
      return refused(error)
    }
  }
  if (order.do === 'give' && run) {
    try {
      engine.call(order.what)
      const bytes = engine.bytes()
      post({ say: 'given', id: order.id, bytes }, bytes.buffer)
    } catch (error) {
      return refused(error)
    }
  }
}

/** @type {Promise<unknown>} */
let last = Promise.resolve()
/** @param {() => Promise<unknown>} task */
function obeyNext(task) {
  last = last.then(task).catch(reportError)
}
addEventListener('message', (event) => obeyNext(() => obey(event.data)))
