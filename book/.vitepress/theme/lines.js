// Pages of code: colours, a number and an anchor for each line, and lines that
// are linked to (#L5 or #L5-L9) marked. A click on a number links to its line.
import { highlight } from './highlight.js'

const code = document.querySelector('.code')
code.innerHTML = highlight(code.textContent.replace(/\n$/, ''),
  code.dataset.language).split('\n').map((line, i) =>
  `<span class="line" id="L${i + 1}"><a href="#L${i + 1}" ` +
  `aria-label="Line ${i + 1}" tabindex="-1"></a>${line}\n</span>`).join('')

function mark() {
  const [, first, last = first] =
    location.hash.match(/^#L(\d+)(?:-L(\d+))?$/) || []
  code.childNodes.forEach((line, i) =>
    line.classList.toggle('mark', i + 1 >= first && i + 1 <= last))
  document.getElementById('L' + first)?.scrollIntoView()
}
addEventListener('hashchange', mark)
mark()
