// node check.mjs library.wasm: checks what the host of library.cpp sees.
import {readFileSync} from 'node:fs'

const expect = (truth, text) => {
  if (truth) return console.log(`ok: ${text}`)
  console.error(`check.mjs: expected ${text}`)
  process.exit(1)
}

class Refusal extends Error {}
let memory = null
const words = (text, size) =>
  new TextDecoder().decode(new Uint8Array(memory.buffer, text, size))

// The library asks its host only for this function, which receives a refusal.
// Whatever its standard library would ask of a system must not be called.
const unasked = new Proxy({}, {
  get: (_, name) => () => { throw new Error(`the library called ${name}`) },
})
const bytes = readFileSync(process.argv[2])
const {instance} = await WebAssembly.instantiate(bytes, {
  env: {cnn_refuse: (text, size) => { throw new Refusal(words(text, size)) }},
  wasi_snapshot_preview1: unasked,
})
memory = instance.exports.memory
instance.exports._initialize()

const first = instance.exports.loss_after(1)
const last = instance.exports.loss_after(200)
expect(first > 2 && first < 3, `a first loss near ln 10, got ${first}`)
expect(last < first / 2, `less than half of it after 200 steps, got ${last}`)
let said = ''
try {
  instance.exports.refuse()
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  said = error.message
}
expect(said.startsWith('convolve: weight (2, 1, 3, 3) expects 1 input') &&
  said.endsWith('has 3'), `the refusal in its own words, got "${said}"`)
console.log(`${bytes.length} bytes`)
