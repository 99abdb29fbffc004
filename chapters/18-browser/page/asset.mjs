// Fetches a file that lies beside the page. Workers use it, too.

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
 * @param {(received: number, total: number) => void} [progress] is told the
 *   bytes received and their total, which is 0 where the server is silent
 *   or names that of the bytes before the browser unpacked them
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
