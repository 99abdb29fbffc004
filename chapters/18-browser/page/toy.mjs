// A toy in two dimensions: you place points by hand, and a small network
// learns their classes before your eyes.
import { counted } from './make.mjs'
import { Square, classNames } from './square.mjs'
import { controls, verdict } from './toy_words.mjs'

/** @typedef {import('./engine.mjs').Engine} Engine */
/** @typedef {import('./app.mjs').SharedApp} App */

const cells = 60          // along each side of the grid of regions
const stepsAFrame = 4
const key = 0.05          // how far an arrow moves the cursor
const reach = 0.08        // how near a point must be to be taken away
/** @type {Record<string, [number, number]>} */
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
  ArrowDown: [0, -1] }
const root = document.documentElement
const still = matchMedia('(prefers-reduced-motion: reduce)')

class Toy {
  #seed = 1
  #frame = 0
  #settled = false
  #now = { step: 0, loss: NaN, accuracy: NaN }

  /** @param {HTMLElement} section @param {App} app @param {Engine} engine */
  constructor(section, app, engine) {
    this.section = section
    this.app = app
    /** An engine of its own: if it breaks, the page's is still there. */
    this.engine = engine
    this.place = document.createElement('div')
    this.place.className = 'columns'
    this.place.innerHTML = controls
    section.append(this.place)
    this.square = new Square(/** @type {HTMLCanvasElement} */ (
      this.#find('canvas')))
    this.#listen()
    this.#ready()
    this.#placeSet()
  }

  /** @param {string} selector @returns {any} */
  #find(selector) {
    return this.place.querySelector(selector)
  }
  /** @param {string} name @returns {string} */
  #value(name) {
    return this.#find(`[name=${name}]`).value
  }
  get #label() {
    return Number(this.#find('[name=toy-class]:checked').value)
  }
  get #canvas() {
    return this.square.canvas
  }

  /** Runs something that the engine may refuse. If it does, says why, and goes
   * on with a fresh engine that has the same points.
   * @param {() => void} task */
  async #try(task) {
    try {
      task()
      this.app.refuse(this.section, null)
    } catch (error) {
      this.#stop()
      this.app.refuse(this.section, error)
      this.engine = await this.engine.fresh()
      for (const { x, y, label } of this.square.points)
        this.engine.call('toy_point', x, y, label)
      this.#restart()
    }
  }

  // ---- Learning ---------------------------------------------------------

  /** New weights; the points stay. */
  #restart() {
    const widths = this.#value('hidden').split(' ').filter(Boolean)
    this.engine.send(Float32Array.from(widths, Number))
    this.engine.call('toy_start', Number(this.#value('rate')), this.#seed)
    this.#now = { step: 0, loss: NaN, accuracy: NaN }
    this.#settled = false
    this.#look()
  }

  /** @param {number} count */
  #learn(count) {
    if (this.square.points.length === 0) {
      this.#stop()
      return this.#say('There are no points to learn from yet.')
    }
    this.#try(() => {
      this.#settled = this.engine.call('toy_steps', count) === 1
      const [step, loss, accuracy] = this.engine.floats()
      this.#now = { step, loss, accuracy }
      if (this.#settled) this.#stop()
      this.#look()
    })
  }

  #run() {
    this.#learn(stepsAFrame)
    if (this.#frame) this.#frame = requestAnimationFrame(() => this.#run())
  }

  #begin() {
    this.#find('[name=run]').textContent = 'Pause'
    this.#frame = requestAnimationFrame(() => this.#run())
  }

  #stop() {
    if (!this.#frame) return
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#find('[name=run]').textContent = 'Start'
  }

  // ---- Points -----------------------------------------------------------

  #placeSet() {
    this.#try(() => {
      this.engine.send(this.#value('set'))
      this.engine.call('toy_set', 1)
      this.#takePoints()
      this.#restart()
    })
  }

  #takePoints() {
    this.engine.call('toy_points')
    const all = this.engine.floats()
    this.square.points = Array.from({ length: all.length / 3 }, (_, n) =>
      ({ x: all[3 * n], y: all[3 * n + 1], label: all[3 * n + 2] }))
  }

  /** @param {{ x: number, y: number }} at @param {number} label below 0:
   *   takes the nearest point away */
  #change({ x, y }, label) {
    this.#try(() => {
      const before = this.square.points.length
      const count = label < 0 ? this.engine.call('toy_remove', x, y, reach)
        : this.engine.call('toy_point', x, y, label)
      this.#takePoints()
      // The loss and the accuracy of these points are known after a step.
      this.#settled = false
      this.#now = { ...this.#now, loss: NaN, accuracy: NaN }
      this.#look()
      this.app.say(label >= 0 ? `A ${classNames[label]}, ${
        counted(count, 'point')}.`
        : count < before ? `Taken away, ${counted(count, 'point')}.`
          : 'No point is near enough.')
    })
  }

  // ---- Showing ----------------------------------------------------------

  #look() {
    this.engine.call('toy_regions', cells)
    this.square.probabilities = this.engine.floats()
    this.#draw()
    const { step, loss, accuracy } = this.#now
    this.#find('.numbers').textContent =
      `${counted(this.square.points.length, 'point')}, step ${step}` +
      (Number.isNaN(accuracy) ? '' : `: loss ${loss.toFixed(4)}, accuracy ${
        (100 * accuracy).toFixed(1)} %`)
    this.#say(verdict(this.#value('hidden'), step, accuracy, this.#settled))
  }

  #draw() {
    this.square.draw(root.classList.contains('dark'),
      this.#canvas.matches(':focus-visible'))
    const counts = classNames.map((name, label) => `${name}: ` +
      this.square.points.filter((point) => point.label === label).length)
    this.#canvas.setAttribute('aria-label',
      `A square of points, ${counts.join(', ')}`)
  }

  /** @param {string} text */
  #say(text) {
    const word = this.#find('.word')
    if (word.textContent === text) return
    word.textContent = text
    if (text) this.app.say(`${this.#find('.numbers').textContent}. ${text}`)
  }

  // ---- What the reader does ---------------------------------------------

  #ready() {
    this.#find('[name=run]').hidden = still.matches
    if (still.matches) this.#stop()
  }

  #listen() {
    /** @param {string} name @param {() => void} action */
    const press = (name, action) =>
      this.#find(`[name=${name}]`).addEventListener('click', action)
    press('run', () => this.#frame ? this.#stop() : this.#begin())
    press('step', () => this.#learn(1))
    press('steps', () => this.#learn(50))
    press('reset', () => {
      ++this.#seed
      this.#try(() => this.#restart())
    })
    press('place', () => this.#placeSet())
    press('clear', () => this.#try(() => {
      this.engine.call('toy_clear')
      this.#takePoints()
      this.#restart()
    }))
    for (const name of ['hidden', 'rate'])
      this.#find(`[name=${name}]`).addEventListener('change',
        () => this.#try(() => this.#restart()))
    this.#canvas.addEventListener('click', (event) =>
      this.#change(this.square.placeOf(event), this.#label))
    this.#canvas.addEventListener('keydown', (event) => this.#onKey(event))
    for (const event of ['focus', 'blur'])
      this.#canvas.addEventListener(event, () => this.#draw())
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#stop()
    })
    still.addEventListener('change', () => this.#ready())
    new MutationObserver(() => this.#draw())
      .observe(root, { attributes: true, attributeFilter: ['class'] })
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const arrow = arrows[event.key]
    const label = ['1', '2', '3'].indexOf(event.key)
    if (event.ctrlKey || event.altKey || event.metaKey) return
    if (arrow) {
      const far = event.shiftKey ? 4 * key : key
      this.square.move(far * arrow[0], far * arrow[1])
      this.app.say(this.square.answerAtCursor())
      this.#draw()
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.#change(this.square.cursor, this.#label)
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      this.#change(this.square.cursor, -1)
    } else if (label >= 0) {
      this.#find(`[name=toy-class][value="${label}"]`).checked = true
      this.app.say(`The next point is a ${classNames[label]}.`)
    } else {
      return
    }
    event.preventDefault()
  }
}

/** @param {HTMLElement} section @param {App} app */
export async function start(section, app) {
  new Toy(section, app, await (await app.ready).fresh())
}
