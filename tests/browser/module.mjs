// node tests/browser/module.mjs build/PRESET [simd|scalar]: tests the modules
// alone, as their host sees them, and compares them with the native programs
// bit for bit. It needs the targets browser-engine, browser-native,
// browser-functions, 18-browser and 16-saving.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Engine, Refusal } from '../../chapters/18-browser/page/engine.mjs'
import { sumsOf } from './helpers.mjs'

const build = process.argv[2]
const chapters = `${build}/chapters`
const scratch = mkdtempSync(path.join(tmpdir(), 'module-'))
process.on('exit', () => rmSync(scratch, { recursive: true }))

/** What a native program prints. @param {string} program
 * @param {string[]} options */
const native = (program, options) => execFileSync(`${build}/${program}`,
  options, { maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'ignore'] })

/** @param {string} text */
const ok = (text) => console.log(`ok: ${text}`)

/** @param {string} name */
const compiled = (name) => new WebAssembly.Module(
  readFileSync(`${chapters}/18-browser/${name}.wasm`))

native('chapters/18-browser/18-browser', ['--page', scratch])
const kinds = process.argv.slice(3)
if (kinds.length === 0) kinds.push('simd', 'scalar')

/** An engine that has all digits. @param {string} kind */
async function engineWithDigits(kind) {
  const engine = await Engine.of(compiled(`engine-${kind}`))
  for (const [set, name] of [[0, 'held-out'], [1, 'train']]) {
    engine.send(readFileSync(`${scratch}/${name}.bin`))
    const count = engine.call('digits', Number(set))
    assert.equal(count, set === 0 ? 2000 : 8000)
  }
  return engine
}

// ---- The same weights ------------------------------------------------------

/** The checksums that the native program prints, with their steps.
 * @param {string[]} options @returns {[number, string][]} */
const nativeSums = (options) => Object.entries(sumsOf(
  native('chapters/18-browser/18-browser', options).toString()))
  .map(([step, sum]) => [Number(step), sum])

/** The module's checksums at `steps`. Its memory must not grow after step 40.
 * @param {Engine} engine @param {string} lesson @param {number[]} steps */
function moduleSums(engine, lesson, steps) {
  engine.send(lesson)
  engine.call('lesson_start')
  let done = 0, memory = 0
  return steps.map((step) => {
    done = engine.call('lesson_steps', step - done)
    assert.equal(done, step)
    if (step > 40) assert.equal(engine.memory, memory ||= engine.memory)
    engine.call('lesson_checksum')
    return [step, engine.text()]
  })
}

const small = 'conv 5 3 stride 2 pad 1, relu, avgpool 2, flatten, dense 10'
// Its second convolution takes fewer products, in tiles that do not fit.
const wide = 'conv 16 3, relu, maxpool 2, conv 17 3 pad 1, relu, ' +
  'maxpool 2, flatten, dense 10'
// All that chapters 12 to 14 add.
const later = 'conv 6 3 stride 2, batchnorm, relu, dropout 0.25, ' +
  'groupnorm 2, residual(conv 6 3 pad 1, batchnorm), ' +
  'residual(conv 4 3 stride 2 pad 1) skip(conv 4 1 stride 2), flatten, ' +
  'layernorm, dense 10'
/** @type {[string, string[]][]} */
const runs = [
  ['seed=1\nepochs=6', ['--epochs', '6', '--seed', '1']],
  [`network=${small}\nseed=7\nepochs=2\nbatch=60\nmomentum=0.5`,
    ['--network', small, '--seed', '7', '--epochs', '2', '--batch', '60',
      '--momentum', '0.5']],
  [`network=${wide}\nepochs=1`,
    ['--network', wide, '--epochs', '1', '--steps', '40']],
  [`network=${later}\nepochs=1`,
    ['--network', later, '--epochs', '1', '--steps', '40']],
  ['epochs=1\naugment=all\ndecay=0.001\nsmoothing=0.1',
    ['--epochs', '1', '--augment', 'all', '--decay', '0.001', '--smoothing',
      '0.1']],
  [`network=${small}\nepochs=1\naugment=shift`,
    ['--network', small, '--epochs', '1', '--augment', 'shift', '--steps',
      '40']],
]
for (const [lesson, options] of runs) {
  const expected = nativeSums(options)
  const steps = expected.map(([step]) => step)
  assert.deepEqual(steps.slice(0, 3), [1, 10, 40])
  for (const kind of kinds) {
    const engine = await engineWithDigits(kind)
    assert.deepEqual(moduleSums(engine, lesson, steps), expected)
    ok(`${kind}: ${expected.length} checksums to step ${steps.at(-1)}, ` +
      `the last ${expected.at(-1)?.[1]}`)
  }
}

