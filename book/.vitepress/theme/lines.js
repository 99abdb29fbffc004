// Pages of code: colours, a number and an anchor for each line, and lines that
// are linked to (#L5 or #L5-L9) marked. A click on a number links to its line.
import { highlight, isDeep } from './highlight.js'
import { made } from './made.mjs'

const code = document.querySelector('.code')
if (code) {
  // What is linked already, such as an included file: name -> address.
  const links = [...code.querySelectorAll('a[href]')]
    .map((link) => [link.textContent, link.getAttribute('href')])
  code.innerHTML = highlight(code.textContent.replace(/\n$/, ''),
    code.dataset.language).split('\n').map((line, i) => {
    const deep = line.match(/^ */)[0].length
    return `<span class="line${isDeep(line) ? ' deep' : ''}" ` +
      `id="L${i + 1}" style="--in:${deep}"><a href="#L${i + 1}" aria-label=` +
      `"Line ${i + 1}" tabindex="-1"></a>${line}\n</span>`
  }).join('')
  // "(4.7)" in a comment is an equation of the book.
  if (typeof equations !== 'undefined')
    for (const part of code.querySelectorAll('.c'))
      part.innerHTML = part.innerHTML.replace(/\((\d+\.\d+)\)/g,
        (whole, number) => equations[number] ? `<a href="${
          document.body.dataset.base}${equations[number]}">${whole}</a>`
          : whole)
  for (const [name, href] of links)
    for (const part of code.querySelectorAll('.s')) {
      const text = part.textContent
      if (text.slice(1, -1) !== name || part.firstElementChild) continue
      part.replaceChildren(text[0], made('a', { href }, name), text.at(-1))
    }
}

function mark() {
  if (!code) return
  const [, first, last = first] =
    location.hash.match(/^#L(\d+)(?:-L(\d+))?$/) || []
  code.childNodes.forEach((line, i) =>
    line.classList.toggle('mark', i + 1 >= first && i + 1 <= last))
  document.getElementById('L' + first)?.scrollIntoView()
}
addEventListener('hashchange', mark)
mark()
