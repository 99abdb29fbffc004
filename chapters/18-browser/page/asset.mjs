// What the page shares with its workers and with the live figures: files that
// lie beside it, the digits in them, and the words of an error.

const pixels = 28 * 28

/** @typedef {{ count: number, picture: (n: number) => Float32Array,
 *   label: (n: number) => number }} Digits */

/** What a .gz file holds. Some servers have unpacked it on the way already,
 * so its first two bytes decide.
 * @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array>} */
async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** @param {string} name digits.safetensors, reader.safetensors,
 *   held-out.bin.gz or train.bin.gz
 * @param {(received: number, total: number) => void} [progress] gets the
 *   bytes received so far and their total, which is 0 if the server does not
 *   give it, or gives only that of the bytes before the browser unpacks them
 * @returns {Promise<Uint8Array>} its bytes, unpacked: the caller's own */
export async function asset(name, progress = () => {}) {
  const response = await fetch(new URL(name, import.meta.url))
  if (!response.ok || !response.body)
    throw new Error(`${name} is not there: the server answered ` +
      `${response.status}`)
  const { headers } = response
  const total = headers.has('content-encoding') ? 0
    : Number(headers.get('content-length'))
  /** @type {BlobPart[]} */
  const parts = []
  let received = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    received += value.length
    progress(received, total)
  }
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
  return name.endsWith('.gz') ? unpacked(bytes) : bytes
}

/** Digits as a file holds them: the grey bytes of all, then their labels.
 * @param {Uint8Array} bytes @returns {Digits} */
export function digitsOf(bytes) {
  const count = bytes.length / (pixels + 1)
  if (!Number.isInteger(count))
    throw new Error(`expected ${pixels + 1} bytes for each digit, found ` +
      `${bytes.length} bytes`)
  return {
    count,
    picture: (n) => Float32Array.from(
      bytes.subarray(n * pixels, (n + 1) * pixels), (grey) => grey / 255),
    label: (n) => bytes[count * pixels + n],
  }
}

/** @param {unknown} error */
export const wordsOf = (error) =>
  error instanceof Error ? error.message : String(error)
