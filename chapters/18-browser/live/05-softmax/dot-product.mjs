// A boundary between two digits that you draw yourself: the weights are a
// picture, and a score is the sum over pixels of weight times ink.
import { drawPixels, frame, heldOutDigits, joined, magnitude, oncePerFrame,
  voice } from '../figure.mjs'

const strength = 0.3  // of the brush
const radius = 1.6    // of the brush, in pixels
/** @type {Record<string, [number, number]>} to the right and down */
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1],
  ArrowDown: [0, 1] }
const options = (/** @type {number} */ chosen) => Array.from({ length: 10 },
  (_, k) => `<option${k === chosen ? ' selected' : ''}>${k}</option>`).join('')

const html = `
<p>Paint a template: orange where only the first digit has ink, and blue where
  only the second has. How many digits can your picture tell apart, and how
  many can chapter 05’s classifier?</p>
<div class="row">
  <label>Is it a <select class="first">${options(6)}</select></label>
  <label>or a <select class="second">${options(2)}</select></label>
</div>
<fieldset class="row" aria-label="The brush">
  <label><input type="radio" name="brush" value="1" checked> orange</label>
  <label><input type="radio" name="brush" value="-1"> blue</label>
  <label><input type="radio" name="brush" value="0"> white again</label>
</fieldset>
<div class="row" style="align-items: start">
  <figure style="position: relative; width: 280px">
    <canvas class="template" tabindex="0" role="application"
      style="width: 280px; touch-action: none;
      cursor: crosshair"></canvas>
    <i class="mark" hidden style="position: absolute; width: 14px;
      height: 14px; border: 2px solid black; outline: 2px solid white;
      pointer-events: none"></i>
    <figcaption>the template; with the keyboard, arrows move and
      the space bar paints</figcaption></figure>
  <div style="flex: 1 1 280px; min-width: 0">
    <canvas class="scores" role="img" width="640" height="360"
      style="width: 100%; background: white"></canvas>
    <label>Boundary <input type="range" class="bias" min="-20" max="20"
      step="0.01" value="0" style="min-width: 0"></label>
    <p class="count said"></p>
  </div>
</div>
<div class="row">
  <button type="button" class="wipe">Wipe it</button>
  <button type="button" class="means">Difference of the means</button>
  <button type="button" class="learn">Let chapter 05 learn it</button>
</div>
<div class="row" style="flex-wrap: nowrap">
  <canvas class="digit" role="img" style="width: 84px"></canvas>
  <canvas class="product" role="img" style="width: 84px"></canvas>
  <p class="one said"></p></div>`

/** How many scores fall into each of `bins` from -range to range.
 * @param {number[]} scores @param {number} range @param {number} bins */
function histogram(scores, range, bins) {
  const heights = new Array(bins).fill(0)
  for (const score of scores)
    ++heights[Math.min(bins - 1,
      Math.floor((score / range + 1) / 2 * bins))]
  return heights
}

/** The first digit's bars stand above the line, the second's hang below it.
 * @param {HTMLCanvasElement} canvas @param {number[]} first
 * @param {number[]} second */
function drawScores(canvas, first, second) {
  const ink = canvas.getContext('2d')
  if (!ink) return
  const { width, height } = canvas
  const bins = 40, middle = height / 2
  const range = 1.05 * magnitude([...first, ...second])
  const both = [first, second].map((it) => histogram(it, range, bins))
  const scale = (middle - 6) / Math.max(...both.flat())
  ink.clearRect(0, 0, width, height)
  for (const [n, heights] of both.entries()) {
    ink.fillStyle = ['#d55e00', '#0072b2'][n]
    for (const [bin, count] of heights.entries()) {
      const tall = count * scale
      ink.fillRect(bin * width / bins + 1, n ? middle : middle - tall,
        width / bins - 2, tall)
    }
  }
  ink.fillStyle = 'black'
  ink.fillRect(0, middle - 1, width, 2)
  ink.fillRect(width / 2 - 1, 0, 3, height)
}

class Boundary {
  template = new Float32Array(784)
  cursor = { x: 13.5, y: 13.5 }

  /** @param {import('../figure.mjs').Given} given
   * @param {import('../figure.mjs').Digit[]} digits
   * @param {(selector: string) => any} find
   * @param {(text: string) => void} say */
  constructor({ engine }, digits, find, say) {
    this.engine = engine
    this.digits = digits
    this.find = find
    this.say = say
    this.soon = oncePerFrame(() => this.draw())
    this.listen()
    this.choose()
  }

  /** Half of the held-out digits are to learn from, the other half to be
   * counted. */
  choose() {
    const [a, b] = this.classes()
    const two = this.digits.map((digit, n) => ({ ...digit, n }))
      .filter(({ label }) => label === a || label === b)
    this.toLearn = two.filter(({ n }) => n < this.digits.length / 2)
    this.toCount = two.filter(({ n }) => n >= this.digits.length / 2)
    this.wipe()
  }

  classes() {
    return ['.first', '.second'].map((it) => Number(this.find(it).value))
  }

  wipe() {
    this.fill(new Float32Array(784), 0)
  }

  /** @param {Float32Array} template @param {number} bias */
  fill(template, bias) {
    this.template = template
    this.find('.bias').value = bias
    this.draw()
  }

