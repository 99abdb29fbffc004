/** An element with attributes, and with what it holds.
 * @param {string} name @param {Record<string, any>} attributes
 * @param {(Node | string)[]} children */
export function made(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, value)
  element.append(...children)
  return element
}
