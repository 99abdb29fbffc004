// The library in JavaScript: a module of WebAssembly, whose functions take
// and return numbers. What is larger goes into its room, and comes back as
// its result.

/** A refusal by the library, in its own words. */
export class Refusal extends Error {}

// A module with a function on one vector of 128 bits: a browser that does not
// accept these bytes has no SIMD.
const withVectors = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96,
  0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11])

/** @type {Map<string, Promise<WebAssembly.Module>>} by address */
const compiled = new Map()

/**
 * Fetches and compiles a module, even from a server that does not call it
 * application/wasm.
 * @param {string} address
 */
async function compile(address) {
  const response = await fetch(address)
  if (!response.ok)
    throw new Error(`${address}: expected the engine, got ${response.status}`)
  return WebAssembly.compileStreaming(response.clone())
    .catch(async () => WebAssembly.compile(await response.arrayBuffer()))
}

export class Engine {
  /** @type {WebAssembly.Module} */
  #module
  /** @type {Record<string, (...numbers: number[]) => any>} */
  #exports = {}
  /** @type {WebAssembly.Memory} */
  #memory
  /** Whether a call was refused or failed. After that no call works. */
  dead = false

  /**
   * Loads the engine beside the page, or the darkroom, which reads
   * photographs; the scalar one where there is no SIMD.
   * @param {string} base
   * @param {'engine' | 'darkroom'} part
   */
  static async load(base = './', part = 'engine') {
    const kind = WebAssembly.validate(withVectors) ? 'simd' : 'scalar'
    const address = `${base}${part}-${kind}.wasm`
    const module = compiled.get(address) ?? compile(address)
    compiled.set(address, module)
    module.catch(() => compiled.delete(address))
    return Engine.of(await module)
  }

  /** @param {WebAssembly.Module} module */
  static async of(module) {
    /** @type {Engine | null} */
    let engine = null
    const imports = {
      env: {
        /** @type {(text: number, size: number) => never} */
        cnn_refuse(text, size) {
          const memory = /** @type {Engine} */ (engine).#memory
          throw new Refusal(new TextDecoder().decode(
            new Uint8Array(memory.buffer, text, size)))
        },
      },
      // What the standard library may ask of a system. It never does in our
      // engine, unless the memory runs out.
      wasi_snapshot_preview1: new Proxy({}, {
        get: (_, name) => () => {
          throw new Error(`the engine stopped at ${String(name)}`)
        },
      }),
    }
    const instance = await WebAssembly.instantiate(module, imports)
    engine = new Engine(module, instance)
    return engine
  }

  /**
   * @param {WebAssembly.Module} module
   * @param {WebAssembly.Instance} instance
   */
  constructor(module, instance) {
    this.#module = module
    this.#exports = /** @type {any} */ (instance.exports)
    this.#memory = /** @type {any} */ (instance.exports.memory)
    this.call('_initialize')
    /** The engine's version: another one may give other bits. */
    this.version = this.call('engine_version')
  }

  /** A new instance that has seen nothing. */
  fresh() {
    return Engine.of(this.#module)
  }

  /**
   * Calls a function of the module by its name. After an error of any kind
   * the engine is dead.
   * @param {string} name
   * @param {...number} numbers
   * @returns {number}
   */
  call(name, ...numbers) {
    if (this.dead) throw new Error(`${name}: this engine is dead`)
    const chosen = this.#exports[name]
    if (!chosen) throw new Error(`the engine has no function ${name}`)
    try {
      return chosen(...numbers) ?? 0
    } catch (error) {
      this.dead = true
      throw error
    }
  }

  /**
   * Puts something into the room, for the next calls.
   * @param {Uint8Array | Float32Array | string} data
   */
  send(data) {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const room = this.call('room', bytes.length)
    new Uint8Array(this.#memory.buffer, room, bytes.length).set(bytes)
  }

  /** The last result that a call has set. */
  bytes() {
    const at = this.call('result')
    return new Uint8Array(this.#memory.buffer)
      .slice(at, at + this.call('result_bytes'))
  }

  floats() {
    return new Float32Array(this.bytes().buffer)
  }

  text() {
    return new TextDecoder().decode(this.bytes())
  }

  /** @returns {any} */
  json() {
    return JSON.parse(this.text())
  }

  /** How many bytes the engine has taken from the machine. */
  get memory() {
    return this.#memory.buffer.byteLength
  }
}
