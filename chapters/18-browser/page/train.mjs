// Train live: starts, pauses and shows a run, which a worker computes.
import { onAddress } from './address.mjs'
import { counted } from './make.mjs'
import { progressView } from './progress.mjs'
import { usual } from './recipe.mjs'
import { settingsForm } from './settings.mjs'
import { training } from './training.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */
/** @typedef {import('./recipe.mjs').Recipe} Recipe */
/** @typedef {import('./trainer.mjs').News} News */

const html = `<div class="row" role="group" aria-label="The run">
<button type="button" class="main" data-at="start">Start</button>
<button type="button" data-at="step">One step</button>
<button type="button" data-at="restart">Restart</button>
<button type="button" data-at="use">Use it on the pad</button>
<button type="button" data-at="smaller" hidden></button></div>
<p data-at="status"></p>
<progress max="1" value="0" aria-label="Digits fetched"></progress>
<label class="choice"><input type="checkbox" checked data-at="follow">
Your own digit follows: its bars and its maps change as the network
learns.</label>`

const whole = (/** @type {number} */ number) =>
  Math.round(number).toLocaleString('en')

/** @param {number} seconds */
const timeLeft = (seconds) => seconds < 90 ? `${Math.ceil(seconds)} s`
  : `${Math.ceil(seconds / 60)} minutes`

/** Returns a function that counts the parameters of a network, in a spare
 * engine, because a refusal ends the engine.
 * @param {App} app */
function counter(app) {
  /** @type {import('./engine.mjs').Engine | undefined} */
  let spare
  return async (/** @type {string} */ network) => {
    if (!spare || spare.dead) spare = await (await app.ready).fresh()
    spare.send(network)
    return spare.call('network_parameters')
  }
}