  /** The difference of the two means looks for what only one of them has.
   * The boundary is put half way between the two scores. */
  means() {
    const [a, b] = this.classes().map((label) => {
      const those = (this.toLearn ?? []).filter((it) => it.label === label)
      const mean = new Float32Array(784)
      for (const { pixels } of those)
        for (let i = 0; i < 784; ++i) mean[i] += pixels[i] / those.length
      return mean
    })
    const squares = (/** @type {Float32Array} */ it) =>
      it.reduce((sum, value) => sum + value * value, 0)
    this.fill(a.map((value, i) => value - b[i]), (squares(b) - squares(a)) / 2)
  }

  learn() {
    const those = this.toLearn ?? [], [a] = this.classes()
    this.engine.send(joined(...those.map(({ pixels }) => pixels),
      those.map(({ label }) => Number(label === a))))
    this.engine.call('figure_learned', those.length)
    const learned = this.engine.floats()
    this.fill(learned.slice(0, 784), learned[784])
  }

  scores() {
    const those = this.toCount ?? []
    this.engine.send(joined(this.template,
      ...those.map(({ pixels }) => pixels)))
    this.engine.call('figure_scores', those.length)
    const bias = Number(this.find('.bias').value)
    return [...this.engine.floats()].map((score) => score + bias)
  }

  draw() {
    const [a, b] = this.classes(), those = this.toCount ?? []
    const scores = this.scores()
    drawPixels(this.find('.template'), this.template, 28, 28, 'diverging')
    const of = (/** @type {number} */ label) =>
      scores.filter((_, n) => those[n].label === label)
    const [first, second] = [of(a), of(b)]
    drawScores(this.find('.scores'), first, second)
    const right = first.filter((score) => score > 0).length +
      second.filter((score) => score < 0).length
    const words = `${right} of ${those.length} digits are on their side, ${
      (100 * right / those.length).toFixed(1)} %: ${a}s above the line and ` +
      `to the right, ${b}s below it and to the left.`
    this.find('.count').textContent = words
    this.say(words)
    this.find('.scores').setAttribute('aria-label', 
      `How many digits have which score. ${words}`)
    this.find('.template').setAttribute('aria-label',
      `The template: orange for a ${a}, blue for a ${b}`)
    this.drawWorst(scores)
  }

  /** The digit that is farthest on the wrong side, and where its points come
   * from. @param {number[]} scores */
  drawWorst(scores) {
    const [a] = this.classes(), those = this.toCount ?? []
    const margin = (/** @type {number} */ n) =>
      those[n].label === a ? scores[n] : -scores[n]
    let worst = 0
    for (let n = 1; n < those.length; ++n)
      if (margin(n) < margin(worst)) worst = n
    const { pixels, label } = those[worst]
    const product = pixels.map((ink, i) => ink * this.template[i])
    drawPixels(this.find('.digit'), pixels, 28, 28)
    drawPixels(this.find('.product'), product, 28, 28, 'diverging')
    this.find('.digit').setAttribute('aria-label', `a handwritten ${label}`)
    this.find('.product').setAttribute('aria-label',
      'the same times the template')
    const bias = Number(this.find('.bias').value)
    this.find('.one').textContent = `${margin(worst) < 0
      ? 'Farthest on the wrong side' : 'Nearest to the boundary'}: this ${
      label}. Its ink times the template sums to ${
      (scores[worst] - bias).toFixed(2)}, and with the boundary’s ${
      bias.toFixed(1)} it scores ${scores[worst].toFixed(2)}.`
  }

  /** @param {number} x @param {number} y in pixels of the digit */
  paint(x, y) {
    const brush = strength *
      Number(this.find('[name=brush]:checked').value)
    for (let i = 0; i < 784; ++i)
      if (Math.hypot(i % 28 + 0.5 - x, Math.floor(i / 28) + 0.5 - y) < radius)
        this.template[i] = brush
    this.soon()
  }

  listen() {
    const press = (/** @type {string} */ name, /** @type {string} */ event,
      /** @type {() => void} */ action) =>
      this.find(name).addEventListener(event, action)
    press('.wipe', 'click', () => this.wipe())
    press('.means', 'click', () => this.means())
    press('.learn', 'click', () => this.learn())
    press('.bias', 'input', () => this.soon())
    for (const name of ['.first', '.second'])
      press(name, 'change', () => this.choose())
    /** @type {HTMLCanvasElement} */
    const canvas = this.find('.template')
    const paintAt = (/** @type {PointerEvent} */ event) => this.paint(
      28 * event.offsetX / canvas.clientWidth,
      28 * event.offsetY / canvas.clientHeight)
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId)
      paintAt(event)
    })
    canvas.addEventListener('pointermove', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) paintAt(event)
    })
    canvas.addEventListener('keydown', (event) => this.onKey(event))
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const way = arrows[event.key]
    if (event.ctrlKey || event.altKey || event.metaKey ||
      !(way || event.key === ' ' || event.key === 'Enter')) return
    event.preventDefault()
    if (!way) return this.paint(this.cursor.x, this.cursor.y)
    const inside = (/** @type {number} */ v) => Math.max(0.5, Math.min(27.5, v))
    this.cursor = { x: inside(this.cursor.x + way[0]),
      y: inside(this.cursor.y + way[1]) }
    const mark = this.find('.mark'), pixel = this.find('.template')
      .clientWidth / 28
    mark.style.left = `${this.cursor.x * pixel - 8}px`
    mark.style.top = `${this.cursor.y * pixel - 8}px`
    mark.hidden = false
  }
}

/** @param {HTMLElement} place @param {import('../figure.mjs').Given} given */
export async function start(place, given) {
  const digits = await heldOutDigits(given.asset)
  const find = frame(place, given.image, 'A boundary between two digits', html)
  new Boundary(given, digits, find, voice(place))
}
