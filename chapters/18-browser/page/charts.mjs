// Line charts as SVG, with real text: axes with names and units, a label at
// the end of the line, and the value under the pointer. Also the tables that
// stand below them.
import { make, oncePerFrame } from './make.mjs'

/**
 * @typedef {object} Line
 * @property {string} name stands at its last point
 * @property {[number, number][]} points x rises
 * @property {boolean} [dots] marks each point
 *
 * @typedef {object} Axes
 * @property {string} title for those who do not see the chart
 * @property {string} x name and unit
 * @property {string} y name and unit
 * @property {boolean} [log] a logarithmic axis of y
 * @property {number} [low] of y; else the smallest value
 * @property {number} [high] of y; else the largest value
 * @property {{y: number, name: string}} [reference] a dotted line
 */

/** @type {Line} */
const noLine = { name: '', points: [] }
const height = 220, top = 26, bottom = 40, left = 52, perLetter = 7

/** @param {number} value */
export const short = (value) => String(Number(value.toPrecision(3)))

/**
 * Ticks at 1, 2, 5 x 10^k; on a logarithmic axis at the powers of ten, and at
 * 2 and 5 times each where it has few of them.
 * @param {number} low @param {number} high @param {number} most
 * @param {boolean} [log]
 */
function ticksOf(low, high, most, log = false) {
  const ticks = []
  if (log) {
    const first = Math.floor(Math.log10(low) + 1e-9)
    const last = Math.ceil(Math.log10(high) - 1e-9)
    const factors = last - first < 3 ? [1, 2, 5] : [1]
    for (let k = first; k <= last; ++k)
      for (const factor of factors)
        ticks.push(Number((factor * 10 ** k).toPrecision(3)))
  } else {
    const least = (high - low) / most || 1
    const power = 10 ** Math.floor(Math.log10(least))
    const step = power * ([1, 2, 5].find((factor) =>
      factor * power >= least * (1 - 1e-9)) ?? 10)
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high * (1 + 1e-9);
      ++k)
      ticks.push(Number((k * step).toPrecision(12)))
  }
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) &&
    tick <= high * (1 + 1e-9))
}