// ---- The same files --------------------------------------------------------

const file = `${scratch}/network.safetensors`
const tutorial = 'chapters/16-saving/16-saving'
native(tutorial, ['train', '--save', file, '--isa', 'portable', '--epochs',
  '2', '--learning-rate', '0.02', '--network', small])
native(tutorial, ['export', file, '--onnx', `${scratch}/network.onnx`])
for (const kind of kinds) {
  const engine = await engineWithDigits(kind)
  engine.send(`network=${small}\nepochs=2\nlearning_rate=0.02`)
  engine.call('lesson_steps', engine.call('lesson_start') - 1)
  engine.call('lesson_file')
  assert.match(engine.text(), /"steps_done":"499"/)
  engine.call('lesson_steps', 9)
  engine.call('lesson_file')
  assert.deepEqual(Buffer.from(engine.bytes()), readFileSync(file))
  engine.call('lesson_onnx')
  assert.deepEqual(Buffer.from(engine.bytes()),
    readFileSync(`${scratch}/network.onnx`))
  assert.equal(engine.call('lesson_filters'), 3)
  assert.equal(engine.floats().length, 5 * 9)
  ok(`${kind}: the files of tutorial train and export, byte for byte`)
}

// ---- The same answers ------------------------------------------------------

const weights = new URL(
  '../../chapters/16-saving/weights/digits.safetensors', import.meta.url)
const count = 500
const answers = native('tests/browser/browser-native',
  ['answers', weights.pathname, String(count)])
const digits = readFileSync(`${scratch}/held-out.bin`)
for (const kind of kinds) {
  const engine = await Engine.of(compiled(`engine-${kind}`))
  engine.send(readFileSync(weights))
  engine.call('network_load')
  for (let n = 0; n < count; ++n) {
    engine.send(Float32Array.from(digits.subarray(784 * n, 784 * (n + 1)),
      (grey) => Math.fround(grey / 255)))
    engine.call('network_answer')
    const probabilities = engine.bytes()
    engine.call('maps')  // those of all layers, of which the logits come last
    const both = Buffer.concat([probabilities, engine.bytes().slice(-40)])
    assert.deepEqual(both, answers.subarray(80 * n, 80 * (n + 1)), `${n}`)
  }
  ok(`${kind}: ${count} digits' probabilities and logits, bit for bit`)
}

// ---- The same balls --------------------------------------------------------

/** Steady and slow, far too fast, and without momentum.
 * @type {[number, number][]} */
const settings = [[0.0133, 0.79], [0.0001, 0.99], [0.3, 0.9], [0.02, 0]]
for (const kind of kinds) {
  const engine = await Engine.of(compiled(`engine-${kind}`))
  for (const [rate, momentum] of settings) {
    engine.call('figure_balls', rate, momentum, 2000, 100)
    assert.deepEqual(Buffer.from(engine.bytes()),
      native('tests/browser/browser-native', ['balls', String(rate),
        String(momentum), '2000', '100']), `${rate} ${momentum}`)
  }
  engine.send(Float32Array.of(2, 3, 0, 0))
  engine.call('figure_valley')
  assert.deepEqual([...engine.floats()], [452, 0])
  engine.call('figure_best_for_balls')
  assert.deepEqual([...engine.floats()].map((it) => it.toFixed(4)),
    ['0.0198', '0.0000', '0.0331', '0.6694', '0.0133', '0.7933'])
  ok(`${kind}: four balls in a valley, ${settings.length} times, bit for bit`)
}

// ---- The same sizes --------------------------------------------------------

const gains = [0.01, 1 / 3, 2, 100]
for (const kind of kinds) {
  const engine = await Engine.of(compiled(`engine-${kind}`))
  engine.send(Float32Array.from(digits.subarray(0, 3 * 784),
    (grey) => Math.fround(grey / 255)))
  for (const gain of gains) {
    engine.call('figure_sizes', 3, gain)
    assert.deepEqual(Buffer.from(engine.bytes()),
      native('tests/browser/browser-native', ['sizes', String(gain), '3']),
      `${gain}`)
  }
  ok(`${kind}: sizes in fifty layers, ${gains.length} gains, bit for bit`)
}

