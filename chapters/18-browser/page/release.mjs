// What release.json says about this page.

/** `book` is where the site of the book begins, if this page is a part of it.
 * @typedef {{ version?: string, book?: string }} Release */

/** @type {Promise<Release> | undefined} */
let asked

/** The release of this page; an empty one if there is no release.json. */
export function release() {
  asked ??= fetch(new URL('release.json', import.meta.url))
    .then((response) => response.ok ? response.json() : {})
    .catch(() => ({}))
  return asked
}
