// The search itself: which entries (see entries.mjs) a query finds, best
// first. No page is needed here, so that a test can ask it, too.

/** The stem of a word: British and American spelling, one and many,
 * 'reshape' and 'reshaped' become the same. */
export function stem(word) {
  let root = known.get(word)
  if (root === undefined) known.set(word, root = stemOf(word))
  return root
}
const known = new Map()

function stemOf(word) {
  let root = word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')
    .replace(/is(e|ed|es|ing|er|ers|ation|ations)$/, 'iz$1')
    .replace(/our(s?)$/, 'or$1').replace(/'s$/, '')
  if (root.length < 4) return root
  root = root.replace(/([^s])s$/, '$1').replace(/sse$/, 'ss')
  if (root.length > 5)
    root = root.replace(/(ations?|ing|ed|er)$/, '')
      .replace(/([bdfgmnprt])\1$/, '$1')
  return root.replace(/(e|i|iz)$/, '')
}

const split = (text) => text.match(/[\p{L}\p{N}_]+(?:'s)?/gu) ?? []

// Words of which identifiers are made: max_pool_row, TensorShape.
const inside = (word) => /_|[a-z][A-Z]/.test(word)
  ? split(word.replace(/_/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2')) : []

const stems = (text) => split(text)
  .flatMap((word) => [word, ...inside(word)]).map(stem)

const weights = { title: 6, defined: 9, page: 2.5, text: 1 }
const kinds = { page: 1.15, section: 1, term: 0.45, exercise: 0.65,
  solution: 0.5, code: 0.45 }
const common = new Set(['a', 'an', 'the', 'of', 'to', 'in', 'and', 'is', 'for',
  'how', 'what', 'why', 'do', 'doe', 'i', 'my', 'with', 'on'].map(stem))

// An entry as it travels: a row without the names of its fields, which would
// be a tenth of the file.
const fields = ['kind', 'chapter', 'page', 'title', 'href', 'text', 'words']

/** @param {any[]} entries @returns {any[][]} */
export const packed = (entries) =>
  entries.map((entry) => fields.map((field) => entry[field]))

/** @param {any[][]} rows */
export const unpacked = (rows) => rows.map((row) =>
  Object.fromEntries(fields.map((field, i) => [field, row[i]])))

/** @param {any[]} entries */
export function makeIndex(entries) {
  const places = new Map()  // stem -> entry's number -> weight
  const phrases = []
  entries.forEach((entry, n) => {
    const add = (text, weight, most) => {
      const counts = new Map()
      for (const one of stems(text)) counts.set(one, (counts.get(one) ?? 0) + 1)
      for (const [one, count] of counts) {
        if (!places.has(one)) places.set(one, new Map())
        const at = places.get(one)
        at.set(n, (at.get(n) ?? 0) + weight * Math.min(most,
          1 + Math.log(count)))
      }
    }
    // In a long section a word is worth less.
    const length = 1 + (entry.text.length / 1500)
    add(entry.title, weights.title, 1)
    const defined = entry.words ?? [entry.title]
    add(defined.join(' '), weights.defined, 1)
    add(entry.page ?? '', weights.page, 1)
    add(entry.text, weights.text / Math.sqrt(length) * 1.4, 3)
    phrases.push([` ${stems(entry.title).join(' ')} `,
      defined.map((words) => stems(words).join(' ')),
      ` ${stems(entry.text).join(' ')} `])
  })
  return { entries, places, phrases, words: [...places.keys()].sort() }
}

/** @param {ReturnType<typeof makeIndex>} index @param {string} query
 * @returns {{entry: any, score: number}[]} */
export function find(index, query, most = 30) {
  const { entries, places, phrases, words } = index
  let wanted = split(query).map(stem).filter(Boolean)
  const without = wanted.filter((word) => !common.has(word))
  if (without.length) wanted = without
  if (!wanted.length) return []
  const scores = new Map(), matched = new Map()
  for (const word of wanted) {
    const best = new Map()
    const look = (other, share) => {
      const at = places.get(other)
      const rare = Math.log(1 + entries.length / at.size)
      for (const [n, weight] of at)
        best.set(n, Math.max(best.get(n) ?? 0, share * rare * weight))
    }
    if (places.has(word)) look(word, 1)
    if (word.length > 1)
      for (const other of words)
        if (other !== word && other.startsWith(word))
          look(other, 0.25 + 0.5 * word.length / other.length)
    for (const [n, score] of best) {
      scores.set(n, (scores.get(n) ?? 0) + score)
      matched.set(n, (matched.get(n) ?? 0) + 1)
    }
  }
  const phrase = wanted.join(' ')
  const results = [...scores].map(([n, sum]) => {
    const [title, defined, text] = phrases[n]
    const share = matched.get(n) / wanted.length
    let score = sum * share * share * kinds[entries[n].kind]
    // Who types a name of the code wants the code.
    if (entries[n].kind === 'code' && /_|[a-z][A-Z]/.test(query) &&
      entries[n].title === query.trim()) score *= 8
    if (defined.includes(phrase)) score *= 1.8
    else if (title.includes(` ${phrase} `)) score *= 1.5
    else if (wanted.length > 1 && text.includes(` ${phrase} `)) score *= 1.25
    return { entry: entries[n], score }
  })
  return results.sort((a, b) => b.score - a.score ||
    (a.entry.href < b.entry.href ? -1 : 1)).slice(0, most)
}

/** The part of an entry's text in which the query's words are, as
 * [text, isMatch] pieces. */
export function excerpt(entry, query, length = 150) {
  const wanted = split(query).map(stem).filter((word) => word.length > 1)
  const isWanted = (word) => [word, ...inside(word)].map(stem)
    .some((one) => wanted.some((want) => one.startsWith(want)))
  const { text } = entry
  // Where most of the query's words stand together.
  const found = [...text.matchAll(/[\p{L}\p{N}_]+/gu)]
    .filter(([word]) => isWanted(word))
  const near = (match) => new Set(found.filter(({ index }) =>
    index >= match.index && index < match.index + 60)
    .map(([word]) => stem(word))).size
  let best = 0
  found.slice(0, 50).forEach((match, n) => {
    if (near(match) > near(found[best])) best = n
  })
  let from = Math.max(0, (found[best]?.index ?? 0) - length / 3)
  if (from > 0) from = text.indexOf(' ', from) + 1
  let part = text.slice(from, from + length)
  if (from + length < text.length) part = part.replace(/\s+\S*$/, '') + ' ...'
  if (from > 0) part = '... ' + part
  return part.split(/([\p{L}\p{N}_]+)/u).map((piece, n) =>
    [piece, n % 2 === 1 && isWanted(piece)])
}
