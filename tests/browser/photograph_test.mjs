// Photographs: the page must find the same stations and digits in them as the
// program in the terminal does, and refuse others in the same words.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { checksum, inFolder } from './helpers.mjs'

const photographs = fileURLToPath(new URL(
  '../../chapters/17-handwriting/photographs', import.meta.url))
const bytesOf = (name) => fs.readFileSync(path.join(photographs, name))
const pictures = fs.readdirSync(photographs).filter((name) =>
  /\.(png|jpg)$/.test(name))
// The width and height of each in pixels: the last two whole numbers that stand
// side by side in its line.
const sizes = Object.fromEntries(bytesOf('labels.csv').toString()
  .split('\n').slice(1).filter(Boolean).map((line) => {
    const [width, height] = [...line.matchAll(/,(\d+),(\d+),/g)].pop()
      .slice(1).map(Number)
    return [line.split(',')[0], { width, height }]
  }))
const crops = JSON.parse(fs.readFileSync(
  new URL('crops.json', import.meta.url), 'utf8'))

// What the terminal's program says about a file: JSON, or why it is refused.
const terminal = (ended, name, bytes) => inFolder(async (at) => {
  const file = at(name)
  fs.writeFileSync(file, bytes)
  const { code, stdout, stderr } = await ended('17-handwriting',
    ['read', '--json', file])
  assert.equal(code, stderr ? 1 : 0)
  return stderr ? stderr.trim().replace(`tutorial read: ${file}`, name)
    : JSON.parse(stdout.replace(JSON.stringify(file), JSON.stringify(name)))
})

const input = (page) => page.locator('#photograph-file')
const words = (page) => page.locator('#draw .answer[role=status]')
const refusal = (page) => page.locator('#draw div > .refusal')
const choose = (page, name, bytes) => input(page).setInputFiles(
  { name, mimeType: 'application/octet-stream', buffer: bytes })
const read = (page) => page.waitForFunction(() =>
  !/^Reading/.test(document.querySelector(
    '#draw .answer[role=status]').textContent))
async function started(open) {
  const page = await open()
  await input(page).waitFor()
  return page
}

// The answer of the worker alone, with the bits of all crops.
const developed = (page, name, bytes) => page.evaluate(
  async ({ name, base64 }) => {
    const { app } = await import('./app.mjs')
    const reader = await app.asset('reader.safetensors')
    const file = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
    const worker = new Worker('./darkroom.mjs', { type: 'module' })
    const { data } = await new Promise((done, failed) => {
      worker.onmessage = done
      worker.onerror = failed
      worker.postMessage({ name, file, reader })
    })
    worker.terminate()
    if (data.problem) return data
    return { reading: data.reading, width: data.width, height: data.height,
      photograph: data.photograph,
      bits: data.crops.flatMap(({ buffer }) => [...new Uint32Array(buffer)]),
      sizes: data.stations.map(({ length }) => length) }
  }, { name, base64: bytes.toString('base64') })

// The terminal's processor may round the last of four digits differently.
function sameReading(ours, expected) {
  const rest = ({ digits, ...others }) => ({ ...others,
    digits: digits.map(({ box, answer }) => ({ box, answer })) })
  assert.deepEqual(rest(ours), rest(expected))
  ours.digits.forEach(({ probability }, n) => assert.ok(
    Math.abs(probability - expected.digits[n].probability) < 0.00015))
}

// A JPEG with an EXIF note that says how its camera was held.
function turned(jpeg, orientation) {
  const note = Buffer.from('ffe100224578696600004d4d002a00000008000101120003' +
    `000000010${orientation.toString(16).padStart(3, '0')}000000000000`, 'hex')
  return Buffer.concat([jpeg.subarray(0, 2), note, jpeg.subarray(2)])
}

