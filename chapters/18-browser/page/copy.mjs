// What a reader takes away from the page: a text or a file.
import { make } from './make.mjs'

/** Puts a text on the clipboard, even if the page came without https and the
 * browser therefore offers no clipboard.
 * @param {string} text */
async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (!done) throw new Error('no clipboard')
}

/**
 * Makes a button copy a text, and say so for two seconds.
 * @param {HTMLButtonElement} button @param {() => string} text
 */
export function copies(button, text) {
  const label = button.textContent
  button.addEventListener('click', async () => {
    button.textContent = await put(text()).then(() => 'Copied',
      () => 'The browser did not allow it')
    setTimeout(() => { button.textContent = label }, 2000)
  })
}

/** @param {Blob} blob @param {string} name of the file */
export function download(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}
