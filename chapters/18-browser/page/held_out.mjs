// Digits that no network of the page has learned from: a random one, one by
// its number, or the next one that the network in use gets wrong.
import { make, button } from './make.mjs'
import { ask } from './read.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */

/** The search for a digit that is misread works in slices of a frame. */
const frame = 12  // ms

/** @param {App} app
 * @param {(picture: Float32Array, words: string) => void} take
 * @param {() => unknown} padNow what is on the pad */
export function makeHeldOut(app, take, padNow) {
  const number = make('input', { type: 'number', min: 0, max: 1999, value: 0,
    inputmode: 'numeric', id: 'held-out-number' })
  const words = make('p', { class: 'note', role: 'status' })
  let looking = 0  // the number of the newest search; older ones stop

  /** @param {number} n @param {() => boolean} wanted */
  const show = async (n, wanted) => {
    const digits = await app.heldOut
    if (!wanted()) return
    const at = Math.max(0, Math.min(digits.count - 1, Math.trunc(n) || 0))
    number.value = String(at)
    words.textContent = `Digit ${at} of the held-out set. ` +
      `Its label is ${digits.label(at)}.`
    take(digits.picture(at),
      `held-out digit ${at}, labelled ${digits.label(at)}`)
  }

  /** @param {() => boolean} wanted */
  const nextMistake = async (wanted) => {
    const digits = await app.heldOut
    await app.renew()
    if (!wanted()) return
    let at = Number(number.value), right = 0, { network } = app
    let pause = performance.now() + frame
    while (right < digits.count) {
      const { engine } = app
      if (!engine || engine.dead || !network) return
      at = (at + 1) % digits.count
      const answer = ask(engine, digits.picture(at)).best
      if (network.names[answer] !== String(digits.label(at)))
        return show(at, wanted)
      ++right
      if (performance.now() < pause) continue
      words.textContent = 'Looking for a digit that is misread: ' +
        `${right} read correctly so far`
      await new Promise((done) => setTimeout(done))
      if (!wanted()) return
      if (network !== app.network) right = 0  // another network read those
      network = app.network
      pause = performance.now() + frame
    }
    words.textContent = `This network reads all ${digits.count} of them right.`
  }

  /** What comes late must not replace what was drawn meanwhile.
   * @param {(wanted: () => boolean) => unknown} task */
  const trying = (task) => async () => {
    const search = ++looking, pad = padNow()
    try {
      app.refuse(place, null)
      await task(() => {
        if (search !== looking) return false
        if (pad === padNow()) return true
        words.textContent = 'You have changed the pad since, so it stays as ' +
          'it is.'
        return false
      })
    } catch (error) {
      app.refuse(place, error)
    }
  }
  const byNumber = trying((wanted) => show(Number(number.value), wanted))
  number.addEventListener('change', byNumber)
  const place = make('div', {},
    make('h3', {}, 'Or take one of the book’s held-out digits'),
    make('div', { class: 'row' },
      button('Any digit', trying((wanted) =>
        show(Math.random() * 2000, wanted))),
      button('Next misread digit', trying(nextMistake)),
      make('label', { class: 'row', for: 'held-out-number' }, 'Number',
        number)), words)
  return place
}