/** @param {HTMLElement} section @param {App} app */
export function start(section, app) {
  section.insertAdjacentHTML('beforeend', html)
  /** @type {(name: string) => any} */
  const at = (name) => section.querySelector(`[data-at=${name}]`)
  const bar = /** @type {any} */ (section.querySelector('progress'))
  const curves = part(), epochs = part(), settings = part()
  const view = progressView(curves, epochs)
  const form = settingsForm(settings, counter(app))
  let speed = 0, broken = ''

  function part() {
    const box = document.createElement('div')
    section.append(box)
    return box
  }

  // ---- Orders ----------------------------------------------------------

  /** @param {Recipe | null} recipe @param {number} [until] */
  function begin(recipe, until) {
    if (!recipe) return
    broken = ''
    app.refuse(section, null)
    form.refuseNetwork('')
    speed = 0
    view.clear()
    training.start(recipe, until)
    show()
  }

  at('start').addEventListener('click', () => {
    if (training.state === 'away') training.prepare()
    else if (training.state === 'running') training.pause()
    else if (training.state === 'paused') training.goOn()
    else return begin(form.recipe())
    show()
  })
  at('step').addEventListener('click', () => {
    if (training.state === 'running') return
    if (training.state !== 'paused') return begin(form.recipe(), 1)
    training.goOn(training.step + 1)
    show()
  })
  at('restart').addEventListener('click', () => begin(form.recipe()))
  at('smaller').addEventListener('click', () => {
    const recipe = withSmallerRate()
    form.set(recipe)
    begin(recipe)
    at('start').focus()
  })

  const withSmallerRate = () => {
    const recipe = training.recipe ?? usual
    return { ...recipe, rate: Number((recipe.rate / 10).toPrecision(12)) }
  }

  // What an address asks for: settings, and later the run.
  onAddress((wanted) => {
    if (wanted && !('wrong' in wanted)) form.set(wanted.recipe)
  })
  app.on('repeat', ({ recipe, steps }) => {
    form.set(recipe)
    begin(recipe, steps)
  })

  // ---- The network of the page -----------------------------------------

  let using = 0, used = -Infinity
  /** @param {boolean} following true: nobody pressed a button for it */
  async function use(following) {
    if (following && using || !training.hasWeights) return
    ++using
    try {
      await app.useNetwork('yours', training.give('lesson_file'),
        () => !following || at('follow').checked)
    } catch (error) {
      if (training.state !== 'broken') {
        if (following) at('follow').checked = false  // or the error would recur
        app.refuse(section, error)
      }
    }
    --using
    used = performance.now()
  }
  at('use').addEventListener('click', async () => {
    await use(false)
    document.getElementById('draw')?.scrollIntoView()
  })
  // If you choose another network, you do not want this one back at once;
  // if it is refused, you still have this one.
  app.on('chosen', ({ name, taken }) => {
    if (name === 'yours' || training.state !== 'running' ||
      !at('follow').checked) return
    at('follow').checked = false
    taken.catch(() => { at('follow').checked = true })
  })

  // ---- News ------------------------------------------------------------

  /** @param {News} news */
  function hear(news) {
    if (news.say === 'loading') return showLoading(news)
    if (news.say === 'failed') app.refuse(section,
      `The training digits could not be fetched: ${news.text}`)
    if (news.say === 'refused') {
      if (news.started) app.refuse(section, broken = news.text)
      else {
        form.refuseNetwork(news.text)
        view.refused()
      }
      app.say(news.text)
    }
    if (news.say === 'report') {
      speed = news.speed
      view.add(news, training.recipe ?? usual)
      for (const { epoch, accuracy } of news.epochs)
        app.say(`Epoch ${epoch}: ${(100 * accuracy).toFixed(1)} % of the ` +
          'held-out digits are read correctly.')
      if (at('follow').checked &&
          (!news.running || performance.now() - used > 500)) use(true)
    }
    show()
  }

  /** @param {{received: number, total: number}} news */
  function showLoading({ received, total }) {
    if (total) bar.value = received / total
    at('status').textContent = 'Fetching the 8,000 digits to learn from: ' +
      (total ? `${Math.floor(100 * received / total)} %.`
        : `${whole(received / 1000)} kB.`)
  }

  function status() {
    const { state, step, total, recipe = usual } = training
    if (state === 'away') return 'The training digits are not here yet.'
    if (state === 'loading') return at('status').textContent
    if (state === 'ready') return 'All 8,000 digits are here.'
    if (state === 'broken') return 'The run has ended.'
    const { loss, heldOut } = view.last
    const parts = [`Step ${whole(step)} of ${whole(total)}`]
    if (loss !== undefined) parts.push(`loss ${loss.toFixed(4)}`)
    if (heldOut)
      parts.push(`${heldOut[1].toFixed(1)} % of the held-out digits read` +
        (heldOut[0] === step ? '' : ` at step ${whole(heldOut[0])}`))
    if (state === 'running' && speed)
      parts.push(`${counted(Math.round(speed), 'digit')} a second`,
        `${timeLeft((total - step) * recipe.batch / speed)} left`)
    if (training.sum) parts.push(`checksum ${training.sum}`)
    return parts.join(', ') + '.'
  }

  function show() {
    const { state, step, total } = training
    const running = state === 'running', paused = state === 'paused'
    at('start').textContent = running ? 'Pause' : paused ? 'Go on'
      : state === 'away' ? 'Fetch the digits' : 'Start'
    at('start').disabled = state === 'loading'
    at('step').disabled = state === 'away' || state === 'loading'
    at('restart').disabled = !training.recipe
    // A disabled button would lose the focus, which this one should keep.
    at('step').setAttribute('aria-disabled', String(running))
    at('use').disabled = !training.hasWeights
    at('smaller').hidden = state !== 'broken' || !broken
    at('smaller').textContent = `Train with a learning rate of ${
      withSmallerRate().rate}`
    form.underWay(running || paused)
    // The bar is that of the digits until they are here, and then of the run.
    if (training.recipe || state === 'ready') {
      bar.setAttribute('aria-label', 'Steps of the run')
      bar.value = total ? step / total : 0
    }
    at('status').textContent = status()
  }

  // Leaving the page ends a run that is under way, so the browser asks first.
  addEventListener('beforeunload', (event) => {
    if (['running', 'paused'].includes(training.state)) event.preventDefault()
  })
  training.on(hear)
  show()
  // First the held-out digits; then those to learn from, in the background.
  app.heldOut.catch(() => {}).then(() => {
    training.prepare()
    show()
  })
}
