// A photograph of handwriting goes through chapter 17's reader, and each of
// its stations is shown.
import { drawPixels } from './pixels.mjs'
import { make } from './make.mjs'
import { percent } from './read.mjs'

/** @typedef {import('./app.mjs').SharedApp} App */
/** @typedef {import('./darkroom.mjs').Developed} Developed */
/** @typedef {(picture: Float32Array, words: string) => void} Take */

const stations = [
  ['Grey', 'The photograph without its colours, made smaller if it was '
    + 'large. A frame marks each digit that was found.'],
  ['Paper', 'How bright the paper is at each place, shadows included.'],
  ['Ink', 'How much of its light the paper does not give back.'],
  ['Strokes', 'The ink without the lines that were printed on the paper.'],
]

/** Reads a photograph in a worker that ends afterwards.
 * @param {string} name @param {Uint8Array} file @param {Uint8Array} reader
 * @returns {Promise<Developed>} */
function develop(name, file, reader) {
  const worker = new Worker(new URL('./darkroom.mjs', import.meta.url),
    { type: 'module' })
  return /** @type {Promise<Developed>} */ (new Promise((done, failed) => {
    worker.addEventListener('message', ({ data }) => data.problem
      ? failed(new Error(data.problem)) : done(data))
    worker.addEventListener('error', (event) => failed(new Error(
      `${name}: the worker stopped: ${event.message ?? 'it did not load'}`)))
    worker.postMessage({ name, file, reader })
  })).finally(() => worker.terminate())
}

/** @param {Developed} it @param {number} n */
function figureOf(it, n) {
  const [name, words] = stations[n]
  const canvas = make('canvas', { role: 'img', 'aria-label': name })
  drawPixels(canvas, it.stations[n], it.width, it.height)
  const to = canvas.getContext('2d')
  if (n === 0 && to) {
    to.strokeStyle = '#d55e00'
    to.lineWidth = Math.max(2, it.width / 200)
    for (const { box } of it.reading.digits) {
      const [left, top, right, bottom] = box.map((at, side) => side % 2
        ? at * it.height / it.photograph.height
        : at * it.width / it.photograph.width)
      to.strokeRect(left, top, right - left, bottom - top)
    }
  }
  return make('figure', {}, canvas, make('figcaption', {},
    make('strong', {}, name), ` ${words}`))
}

/** @param {Developed} it @param {string} file @param {Take} take */
const cropsOf = (it, file, take) => it.reading.digits.map((digit, n) => {
  const canvas = make('canvas', { 'aria-hidden': 'true' })
  drawPixels(canvas, it.crops[n], 28, 28)
  return make('button', { type: 'button', class: 'crop', click: () =>
    take(it.crops[n], `digit ${n + 1} of ${file}`) },
  canvas, make('strong', {}, String(digit.answer)), ' ',
  percent(digit.probability))
})

/** @param {HTMLElement} section where pictures may be dropped
 * @param {App} app @param {Take} take */
export function makePhotograph(section, app, take) {
  const input = make('input', { type: 'file', id: 'photograph-file',
    accept: 'image/jpeg,image/png,image/bmp,image/gif' })
  const words = make('p', { class: 'answer', role: 'status' })
  const shown = make('div')
  let last = 0  // the number of the newest photograph

  /** @param {File} file */
  const read = async (file) => {
    const turn = ++last
    app.refuse(place, null)
    shown.replaceChildren()
    words.textContent = `Reading ${file.name} ...`
    try {
      const [bytes, reader] = await Promise.all([file.arrayBuffer(),
        app.asset('reader.safetensors')])
      const it = await develop(file.name, new Uint8Array(bytes), reader)
      if (turn !== last) return
      const { lines, refused } = it.reading
      words.textContent = refused ? `${file.name}: no answer (${refused})`
        : `${file.name}: ${lines.join(' / ')}`
      shown.replaceChildren(
        make('div', { class: 'row crops' }, ...cropsOf(it, file.name, take)),
        make('div', { class: 'columns stations' },
          ...stations.map((_, n) => figureOf(it, n))))
    } catch (error) {
      if (turn !== last) return
      words.textContent = ''
      app.refuse(place, error)
    }
  }

  /** @param {FileList | undefined} files */
  const first = (files) => files?.[0] && read(files[0])
  input.addEventListener('change', () => {
    first(input.files ?? undefined)
    input.value = ''  // so that the same file can be chosen again
  })
  section.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
  })
  section.addEventListener('drop', (event) => {
    if (!event.dataTransfer?.files.length) return
    event.preventDefault()
    first(event.dataTransfer.files)
  })
  document.addEventListener('paste', (event) => {
    if (event.clipboardData?.files.length) first(event.clipboardData.files)
  })

  const place = make('div', {},
    make('h3', {}, 'Or give it a photograph'),
    make('p', {}, 'Choose a picture of handwritten digits, drop one here or '
      + 'paste it. Chapter 17\'s reader finds the digits and reads them, and '
      + 'the picture stays on your device. Press a digit that it found to '
      + 'take it to the pad.'),
    make('label', { class: 'row', for: 'photograph-file' }, 'Photograph',
      input), words, shown)
  return place
}
