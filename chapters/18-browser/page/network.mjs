// Which network answers: one that comes with the page, or the reader's own.
import { counted, make } from './make.mjs'

/** @typedef {import('./app.mjs').NetworkName} NetworkName */

/** Name, heading and what to know about it.
 * @type {[NetworkName, string, string][]} */
const networks = [
  ['digits', 'Chapter 06\'s network, with 7,434 parameters',
    'It learned from 8,000 of MNIST\'s digits as they are, in six ' +
    'epochs. It is small enough to be looked at whole.'],
  ['reader', 'Chapter 17\'s reader, with 184,490 parameters',
    'It learned from the same digits in 100 epochs, each time moved, ' +
    'turned, slanted and bent anew. It copes with more kinds of handwriting.'],
  ['yours', 'Yours, which you trained on this page', ''],
  ['uploaded', 'Yours, from a file', ''],
]

/** @param {HTMLElement} section
 * @param {import('./app.mjs').SharedApp} app */
export function chooseNetwork(section, app) {
  const choices = make('div', { class: 'choices', role: 'radiogroup',
    'aria-labelledby': 'network-heading' })
  const layers = make('p', { class: 'note' })
  section.append(choices, layers)

  for (const [name, heading, about] of networks) {
    const input = make('input',
      { type: 'radio', name: 'network', value: name })
    const label = make('label', { class: 'choice' }, input,
      make('span', {}, heading, make('small', {}, about)))
    label.hidden = !about  // until there is one
    choices.append(label)
    input.addEventListener('change', () => choose(name))
  }

  /** @param {NetworkName} name */
  async function choose(name) {
    choices.setAttribute('aria-busy', 'true')
    try {
      await app.useNetwork(name)
      app.refuse(section, null)
    } catch (error) {
      app.refuse(section, error)
      show()
    }
    choices.removeAttribute('aria-busy')
  }

  function show() {
    if (!app.network) return
    const { name, text, parameters } = app.network
    const input = /** @type {HTMLInputElement | null} */ (
      choices.querySelector(`[value='${name}']`))
    if (!input) return
    input.checked = true
    const label = /** @type {HTMLElement} */ (input.closest('label'))
    label.hidden = false
    layers.textContent = `Its layers: ${text}. ` +
      `${counted(parameters, 'parameter')}.`
  }
  app.on('network', show)
  app.on('lost', (error) => app.refuse(section, error))
  show()
}
