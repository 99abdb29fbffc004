// Pictures that the site and the EPUB need and no program of the book draws:
// digits of the book's own data, and words in large square letters.
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'

// Letters of 5 columns and 9 rows, a row a number of five bits.
const letters = {
  P: [30, 17, 17, 30, 16, 16, 16], i: [4, 0, 12, 4, 4, 4, 14],
  x: [0, 0, 17, 10, 4, 10, 17], e: [0, 0, 14, 17, 31, 16, 14],
  l: [12, 4, 4, 4, 4, 4, 14], s: [0, 0, 15, 16, 14, 1, 30],
  t: [8, 8, 28, 8, 8, 9, 6], o: [0, 0, 14, 17, 17, 17, 14],
  r: [0, 0, 22, 25, 16, 16, 16], d: [1, 1, 13, 19, 17, 19, 13],
  c: [0, 0, 14, 16, 16, 17, 14], n: [0, 0, 22, 25, 17, 17, 17],
  A: [14, 17, 17, 31, 17, 17, 17], N: [17, 25, 21, 19, 17, 17, 17],
  C: [14, 17, 16, 16, 16, 17, 14], a: [0, 0, 14, 1, 15, 17, 15],
  u: [0, 0, 17, 17, 17, 19, 13], w: [0, 0, 17, 17, 21, 21, 10],
  k: [16, 16, 18, 20, 24, 20, 18], f: [6, 9, 8, 28, 8, 8, 8],
  m: [0, 0, 26, 21, 21, 21, 21], p: [0, 0, 30, 17, 17, 30, 16, 16],
  y: [0, 0, 17, 17, 17, 15, 1, 14], v: [0, 0, 17, 17, 17, 10, 4],
  h: [16, 16, 22, 25, 17, 17, 17], b: [16, 16, 22, 25, 17, 25, 22],
  g: [0, 0, 15, 17, 17, 15, 1, 14], 2: [14, 17, 1, 6, 8, 16, 31],
  0: [14, 17, 19, 21, 25, 17, 14], '+': [0, 4, 4, 31, 4, 4, 0],
  ',': [0, 0, 0, 0, 0, 12, 4, 8], '.': [0, 0, 0, 0, 0, 12, 12],
}

const crcs = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; ++k) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n >>> 0
})
function chunk(name, data) {
  const bytes = Buffer.alloc(data.length + 12)
  bytes.writeUInt32BE(data.length)
  bytes.write(name, 4, 'latin1')
  data.copy(bytes, 8)
  let crc = 0xffffffff
  for (let i = 4; i < bytes.length - 4; ++i)
    crc = crcs[(crc ^ bytes[i]) & 255] ^ (crc >>> 8)
  bytes.writeUInt32BE((crc ^ 0xffffffff) >>> 0, bytes.length - 4)
  return bytes
}

export class Picture {
  constructor(width, height, colour) {
    Object.assign(this, { width, height })
    this.bytes = Buffer.alloc(3 * width * height)
    this.box(0, 0, width, height, colour)
  }

  box(x, y, width, height, colour) {
    for (let row = y; row < y + height; ++row)
      for (let at = 3 * (row * this.width + x), i = 0; i < width; ++i)
        for (const part of colour) this.bytes[at++] = part
  }

  words(text, x, y, scale, colour) {
    for (const letter of text) {
      letters[letter]?.forEach((row, down) => {
        for (let right = 0; right < 5; ++right)
          if (row >> (4 - right) & 1)
            this.box(x + right * scale, y + down * scale, scale, scale, colour)
      })
      x += (letter === ' ' ? 4 : 6) * scale
    }
  }

  // A digit, cell by cell: paper and ink are colours.
  digit(pixels, x, y, scale, paper, ink, gap = 0) {
    for (let i = 0; i < 784; ++i) {
      const share = pixels[i] / 255
      this.box(x + i % 28 * scale, y + Math.floor(i / 28) * scale,
        scale - gap, scale - gap, paper.map((low, part) =>
          Math.round(low + share * (ink[part] - low))))
    }
  }

  png() {
    const head = Buffer.alloc(13)
    head.writeUInt32BE(this.width)
    head.writeUInt32BE(this.height, 4)
    head.set([8, 2, 0, 0, 0], 8)
    const rows = Buffer.alloc((3 * this.width + 1) * this.height)
    for (let y = 0; y < this.height; ++y)
      this.bytes.copy(rows, (3 * this.width + 1) * y + 1,
        3 * this.width * y, 3 * this.width * (y + 1))
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(rows, { level: 9 })),
      chunk('IEND', Buffer.alloc(0))])
  }
}

// The book's digits: the pixels of the `nth` one with a label.
export function digits(root) {
  const read = (name) => fs.readFileSync(path.join(root, 'common/data', name))
  const images = read('digits-images-idx3-ubyte').subarray(16)
  const labels = read('digits-labels-idx1-ubyte').subarray(8)
  return (label, nth = 0) => {
    for (let i = 0; i < labels.length; ++i)
      if (labels[i] === label && nth-- === 0)
        return images.subarray(784 * i, 784 * (i + 1))
    throw new Error(`picture.mjs: too few digits ${label}`)
  }
}

const night = [31, 35, 40], cell = [44, 49, 56], chalk = [255, 255, 255]
const amber = [240, 150, 60]

// What a link to the site looks like where links have pictures.
export function card(root) {
  const picture = new Picture(1200, 630, night)
  picture.digit(digits(root)(4), 60, 63, 18, cell, amber, 2)
  picture.words('Pixels to', 620, 190, 9, chalk)
  picture.words('Predictions', 620, 300, 8, chalk)
  picture.words('A CNN in C++20,', 620, 440, 5, amber)
  picture.words('from an empty file', 620, 500, 5, amber)
  return picture.png()
}

export function cover(root) {
  const picture = new Picture(1200, 1800, night)
  picture.words('Pixels to', 120, 160, 17, chalk)
  picture.words('Predictions', 120, 340, 14, chalk)
  picture.digit(digits(root)(4), 124, 560, 34, cell, amber, 4)
  picture.words('A CNN in C++20, from an empty file', 120, 1630, 5, chalk)
  return picture.png()
}

// 404, as three people wrote it.
export function lost(root) {
  const digit = digits(root)
  const picture = new Picture(3 * 28 * 7 + 2 * 14, 28 * 7, [0, 0, 0])
  ;[digit(4, 7), digit(0, 3), digit(4, 12)].forEach((pixels, n) =>
    picture.digit(pixels, n * (28 * 7 + 14), 0, 7, [0, 0, 0], chalk))
  return picture.png()
}
