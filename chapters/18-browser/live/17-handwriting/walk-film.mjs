// A digit that you walk through its frame, the network's ten probabilities for
// it, and the same digit recentred.
import { drawPixels, frame, heldOutDigits, nextOf, oncePerFrame, voice }
  from '../figure.mjs'

const most = 12  // pixels in each direction
/** @type {Record<string, [number, number]>} down and to the right */
const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1],
  ArrowRight: [0, 1] }

const column = `<span style="display: grid; grid-template-rows: 72px auto;
  text-align: center"><i style="align-self: end; background: #0072b2"></i>`

const half = (/** @type {string} */ name, /** @type {string} */ title,
  /** @type {string} */ canvas) => `
<figure class="${name}" style="width: 224px; max-width: 46%">
  <canvas ${canvas} style="width: 100%"></canvas>
  <div class="bars" aria-hidden="true" style="display: grid;
    grid-template-columns: repeat(10, 1fr); gap: 2px; font-size: 14px">${
  Array.from({ length: 10 }, (_, k) => `${column}${k}</span>`).join('')}</div>
  <figcaption>${title}: <span class="said"></span></figcaption></figure>`

const html = `
<p>Drag the digit about, or walk it with the arrow keys, and watch the bars
  below it. How far does it get before the network loses it?</p>
<div class="row" style="flex-wrap: nowrap; align-items: start">
  ${half('there', 'as it stands', 'tabindex="0" role="application"')}
  ${half('back', 'recentred', 'role="img"')}
</div>
<div class="row">
  <button type="button" data-key="ArrowLeft" aria-label="left">←</button>
  <button type="button" data-key="ArrowUp" aria-label="up">↑</button>
  <button type="button" data-key="ArrowDown" aria-label="down">↓</button>
  <button type="button" data-key="ArrowRight" aria-label="right">→</button>
  <button type="button" class="home">Back to its place</button>
  <label>A digit <select>${Array.from({ length: 10 }, (_, k) =>
    `<option>${k}</option>`).join('')}</select></label>
  <button type="button" class="next">Another one</button>
</div>
<p class="where said"></p>`

/** @param {HTMLElement} place @param {import('../figure.mjs').Given} given */
export async function start(place, { engine, asset, image }) {
  const [digits, network] = await Promise.all(
    [heldOutDigits(asset), asset('digits.safetensors')])
  engine.send(network)
  engine.call('network_load')
  const find = frame(place, image, 'A digit that walks through its frame',
    html)
  const say = voice(place)
  /** @type {HTMLCanvasElement} */
  const canvas = find('.there canvas')
  canvas.style.cursor = 'move'
  canvas.style.touchAction = 'none'
  let shown = nextOf(digits, -1, 4), down = 0, right = 0

  /** @param {string} name @param {Float32Array} pixels */
  function ask(name, pixels) {
    engine.send(pixels)
    engine.call('network_answer')
    const p = engine.floats()
    const best = p.indexOf(Math.max(...p))
    const words = `read as ${best}, ${(100 * p[best]).toFixed(1)} %`
    drawPixels(find(`.${name} canvas`), pixels, 28, 28)
    find(`.${name} canvas`).setAttribute('aria-label', words)
    find(`.${name} .said`).textContent = words
    for (const [k, bar] of [...find(`.${name} .bars`).querySelectorAll('i')]
      .entries()) {
      bar.style.height = `${72 * p[k]}px`
      bar.style.background = k === digits[shown].label ? '#0072b2' : '#d55e00'
    }
    return words
  }

  function draw() {
    engine.send(digits[shown].pixels)
    engine.call('figure_moved', down, right)
    const both = engine.floats()
    const moved = ask('there', both.slice(0, 784))
    const recentred = ask('back', both.slice(784))
    const far = (/** @type {number} */ n, /** @type {string} */ positive,
      /** @type {string} */ negative) =>
      `${Math.abs(n)} ${n < 0 ? negative : positive}`
    const words = `A ${digits[shown].label}, moved by ${
      far(right, 'to the right', 'to the left')} and ${
      far(down, 'down', 'up')}.`
    find('.where').textContent = words
    say(`${words} As it stands ${moved}, recentred ${recentred}.`)
  }
  const drawSoon = oncePerFrame(draw)

  /** @param {number} newDown @param {number} newRight */
  function moveTo(newDown, newRight) {
    down = Math.max(-most, Math.min(most, newDown))
    right = Math.max(-most, Math.min(most, newRight))
    drawSoon()
  }

  /** @type {{ x: number, y: number, down: number, right: number } | null} */
  let grip = null
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId)
    grip = { x: event.clientX, y: event.clientY, down, right }
  })
  canvas.addEventListener('pointermove', (event) => {
    if (!grip) return
    const pixel = canvas.clientWidth / 28
    moveTo(grip.down + Math.round((event.clientY - grip.y) / pixel),
      grip.right + Math.round((event.clientX - grip.x) / pixel))
  })
  for (const end of ['pointerup', 'pointercancel'])
    canvas.addEventListener(end, () => { grip = null })
  canvas.addEventListener('keydown', (event) => {
    const way = arrows[event.key]
    if (!way || event.ctrlKey || event.altKey || event.metaKey) return
    moveTo(down + way[0], right + way[1])
    event.preventDefault()
  })
  for (const button of find('.where').closest('div')
    .querySelectorAll('[data-key]'))
    button.addEventListener('click', () => {
      const way = arrows[button.dataset.key]
      moveTo(down + way[0], right + way[1])
    })
  find('.home').addEventListener('click', () => moveTo(0, 0))
  find('select').addEventListener('change', () => {
    shown = nextOf(digits, -1, Number(find('select').value))
    moveTo(0, 0)
  })
  find('.next').addEventListener('click', () => {
    shown = nextOf(digits, shown, digits[shown].label)
    moveTo(0, 0)
  })
  find('select').value = String(digits[shown].label)
  draw()
}
