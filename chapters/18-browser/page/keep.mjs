// Keep and share: the trained network as a file, a file as the network, and
// an address from which anybody's device trains the same weights.
import { onAddress } from './address.mjs'
import { wordsOf } from './asset.mjs'
import { copies, download } from './copy.mjs'
import { counted } from './make.mjs'
import { commandWithCopy } from './progress.mjs'
import { addressOf, commandOf, isSame, remediesOf, stepsOf }
  from './recipe.mjs'
import { training } from './training.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */
/** @typedef {import('./recipe.mjs').Wanted} Wanted */

const mostBytes = 64e6  // of a file that is read: ours have 30 kB

const html = `<div data-at="wanted" class="notice" hidden>
<p></p><p role="status"></p>
<button type="button" class="main" data-at="repeat">Repeat this run</button>
</div>
<h3>A file of your network</h3>
<div class="row"><button type="button" data-at="safetensors">Download
.safetensors</button>
<button type="button" data-at="onnx">Download .onnx</button></div>
<p class="note" data-at="nothing"></p>
<h3>A network from a file</h3>
<p><label for="keep-file">A .safetensors file from this page or from
<code>./tutorial train</code>, for grey pictures of 28 × 28 pixels. It does
not leave your device.</label></p>
<div><input type="file" id="keep-file" accept=".safetensors">
<p class="refusal" role="alert" data-at="refusal"></p>
<p role="status" data-at="taken"></p></div>
<h3>An address of your run</h3>
<div data-at="address"><p class="note">When a run ends or pauses, this page's
address holds its settings, its steps and the checksum of its weights.</p>
</div>`

const platforms = `<details><summary>On which platforms are the checksums
the same?</summary>
<p>On every device this page gives the same checksum for the same run, because
WebAssembly adds and multiplies in one way only, and all else comes with the
engine. A terminal takes <code>expf</code> and <code>logf</code> from its C
library. On Linux with glibc and an x86-64 processor, these were compared
with the engine's for each float below 0 and for each from 1 to 1,048,576.
The two differ at one, <code>expf(-63.0994606)</code>, and only where the
processor has fused multiply-adds. Elsewhere a C library may round more of
these results differently. Then the terminal's checksum is a different one,
although its network reads about as many digits.</p></details>`

/** @param {HTMLElement} section @param {App} app */
export function start(section, app) {
  section.insertAdjacentHTML('beforeend', html + platforms)
  /** @type {(name: string) => any} */
  const at = (name) => section.querySelector(`[data-at=${name}]`)
  files(section, app, at)
  addresses(app, at)
}

// ---- Files -------------------------------------------------------------

/** @param {HTMLElement} section @param {App} app
 * @param {(name: string) => any} at */
function files(section, app, at) {
  for (const kind of ['safetensors', 'onnx'])
    at(kind).addEventListener('click', async () => {
      const seed = training.recipe?.seed  // before another run begins
      try {
        const bytes = await training.give(
          kind === 'onnx' ? 'lesson_onnx' : 'lesson_file')
        download(new Blob([/** @type {BlobPart} */ (bytes)]),
          `digits-seed-${seed}.${kind}`)
      } catch (error) {
        app.refuse(section, error)
      }
    })
  const show = () => {
    at('safetensors').disabled = at('onnx').disabled = !training.hasWeights
    at('nothing').textContent = training.hasWeights ? ''
      : 'You can download your network once a run above has taken a step.'
  }
  training.on(show)
  show()

  const input = /** @type {HTMLInputElement} */ (
    section.querySelector('#keep-file'))
  input.addEventListener('change', async () => {
    const [file] = input.files ?? []
    if (!file) return
    at('refusal').textContent = at('taken').textContent = ''
    try {
      if (file.size > mostBytes)
        throw new Error(`expected a network of at most ${mostBytes / 1e6} ` +
          `MB, got ${Math.ceil(file.size / 1e6)} MB`)
      await app.useNetwork('uploaded',
        file.arrayBuffer().then((bytes) => new Uint8Array(bytes)))
      at('taken').textContent = `This page now uses the network in ${
        file.name}: ${app.network?.text}, ${
          counted(app.network?.parameters ?? 0, 'parameter')}.`
    } catch (error) {
      at('refusal').textContent = `${file.name}: ${wordsOf(error)}`
    }
    input.value = ''  // so that the same file can be chosen again
  })
}

