// Four balls in a valley, with the learning rate and the momentum on sliders.
import { caption, counted, frame, oncePerFrame, sliderHtml, slidersHtml, voice }
  from '../figure.mjs'

const limit = 2000  // steps within which a ball has to arrive
const most = 100    // steps that are drawn at most
const tail = 6      // the last steps, which are drawn more strongly
/** @typedef {{ name: string, colour: string }} Ball */
/** @type {Ball[]} */
const balls = [{ name: 'SGD', colour: '#d55e00' },
  { name: 'momentum', colour: '#0072b2' },
  { name: 'Nesterov', colour: '#009e73' },
  { name: 'Adam', colour: '#cc79a7' }]

// The part of the valley that is seen: along it from left to right, and
// across it.
const left = -0.75, right = 1.05, high = 0.82
const width = 660, height = 300
const xOf = (/** @type {number} */ along) =>
  (along - left) / (right - left) * width
const yOf = (/** @type {number} */ across) => (1 - across / high) / 2 * height

const html = `
<p>All four balls get the same learning rate, and momentum and Nesterov the
  same momentum, too. Raise the rate slowly: which ball leaves the valley
  first, and which never does?</p>
${slidersHtml(
    sliderHtml('Learning rate', 'rate', 'min="-4" max="0" step="0.02"'),
    sliderHtml('Momentum', 'momentum', 'min="0" max="0.99" step="0.01"'))}
<div class="row" role="group" aria-label="Set both to the best">
  ${balls.slice(0, 3).map(({ name }) => `<button type="button"
    class="best">Best for ${name}</button>`).join('')}
</div>
<div class="balls" style="display: grid; grid-template-columns: 1fr 1fr;
  gap: 8px 12px; max-width: 680px">${balls.map(({ name }) => `
  <figure><canvas role="img" width="${width}" height="${height}"
    style="width: 100%; image-rendering: auto"></canvas>
    <figcaption>${name}: <span class="said"></span></figcaption></figure>`)
  .join('')}
</div>
${slidersHtml(
    sliderHtml('Steps shown', 'steps', `min="0" max="${most}" value="30"`))}
<p><button type="button" class="roll">Let them roll</button></p>
<p>A ball is at the bottom once it stays within a thousandth of its starting
  distance from the cross. All start where the film’s balls do, so that some
  need fewer steps, and some more, than those of the table. Adam’s memories
  keep their 0.9 and 0.999.</p>`

/** The valley from above, darker where the loss is larger: two shades for
 * each power of ten. @param {import('../figure.mjs').Engine} engine */
function floorOf(engine) {
  const [columns, rows] = [width / 3, height / 3]
  const places = new Float32Array(2 * columns * rows)
  for (let i = 0; i < columns * rows; ++i) {
    places[2 * i] = left + (i % columns + 0.5) / columns * (right - left)
    places[2 * i + 1] = high * (1 - 2 * (Math.floor(i / columns) + 0.5) / rows)
  }
  engine.send(places)
  engine.call('figure_valley')
  const image = new ImageData(columns, rows)
  for (const [i, loss] of engine.floats().entries()) {
    const band = Math.max(0, Math.min(11, Math.ceil(2 * Math.log10(loss) + 8)))
    image.data.fill(255 - 7 * band, 4 * i, 4 * i + 3)
    image.data[4 * i + 3] = 255
  }
  const canvas = Object.assign(document.createElement('canvas'),
    { width: columns, height: rows })
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return canvas
}

/** @typedef {{ needed: number, lost: boolean, places: [number, number][] }}
 *   Rolled */

/** Has the engine roll the balls with these settings.
 * @param {import('../figure.mjs').Engine} engine @param {number} rate
 * @param {number} momentum @returns {Rolled[]} */
function rolled(engine, rate, momentum) {
  engine.call('figure_balls', rate, momentum, limit, most)
  const numbers = engine.floats(), each = numbers.length / balls.length
  return balls.map((_, n) => {
    const [needed, lost, ...flat] = numbers.slice(n * each, (n + 1) * each)
    return { needed, lost: lost === 1, places: Array.from({ length: most + 1 },
      (_, step) => [flat[2 * step], flat[2 * step + 1]]) }
  })
}

/** Draws a ball's path up to a step. A ball that is far outside is no longer
 * drawn.
 * @param {HTMLCanvasElement} canvas @param {HTMLCanvasElement} floor
 * @param {Rolled} ball @param {string} colour @param {number} step */
