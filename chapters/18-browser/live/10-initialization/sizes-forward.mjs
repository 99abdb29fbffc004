// The sizes of signal and gradient in fifty layers, at a gain on a slider.
import { caption, frame, heldOutDigits, joined, oncePerFrame, sliderHtml,
  slidersHtml, voice } from '../figure.mjs'

const count = 5  // digits that are sent through
const layers = 50
const starts = [{ name: '1/(3n)', gain: 1 / 3 }, { name: '1/n', gain: 1 },
  { name: '2/n (He)', gain: 2 }, { name: '16/n', gain: 16 }]
const colours = { forward: '#0072b2', backward: '#d55e00' }

// The plot: layers to the right, powers of ten upwards.
const width = 660, height = 400
const lowest = -65, highest = 50
const xOf = (/** @type {number} */ layer) => 90 + (layer - 1) * 550 / 49
const yOf = (/** @type {number} */ size) => 340 -
  325 * (Math.log10(size) - lowest) / (highest - lowest)

const html = `
<p>The dots are measured with five digits, and the lines are the law of (10.2).
  How far below 2 may the gain be, so that a thousandth of the signal still
  arrives? What becomes of the gradient, on its way back from layer 50?</p>
${slidersHtml(sliderHtml('Gain', 'gain', 'min="-2" max="2" step="0.02"'))}
<div class="row" role="group" aria-label="Variance of the weights">${
  starts.map(({ name }) => `<button type="button" class="begin">${name}
  </button>`).join('')}</div>
<canvas role="img" width="${width}" height="${height}" style="width: 100%;
  max-width: 680px; background: white; image-rendering: auto"></canvas>
<p class="words said"></p>`

/** As in the page's tables. @param {number} size */
const textOf = (size) => size >= 0.001 && size < 10000
  ? size.toPrecision(3) : size.toExponential(1)

/** @param {CanvasRenderingContext2D} ink */
function drawAxes(ink) {
  ink.clearRect(0, 0, width, height)
  ink.font = '24px sans-serif'
  ink.textBaseline = 'middle'
  for (const power of [-60, -40, -20, 0, 20, 40]) {
    const y = yOf(10 ** power)
    ink.fillStyle = power ? '#dddddd' : '#888888'
    ink.fillRect(xOf(1), y - 1, xOf(layers) - xOf(1), 2)
    ink.fillStyle = 'black'
    ink.textAlign = 'right'
    ink.fillText(power ? `1e${power}` : '1', xOf(1) - 14, y)
  }
  ink.textAlign = 'center'
  for (const layer of [1, 10, 20, 30, 40, layers])
    ink.fillText(String(layer), xOf(layer), 360)
  ink.fillText('layer', width / 2, 386)
}

/** Draws a line for the law, and a dot for every third layer.
 * @param {CanvasRenderingContext2D} ink @param {string} colour
 * @param {Float64Array} measured @param {Float64Array} law */
function drawSizes(ink, colour, measured, law) {
  ink.strokeStyle = ink.fillStyle = colour
  ink.lineWidth = 4
  ink.beginPath()
  for (const [l, size] of law.entries()) ink.lineTo(xOf(l + 1), yOf(size))
  ink.stroke()
  for (let l = 0; l < layers; l += 3) {
    ink.beginPath()
    ink.arc(xOf(l + 1), yOf(measured[l]), 7, 0, 7)
    ink.fill()
  }
}

/** @param {HTMLElement} place @param {import('../figure.mjs').Given} given */
export async function start(place, { engine, asset, image }) {
  const digits = (await heldOutDigits(asset)).slice(0, count)
  const find = frame(place, image, 'Fifty layers and a gain', html)
  const say = voice(place)
  /** @type {HTMLInputElement} */
  const slider = find('.gain-slider')
  /** @type {HTMLCanvasElement} */
  const canvas = find('canvas')
  engine.send(joined(...digits.map(({ pixels }) => pixels)))
  let gain = 2

  function draw() {
    engine.call('figure_sizes', count, gain)
    const numbers = new Float64Array(engine.bytes().buffer)
    const [out, law, back, lawBack] = [0, 1, 2, 3].map((part) =>
      numbers.filter((_, n) => n % 4 === part))
    const ink = canvas.getContext('2d')
    if (!ink) return
    drawAxes(ink)
    drawSizes(ink, colours.backward, back, lawBack)
    drawSizes(ink, colours.forward, out, law)
    const short = String(Number(gain.toPrecision(3)))
    caption(slider, short)
    const words = `Blue: layer ${layers} puts out numbers of the size ${
      textOf(out[layers - 1])}. Orange: a gradient of ${
      textOf(back[layers - 1])} there is ${textOf(back[0])} at layer 1.`
    find('.words').textContent = words
    canvas.setAttribute('aria-label', `Sizes at a gain of ${short}. ${words}`)
    say(`Gain ${short}. ${words}`)
  }
  const soon = oncePerFrame(draw)

  slider.addEventListener('input', () => {
    gain = 10 ** slider.valueAsNumber
    soon()
  })
  /** @param {number} exact the slider shows it as well as it can */
  function set(exact) {
    gain = exact
    slider.value = String(Math.log10(gain))
    draw()
  }
  for (const [n, button] of [...place.querySelectorAll('.begin')].entries())
    button.addEventListener('click', () => set(starts[n].gain))
  set(gain)
}
