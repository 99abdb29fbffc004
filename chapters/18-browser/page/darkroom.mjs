// A worker that reads one photograph. It has a module of its own, because a
// picture of 12 megapixels takes much memory and a second of time, and the
// page should go on meanwhile. When the worker ends, all of its memory is free
// again.
import { wordsOf } from './asset.mjs'
import { Engine, Refusal } from './engine.mjs'

/** @typedef {{ lines: string[], refused: string | null, digits: { box:
 *   number[], answer: string | number, probability: number }[] }} Reading */
/** The stations' width and height, and the photograph's, in whose pixels the
 * boxes are.
 * @typedef {{ reading: Reading, width: number, height: number,
 *   photograph: { width: number, height: number },
 *   stations: Float32Array[], crops: Float32Array[] }}
 *   Developed */

/** @param {string} name @param {Uint8Array} file @param {Uint8Array} reader
 * @returns {Promise<Developed>} */
async function develop(name, file, reader) {
  const engine = await Engine.load('./', 'darkroom')
  engine.send(reader)
  engine.call('network_load')
  const words = new TextEncoder().encode(`${name}\0`)
  const both = new Uint8Array(words.length + file.length)
  both.set(words)
  both.set(file, words.length)
  engine.send(both)
  engine.call('read_photograph')
  /** @type {Reading} */
  const reading = engine.json()
  /** @param {string} part @param {number} n */
  const floats = (part, n) => {
    engine.call(part, n)
    return engine.floats()
  }
  return {
    reading,
    width: engine.call('station_width'),
    height: engine.call('station_height'),
    photograph: {
      width: engine.call('photograph_width'),
      height: engine.call('photograph_height'),
    },
    stations: [0, 1, 2, 3].map((n) => floats('station', n)),
    crops: reading.digits.map((_, n) => floats('photograph_crop', n)),
  }
}

addEventListener('message', async ({ data: { name, file, reader } }) => {
  try {
    postMessage(await develop(name, file, reader))
  } catch (error) {
    const reason = wordsOf(error)
    postMessage({ problem: error instanceof Refusal ? reason
      : `${name}: the engine could not read it (${reason})` })
  }
})
