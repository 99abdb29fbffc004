// The run that the page's address asks for, now and whenever it changes.
import { readAddress } from './recipe.mjs'

/** Calls take() with what the address asks for, now and after each change. If
 * you go to a section of the page and back, you come to the same address: it
 * asks for nothing new, and what you changed meanwhile stays.
 * @param {(found: ReturnType<typeof readAddress>) => void} take */
export function onAddress(take) {
  let left = ''  // the last address of a run that was left
  addEventListener('hashchange', ({ oldURL }) => {
    const { hash } = new URL(oldURL)
    if (readAddress(hash)) left = hash
    if (location.hash !== left) take(readAddress(location.hash))
  })
  take(readAddress(location.hash))
}