// ---- The libraries' functions ----------------------------------------------

// Half a million floats from each eighth of all 2^32. (Over all of them, expf
// differed for two, with the bits 4202422f and c27c65d9, because of glibc's
// fused operations. logf differed for none.)
const parts = 8, stride = 1021, each = Math.floor(2 ** 32 / parts / stride)
const functions = await WebAssembly.instantiate(
  new WebAssembly.Module(readFileSync(
    `${build}/tests/browser/functions.wasm`)))
const sumOf = /** @type {(...numbers: number[]) => number} */ (
  functions.exports.checksum_of_function)
const sums = native('tests/browser/browser-native', ['functions', '0',
  String(stride), String(each), String(parts)]).toString().trim().split('\n')
for (const line of sums) {
  const [which, part, sum] = line.split(' ').map(Number)
  assert.equal(sumOf(which, part * stride * each, stride, each), sum,
    `${['exp', 'log'][which]} of floats of part ${part}`)
}
ok(`exp and log of ${(sums.length / 2) * each} floats are this system's`)

// ---- Refusals --------------------------------------------------------------

/** @type {[string, string, number[], RegExp][]} */
const refusals = [
  ['', 'lesson_steps', [1], /^lesson: expected lesson_start\(\)$/],
  ['', 'lesson_start', [], /^lesson_start: expected digits\(1\) before$/],
  ['12345', 'digits', [1], /expected 785 bytes for each digit, got 5$/],
  ['x'.repeat(785), 'digits', [1], /^labels: .*120/],
  ['not a file', 'network_load', [], /^the file: rule 2: .*/],
  ['', 'figure_sizes', [0, 0], /^gain_sizes: .* got 0.000000$/],
  ['', 'figure_balls', [0.1, 1, 9, 9], /^Sgd: expected momentum .* got 1.0/],
  ['', 'figure_balls', [0.1, 0, 9, 10], /0 <= shown <= steps <= .* 10 and 9$/],
]
for (const [room, name, numbers, words] of refusals) {
  const engine = await Engine.of(compiled(`engine-${kinds[0]}`))
  engine.send(room)
  assert.throws(() => engine.call(name, ...numbers), (error) => {
    assert(error instanceof Refusal)
    assert.match(error.message, words)
    return true
  })
  assert(engine.dead)
  assert.throws(() => engine.call('engine_version'), /dead/)
  assert.equal((await engine.fresh()).version, 2)
}
/** @type {[string, RegExp][]} */
const lessons = [
  ['epochs=0', /^lesson: expected epochs from 1 to 1e\+06, got '0'$/],
  ['batch=2.5', /^lesson: expected a whole number as batch, got 2.5$/],
  ['learning_rate=fast', /expected learning_rate from 1e-09 to 1e\+30/],
  ['decay=-1', /^lesson: expected decay from 0 to 1e\+03, got '-1'$/],
  ['smoothing=1', /^lesson: expected smoothing from 0 to 0.99, got '1'$/],
  ['augment=mirror',
    /^lesson: augment: expected one of none, shift, all, got 'mirror'$/],
  ['rate=0.1', /^lesson: there is no setting 'rate'$/],
  ['network=dense 10', /^network: layer 1, 'dense 10': /],
  ['network=flatten, dense 3', /^network: expected 10 outputs or more/],
]
const trained = await engineWithDigits(kinds[0])
for (const [lesson, words] of lessons) {
  const engine = await engineWithDigits(kinds[0])
  engine.send(lesson)
  assert.throws(() => engine.call('lesson_start'), { message: words })
}
trained.send('learning_rate=1e30')
trained.call('lesson_start')
assert.throws(() => trained.call('lesson_steps', 1500),
  { message: /finite.* at step \d+ \(epoch 1, .*; a smaller learning/ })
ok(`${refusals.length + lessons.length + 1} refusals in the library's words`)

// ---- What it weighs --------------------------------------------------------

for (const part of ['engine', 'darkroom'])
  for (const kind of kinds) {
    const bytes = readFileSync(`${chapters}/18-browser/${part}-${kind}.wasm`)
    ok(`${part}-${kind}.wasm: ${bytes.length} bytes`)
    // Without Binaryen's wasm-opt they are up to a quarter larger. Only
    // browsers from before 2021 fetch the scalar ones.
    const most = kind === 'scalar' ? 450 : 400
    assert(bytes.length < most * 1000, `a module of less than ${most} kB`)
  }
