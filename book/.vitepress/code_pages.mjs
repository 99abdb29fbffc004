// The pages of code: one for each file and folder of the repository that the
// site shows, and the frame that the page for lost readers has, too.
import fs from 'node:fs'
import path from 'node:path'
import { base, escapeHtml, imageSize, numberOf, siteName } from './source.mjs'

const asset = (name) => `${base}code/${name}`
const chapterOf = (file) => file.match(/^\w+\/(\d\d-[\w-]+)/)?.[1] ?? ''

/** @param {{title: string, description: string, main: string,
 *   here?: string, live: boolean}} page here is its file; where there is
 *   none, the tree of files is left out */
export function frame({ title, description, main, here = '', live }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)} | ${siteName}</title>
<meta name="description" content="${escapeHtml(description)}">
<link rel="icon" href="${base}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${asset('code.css')}">
<script src="${asset('code.js')}"></script>${here
  && `\n<script src="${asset('tree.js')}" defer></script>`}
<script type="module" src="${asset('page.mjs')}"></script>
</head>
<body data-base="${base}" data-here="${escapeHtml(here)}">
<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="home" href="${base}">${siteName}</a>
<button type="button" class="find" data-find>Search</button>${live
  ? `\n<a class="live" href="${base}live/">Live page</a>` : ''}
