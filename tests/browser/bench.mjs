// node tests/browser/bench.mjs build/PRESET/chapters/18-browser: from how many
// images per second of CPU time the engine learns, and how many it reads, with
// SIMD and without.
import { readFileSync } from 'node:fs'
import { Engine } from '../../chapters/18-browser/page/engine.mjs'

const data = new URL('../../common/data/', import.meta.url)
const pixels = readFileSync(new URL('digits-images-idx3-ubyte', data))
const labels = readFileSync(new URL('digits-labels-idx1-ubyte', data))

/**
 * Some digits as the engine takes them: all pixels, then all labels.
 * @param {number} first
 * @param {number} count
 */
const digits = (first, count) => Buffer.concat([
  pixels.subarray(16 + 784 * first, 16 + 784 * (first + count)),
  labels.subarray(8 + first, 8 + first + count)])

/**
 * How many images work() takes per second, in the best of 7 rounds.
 * @param {number} images
 * @param {() => void} work
 */
function rate(images, work) {
  let best = Infinity
  for (let round = 0; round < 7; ++round) {
    const begun = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(begun)
    best = Math.min(best, user + system)
  }
  return Math.round(1e6 * images / best)
}

for (const kind of ['simd', 'scalar']) {
  const file = `${process.argv[2]}/engine-${kind}.wasm`
  const engine = await Engine.of(new WebAssembly.Module(readFileSync(file)))
  engine.send(digits(0, 8000))
  engine.call('digits', 1)
  engine.send(digits(8000, 2000))
  engine.call('digits', 0)
  engine.send('batch=64\nepochs=100')
  engine.call('lesson_start')
  engine.call('lesson_steps', 25)  // until the optimizing compiler is done
  const learned = rate(25 * 64, () => engine.call('lesson_steps', 25))
  const read = rate(2000, () => {  // in pieces, as the page does
    for (let first = 0; first < 2000; first += 250)
      engine.call('lesson_right', first, 250)
  })
  console.log(JSON.stringify({ kind, learned, read }))
}