/** @param {Line} line @param {Axes} axes @param {0 | 1} which */
function rangeOf({ points }, axes, which) {
  let low = Infinity, high = -Infinity
  for (const point of points) {
    const value = point[which]
    const isBelowAll = which === 1 && axes.log && value <= 0
    if (!Number.isFinite(value) || isBelowAll) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (which === 1) {
    low = axes.low ?? low
    high = axes.high ?? high
  } else low = Math.min(low, 0)
  if (low > high) [low, high] = [axes.log ? 0.1 : 0, 1]
  return low < high ? { low, high } : { low: low * 0.9, high: low * 1.1 || 1 }
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g,
  (letter) => `&#${letter.charCodeAt(0)};`)

/** @param {Line} line @param {Axes} axes @param {number} width */
function drawing(line, axes, width) {
  const right = Math.min(line.name.length * perLetter + 10, width * 0.34)
  const horizontal = rangeOf(line, axes, 0)
  const vertical = rangeOf(line, axes, 1)
  /** @param {number} value */
  const scaled = (value) => axes.log ? Math.log(Math.max(value, 1e-12))
    : value
  /** @param {number} value */
  const x = (value) => left + (width - left - right) *
    (value - horizontal.low) / (horizontal.high - horizontal.low)
  /** @param {number} value */
  const y = (value) => {
    const share = (scaled(value) - scaled(vertical.low)) /
      (scaled(vertical.high) - scaled(vertical.low))
    return height - bottom -
      (height - top - bottom) * Math.min(1.02, Math.max(-0.02, share))
  }
  const parts = [`<text class="chart-name" x="4" y="14">${
    escaped(axes.y)}</text>`, `<text class="chart-name" text-anchor="end" x="${
    width - right}" y="${height - 4}">${escaped(axes.x)}</text>`]
  for (const tick of ticksOf(vertical.low, vertical.high, 5, axes.log))
    parts.push(`<path class="chart-grid" d="M${left},${y(tick)}H${
      width - right}"/><text text-anchor="end" x="${left - 6}" y="${
      y(tick) + 4}">${tick}</text>`)
  const room = Math.max(2, Math.floor((width - left - right) / 70))
  for (const tick of ticksOf(horizontal.low, horizontal.high, room))
    parts.push(`<text text-anchor="middle" x="${x(tick)}" y="${
      height - bottom + 18}">${tick.toLocaleString('en')}</text>`)
  if (axes.reference)
    parts.push(`<path class="chart-reference" d="M${left},${
      y(axes.reference.y)}H${width - right}"/><text text-anchor="end" x="${
      width - right}" y="${y(axes.reference.y) - 4}">${
      escaped(axes.reference.name)}</text>`)
  const places = line.points.filter(([, value]) => Number.isFinite(value))
    .map(([at, value]) => [x(at).toFixed(1), y(value).toFixed(1)])
  if (places.length) {
    const [endX, endY] = places[places.length - 1]
    parts.push(`<polyline class="chart-line" points="${places.join(' ')}"/>`)
    if (line.dots)
      for (const [cx, cy] of places)
        parts.push(`<circle class="chart-mark" cx="${cx}" cy="${
          cy}" r="2.5"/>`)
    parts.push(`<text class="chart-mark" x="${Number(endX) + 6}" y="${
      Number(endY) + 4}">${escaped(line.name)}</text>`)
  }
  return { inside: parts.join(''),
    value: (/** @type {number} */ at) => horizontal.low +
      (at - left) / (width - left - right) *
      (horizontal.high - horizontal.low) }
}

/**
 * A chart that is redrawn at most once a frame, as wide as its parent.
 * @param {HTMLElement} parent @param {Axes} axes
 */
export function lineChart(parent, axes) {
  const figure = make('figure', { class: 'chart' })
  figure.innerHTML = `<svg role="img" height="${height}"></svg>` +
    '<figcaption></figcaption>'
  const [svg, caption] = figure.children
  svg.setAttribute('aria-label', axes.title)
  parent.append(figure)
  let line = noLine
  /** @type {(at: number) => number} */
  let value = (at) => at
  /** Where the pointer is, if it is on the chart. @type {number | null} */
  let pointer = null
  const tell = () => {
    const at = pointer === null ? NaN
      : value(pointer - svg.getBoundingClientRect().left)
    const near = Number.isNaN(at) ? undefined
      : line.points.reduce((best, point) =>
        Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best,
      line.points[0])
    const text = near ? `${line.name}: ${short(near[1])} at ${
      near[0].toLocaleString('en')}` : ''
    if (caption.textContent !== text) caption.textContent = text
  }
  const redraw = oncePerFrame(() => {
    const width = Math.max(240, figure.clientWidth)
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
    const drawn = drawing(line, axes, width)
    svg.innerHTML = drawn.inside
    value = drawn.value
    tell()
  })
  new ResizeObserver(redraw).observe(figure)
  svg.addEventListener('pointermove', (event) => {
    pointer = /** @type {PointerEvent} */ (event).clientX
    tell()
  })
  svg.addEventListener('pointerleave', () => {
    pointer = null
    tell()
  })
  return {
    /** @param {Line} [newest] @param {string} [said] what it shows */
    draw(newest = noLine, said) {
      line = newest
      svg.setAttribute('aria-label',
        said ? `${axes.title}. ${said}` : axes.title)
      redraw()
    },
  }
}

/**
 * A table that scrolls sideways on a narrow page, by keyboard, too.
 * @param {HTMLElement} parent @param {string} title
 * @param {string[]} columns
 */
export function table(parent, title, columns) {
  const body = make('tbody')
  const region = make('div', { class: 'wide', tabindex: 0, role: 'region',
    'aria-label': title }, make('table', {}, make('caption', {}, title),
    make('thead', {}, make('tr', {}, ...columns.map((name) =>
      make('th', { scope: 'col' }, name)))), body))
  parent.append(region)
  return {
    region,
    clear: () => body.replaceChildren(),
    /** @param {string} name @param {...(string | Node)} cells */
    add(name, ...cells) {
      body.append(make('tr', {}, make('th', { scope: 'row' }, name),
        ...cells.map((content) => make('td', {}, content))))
    },
  }
}
