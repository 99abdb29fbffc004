// Draws numbers as pixels: a digit, a filter, a feature map.

/** @typedef {'grey' | 'diverging'} Palette */

// The colour of a value that is not finite, as in the book's figures.
const notANumber = [204, 121, 167]
const negative = [0, 114, 178]
const positive = [213, 94, 0]

/** The largest magnitude; 1 if all numbers are 0.
 * @param {ArrayLike<number>} floats */
export function magnitude(floats) {
  let most = 0
  for (let i = 0; i < floats.length; ++i)
    most = Math.max(most, Math.abs(floats[i]) || 0)
  return most || 1
}

/** Red, green and blue of a value: grey goes from black at 0 to white at
 * `scale`, diverging from blue at -scale over white at 0 to vermilion.
 * @param {number} value @param {Palette} palette @param {number} scale
 * @returns {number[]} */
export function colourOf(value, palette, scale) {
  if (!Number.isFinite(value)) return notANumber
  const amount = Math.min(Math.abs(value) / scale, 1)
  if (palette === 'grey')
    return Array(3).fill(value > 0 ? 255 * amount : 0)
  const end = value < 0 ? negative : positive
  return end.map((channel) => 255 - amount * (255 - channel))
}

/** Draws `width` x `height` numbers, row by row, one pixel each. The canvas
 * enlarges them without smoothing, by its CSS size. Grey numbers are drawn
 * from 0 to 1 and diverging ones up to the largest magnitude, unless
 * `scale` says otherwise; it is returned, so that a caption can show it.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} floats
 * @param {number} width @param {number} height @param {Palette} [palette]
 * @param {number} [scale] @returns {number} */
export function drawPixels(canvas, floats, width, height, palette = 'grey',
  scale = palette === 'grey' ? 1 : magnitude(floats)) {
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  canvas.classList.add('pixels')
  const image = new ImageData(width, height)
  for (let i = 0; i < width * height; ++i) {
    image.data.set(colourOf(floats[i], palette, scale), 4 * i)
    image.data[4 * i + 3] = 255
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return scale
}

/** Gives a canvas of `cells` columns the largest CSS width, of at most
 * `room` pixels, at which a cell covers whole pixels of the device.
 * @param {HTMLCanvasElement} canvas @param {number} cells
 * @param {number} room */
export function fitPixels(canvas, cells, room) {
  const ratio = globalThis.devicePixelRatio || 1
  const whole = Math.max(1, Math.floor(room * ratio / cells))
  canvas.style.width = `${cells * whole / ratio}px`
}
