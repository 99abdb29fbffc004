// PNGs with the same pixels in fewer bytes: a picture of at most 256 colours
// is written with a palette, which the writer of the figures does not do.
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

// The bytes of the rows, without the filters (PNG specification, 9.2).
function unfiltered(raw, height, stride, bytes) {
  const rows = Buffer.alloc(height * stride)
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (stride + 1)]
    for (let x = 0; x < stride; ++x) {
      const at = y * stride + x
      const left = x >= bytes ? rows[at - bytes] : 0
      const up = y > 0 ? rows[at - stride] : 0
      const corner = x >= bytes && y > 0 ? rows[at - stride - bytes] : 0
      const p = left + up - corner
      const [a, b, c] = [p - left, p - up, p - corner].map(Math.abs)
      const guess = [0, left, up, (left + up) >> 1,
        a <= b && a <= c ? left : b <= c ? up : corner][filter]
      rows[at] = raw[y * (stride + 1) + 1 + x] + guess
    }
  }
  return rows
}

// The picture itself if it is a film, has no three channels of 8 bits, has too
// many colours, or is small as it is.
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
  const palette = new Map()
  const indices = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) {
      const colour = rows.readUIntBE((y * width + x) * 3, 3)
      if (!palette.has(colour)) palette.set(colour, palette.size)
      if (palette.size > 256) return png
      indices[y * (width + 1) + 1 + x] = palette.get(colour)
    }
  const indexed = Buffer.from(header)
  indexed[9] = 3
  const colours = Buffer.alloc(palette.size * 3)
  for (const [colour, index] of palette) colours.writeUIntBE(colour, index * 3, 3)
  const smaller = Buffer.concat([signature, chunk('IHDR', indexed),
    chunk('PLTE', colours),
    chunk('IDAT', zlib.deflateSync(indices, { level: 9 })),
    chunk('IEND', Buffer.alloc(0))])
  return smaller.length < png.length ? smaller : png
}
