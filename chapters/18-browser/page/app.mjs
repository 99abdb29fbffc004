// What the sections of the page share: the engine, the network in use, the
// picture that it sees, and a voice.
import { asset, digitsOf, wordsOf } from './asset.mjs'
import { make } from './make.mjs'

/** @typedef {import('./engine.mjs').Engine} Engine */
/** @typedef {'digits' | 'reader' | 'yours' | 'uploaded'} NetworkName */
/** @typedef {{ name: NetworkName, text: string, parameters: number,
 *   names: string[] }} Network */

class App {
  /** The engine of the main thread; after a Refusal another one replaces it.
   * @type {Engine | undefined} */
  engine
  /** @type {Network | undefined} */
  network
  /** What the network sees: 28 x 28, ink 1 on paper 0. */
  picture = new Float32Array(28 * 28)
  /** What the picture is, such as 'your drawing' or 'held-out digit 17'. */
  origin = ''
  /** The network's last probabilities. @type {Float32Array | undefined} */
  answer
  /** The engine, once it holds chapter 06's network.
   * @type {Promise<Engine>} */
  ready

  /** @type {Map<string, ((value: any) => void)[]>} */
  #listeners = new Map()
  /** The files of the networks that have been in use.
   * @type {Map<NetworkName, Uint8Array>} */
  #files = new Map()
  /** @type {Promise<import('./asset.mjs').Digits> | undefined} */
  #heldOut
  /** The last of the tasks that use the engine's network: they run one after
   * the other.
   * @type {Promise<unknown>} */
  #last = Promise.resolve()
  #spoken = -Infinity
  #text = ''
  #timer = 0

  constructor() {
    this.ready = this.#start()
    this.ready.catch(() => {})  // each section says so itself
  }

  async #start() {
    if (typeof WebAssembly === 'undefined')
      throw new Error('This browser does not offer WebAssembly, to which ' +
        'the library is compiled. Switch it on, or use another browser.')
    const [{ Engine }, file] = await Promise.all(
      [import('./engine.mjs'), asset('digits.safetensors')])
    this.engine = await Engine.load()
    this.#load('digits', file)
    this.emit('network', this.network)
    return this.engine
  }

  /** Loads a network, but tells nobody yet.
   * @param {NetworkName} name @param {Uint8Array} file */
  #load(name, file) {
    const engine = /** @type {Engine} */ (this.engine)
    engine.send(file)
    engine.call('network_load')
    const { network: text, ...rest } = engine.json()
    this.#try(engine)
    this.network = { name, text, ...rest }
    this.#files.set(name, file)
  }

  /** Asks what the sections ask of every network, so that a network that ends
   * the engine is refused before it is in use.
   * @param {Engine} engine */
  #try(engine) {
    try {
      for (const question of ['network_answer', 'layers', 'maps']) {
        engine.send(this.picture)
        engine.call(question)
      }
    } catch (error) {
      throw new Error('The file can be read, but the engine stopped when it ' +
        `asked this network for an answer: ${wordsOf(error)}`)
    }
  }

  /** Runs a task after those that were given before.
   * @template Result @param {() => Promise<Result>} task
   * @returns {Promise<Result>} */
  #next(task) {
    const result = this.#last.then(task, task)
    this.#last = result.catch(() => {})
    return result
  }

  async #replace() {
    if (!this.engine?.dead) return
    try {
      await this.#putBack(this.network?.name ?? 'digits')
    } catch (error) {
      await this.#putBack('digits')
      this.emit('network', this.network)
      this.emit('lost', error)
    }
    this.emit('engine', this.engine)
  }

  /** Makes a fresh engine, with a network that has been in use.
   * @param {NetworkName} name */
  async #putBack(name) {
    this.engine = await /** @type {Engine} */ (this.engine).fresh()
    const file = this.#files.get(name)
    if (file) this.#load(name, file)
  }

  /** Replaces a dead engine by a fresh one with the same network, or with
   * chapter 06's if the same network ends the fresh one, too. Does nothing if
   * the engine is not dead. */
  renew() { return this.#next(() => this.#replace()) }

  /** Takes another network into use, after those that were asked for before.
   * If it is refused, the former one stays in use and the error is rethrown.
   * @param {NetworkName} name
   * @param {Uint8Array | Promise<Uint8Array>} [bytes] the file; without it,
   *   the one that had this name before or lies beside the page
   * @param {() => boolean} [wanted] asked when its turn has come: whether the
   *   network is still wanted */
  useNetwork(name, bytes, wanted = () => true) {
    // If the bytes do not come, the task below fails, and nothing before it.
    if (bytes instanceof Promise) bytes.catch(() => {})
    const taken = this.#next(async () => {
      await this.ready
      const file = await bytes ?? this.#files.get(name) ??
        await asset(`${name}.safetensors`)
      await this.#replace()
      if (!wanted()) return
      try {
        this.#load(name, file)
      } catch (error) {
        await this.#replace()
        throw error
      }
      this.emit('network', this.network)
    })
    this.emit('chosen', { name, taken })
    return taken
  }

  /** @param {Float32Array} floats 28 x 28 @param {string} origin */
  setPicture(floats, origin) {
    this.picture = floats
    this.origin = origin
    this.emit('picture', floats)
  }

  /** The 2,000 digits that no network of this page has learned from. They
   * are fetched when first asked for. */
  get heldOut() {
    this.#heldOut ??= Promise.all([asset('held-out.bin.gz'), this.ready])
      .then(([bytes]) => digitsOf(bytes)).catch((error) => {
        this.#heldOut = undefined  // so that the next call tries again
        throw error
      })
    return this.#heldOut
  }

  /** @param {string} name */
  asset(name) { return asset(name) }

  /** Events: 'engine' (a fresh one), 'chosen' (the name of a network that is
   * not here yet, and a promise that it will be), 'network', 'lost' (why it
   * had to go), 'picture' (the floats) and 'answer' (the probabilities).
   * @param {string} event @param {(value: any) => void} listener */
  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? []
    this.#listeners.set(event, [...listeners, listener])
  }

  /** One listener that fails does not keep the news from the others.
   * @param {string} event @param {any} value */
  emit(event, value) {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(value)
      } catch (error) {
        reportError(error)
      }
    }
  }

  /** Tells those who listen to the page, at most once a second: the last
   * text wins.
   * @param {string} text */
  say(text) {
    this.#text = text
    if (this.#timer) return
    this.#timer = window.setTimeout(() => {
      this.#timer = 0
      this.#spoken = performance.now()
      const voice = document.getElementById('voice')
      if (voice) voice.textContent = this.#text
    }, Math.max(0, this.#spoken + 1000 - performance.now()))
  }

  /** Shows an error as one line in the section's alert; null clears the line.
   * A dead engine is replaced.
   * @param {Element} section @param {unknown} error */
  refuse(section, error) {
    let line = section.querySelector(':scope > .refusal')
    if (!line) {
      line = make('p', { class: 'refusal', role: 'alert' })
      section.append(line)
    }
    line.textContent = error === null || error === undefined ? ''
      : wordsOf(error)
    if (this.engine?.dead) this.renew().catch(reportError)
  }
}

/** @typedef {App} SharedApp */
export const app = new App()
