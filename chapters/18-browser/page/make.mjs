// Makes elements of the page, numbers as text, and work that waits for the
// next frame.

/** An element with its attributes and its content. An attribute that is a
 * function is called when the element is clicked.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | ((event: MouseEvent) => void)>}
 *   attributes
 * @param {...(string | Node)} content
 * @returns {HTMLElementTagNameMap[Tag]} */
export function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function')
      element.addEventListener('click', /** @type {any} */ (value))
    else element.setAttribute(name, String(value))
  }
  element.append(...content)
  return element
}

/** @param {string} text @param {(event: MouseEvent) => void} press
 * @param {Record<string, string | number>} attributes */
export function button(text, press, attributes = {}) {
  return make('button', { type: 'button', click: press, ...attributes }, text)
}

/** A function that has draw() called once in the next frame, however often it
 * is called before that. @param {() => void} draw */
export function oncePerFrame(draw) {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      draw()
    })
  }
}

/** The shortest decimal that is read back as the same float, with a real
 * minus sign.
 * @param {number} float */
export function exactly(float) {
  let text = String(float)
  for (let digits = 1; digits < 10; ++digits) {
    const shorter = Number(float.toPrecision(digits))
    if (Math.fround(shorter) !== float) continue
    text = String(shorter)
    break
  }
  return text.replace('Infinity', '∞').replaceAll('-', '−')
}

/** '1 step', '1,500 steps'. @param {number} count @param {string} one */
export const counted = (count, one) =>
  `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`

/** @param {number} float */
export const roughly = (float) =>
  exactly(Math.fround(Number(float.toPrecision(3))))
