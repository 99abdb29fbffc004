// node tests/browser/functions.mjs build/PRESET: for how many floats the
// module's exp, log and cos differ from those of this system's library, of all
// arguments that training can give them. It takes some minutes, and needs the
// targets browser-native and browser-functions.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const folder = `${process.argv[2]}/tests/browser`
const { instance } = await WebAssembly.instantiate(
  readFileSync(`${folder}/functions.wasm`))
const { memory, results_of_function: resultsOf } =
  /** @type {any} */ (instance.exports)
const atOnce = 16384

/** The bits of a float. @param {number} value */
const bitsOf = (value) => new Uint32Array(Float32Array.of(value).buffer)[0]
/** @param {number} bits */
const floatOf = (bits) => new Float32Array(Uint32Array.of(bits).buffer)[0]

/**
 * @param {string} name
 * @param {number} which
 * @param {number} first the first argument's bits
 * @param {number} last
 */
async function compare(name, which, first, last) {
  const child = spawn(`${folder}/browser-native`,
    ['results', String(which), String(first), String(last)],
    { stdio: ['ignore', 'pipe', 'inherit'] })
  let differ = 0, at = first, example = NaN
  let rest = Buffer.alloc(0)
  for await (const chunk of child.stdout) {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 4 * atOnce) {
      const native = new Uint32Array(rest.buffer.slice(rest.byteOffset,
        rest.byteOffset + 4 * atOnce))
      const ours = new Uint32Array(memory.buffer, resultsOf(which, at), atOnce)
      const count = Math.min(atOnce, last - at + 1)
      for (let i = 0; i < count; ++i)
        if (native[i] !== ours[i]) {
          ++differ
          example = floatOf(at + i)
        }
      at += atOnce
      rest = rest.subarray(4 * atOnce)
    }
  }
  console.log(`${name}: ${(last - first + 1).toLocaleString('en')} floats, ${
    differ.toLocaleString('en')} differ${differ ? `, such as ${example}` : ''}`)
}

await compare('exp, -104 to 0', 0, bitsOf(-0), bitsOf(-104))
await compare('log, 1 to 10', 1, bitsOf(1), bitsOf(10))
await compare('cos, 0 to pi', 2, bitsOf(0), bitsOf(Math.PI))