// ---- The address -------------------------------------------------------

/** Says what a repeated run has shown.
 * @param {Wanted} wanted @param {string} sum @param {number} version */
function verdict(wanted, sum, version) {
  if (!wanted.sum) return `Its address held no checksum. Here it is ${sum}.`
  if (sum.startsWith(wanted.sum))
    return `The same weights, bit for bit: the checksum is ${sum}.`
  if (wanted.version !== null && wanted.version !== version)
    return `The checksums differ, ${wanted.sum} there and ${sum} here, but ` +
      `version ${wanted.version} of the engine made the first, and this is ` +
      `version ${version}. Another version may give different bits.`
  return `The checksums differ: the address says ${wanted.sum}, and here it ` +
    `is ${sum}. Either somebody changed the address, or one of the two ` +
    'devices computes differently.'
}

/** @param {App} app @param {(name: string) => any} at */
function addresses(app, at) {
  /** @type {Wanted | null} */
  let wanted = null
  const box = at('wanted'), [text, outcome, repeat] = box.children
  document.querySelector('main')?.before(box)  // seen first after a link

  onAddress((found) => {
    if (!found && wanted) return  // a section of the page: the offer stays
    wanted = found && !('wrong' in found) ? found : null
    box.hidden = !found
    repeat.hidden = !wanted
    text.textContent = ''
    outcome.textContent = found && 'wrong' in found
      ? `This page's address cannot be read: ${found.wrong.join('; ')}.` : ''
    if (!wanted) return
    const { recipe, steps, version } = wanted
    text.textContent = `This page's address holds a run of ${
      steps.toLocaleString('en')} of ${counted(stepsOf(recipe), 'step')
    }: seed ${recipe.seed}, learning rate ${recipe.rate}, momentum ${
      recipe.momentum}, batch ${recipe.batch}, ${
      remediesOf(recipe).map((one) => `${one.join(' ')}, `).join('')}${
      recipe.network}. ` +
      (wanted.sum ? `Its checksum is ${wanted.sum}` +
        (version === null ? '.' : `, made by version ${version} of the engine.`)
        : 'It has no checksum.')
  })

  repeat.addEventListener('click', () => {
    outcome.textContent = 'Training has begun. You can watch it below.'
    app.emit('repeat', wanted)
  })

  training.on((news) => {
    const { state, recipe, step, sum, version } = training
    repeat.disabled = ['away', 'loading', 'running'].includes(state)
    if (news.say === 'refused' && wanted) outcome.textContent = news.text
    if (news.say !== 'report' || !recipe || !sum || step === 0) return
    const repeated = wanted && step === wanted.steps &&
      isSame(recipe, wanted.recipe)
    if (wanted && repeated)
      outcome.textContent = verdict(wanted, sum, version)
    const address = addressOf({ recipe, steps: step, version, sum })
    // The address of a run that was repeated stays, to be tried again.
    if (!repeated) history.replaceState(history.state, '', address)
    showAddress(at('address'), new URL(address, location.href).href,
      commandOf(recipe, step))
  })
  repeat.disabled = training.state !== 'ready'
}

/** @param {HTMLElement} place @param {string} address
 * @param {string} command that trains the same in a terminal */
function showAddress(place, address, command) {
  place.innerHTML = `<p>This address repeats your run:</p>
<p><code></code></p><div class="row">
<button type="button">Copy the address</button>
<button type="button" hidden>Share it</button></div>
<p>This command trains the same network in a terminal:</p>`
  const [copy, share] = place.querySelectorAll('button')
  const code = /** @type {HTMLElement} */ (place.querySelector('code'))
  code.textContent = address
  copies(copy, () => address)
  share.hidden = !navigator.share
  share.addEventListener('click', () => navigator.share({
    title: 'A network, trained to the bit', url: address }).catch(() => {}))
  place.append(commandWithCopy(command, 'this run'))
}
