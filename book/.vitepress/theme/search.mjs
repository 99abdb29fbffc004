// The search's dialog, on pages of the book and of code: the button with
// data-find, the key / or Ctrl and K open it.
import { excerpt, find, makeIndex, unpacked } from './find.mjs'
import { made } from './made.mjs'

const names = { page: 'Chapter', section: 'Text', exercise: 'Exercise',
  solution: 'Solution', code: 'Code', term: 'Glossary' }

let index  // a promise of it, once the search is opened

function result({ entry }, query, base, n) {
  const { kind, chapter, page, title, href } = entry
  const words = made('span', { class: 'text' },
    ...excerpt(entry, query).map(([piece, hit]) =>
      hit ? made('mark', {}, piece) : piece))
  const where = kind === 'page' || !page ? [] :
    [made('span', { class: 'of' }, page)]
  return made('a', { id: `found-${n}`, role: 'option',
    href: base + href.slice(1), 'aria-selected': n === 0, tabindex: -1 },
  made('span', { class: 'chapter' }, chapter || '·'),
  made('span', { class: 'what' },
    made('span', { class: 'title' },
      kind === 'code' ? made('code', {}, title) : title, ' ', ...where,
      made('span', { class: 'kind' }, kind === 'page' && !chapter ? 'Page'
        : names[kind])), words))
}

/** @param {string} base where the site begins */
export function startSearch(base) {
  const input = made('input', { type: 'search', autocomplete: 'off',
    spellcheck: 'false', enterkeyhint: 'go', role: 'combobox',
    'aria-label': 'Search the book, its exercises and its code',
    'aria-controls': 'found', 'aria-expanded': 'false',
    placeholder: 'Search text, exercises, code' })
  const list = made('div', { id: 'found', role: 'listbox',
    'aria-label': 'Results' })
  const said = made('p', { role: 'status' })
  const close = made('button', { type: 'button', 'aria-label': 'Close' }, '✕')
  const dialog = made('dialog', { class: 'search', 'aria-label': 'Search' },
    made('div', { class: 'row' }, input, close), said, list)
  document.body.append(dialog)
  close.addEventListener('click', () => dialog.close())

  const chosen = () => list.querySelector('[aria-selected="true"]')
  function choose(next) {
    if (!next) return
    chosen()?.setAttribute('aria-selected', 'false')
    next.setAttribute('aria-selected', 'true')
    input.setAttribute('aria-activedescendant', next.id)
    next.scrollIntoView({ block: 'nearest' })
  }
  async function look() {
    const query = input.value
    let all
    try {
      index ??= fetch(base + 'search.json').then((response) => response.json())
        .then(unpacked).then(makeIndex)
      all = await index
    } catch {
      index = undefined
      said.textContent = 'The search could not load its index.'
      return
    }
    if (query !== input.value) return
    const results = find(all, query)
    list.replaceChildren(...results.map((one, n) =>
      result(one, query, base, n)))
    list.scrollTop = 0
    input.setAttribute('aria-expanded', String(results.length > 0))
    if (results.length) input.setAttribute('aria-activedescendant', 'found-0')
    else input.removeAttribute('aria-activedescendant')
    said.textContent = !query.trim() ? '' : !results.length
      ? `Nothing in the book or its code has "${query.trim()}".` : ''
  }
  input.addEventListener('input', look)
  input.addEventListener('keydown', (event) => {
    const { key } = event
    if (key === 'ArrowDown') choose(chosen()?.nextElementSibling)
    else if (key === 'ArrowUp') choose(chosen()?.previousElementSibling)
    else if (key === 'Enter') chosen()?.click()
    // Alone, it would only empty the box.
    else if (key === 'Escape') dialog.close()
    else return
    event.preventDefault()
  })
  list.addEventListener('click', ({ target }) => {
    if (target.closest('a')) dialog.close()
  })
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close()
  })

  const show = () => {
    if (dialog.open) return
    dialog.showModal()
    input.select()
    look()
  }
  document.addEventListener('click', ({ target }) => {
    if (target.closest?.('[data-find]')) show()
  })
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select, ' +
      '[contenteditable]')
    const slash = event.key === '/' && !typing && !event.ctrlKey &&
      !event.metaKey && !event.altKey
    const k = event.key.toLowerCase() === 'k' &&
      (event.ctrlKey || event.metaKey) && !event.altKey
    if (!slash && !k) return
    event.preventDefault()
    show()
  })
}
