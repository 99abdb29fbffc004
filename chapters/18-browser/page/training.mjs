// The page's side of the worker that trains: one run at a time, and news of it
// for all who listen.
import { linesOf, stepsOf } from './recipe.mjs'

/** @typedef {import('./recipe.mjs').Recipe} Recipe */
/** @typedef {import('./trainer.mjs').News} News */
/** @typedef {import('./trainer.mjs').Order} Order */
/** 'broken': the engine refused to go on.
 * @typedef {'away' | 'loading' | 'ready' | 'running' | 'paused' | 'ended' |
 *   'broken'} State */

class Training {
  /** @type {State} */
  state = 'away'
  /** Of the last run. @type {Recipe | undefined} */
  recipe
  step = 0
  total = 0
  /** The checksum of the weights after this step; '' while it runs. */
  sum = ''
  /** The engine's version. */
  version = 0

  /** @type {Worker | undefined} */
  #worker
  #run = 0
  #id = 0
  /** @type {Map<number, {resolve: (bytes: Uint8Array) => void,
   *   reject: (error: Error) => void}>} */
  #asked = new Map()
  /** @type {((news: News) => void)[]} */
  #listeners = []

  /** @param {(news: News) => void} listener */
  on(listener) {
    this.#listeners.push(listener)
  }

  /** @param {Order} order */
  #order(order) {
    this.#worker?.postMessage(order)
  }

  /** Fetches all 8,000 digits, because fewer would give other weights. The
   * outcome comes as news. */
  prepare() {
    if (this.state !== 'away') return
    this.state = 'loading'
    if (!this.#worker) {
      this.#worker = new Worker(new URL('./trainer.mjs', import.meta.url),
        { type: 'module' })
      this.#worker.addEventListener('message', (event) =>
        this.#hear(event.data))
      this.#worker.addEventListener('error', (event) => {
        this.#worker = undefined
        this.#hear({ say: 'failed', text: event.message ||
          'the worker that trains could not start' })
      })
    }
    this.#order({ do: 'prepare' })
  }

  /** @param {News} news */
  #hear(news) {
    if (news.say === 'report') this.#order({ do: 'seen' })
    // Without a run, nobody can give what was asked for.
    if (news.say === 'refused' || news.say === 'failed') {
      for (const { reject } of this.#asked.values())
        reject(new Error(news.text))
      this.#asked.clear()
    }
    if ((news.say === 'report' || news.say === 'refused') &&
      news.run !== this.#run) return  // of a run that was given up
    if (news.say === 'ready') {
      this.version = news.version
      this.state = 'ready'
    } else if (news.say === 'failed') this.state = 'away'
    else if (news.say === 'refused') {
      this.state = 'broken'
      this.sum = ''
    } else if (news.say === 'report') {
      ({ step: this.step, total: this.total, sum: this.sum } = news)
      this.state = news.running ? 'running'
        : news.ended ? 'ended' : 'paused'
    } else if (news.say === 'given') {
      this.#asked.get(news.id)?.resolve(news.bytes)
      this.#asked.delete(news.id)
    }
    for (const listener of this.#listeners) listener(news)
  }

  /** @param {Recipe} recipe @param {number} [until] the step to stop after */
  start(recipe, until = stepsOf(recipe)) {
    this.recipe = { ...recipe }
    this.state = 'running'
    this.step = 0
    this.total = stepsOf(recipe)
    this.sum = ''
    this.#order({ do: 'start', run: ++this.#run, lines: linesOf(recipe),
      batch: recipe.batch, until })
  }

  /** @param {number} [until] */
  goOn(until = this.total) {
    this.state = 'running'
    this.sum = ''
    this.#order({ do: 'go', until })
  }

  pause() {
    this.#order({ do: 'pause' })
  }

  /** Whether there are weights to take. */
  get hasWeights() {
    return ['running', 'paused', 'ended'].includes(this.state) &&
      this.step > 0
  }

  /** The network as it is now, as a file.
   * @param {'lesson_file' | 'lesson_onnx'} what
   * @returns {Promise<Uint8Array>} */
  give(what) {
    return new Promise((resolve, reject) => {
      this.#asked.set(++this.#id, { resolve, reject })
      this.#order({ do: 'give', what, id: this.#id })
    })
  }
}

/** The only one of the page. */
export const training = new Training()
