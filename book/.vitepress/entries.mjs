// What the site's search looks through: the sections of the pages, each
// exercise and each solution, the terms of the glossary, and what the code
// declares. One list; theme/find.mjs reads it.
import { drop, mapLines, mapLinks, numberOf, pageAddress, plain, resolveLink,
  slugify, withoutComments } from './source.mjs'
import { formsOf, glossaryTerms, termId } from './text.mjs'

/** Bold words are those that a section defines. */
const bold = (markdown) => [...markdown.matchAll(/\*\*([^*]{2,40}?)\*\*/g)]
  .map(([, words]) => plain(words)).filter((words) => !/[.?!:]$/.test(words))

// The sections of a page: [{title, hash, text}], the page's own beginning
// first.
function sections(markdown) {
  const all = [{ title: '', hash: '', lines: [] }]
  const used = new Map()
  let fence = ''
  for (const line of withoutComments(markdown).split('\n')) {
    const mark = line.match(/^(```+)/)?.[1] ?? ''
    if (mark) fence = fence ? '' : mark
    const [, signs, title] = (fence ? '' : line).match(/^(#{1,4}) (.+)/) ?? []
    if (!title) {
      if (!mark) all.at(-1).lines.push(line)
      continue
    }
    const slug = slugify(plain(title))
    const times = used.get(slug) ?? 0
    used.set(slug, times + 1)
    if (signs.length === 1) all[0].title = plain(title)
    else all.push({ title: plain(title), lines: [],
      hash: `#${slug}${times ? `-${times}` : ''}` })
  }
  return all.map(({ title, hash, lines }) => ({ title, hash,
    text: lines.join('\n') }))
}

// '1. **A leaky ReLU** (...)': a task or its solution.
export const tasks = (text) => text.split(/^(?=\d+\. )/m)
  .filter((part) => /^\d+\. /.test(part))
  .map((part) => ({ number: part.match(/^\d+/)[0],
    title: plain(part.match(/\*\*(.+?)\*\*/)?.[1] ?? '').replace(/\.$/, ''),
    text: plain(part.replace(/^\d+\. (\*[^*]+\*)?/, '').split('\n\n')[0]) }))

/** @param {string} file of the repository @param {string} text
 * @param {string} href of the page, without a base @param {string} of the
 *   chapter that it belongs to */
export function pageEntries(file, text, href, of) {
  const chapter = numberOf(of)
  const entries = []
  const isSolutions = /\/solutions\//.test(file)
  const parts = sections(text)
  const page = parts[0].title
  for (const { title, hash, text: body } of parts) {
    if (isSolutions || title === 'Exercises')
      for (const task of tasks(body))
        entries.push({ kind: isSolutions ? 'solution' : 'exercise', chapter,
          page: isSolutions ? '' : page, text: task.text,
          title: `${isSolutions ? 'Solution' : 'Exercise'} ${task.number}` +
            (task.title ? `: ${task.title}` : ''),
          href: `${href}#${isSolutions ? 'solution' : 'exercise'}-${
            task.number}`, words: [task.title] })
    if (isSolutions || title === 'Exercises') continue
    if (file === 'book/glossary.md') {
      for (const { names, rest } of glossaryTerms(body))
        entries.push({ kind: 'term', chapter: '', page: '', title: names,
          href: `${href}#${termId(names)}`, words: formsOf(names),
          text: plain(rest.replace(/^[:,]? /, '')
            .replace(/ \[[^\]]+\]\([^)]+\)$/, '')) })
      continue
    }
    entries.push({ kind: hash ? 'section' : 'page', chapter, page,
      title: hash ? title : page, href: href + hash, words: bold(body),
      text: plain(mapLines(body, (line) => line.replace(/^\|?[-| :]+\|$/, '')
        .replace(/^> \[!\w+\]/, '').replace(/\|/g, ' '))) })
  }
  return entries
}

// A term of the glossary leads to the section that explains it: there it is
// one of the words that are defined.
export function promote(entries, glossary) {
  const byAddress = new Map(entries.map((entry) => [entry.href, entry]))
  for (const { names, rest } of glossaryTerms(glossary))
    mapLinks(rest, (target) => {
      const { file, hash } = resolveLink('book/glossary.md', target)
      const to = byAddress.get(pageAddress(file) + hash)
      if (to) to.words.push(...formsOf(names))
      return drop
    })
}

// Functions and types that a header declares at its outermost, with the
// comment above each. Each defines its title, so it needs no other words.
export function codeEntries(file, text, href) {
  const entries = []
  const lines = text.split('\n')
  const head = lines.findIndex((line) => !/^\/\//.test(line))
  const about = lines.slice(0, head).map((line) => line.replace(/^\/\/ ?/, ''))
    .filter((line) => !/^Book:/.test(line)).join(' ').replace(/`/g, '')
  const name = file.split('/').slice(-2).join('/')
  const chapter = file.match(/^chapters\/(\d\d)-/)?.[1] ?? ''
  if (about.length > 20)
    entries.push({ kind: 'code', chapter, page: '', title: name, href,
      text: about.trim().slice(0, 240), words: [name.split('/').at(-1)] })
  let comment = []
  lines.forEach((line, i) => {
    if (/^\/\//.test(line)) comment.push(line.replace(/^\/\/ ?/, ''))
    else if (/^template|^\s*$|^\[\[/.test(line)) {
      if (/^\s*$/.test(line)) comment = []
    } else {
      const [, type, other] = line.match(
        /^(?:class|struct|enum class) (\w+)|^[\w:<>,&*\s[\]]*?\b(\w+)\(/) ?? []
      const word = type ?? other
      if (word && !/^(if|for|while|return|switch)$/.test(word) && i > head &&
        !/^(#|\s|\}|using|namespace)/.test(line))
        entries.push({ kind: 'code', chapter, page: name, title: word,
          href: `${href}#L${i + 1}`,
          text: comment.join(' ').replace(/`/g, '').slice(0, 160) })
      comment = []
    }
  })
  return entries
}
