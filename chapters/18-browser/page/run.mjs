// One training run, in slices of about 16 ms: steps, and between them looks at
// the held-out digits.
import { digitsToLearnFrom, stepsPerEpoch } from './recipe.mjs'

/** @typedef {import('./engine.mjs').Engine} Engine */

/**
 * @typedef {object} Epoch
 * @property {number} epoch from 1
 * @property {number} step its last
 * @property {number} loss the mean of its steps
 * @property {number} accuracy of the held-out digits
 * @property {string} sum the checksum of the weights
 */

const slice = 16     // ms
const atOnce = 250   // held-out digits
const share = 0.04   // of the time, for looks before an epoch has ended
const credit = 0.25  // s of looks on top, because most changes at the start

export class Run {
  step = 0
  seconds = 0  // of work
  speed = 0    // digits learned from, per second
  /** What has not been reported yet. */
  news = Run.#nothing()

  #perStep = Infinity  // ms
  #epochLoss = 0       // the sum of this epoch's steps
  #lately = { seconds: 0, images: 0 }
  /** A look that has begun.
   * @type {{next: number, right: number, seconds: number} | null} */
  #look = null
  #lookTakes = 0  // s
  #looked = 0     // s of looks before the ends of epochs
  #nextLook = 10  // step

  static #nothing() {
    return { numbers: /** @type {number[]} */ ([]),
      heldOut: /** @type {[number, number][]} */ ([]),
      epochs: /** @type {Epoch[]} */ ([]) }
  }

  /** @param {Engine} engine that has the digits
   * @param {string} lines the settings @param {number} batch
   * @param {number} heldOut how many digits */
  constructor(engine, lines, batch, heldOut) {
    this.engine = engine
    this.batch = batch
    this.heldOut = heldOut
    this.perEpoch = stepsPerEpoch(this)
    engine.send(lines)
    this.total = engine.call('lesson_start')
    this.#beginLook()  // what does it read before it has learned anything?
  }

  /** Whether nothing is left to do up to a step. @param {number} until */
  isAt(until) {
    return this.step >= until && !this.#look
  }

  checksum() {
    this.engine.call('lesson_checksum')
    return this.engine.text()
  }

  takeNews() {
    const news = this.news
    this.news = Run.#nothing()
    return news
  }

  /** Does one slice of the work up to a step. @param {number} until */
  work(until) {
    const began = performance.now()
    if (this.#look) this.#goOnLooking(this.#look)
    else this.#takeSteps(until)
    this.seconds += (performance.now() - began) / 1000
    const { seconds, images } = this.#lately
    if (this.seconds - seconds < 0.5 && this.speed) return
    this.speed = (this.#images - images) / (this.seconds - seconds)
    if (this.seconds - seconds > 0.5)
      this.#lately = { seconds: this.seconds, images: this.#images }
  }

  /** How many digits were learned from so far, counted again in each epoch. */
  get #images() {
    return Math.floor(this.step / this.perEpoch) * digitsToLearnFrom +
      (this.step % this.perEpoch) * this.batch
  }

  get #isEpoch() {
    return this.step % this.perEpoch === 0
  }

  /** @param {number} until */
  #takeSteps(until) {
    const { step, perEpoch, engine } = this
    const left = Math.min(until - step, perEpoch - step % perEpoch)
    const steps = Math.min(left,
      Math.max(1, Math.floor(slice / this.#perStep)))
    const began = performance.now()
    this.step = engine.call('lesson_steps', steps)
    this.#perStep = (performance.now() - began) / steps
    const numbers = engine.floats()
    for (let i = 0; i < numbers.length; i += 3) this.#epochLoss += numbers[i]
    this.news.numbers.push(...numbers)
    if (this.#isEpoch || (this.step >= this.#nextLook &&
        this.#looked + this.#lookTakes <= credit + share * this.seconds))
      this.#beginLook()
  }

  #beginLook() {
    this.#look = { next: 0, right: 0, seconds: this.seconds }
  }

  /** @param {{next: number, right: number, seconds: number}} look */
  #goOnLooking(look) {
    const count = Math.min(atOnce, this.heldOut - look.next)
    look.right += this.engine.call('lesson_right', look.next, count)
    look.next += count
    if (look.next < this.heldOut) return
    this.#look = null
    this.#lookTakes = this.seconds - look.seconds
    const accuracy = look.right / this.heldOut
    this.news.heldOut.push([this.step, accuracy])
    if (this.step > 0 && this.#isEpoch) {
      this.news.epochs.push({ epoch: this.step / this.perEpoch,
        step: this.step, loss: this.#epochLoss / this.perEpoch, accuracy,
        sum: this.checksum() })
      this.#epochLoss = 0
    } else if (this.step > 0) {
      this.#looked += this.#lookTakes
      this.#nextLook = 3 * this.step
    }
  }
}
