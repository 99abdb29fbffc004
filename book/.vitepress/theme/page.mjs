// Pages of code: the tree of files at their side, search, copying.
import { startCopying } from './copy.mjs'
import './lines.js'
import { made } from './made.mjs'
import { startSearch } from './search.mjs'

const { base, here } = document.body.dataset
const place = document.getElementById('tree')

// A branch is drawn when it is opened first: there are hundreds of files.
function branch(entries, folder) {
  const list = made('ul')
  for (const entry of entries) {
    if (typeof entry === 'string') {
      const file = `${folder}${entry}`
      const link = made('a', { href: base + (file.endsWith('.md')
        ? file.replace(/^book\//, '').replace(/\.md$/, '.html')
        : `code/${file}.html`) }, entry)
      if (file === here) link.setAttribute('aria-current', 'page')
      list.append(made('li', {}, link))
    } else {
      const [marked, inside] = entry
      const name = marked.replace('*', '')
      const path = `${folder}${name}`
      const summary = made('summary', {}, name)
      if (path === here) summary.setAttribute('aria-current', 'page')
      const details = made('details', {}, summary)
      const fill = () => details.children.length === 1 &&
        details.append(branch(inside, path + '/'))
      if ((here + '/').startsWith(path + '/')) {
        fill()
        details.open = true
      }
      details.addEventListener('toggle', fill)
      list.append(made('li', {}, details))
    }
  }
  return list
}
if (place && typeof files !== 'undefined') {
  place.append(branch(files, ''))
  const current = place.querySelector('[aria-current]')
  if (current) place.scrollTop = current.offsetTop - 200
}

const menu = document.getElementById('menu')
menu?.addEventListener('click', () => {
  const open = place.classList.toggle('open')
  menu.setAttribute('aria-expanded', String(open))
})
startSearch(base)
startCopying()