<button type="button" id="scheme" aria-label="Light or dark">◐</button>${
  here && `
<button type="button" id="menu" aria-expanded="false" aria-controls="tree"
>Files</button>`}
</header>
<div class="body">${here && `
<nav id="tree" aria-label="Files of the repository"></nav>`}
<main id="main">
${main}
</main>
</div>
</body>
</html>
`
}

/** @param {object} given root; isFolder, isImage, isText, address of a file;
 *   citations, titles, alts and orders as stage.mjs keeps them; known, the
 *   files that have a page; live, whether there is a live page */
export function codePages(given) {
  const { root, isFolder, isImage, isText, address, citations, titles, alts,
    known, live, chapters } = given
  const at = (file) => path.join(root, file)
  const link = (file, words = file, attributes = '') =>
    `<a href="${base}${address(file).slice(1)}"${attributes}>${
      escapeHtml(words)}</a>`

  const lineOf = (hash) => Number(hash.match(/^#L(\d+)/)?.[1] ?? 0)

  function pageTitle(file) {
    const number = numberOf(path.basename(file))
    if (file === 'README.md') return 'the README'
    if (/^chapters\/\d\d-/.test(file)) return titles[file]
    return (number ? number + ' ' : '') + titles[file]
  }

  // "Explained in 02 Convolution (lines 8 to 30, 41 to 44), 06 Training."
  function citedIn(file) {
    const pagesOfFile = new Map()
    for (const { from, hash } of citations[file] ?? [])
      pagesOfFile.set(from, (pagesOfFile.get(from) ?? new Set()).add(hash))
    const entries = [...pagesOfFile].map(([from, hashes]) => {
      const lines = [...hashes].filter(lineOf)
        .sort((a, b) => lineOf(a) - lineOf(b))
        .map((hash) => `<a href="${hash}">${hash.replace(/[#L]/g, '')
          .replace('-', '\u2013')}</a>`)
      return link(from, pageTitle(from)) +
        (lines.length ? ` (${lines.length > 1 ||
          /-/.test([...hashes].join()) ? 'lines' : 'line'} ${
          lines.join(', ')})` : '')
    })
    const chapter = `book/${chapterOf(file)}.md`
    const own = titles[chapter] && !pagesOfFile.has(chapter)
      ? [`<p>Part of ${link(chapter, pageTitle(chapter))}.</p>`] : []
    return [...entries.length ? [`<p>Explained in ${entries.join(', ')}.</p>`]
      : [], ...own].join('\n')
  }

  // Exercises in the order of their numbers, a chapter's headers in that of
  // its page; what has no place in either comes behind, by name.
  const numbers = new Map()
  function place(file) {
    if (numbers.has(file)) return numbers.get(file)
    const name = path.basename(file)
    let number = 1e6
    const { files = [] } = chapters[chapterOf(file)] ?? {}
    if (/\/(exercises|solutions)\/.*\.\w+$/.test(file)) {
      const stub = file.replace('/solutions/', '/exercises/')
      number = fs.existsSync(at(stub)) && !isFolder(stub)
        ? Number(fs.readFileSync(at(stub), 'utf8')
          .match(/^\/\/ Exercise (\d+)/)?.[1] ?? 1e5) : 0
    } else if (/^chapters\/[^/]+\/[^/]+$/.test(file) && !isFolder(file))
      number = name === 'main.cpp' ? 1e3
        : files.includes(name) ? files.indexOf(name)
          : name.endsWith('.hpp') ? (/^steps_/.test(name) ? 2e3 : 100) : 3e3
    else if (isFolder(file)) number = 1e7
    numbers.set(file, number)
    return number
  }
  const inOrder = (folder) => fs.readdirSync(at(folder))
    .filter((name) => name[0] !== '.').map((name) => `${folder}/${name}`)
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
  const shown = (file) => known.has(file) && !isFolder(file) && !isImage(file)

  function crumbs(file) {
    const steps = file.split('/')
    const name = steps.pop()
    const parts = steps.map((step, n) => {
      const folder = steps.slice(0, n + 1).join('/')
      return known.has(folder) ? link(folder, step) : escapeHtml(step)
    })
    return `<h1>${parts.length ? `<small>${parts.join('/<wbr>')
    }/</small><wbr>` : ''}${escapeHtml(name)}</h1>`
  }

  function beside(file) {
    const folder = path.posix.dirname(file)
    if (folder === '.') return ''
    const all = inOrder(folder).filter(shown)
    const here = all.indexOf(file)
    const to = (other, words, rel) => other
      ? `<span>${words}: ${link(other, path.basename(other),
        ` rel="${rel}"`)}</span>` : ''
    return `<nav class="beside" aria-label="Files beside this one">${
      to(all[here - 1], 'Before', 'prev')}${to(all[here + 1], 'Next', 'next')
    }</nav>`
  }

  // What a line includes or imports, if the site has a page of it.
  const included = (file, line) => {
    const [, name] = line.match(/^\s*#include "([^"]+)"/) ??
      line.match(/(?:from|^import) '(\.[^']+)'/) ?? []
    if (!name) return ''
    const folder = path.posix.dirname(file)
    const found = [path.posix.join('chapters', name), name,
      path.posix.join(folder, name)].find((one) => shown(one))
    return found ? [name, found] : ''
  }

  function codePage(file) {
    const text = fs.readFileSync(at(file), 'utf8').replace(/\n$/, '')
    const ranges = new Set((citations[file] ?? []).map(({ hash }) => hash)
      .filter((hash) => /^#L\d+-L\d+$/.test(hash)))
    const anchors = {}  // for the ranges that are cited: to their first line
    for (const hash of ranges)
      (anchors[lineOf(hash)] ??= []).push(`<a id="${hash.slice(1)}"></a>`)
    const lines = text.split('\n').map((line, i) => {
      const [name, to] = included(file, line)
      const html = escapeHtml(line)
      return (anchors[i + 1] ?? []).join('') + (name
        ? html.replace(name, () => link(to, name)) : html)
    })
    const near = beside(file)
    const about = text.match(/^(?:\/\/|#) (?!Book:)(.+(?:\n(?:\/\/|#) .+)*)/m)
    const words = about ? about[1].replace(/\n(\/\/|#) /g, ' ').slice(0, 200)
      : `The file ${file}`
    return frame({ title: file, here: file, live,
      description: words.replace(/\s+/g, ' '),
      main: `${crumbs(file)}
${citedIn(file)}
<div class="tools">${near}<button type="button" class="copy-code"
hidden>Copy the file</button></div>
<pre class="code" data-language="${file.split('.').at(-1)}">${
  lines.join('\n')}\n</pre>
${near}` })
  }

  function folderPage(folder) {
    const items = inOrder(folder).map((file) => {
      const name = path.basename(file)
      const size = isFolder(file) ? '' : fs.statSync(at(file)).size
      if (!isFolder(file) && !isImage(file) && !isText(file))
        return `<li>${escapeHtml(name)} <small>${size} bytes</small>`
      const entry = link(file, name)
      const number = place(file)
      if (!isImage(file))
        return `<li>${number > 0 && number < 100 &&
          /\/(exercises|solutions)\//.test(file) ? `${number}. ` : ''}${entry}`
      const { width, height } = imageSize(at(file))
      return `<li><figure><img src="${base}${file}" width="${width}" height="${
        height}" loading="lazy" alt="${escapeHtml(alts[file] ??
        `The figure ${name}, which the book does not show`)}"><figcaption>${
        entry}</figcaption></figure>`
    })
    const figures = items.some((item) => item.startsWith('<li><figure'))
    return frame({ title: folder, here: folder, live,
      description: `What is in the folder ${folder} of the repository`,
      main: `${crumbs(folder)}
${citedIn(folder)}
<ul${figures ? ' class="figures"' : ''}>
${items.join('\n')}
</ul>` })
  }

  // All of them for the sidebar: a folder is [name, [entries]], a file its
  // name; a star before the name: there is no page of this folder itself.
  function tree() {
    const entry = (folder) => [(known.has(folder) ? '' : '*') +
      path.basename(folder), branch(folder)]
    const branch = (folder) => inOrder(folder)
      .filter((file) => isFolder(file) || shown(file))
      .map((file) => isFolder(file) ? entry(file) : path.basename(file))
      .filter((one) => typeof one === 'string' || one[1].length)
    return ['common', 'chapters', 'tests']
      .filter((folder) => fs.existsSync(at(folder))).map(entry)
  }

  return { codePage, folderPage, tree }
}
