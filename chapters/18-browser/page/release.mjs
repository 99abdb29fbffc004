// What release.json says of this page.

/** `book` is where the site of the book begins, if this page is a part of it.
 * @typedef {{ version?: string, book?: string }} Release */

/** @type {Promise<Release> | undefined} */
let asked

/** An empty one where the page has none. */
export function release() {
  asked ??= fetch(new URL('release.json', import.meta.url))
    .then((response) => response.ok ? response.json() : {})
    .catch(() => ({}))
  return asked
}
