// Nine numbers that you can edit, and what they make of a digit.
import { drawPixels, frame, heldOutDigits, joined, nextOf, voice }
  from '../figure.mjs'

const names = ['identity', 'blur', 'sharpen', 'Sobel x', 'Sobel y', 'emboss']

const cell = (/** @type {number} */ n) => `<input type="number" step="any"
  aria-label="row ${Math.floor(n / 3) + 1}, column ${n % 3 + 1}"
  style="width: 4.8em; padding: 4px 8px">`

const html = `
<p>Change any of the nine numbers and watch what becomes of the digit. What
  does Sobel x show if you put a 1 into its middle?</p>
<div class="row">
  <figure><canvas class="digit" role="img" style="width: 168px"></canvas>
    <figcaption>the digit</figcaption></figure>
  <fieldset><legend>the kernel</legend>
    <div style="display: grid; grid-template-columns: repeat(3, max-content);
      gap: 4px">${Array.from({ length: 9 }, (_, n) => cell(n)).join('')}</div>
  </fieldset>
  <figure><canvas class="output" role="img" style="width: 168px"></canvas>
    <figcaption>what it makes of it</figcaption></figure>
</div>
<div class="row">
  <label>Begin with <select>${names.map((name) =>
    `<option>${name}</option>`).join('')}<option>your own</option></select>
  </label>
  <button type="button" class="turn">Rotate by 180 degrees</button>
  <button type="button" class="next">Another digit</button>
</div>
<p class="said"></p>`

/** @param {HTMLElement} place @param {import('../figure.mjs').Given} given */
export async function start(place, { engine, asset, image }) {
  const digits = await heldOutDigits(asset)
  const find = frame(place, image, 'A kernel on a digit', html)
  const say = voice(place)
  /** @type {HTMLInputElement[]} */
  const inputs = [...place.querySelectorAll('input')]
  /** @type {HTMLSelectElement} */
  const select = find('select')
  let shown = nextOf(digits, -1, 5)

  function draw() {
    const kernel = inputs.map(({ valueAsNumber }) => valueAsNumber || 0)
    const { pixels, label } = digits[shown]
    engine.send(joined(kernel, pixels))
    engine.call('figure_convolved')
    const output = engine.floats()
    drawPixels(find('.digit'), pixels, 28, 28)
    drawPixels(find('.output'), output, 28, 28, 'diverging')
    const number = (/** @type {number} */ value) =>
      Number(value.toFixed(2)) + 0
    const sum = number(kernel.reduce((a, b) => a + b, 0))
    const range = `from ${number(Math.min(...output))} (blue) to ${
      number(Math.max(...output))} (orange)`
    find('.digit').setAttribute('aria-label', `a handwritten ${label}`)
    find('.output').setAttribute('aria-label', `the feature map, ${range}`)
    const words = `The weights sum to ${sum}, ` +
      (sum === 0 ? 'so flat ground gives 0 and only changes remain'
        : `so flat ground is multiplied by ${sum}`) +
      `. The output runs ${range}; white is 0.`
    find('.said').textContent = words
    say(words)
  }

  /** @param {ArrayLike<number>} kernel */
  function fill(kernel) {
    for (const [n, input] of inputs.entries())
      input.value = String(Number(kernel[n].toFixed(4)))
    draw()
  }

  function choose() {
    if (select.selectedIndex >= names.length) return
    engine.call('figure_kernel', select.selectedIndex)
    fill(engine.floats())
  }

  for (const input of inputs)
    input.addEventListener('input', () => {
      select.value = 'your own'
      draw()
    })
  select.addEventListener('change', choose)
  find('.turn').addEventListener('click', () => {
    select.value = 'your own'
    fill(inputs.map(({ valueAsNumber }) => valueAsNumber || 0).reverse())
  })
  find('.next').addEventListener('click', () => {
    shown = (shown + 1) % digits.length
    draw()
  })
  select.value = 'Sobel x'
  choose()
}