function drawBall(canvas, floor, { places }, colour, step) {
  const ink = canvas.getContext('2d')
  if (!ink) return
  ink.drawImage(floor, 0, 0, width, height)
  ink.lineJoin = 'round'
  ink.fillStyle = 'black'
  ink.fillRect(xOf(0) - 2, yOf(0) - 12, 4, 24)
  ink.fillRect(xOf(0) - 12, yOf(0) - 2, 24, 4)
  const gone = places.findIndex(([along, across]) =>
    !(Math.abs(along) < 50 && Math.abs(across) < 50))
  const way = places.slice(0, step + 1)
    .slice(0, gone < 0 ? undefined : gone + 1)
    .map(([along, across]) => [xOf(along), yOf(across)])
    .filter(([x, y]) => Math.abs(x) < 1e6 && Math.abs(y) < 1e6)
  /** @param {number} from @param {number} thick */
  const line = (from, thick) => {
    ink.lineWidth = thick
    ink.strokeStyle = colour
    ink.beginPath()
    for (const [x, y] of way.slice(from)) ink.lineTo(x, y)
    ink.stroke()
  }
  line(0, 3)
  line(Math.max(0, step - tail), 7)
  ink.fillStyle = colour
  for (const [n, [x, y]] of way.entries()) {
    ink.beginPath()
    ink.arc(x, y, n === step ? 15 : n >= step - tail ? 8 : 5, 0, 7)
    ink.fill()
    if (n !== step) continue
    ink.lineWidth = 3
    ink.strokeStyle = 'black'
    ink.stroke()
  }
}

/** @param {Rolled} ball */
function wordsOf({ needed, lost }) {
  return lost ? 'diverges'
    : needed ? `at the bottom after ${counted(needed, 'step')}`
      : `not at the bottom after ${counted(limit, 'step')}`
}

/** @param {HTMLElement} place @param {import('../figure.mjs').Given} given */
export async function start(place, { engine, image }) {
  const floor = floorOf(engine)
  engine.call('figure_best_for_balls')
  const best = engine.floats()
  const find = frame(place, image, 'Four balls in a valley', html)
  const say = voice(place)
  /** @type {[HTMLInputElement, HTMLInputElement, HTMLInputElement]} */
  const [rateSlider, momentumSlider, stepSlider] = [find('.rate-slider'),
    find('.momentum-slider'), find('.steps-slider')]
  const figures = [...find('.balls').children]
  let rate = 0, momentum = 0
  /** @type {Rolled[]} */
  let all = []

  function draw() {
    const step = stepSlider.valueAsNumber
    caption(stepSlider, String(step))
    for (const [n, { name, colour }] of balls.entries()) {
      const canvas = figures[n].querySelector('canvas')
      drawBall(canvas, floor, all[n], colour, step)
      canvas.setAttribute('aria-label',
        `${name}, the first ${counted(step, 'step')}: ${wordsOf(all[n])}`)
    }
  }

  function roll() {
    all = rolled(engine, rate, momentum)
    const short = String(Number(rate.toPrecision(3)))
    caption(rateSlider, short)
    caption(momentumSlider, momentum.toFixed(2))
    for (const [n, ball] of all.entries())
      figures[n].querySelector('.said').textContent = wordsOf(ball)
    say(`Learning rate ${short}, momentum ${momentum.toFixed(2)}. ${
      balls.map(({ name }, n) => `${name}: ${wordsOf(all[n])}`).join(', ')}.`)
    draw()
  }
  const [drawSoon, rollSoon] = [oncePerFrame(draw), oncePerFrame(roll)]

  /** The numbers are exact; the sliders show them as well as they can.
   * @param {number} newRate @param {number} newMomentum */
  function set(newRate, newMomentum) {
    rate = newRate
    momentum = newMomentum
    rateSlider.value = String(Math.log10(rate))
    momentumSlider.value = String(momentum)
    roll()
  }

  rateSlider.addEventListener('input', () => {
    rate = 10 ** rateSlider.valueAsNumber
    rollSoon()
  })
  momentumSlider.addEventListener('input', () => {
    momentum = momentumSlider.valueAsNumber
    rollSoon()
  })
  for (const [n, button] of [...place.querySelectorAll('.best')].entries())
    button.addEventListener('click', () => set(best[2 * n], best[2 * n + 1]))

  let timer = 0
  const button = find('.roll')
  function stop() {
    clearInterval(timer)
    timer = 0
    button.textContent = 'Let them roll'
  }
  button.addEventListener('click', () => {
    if (timer) return stop()
    if (stepSlider.valueAsNumber === most) stepSlider.value = '0'
    button.textContent = 'Stop them'
    timer = window.setInterval(() => {
      stepSlider.value = String(stepSlider.valueAsNumber + 1)
      if (stepSlider.valueAsNumber === most || !button.isConnected) stop()
      draw()
    }, 100)
  })
  stepSlider.addEventListener('input', () => {
    if (timer) stop()
    drawSoon()
  })
  set(best[4], best[5])  // Nesterov's: all four arrive
}
