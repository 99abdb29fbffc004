// PNGs with the same pixels in fewer bytes: a picture of at most 256 colours
// is written with a palette, which the writer of the figures does not do, and
// every picture is compressed harder.
import zlib from 'node:zlib'

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

function chunksOf(png) {
  const chunks = []
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return chunks
}

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; ++k) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n >>> 0
})
const crc32 = (bytes) => ~bytes.reduce((crc, byte) =>
  crcTable[(crc ^ byte) & 255] ^ (crc >>> 8), -1) >>> 0

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4), crc = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  crc.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, crc])
}

// What a filter expects of a byte (PNG specification, 9.2).
const guess = [
  () => 0,
  (left) => left,
  (left, up) => up,
  (left, up) => (left + up) >> 1,
  (left, up, corner) => {
    const p = left + up - corner
    const a = Math.abs(p - left), b = Math.abs(p - up)
    const c = Math.abs(p - corner)
    return a <= b && a <= c ? left : b <= c ? up : corner
  },
]

// The bytes of the rows, without the filters.
function unfiltered(raw, height, stride, bytes) {
  const rows = Buffer.alloc(height * stride)
  for (let y = 0; y < height; ++y) {
    const expected = guess[raw[y * (stride + 1)]]
    for (let x = 0; x < stride; ++x) {
      const at = y * stride + x
      rows[at] = raw[y * (stride + 1) + 1 + x] + expected(
        x >= bytes ? rows[at - bytes] : 0, y > 0 ? rows[at - stride] : 0,
        x >= bytes && y > 0 ? rows[at - stride - bytes] : 0)
    }
  }
  return rows
}

// The rows with one filter for all of them.
function filtered(rows, height, stride, bytes, filter) {
  const raw = Buffer.alloc(height * (stride + 1))
  for (let y = 0; y < height; ++y) {
    raw[y * (stride + 1)] = filter
    for (let x = 0; x < stride; ++x) {
      const at = y * stride + x
      raw[y * (stride + 1) + 1 + x] = rows[at] - guess[filter](
        x >= bytes ? rows[at - bytes] : 0, y > 0 ? rows[at - stride] : 0,
        x >= bytes && y > 0 ? rows[at - stride - bytes] : 0)
    }
  }
  return raw
}

const smallest = (buffers) =>
  buffers.reduce((a, b) => b.length < a.length ? b : a)

// The picture itself if it is a film, has no three channels of 8 bits, or is
// small as it is.
export function smallerPng(png) {
  const chunks = chunksOf(png)
  const header = chunks[0].data
  if (header[8] !== 8 || header[9] !== 2 || header[12] !== 0) return png
  if (chunks.some(({ type }) => !['IHDR', 'IDAT', 'IEND'].includes(type)))
    return png
  const width = header.readUInt32BE(0), height = header.readUInt32BE(4)
  const rows = unfiltered(zlib.inflateSync(Buffer.concat(
    chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))),
    height, width * 3, 3)
  const compressed = (pixels, stride, bytes) => smallest([0, 2, 4].map(
    (filter) => zlib.deflateSync(
      filtered(pixels, height, stride, bytes, filter), { level: 9 })))
  const written = (type, ...chunks) => {
    const changed = Buffer.from(header)
    changed[9] = type
    return Buffer.concat([signature, chunk('IHDR', changed), ...chunks,
      chunk('IEND', Buffer.alloc(0))])
  }
  const palette = new Map()
  const indices = Buffer.alloc(height * width)
  for (let i = 0; i < indices.length && palette.size <= 256; ++i) {
    const colour = rows.readUIntBE(i * 3, 3)
    if (!palette.has(colour)) palette.set(colour, palette.size)
    indices[i] = palette.get(colour)
  }
  if (palette.size > 256)
    return smallest([png,
      written(2, chunk('IDAT', compressed(rows, width * 3, 3)))])
  const colours = Buffer.alloc(palette.size * 3)
  for (const [colour, index] of palette)
    colours.writeUIntBE(colour, index * 3, 3)
  return smallest([png, written(3, chunk('PLTE', colours),
    chunk('IDAT', compressed(indices, width, 1)))])
}