// Files that are not photographs, or that someone has damaged on purpose.
function hostile() {
  const jpeg = bytesOf('madhav_03.jpg'), png = bytesOf('hyp_10.png')
  const huge = Buffer.from(png)
  huge.writeUInt32BE(65000, 16)
  huge.writeUInt32BE(65000, 20)
  const promising = Buffer.from(png)
  promising.writeUInt32BE(9000, 16)
  promising.writeUInt32BE(9000, 20)
  const damaged = Buffer.from(png)
  damaged.fill(0xff, damaged.indexOf('IDAT') + 8,
    damaged.indexOf('IDAT') + 400)
  const boxes = (brand) => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0${brand
  }mif1`, 'latin1')
  return {
    'nothing.jpg': Buffer.alloc(0),
    'letter.png': Buffer.from('Dear reader,\nthis is a letter.\n'),
    'half.jpg': jpeg.subarray(0, jpeg.length / 2),
    'half.png': png.subarray(0, png.length - 20),
    'huge.png': huge,
    'promising.png': promising,
    'damaged.png': damaged,
    'phone.heic': boxes('heic'),
    'web.avif': boxes('avif'),
    'web.webp': Buffer.from('RIFF\x20\0\0\0WEBPVP8 ', 'latin1'),
    'paper.pdf': Buffer.from('%PDF-1.7\n'),
    'drawing.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'noise.bin': Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]),
    'small.bmp': Buffer.from('BM\x1a\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0',
      'latin1'),
    'end.gif': Buffer.from('GIF89a\x01\0\x01\0', 'latin1'),
  }
}

export default (test) => {
  test('the book\'s photographs are cut and read as in the terminal, to the '
    + 'bit', {}, async ({ open, ended }) => {
    const page = await started(open)
    assert.equal(pictures.length, 8)
    for (const name of pictures) {
      const it = await developed(page, name, bytesOf(name))
      sameReading(it.reading, await terminal(ended, name, bytesOf(name)))
      assert.equal(checksum(it.bits), crops[name], `the crops of ${name}`)
      assert.deepEqual(it.photograph, sizes[name])
      assert.deepEqual(it.sizes, Array(4).fill(it.width * it.height))
    }
  })

  test('a photograph shows its stations, and a digit of it goes to the pad',
    { views: ['desktop', 'phone'] }, async ({ open }) => {
      const page = await started(open)
      await input(page).setInputFiles(path.join(photographs, 'spar_04.jpg'))
      await page.locator('#draw .stations figure').nth(3).waitFor()
      assert.equal(await words(page).textContent(), 'spar_04.jpg: 23456')
      for (const canvas of await page.locator('#draw .stations canvas').all())
        assert.ok(await canvas.evaluate(({ width, height }) =>
          width >= 400 && height > 100))
      const crops = page.locator('#draw .crop')
      assert.equal(await crops.count(), 5)
      const pressed = crops.nth(2)
      assert.match(await pressed.textContent(), /^4 100\.0\s%$/)
      await pressed.click()
      await page.waitForFunction(() => document.querySelector(
        '#draw .reading .answer').textContent
        .startsWith('digit 3 of spar_04.jpg, read as 4'))
      // What the network sees is the crop.
      const pixels = (canvas) => canvas.evaluate((it) =>
        it.getContext('2d').getImageData(0, 0, 28, 28).data.toString())
      assert.equal(await pixels(page.locator('#draw .seen canvas')),
        await pixels(pressed.locator('canvas')))
    })

  test('a frame lies around its digit, however flat the picture is', {},
    async ({ open }) => {
      const page = await started(open)
      const left = 2940, right = 2952
      const base64 = await page.evaluate(async ({ left, right }) => {
        const canvas = new OffscreenCanvas(3000, 25)
        const to = canvas.getContext('2d')
        to.fillStyle = '#ddd'
        to.fillRect(0, 0, 3000, 25)
        to.fillStyle = '#222'
        to.fillRect(left, 2, right - left, 20)
        const blob = await canvas.convertToBlob({ type: 'image/png' })
        return btoa(String.fromCharCode(
          ...new Uint8Array(await blob.arrayBuffer())))
      }, { left, right })
      await choose(page, 'flat.png', Buffer.from(base64, 'base64'))
      const grey = page.locator('#draw .stations canvas').first()
      const columns = await grey.evaluate((canvas) => {
        const { width, height } = canvas
        const { data } = canvas.getContext('2d')
          .getImageData(0, 0, width, height)
        return [...Array(width).keys()].filter((x) =>
          [...Array(height).keys()].some((y) => {
            const at = 4 * (y * width + x)
            return data[at] > 180 && data[at + 2] < 40  // vermilion
          }))
      })
      // Three of the picture's columns are one of the canvas, and the line
      // is five wide.
      assert.ok(Math.abs(columns[0] - left / 3) < 5, `${columns}`)
      assert.ok(Math.abs(columns.at(-1) - right / 3) < 5, `${columns}`)
    })

  test('a photograph of no digit says so', {}, async ({ open, ended }) => {
    const page = await started(open)
    for (const name of ['bret_08.jpg', 'madhav_05.jpg']) {
      await input(page).setInputFiles(path.join(photographs, name))
      await page.waitForFunction((name) => document.querySelector(
        '#draw .answer[role=status]').textContent
        .startsWith(`${name}: no answer`), name)
      const { refused } = await terminal(ended, name, bytesOf(name))
      assert.equal(await words(page).textContent(),
        `${name}: no answer (${refused})`)
    }
  })

  test('a turned photograph is set upright', {}, async ({ open, ended }) => {
    const page = await started(open)
    for (const orientation of [3, 6, 8]) {
      const jpeg = turned(bytesOf('madhav_03.jpg'), orientation)
      const there = await terminal(ended, 'turned.jpg', jpeg)
      const it = await developed(page, 'turned.jpg', jpeg)
      sameReading(it.reading, there)
      assert.equal(it.width > it.height, orientation !== 3)
    }
  })

  test('hostile files are refused in the terminal\'s words', {},
    async ({ open, ended }) => {
      const page = await started(open)
      for (const [name, bytes] of Object.entries(hostile())) {
        const said = await terminal(ended, name, bytes)
        assert.equal(typeof said, 'string', name)
        await choose(page, name, bytes)
        await page.waitForFunction((name) => document.querySelector(
          '#draw div > .refusal')?.textContent.startsWith(name), name)
        assert.equal(await refusal(page).textContent(), said)
      }
      // The page still works.
      await choose(page, 'five.png', bytesOf('hyp_23.png'))
      await page.locator('#draw .crop').nth(4).waitFor()
      assert.equal(await refusal(page).textContent(), '')
    })

  test('photographs come by dropping and by pasting, too', {},
    async ({ open }) => {
      const page = await started(open)
      const send = (type, name) => page.evaluate(({ type, name, base64 }) => {
        const data = new DataTransfer()
        data.items.add(new File([Uint8Array.from(atob(base64),
          (c) => c.charCodeAt(0))], name))
        const target = document.querySelector('#draw')
        const event = type === 'paste'
          ? new ClipboardEvent(type, { clipboardData: data, bubbles: true })
          : new DragEvent(type, { dataTransfer: data, bubbles: true,
            cancelable: true })
        return target.dispatchEvent(event)
      }, { type, name, base64: bytesOf(name).toString('base64') })
      assert.equal(await send('dragover', 'hyp_10.png'), false)
      await send('drop', 'hyp_10.png')
      await page.locator('#draw .crop').nth(2).waitFor()
      assert.equal(await words(page).textContent(), 'hyp_10.png: 627')
      await send('paste', 'bret_01.png')
      await page.locator('#draw .crop').nth(3).waitFor()
      assert.equal(await words(page).textContent(), 'bret_01.png: 1740')
    })

  test('a photograph of 12 megapixels is read', {}, async ({ open }) => {
    const page = await started(open)
    const { strokes } = JSON.parse(fs.readFileSync(
      new URL('strokes.json', import.meta.url), 'utf8'))[6]
    await page.evaluate(async (strokes) => {
      const canvas = new OffscreenCanvas(4000, 3000)
      const to = canvas.getContext('2d')
      to.fillStyle = '#d8d4cc'
      to.fillRect(0, 0, 4000, 3000)
      to.lineWidth = 60
      to.lineCap = to.lineJoin = 'round'
      to.strokeStyle = '#223'
      for (const stroke of strokes) {
        to.beginPath()
        for (const [x, y] of stroke)
          to.lineTo(1500 + 1000 * x, 1000 + 1000 * y)
        to.stroke()
      }
      const blob = await canvas.convertToBlob({ type: 'image/jpeg' })
      const data = new DataTransfer()
      data.items.add(new File([blob], 'large.jpg'))
      document.querySelector('#draw').dispatchEvent(new DragEvent('drop',
        { dataTransfer: data, bubbles: true, cancelable: true }))
    }, strokes)
    await read(page)
    await page.locator('#draw .crop').waitFor()
    assert.equal(await words(page).textContent(), 'large.jpg: 6')
  })
}
