// Code in colours: for listings while the site is built, for the pages of
// code in the browser. A class of one letter for each colour: see colours.css.
const words = (list) => new Set(list.split(' '))
const comment = String.raw`\/\/[^\n]*|\/\*[^]*?\*\/`
const cpp = { comment, words: words(
  'alignas alignof auto bool break case catch char class concept const ' +
  'constexpr const_cast continue decltype default delete do double ' +
  'dynamic_cast else enum explicit extern false float for friend if ' +
  'inline int long mutable namespace new noexcept nullptr operator ' +
  'private protected public register reinterpret_cast requires return ' +
  'short signed sizeof static static_assert static_cast struct switch ' +
  'template this thread_local throw true try typedef typename union ' +
  'unsigned using virtual void volatile while') }
const script = { comment, words: words(
  'async await break case catch class const continue default delete do ' +
  'else export extends false finally for from function if import in ' +
  'let new null of return static switch this throw true try typeof ' +
  'undefined var void while yield') }
const hashes = { comment: String.raw`#[^\n]*`, words: words(
  'and as assert break class continue def del do done elif else esac ' +
  'except False fi finally for from function if import in is lambda local ' +
  'None not or pass raise return then True try while with yield') }
const languages = { cpp, hpp: cpp, mjs: script, js: script, py: hashes,
  sh: hashes, bash: hashes, txt: hashes }

const escapeHtml = (text) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

const span = (name, text) => text.split('\n').map((line) =>
  name && line ? `<span class=${name}>${escapeHtml(line)}</span>`
    : escapeHtml(line)).join('\n')

// HTML in which no element goes over the end of a line.
export function highlight(code, language) {
  const rules = languages[language]
  if (!rules) return escapeHtml(code)
  const token = new RegExp([
    `(?<c>${rules.comment})`,
    String.raw`(?<s>R"\((?:[^])*?\)"|"""[^]*?"""|"(?:\\.|[^"\\\n])*"|` +
      String.raw`'(?:\\.|[^'\\\n])*'|<[a-z_/.]+>(?=\n|$))`,
    rules === cpp ? String.raw`(?<k>^[ \t]*#\w+)` : '(?<k>(?!))',
    String.raw`(?<n>\b\d[\w.']*(?:[eE][-+]\d+)?)`,
    String.raw`(?<f>[A-Za-z_]\w*(?=\())|(?<w>[A-Za-z_]\w*)`,
  ].join('|'), 'gm')
  let html = '', end = 0
  for (const match of code.matchAll(token)) {
    const { c, s, k, n, f, w } = match.groups
    const name = c ? 'c' : s ? 's' : k ? 'k' : n ? 'n'
      : rules.words.has(f ?? w) ? 'k' : f ? 'f' : ''
    html += escapeHtml(code.slice(end, match.index)) + span(name, match[0])
    end = match.index + match[0].length
  }
  return html + escapeHtml(code.slice(end))
}

// Whether a line in colours begins deep, and may be too long for a phone.
export function isDeep(line) {
  const text = line.replace(/<[^>]*>/g, '').replace(/&\w+;/g, '_')
  return text.search(/\S/) > 10 && text.length > 48
}
