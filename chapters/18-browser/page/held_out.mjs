// Digits that no network of the page has learned from: by chance, by number,
// or the next one that the network in use gets wrong.
import { make, button } from './make.mjs'
import { ask } from './read.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */

/** A digit that is read wrong is looked for in slices of a frame. */
const frame = 12  // ms

/** @param {App} app
 * @param {(picture: Float32Array, words: string) => void} take */
export function makeHeldOut(app, take) {
  const number = make('input', { type: 'number', min: 0, max: 1999, value: 0,
    inputmode: 'numeric', id: 'held-out-number' })
  const words = make('p', { class: 'note', role: 'status' })
  let looking = 0  // the search that counts

  /** @param {number} n */
  const show = async (n) => {
    const digits = await app.heldOut
    const at = Math.max(0, Math.min(digits.count - 1, Math.trunc(n) || 0))
    number.value = String(at)
    words.textContent = `Digit ${at} of the held-out set. ` +
      `Its label is ${digits.label(at)}.`
    take(digits.picture(at),
      `held-out digit ${at}, labelled ${digits.label(at)}`)
  }

  const nextMistake = async () => {
    const search = looking
    const digits = await app.heldOut
    await app.renew()
    const from = Number(number.value)
    let pause = performance.now() + frame
    for (let step = 1; step <= digits.count; ++step) {
      const { engine, network } = app
      if (!engine || engine.dead || !network) return
      const at = (from + step) % digits.count
      const answer = ask(engine, digits.picture(at)).best
      if (network.names[answer] !== String(digits.label(at))) return show(at)
      if (performance.now() < pause) continue
      words.textContent = `Looking for one that is read wrong: ${step} read`
      await new Promise((done) => setTimeout(done))
      if (search !== looking) return
      pause = performance.now() + frame
    }
    words.textContent = `This network reads all ${digits.count} of them right.`
  }

  /** @param {() => unknown} task */
  const trying = (task) => async () => {
    try {
      ++looking
      app.refuse(place, null)
      await task()
    } catch (error) {
      app.refuse(place, error)
    }
  }
  const byNumber = trying(() => show(Number(number.value)))
  number.addEventListener('change', byNumber)
  const place = make('div', {},
    make('h3', {}, 'Or take a digit that the network has never seen'),
    make('div', { class: 'row' },
      button('Any digit', trying(() => show(Math.random() * 2000))),
      button('Its next mistake', trying(nextMistake)),
      make('label', { class: 'row', for: 'held-out-number' }, 'Number',
        number)), words)
  return place
}
