// The form for the next run: sliders with their numbers, the layers as text.
import { counted } from './make.mjs'
import { augmentations, numbers, readNumber, usual } from './recipe.mjs'

/** @typedef {import('./recipe.mjs').Recipe} Recipe */
/** @typedef {typeof numbers[number]['name']} Name */

// What is said about each number, and for a slider the value() of each position
// and the place() of each value.
/** @type {Record<Name, {label: string, about: string, most?: number,
 *   value?: (place: number) => number, place?: (value: number) => number}>} */
const fields = {
  seed: { label: 'Seed', about: 'Where the random numbers start.' },
  rate: { label: 'Learning rate', most: 100,
    about: 'The size of a step at its largest. The steps grow to it at ' +
      'first, and then shrink to 0.',
    value: (place) => Number((10 ** (place / 20 - 4)).toPrecision(2)),
    place: (value) => 20 * (Math.log10(value) + 4) },
  momentum: { label: 'Momentum', most: 99,
    about: 'How much of the last step is carried into the next.',
    value: (place) => place / 100, place: (value) => 100 * value },
  batch: { label: 'Batch', about: 'Digits per step.', most: 9,
    value: (place) => 2 ** place, place: (value) => Math.log2(value) },
  epochs: { label: 'Epochs', most: 29,
    about: 'How often all 8,000 digits are seen.',
    value: (place) => place + 1, place: (value) => value - 1 },
  decay: { label: 'Weight decay', most: 40,
    about: 'The share of each weight that is added to its gradient.',
    value: (place) => place && Number((10 ** (place / 10 - 5)).toPrecision(2)),
    place: (value) => value && 10 * (Math.log10(value) + 5) },
  smoothing: { label: 'Label smoothing', most: 50,
    about: 'How much of the target is spread over all ten digits.',
    value: (place) => place / 100, place: (value) => 100 * value },
}

// What the form calls each augmentation.
/** @type {Record<string, string>} */
const changes = { none: 'none', shift: 'shift: up to 2 pixels',
  all: 'all: shift, turn, scale and slant' }

const field = (/** @type {Name} */ name) => {
  const { label, about, most } = fields[name]
  return `<div class="setting"><label for="train-${name}">${label}</label>
    <input type="text" inputmode="decimal" autocomplete="off"
      id="train-${name}" aria-describedby="train-${name}-about">
    ${most === undefined ? '' : `<input type="range" min="0" max="${most}"
      data-slider="${name}" aria-label="${label}, by a slider">`}
    <small id="train-${name}-about">${about}</small></div>`
}

const html = `<fieldset class="settings"><legend>The next run</legend>
<p class="note" data-at="underway" hidden>A run is under way, and nobody could
repeat it if its settings changed midway. What you change here applies to the
next one.</p>
<div class="numbers">${numbers.map(({ name }) => field(name)).join('')}
<div class="setting"><label for="train-augment">Augmentation</label>
<select id="train-augment" aria-describedby="train-augment-about">${
  augmentations.map((name) =>
    `<option value="${name}">${changes[name]}</option>`).join('')}</select>
<small id="train-augment-about">How each digit is changed, anew in every
step.</small></div></div>
<label for="train-network">Layers, from the first to the last</label>
<textarea id="train-network" rows="2" spellcheck="false" autocomplete="off"
  aria-describedby="train-parameters train-network-wrong"></textarea>
<p class="note" id="train-parameters"></p>
<p class="refusal" role="alert" id="train-network-wrong"></p>
<p class="refusal" role="alert" data-at="wrong"></p>
<button type="button" data-at="usual">Put back the usual settings</button>
</fieldset>`

/**
 * @param {HTMLElement} parent
 * @param {(network: string) => Promise<number>} count the parameters of a
 *   network; rejects with the library's refusal
 */
export function settingsForm(parent, count) {
  parent.insertAdjacentHTML('beforeend', html)
  /** @type {(selector: string) => any} */
  const at = (selector) => parent.querySelector(selector)
  const network = at('#train-network')
  let timer = 0, asked = 0

  /** @param {Name} name */
  const read = (name) => {
    const kind = numbers.find((one) => one.name === name)
    const input = at(`#train-${name}`)
    const result = readNumber(input.value.trim(),
      { .../** @type {NonNullable<typeof kind>} */ (kind),
        name: fields[name].label })
    input.setAttribute('aria-invalid', String(Boolean(result.wrong)))
    return result
  }

  /** @param {Name} name */
  const moveSlider = (name) => {
    const slider = at(`[data-slider=${name}]`)
    const { value, wrong } = read(name)
    if (!slider || wrong) return
    slider.value = fields[name].place?.(value)
    slider.setAttribute('aria-valuetext', String(value))
  }

  const showWrong = () => {
    at('[data-at=wrong]').textContent =
      numbers.map(({ name }) => read(name).wrong).filter(Boolean).join('; ')
  }

  const checkNetwork = async () => {
    const mine = ++asked
    const [parameters, wrong] = await count(network.value).then(
      (number) => [counted(number, 'parameter'), ''],
      (error) => ['', error.message])
    if (mine !== asked) return  // the text has changed since
    at('#train-parameters').textContent = parameters
    form.refuseNetwork(wrong)
  }

  for (const { name } of numbers) {
    at(`#train-${name}`).addEventListener('input', () => {
      moveSlider(name)
      showWrong()
    })
    at(`[data-slider=${name}]`)?.addEventListener('input',
      (/** @type {any} */ { target }) => {
        at(`#train-${name}`).value = fields[name].value?.(Number(target.value))
        target.setAttribute('aria-valuetext', at(`#train-${name}`).value)
        showWrong()
      })
  }
  network.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(checkNetwork, 300)
  })
  at('[data-at=usual]').addEventListener('click', () => form.set(usual))

  const form = {
    /** The settings; null if some of them are not valid.
     * @returns {Recipe | null} */
    recipe() {
      const recipe = { ...usual, augment: at('#train-augment').value,
        network: network.value.replace(/\s+/g, ' ').trim() }
      for (const { name } of numbers) {
        const { value, wrong } = read(name)
        if (wrong) {
          at(`#train-${name}`).focus()
          return null
        }
        recipe[name] = value
      }
      return recipe
    },
    /** @param {Recipe} recipe */
    set(recipe) {
      for (const { name } of numbers) {
        at(`#train-${name}`).value = recipe[name]
        moveSlider(name)
      }
      at('#train-augment').value = recipe.augment
      network.value = recipe.network
      showWrong()
      checkNetwork()
    },
    /** @param {boolean} running */
    underWay(running) {
      at('[data-at=underway]').hidden = !running
    },
    /** @param {string} text in the library's words; '' for none */
    refuseNetwork(text) {
      network.setAttribute('aria-invalid', String(Boolean(text)))
      at('#train-network-wrong').textContent = text
    },
  }
  form.set(usual)
  return form
}
