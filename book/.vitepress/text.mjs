// What the site makes of the book's markdown, which stays plain: figures with
// numbers and captions, listings with the name of their file, outputs that
// look like outputs, equations and exercises that can be linked to, terms
// that say what they mean.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { base, escapeHtml, figureName, imageSize, isFilm, plain, slugify }
  from './source.mjs'
import { highlight, isDeep } from './theme/highlight.js'

const inside = (address) => base + address.replace(/^\//, '')

/** What a fence holds, from the words that stage.mjs has put behind it. */
const labels = { bash: 'In your terminal', sh: 'In your terminal',
  output: 'Output', full: 'Output of the long study', timings: 'Timings',
  headlines: 'Output' }

// An equation without a number is known by what it says: its address stays
// the same wherever on the page it moves.
function formulaId(formula, env) {
  const id = `eq-${crypto.createHash('sha256')
    .update(formula.replace(/\s+/g, '')).digest('hex').slice(0, 8)}`
  env.formulas ??= new Map()
  const times = env.formulas.get(id) ?? 0
  env.formulas.set(id, times + 1)
  return times ? `${id}-${times}` : id
}

/** @param {any} md markdown-it @param {{root: string, live: string,
 *   book: any}} given book is what stage.mjs knows of the pages */
export function bookText(md, { root, live, book }) {
  const known = (number) => book.equations[number]

  // "(4.7)" in a text leads to the equation of that number.
  const linked = (html) => html.replace(/\((\d+\.\d+)\)/g, (whole, number) =>
    known(number) ? `<a class="to-equation" href="${inside(known(number))}">${
      whole}</a>` : whole)

  // ---- Figures -----------------------------------------------------------

  const picture = (token, env) => {
    const source = token.attrGet('src')
    const alt = md.renderer.renderInlineAsText(token.children, md.options, env)
    const { width, height } = imageSize(path.join(root, source))
    const link = `<a class="figure" href="${inside(source)}" ` +
      `target="_self"><img src="${inside(source)}" width="${width}" ` +
      `height="${height}" loading="lazy" decoding="async" ` +
      `alt="${escapeHtml(alt)}"></a>`
    const shown = isFilm(source) ? `<span class="film">${link}` +
      '<button type="button">Stop the film</button></span>' : link
    // What makes a figure come alive lies in the live page's folder under the
    // figure's own path. The pages of the book do not know of it.
    const file = source.replace(/^\/figures\/(.+)\.\w+$/, 'live/$1.mjs')
    return !fs.existsSync(path.join(live, file)) ? shown
      : `<span class="alive">${shown}<button type="button" hidden ` +
        `data-live="${file}">Try this figure</button></span>`
  }

  const partsOf = (token) => token?.children?.filter(
    ({ type, content }) => type !== 'text' || content) ?? []
  // A picture that stands alone in a paragraph, and the paragraph under it,
  // which begins with a number in bold: a figure. Its name is that of its
  // file, which outlives its number.
  const imageOf = (token) => {
    const [image, ...rest] = partsOf(token)
    return image?.type === 'image' && !rest.length ? image : null
  }
  // Whether parts of a line are in italics from first to last.
  const inItalics = (parts) => {
    const outer = outerItalics(parts)
    return outer.length > 1 && outer[0] === parts[0] &&
      outer.at(-1) === parts.at(-1)
  }
  const outerItalics = (parts) => parts.filter(({ type, level }) =>
    level === 0 && /^em_(open|close)$/.test(type))
  // A caption is set in another way than by italics. What was upright in it,
  // to stand out, is in italics now.
  const upright = (parts) => {
    for (const mark of outerItalics(parts).slice(1, -1))
      [mark.type, mark.nesting] = mark.type === 'em_open'
        ? ['em_close', -1] : ['em_open', 1]
    return parts.slice(1, -1)
  }
  // 'Figure 4.1', if a paragraph begins with that in bold.
  const titleOf = (token) => {
    const [open, title, close] = partsOf(token)
    return open?.type === 'strong_open' && close?.type === 'strong_close' &&
      title.content.match(/^(Figure [\d.]*\d)\.$/)?.[1]
  }
  // The words after it are the author's, if they are in italics; else the
  // picture's text was filled in, which the picture says already.
  const wordsOf = (token) => {
    const rest = partsOf(token).slice(3)
    while (rest[0]?.type === 'text' && !rest[0].content.trim()) rest.shift()
    return inItalics(rest) ? upright(rest) : null
  }

  md.renderer.rules.figure = (tokens, index, options, env) => {
    const { image, title, words } = tokens[index].meta
    const source = image.attrGet('src')
    const id = figureName(source)
    const code = book.drawn[source.slice(1)]
    const alt = md.renderer.renderInlineAsText(image.children, md.options, env)
    const said = words ? md.renderer.render(words, options, env)
      : `<span aria-hidden="true">${escapeHtml(alt)}</span>`
    return `<figure id="${id}">${picture(image, env)}<figcaption>` +
      (title ? `<a class="number" href="#${id}">${title}</a> ` : '') +
      said + (code
      ? ` <a class="drawn" href="${inside(code)}">How it is drawn</a>` : '') +
      '</figcaption></figure>\n'
  }
  // A picture in the middle of a text.
  md.renderer.rules.image = (tokens, index, options, env) =>
    picture(tokens[index], env)

  // ---- Listings and outputs ------------------------------------------------

  const citation = (token) => {
    const [open, code, ...rest] = partsOf(token)
    return open?.type === 'link_open' && code?.type === 'code_inline' &&
      rest.at(-1)?.type === 'link_close' && /#L\d/.test(open.attrGet('href'))
      ? { href: open.attrGet('href'), file: code.content,
        lines: rest.filter(({ type }) => type === 'text')
          .map(({ content }) => content).join('').replace(/^, /, '') } : null
  }

  md.renderer.rules.fence = (tokens, index) => {
    const { content, info, meta } = tokens[index]
    const [language, kind = language, step] = info.trim().split(' ')
    const from = meta?.citation
    const code = content.replace(/\n$/, '')
    const columns = Math.max(...code.split('\n').map((line) => line.length))
    const label = labels[kind]
    const is = kind === 'bash' || kind === 'sh' ? 'terminal'
      : label ? 'output' : language === 'text' ? 'sketch' : 'code'
    const bar = from
      ? `<a href="${inside(from.href)}">${escapeHtml(from.file)}<span>, ${
        escapeHtml(from.lines)}</span></a>`
      : label ? `<span>${label}${step ? `, step ${step}` : ''}</span>`
        : is === 'code' ? '<span>Not a file of the repository</span>' : ''
    let html = highlight(code, language).replace(
      /<span class=c>[^<]*<\/span>/g, linked)
    // Each line for itself, so that one that is too long for a phone goes on
    // below its own beginning. If that is deep, as in a list of parameters,
    // the whole line moves to the left instead.
    if (is === 'code' || is === 'terminal')
      html = html.split('\n').map((line) => {
        const deep = line.match(/^ */)[0].length
        return `<span class="l${is === 'terminal' && /^[^ #<]/.test(line)
          ? ' prompt' : isDeep(line) ? ' deep' : ''}" style="--in:${
          deep + 2}">${line}\n</span>`
      }).join('')
    return `<div class="snippet ${is}" style="--columns:${columns}">` +
      `<div class="bar">${bar}<button type="button" class="copy-code" hidden>` +
      `Copy</button></div><pre><code>${html}</code></pre></div>\n`
  }

  // ---- Equations and signs -------------------------------------------------

  const block = md.renderer.rules.math_block
  md.renderer.rules.math_block = (tokens, index, options, env, self) => {
    const token = tokens[index]
    let number = ''
    token.content = token.content.replace(/\\tag\{([\d.]+)\}/, (whole, tag) => {
      number = tag
      return ''
    })
    const id = number ? `eq-${number}` : formulaId(token.content, env)
    const [kind, name, sign] = number
      ? ['equation', `Equation ${number}`, `(${number})`]
      : ['equation nameless', 'Link to this equation', '#']
    const html = block(tokens, index, options, env, self)
      .replace(/(<mjx-container[^>]*?) tabindex="0"/, '$1')
    return `<div class="${kind}" id="${id}">${
      number ? `<div>${html}</div>` : html}<a href="#${id}" ` +
      `aria-label="${name}">${sign}</a></div>\n`
  }
  const inline = md.renderer.rules.math_inline
  md.renderer.rules.math_inline = (tokens, index, options, env, self) => {
    const html = inline(tokens, index, options, env, self)
    const sign = env.frontmatter?.notation ? undefined
      : book.signs[tokens[index].content]
    if (!sign) return html
    // Of a sign's several lives, that which it has in this chapter.
    const { chapterTitle } = env.frontmatter ?? {}
    const own = sign.filter(({ section }) => section === chapterTitle)
    const meanings = own.length ? own : sign.filter(({ general }) => general)
    return meanings.length ? `<span title="${escapeHtml(meanings
      .map(({ meaning }) => meaning).join('; or: '))}">${html}</span>` : html
  }

  // ---- Short code in a line, tables ----------------------------------------

  // Short code in a line stays whole, as does an option in a longer one.
  md.renderer.rules.code_inline = (tokens, index) => {
    const code = tokens[index].content
    if (code.length <= 24)
      return `<code class="together">${escapeHtml(code)}</code>`
    const words = escapeHtml(code).replace(/\S*-\S*/g, (word) =>
      word.length > 30 ? word : `<span class="together">${word}</span>`)
    return `<code>${words}</code>`
  }
  // Wide tables scroll on a phone; scrolling.mjs lets the keyboard in then.
  md.renderer.rules.table_open = () => '<div class="wide"><table>\n'
  md.renderer.rules.table_close = () => '</table></div>\n'

  // ---- All of it, before anything is drawn ---------------------------------

  // Words that everybody knows after a chapter are explained once a page; with
  // some, the book mostly means what everybody means.
  const basic = new Set(['pixel', 'layer', 'weight', 'batch', 'bias', 'kernel',
    'channel', 'tensor', 'loss', 'parameter', 'convolution', 'pooling',
    'filter', 'gradient', 'accuracy', 'training-set']
    .map((one) => `term-${one}`))
  const silent = new Set(['skip', 'target', 'shape', 'label', 'axis',
    'overflow', 'reshape', 'test-set'].map((one) => `term-${one}`))
  const terms = Object.entries(book.terms)
    .filter(([, { id }]) => !silent.has(id))
    .sort((a, b) => b[0].length - a[0].length)
  const anyTerm = terms.length ? new RegExp(`(?<![\\w-])(${
    terms.map(([form]) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('|')})(?![\\w-])`, 'i') : /(?!)/

  // The first time in a section that a term of the glossary is used, it leads
  // there, from the chapter on that explains it; theme/terms.mjs shows what
  // stands there to who hovers over it.
  function explain(token, state, seen) {
    const html = (content) => Object.assign(
      new state.Token('html_inline', '', 0), { content })
    let quiet = 0  // inside a link, or where a term is being defined
    token.children = token.children.flatMap((child) => {
      if (/^(link|strong)_open$/.test(child.type)) ++quiet
      if (/^(link|strong)_close$/.test(child.type)) --quiet
      if (child.type !== 'text' || quiet) return [child]
      const parts = []
      let rest = child.content
      const text = (content) => content && parts.push(Object.assign(
        new state.Token('text', '', 0), { content }))
      while (rest) {
        const equation = rest.match(/\((\d+\.\d+)\)/)
        const term = state.env.glossary ? null : rest.match(anyTerm)
        const first = !equation ? term : !term ? equation
          : equation.index < term.index ? equation : term
        if (!first) break
        text(rest.slice(0, first.index))
        rest = rest.slice(first.index + first[0].length)
        if (first === equation) {
          if (known(first[1])) parts.push(html(linked(first[0])))
          else text(first[0])
          continue
        }
        const { id, from } = book.terms[first[1].toLowerCase()]
        if (seen.has(id) || !(state.env.frontmatter?.chapter >= from))
          text(first[0])
        else {
          seen.add(id)
          parts.push(html(`<a class="term" href="${inside(
            `glossary.html#${id}`)}">${escapeHtml(first[0])}</a>`))
        }
      }
      text(rest)
      return parts
    })
  }

  md.core.ruler.push('book', (state) => {
    const { env } = state
    env.glossary = Boolean(env.frontmatter?.notation)
    const tokens = []
    const all = state.tokens
    const seen = new Set()
    let heading = ''
    for (let i = 0; i < all.length; ++i) {
      const token = all[i]
      if (token.type === 'heading_open' && all[i + 1]) {
        if (token.tag === 'h2') {
          heading = all[i + 1].content
          for (const id of seen) if (!basic.has(id)) seen.delete(id)
        }
        tokens.push(token, all[++i])
        continue
      }
      const paragraph = token.type === 'paragraph_open' && token.level === 0
      const image = paragraph ? imageOf(all[i + 1]) : null
      if (image) {
        const under = all[i + 4]
        const title = all[i + 3]?.type === 'paragraph_open' && titleOf(under)
        if (title) explain(under, state, seen)
        tokens.push(Object.assign(new state.Token('figure', '', 0), { meta: {
          image, title, words: title ? wordsOf(under) : null } }))
        i += title ? 5 : 2
        continue
      }
      if (token.type === 'fence' && all[i + 1]?.type === 'paragraph_open') {
        const from = citation(all[i + 2])
        if (from) {
          token.meta = { citation: from }
          tokens.push(token)
          i += 3
          continue
        }
      }
      if (token.type === 'list_item_open' && token.level === 1 &&
        token.info && (heading === 'Exercises' || env.frontmatter?.solutions))
        token.attrSet('id', `${heading === 'Exercises' ? 'exercise'
          : 'solution'}-${token.info}`)
      if (token.type === 'list_item_open' && env.glossary) {
        const [open, names] = partsOf(all[i + 2])
        if (open?.type === 'strong_open')
          token.attrSet('id', termId(names.content))
      }
      if (token.type === 'inline') explain(token, state, seen)
      tokens.push(token)
    }
    state.tokens = tokens
  })
}

/** The first numbers in brackets that are equations of this book, its terms
 * and its signs: what bookText() looks up.
 * @param {{file: string, text: string}[]} pages */
export function lookUp(pages) {
  const equations = {}, terms = {}, signs = {}
  for (const { file, text } of pages)
    for (const [, number] of text.matchAll(/\\tag\{([\d.]+)\}/g))
      equations[number] = `${file.replace('.md', '.html')}#eq-${number}`

  const glossary = pages.find(({ file }) => file === 'glossary.md')?.text ?? ''
  for (const { names, rest } of glossaryTerms(glossary)) {
    const from = rest.match(/\]\((\d\d)-[^)]*\)$/)?.[1]
    if (from)
      for (const name of formsOf(names))
        terms[name.toLowerCase()] = { id: termId(names), from }
  }

  const notation = pages.find(({ file }) => file === 'notation.md')?.text ?? ''
  let section = ''
  const general = new Set(['Shapes and indices', 'Values', 'Learning', 'Signs'])
  for (const line of notation.split('\n')) {
    section = line.match(/^## (.+)/)?.[1] ?? section
    const cells = line.match(/^\| (\$.+) \|$/)?.[1].split(/(?<!\\) \| /)
    if (!cells) continue
    for (const [, sign] of cells[0].matchAll(/\$([^$]+)\$/g)) {
      const meaning = plain(cells.at(-1))
      if (meaning)
        (signs[sign] ??= []).push({ section, meaning,
          general: general.has(section) })
    }
  }
  return { equations, terms, signs }
}

/** The glossary's lines, '- **weight, weights**: what it means'.
 * @param {string} markdown */
export const glossaryTerms = (markdown) =>
  [...markdown.matchAll(/^- \*\*(.+?)\*\*(.+)$/gm)]
    .map(([, names, rest]) => ({ names, rest }))

export const termId = (names) => 'term-' + slugify(names.split(',')[0])

// 'weight, weights': the words that are links to it; a plural with s.
export const formsOf = (names) => names.split(',').map((name) => name.trim())
  .flatMap((name) => /s$/.test(name) ? [name] : [name, name + 's'])
