// The first page of the site: a pad to draw on, what the book is, and a card
// for each chapter.
import fs from 'node:fs'
import path from 'node:path'
import { aboutPage, base, escapeHtml, imageSize, numberOf, repository,
  summary } from './source.mjs'

// A figure for each card, about half as high as it is wide, which can be made
// out when it is small. A chapter that is not named here has its first one.
const pictures = {
  '01': 'story.png', '02': 'kernels-scene.png', '03': 'before-after.png',
  '04': 'boundary.png', '05': 'templates.png', '06': 'filters.png',
  '07': 'lanes.png', '08': 'occlusion.png', '09': 'morphing.png',
  10: 'patterns-strip.png', 11: 'valley-strip.png', 12: 'belief-strip.png',
  13: 'axes.png', 14: 'surface.png', 15: 'dreams.png',
  16: 'safetensors.png', 17: 'photographs.png', 18: 'rounding.png',
}

// What is different about this book. Each sentence links to what proves it.
const claims = [
  ['The listings are the code.', 'Each of them is cut from a file that is ' +
    'compiled and run, and a test fails if the two differ by a letter.',
    'tests/book/check.cpp', 'The tool that looks'],
  ['The numbers were printed.', 'Outputs, tables and even the numbers inside ' +
    'sentences come from a recorded run of the chapter\'s program.',
    'book/output/06-training.txt', 'One of the records'],
  ['The figures are results.', 'A program draws each of them, byte for byte ' +
    'the same every time. Under each figure is a link to the code.',
    'figures/08-seeing', 'The figures of a chapter'],
  ['Every gradient is measured.', 'What the chain rule gives is compared ' +
    'with what a nudge shows, for every layer of the book.',
    'tests/gradients_test.cpp', 'The comparison'],
  ['Exercises know their answers.', '<code>./tutorial check</code> runs your ' +
    'solution and shows the first case that is wrong, with the input, what ' +
    'was expected and what came out.',
    'chapters/04-backprop/exercises', 'The stubs of a chapter'],
  ['The web page is the same C++.', 'What you draw on above is read by the ' +
    'book\'s own code. It also trains in your browser, to the same bits as ' +
    'in a terminal.', 'book/18-browser.md', 'How that is done'],
]

function pictureOf(root, file, text) {
  const number = numberOf(file)
  const shown = [...text.matchAll(/!\[[^\]]*\]\(\.\.\/(figures\/[^)]+)\)/g)]
    .map(([, name]) => name).filter((name) => !/film\.png$/.test(name))
  const chosen = pictures[number] &&
    `figures/${file.replace('.md', '')}/${pictures[number]}`
  return [chosen, ...shown].find((name) => name &&
    fs.existsSync(path.join(root, name)))
}

function pictureTag(root, file, alt, source = 'src') {
  const { width, height } = imageSize(path.join(root, file))
  return `<img ${source}="${base}${file}" width="${width}" ` +
    `height="${height}" alt="${alt}">`
}

/** @param {object} given root; live, whether there is a live page; epub,
 *   whether there is one; link, of a file of the repository */
export function landing({ root, live, epub, link }) {
  const to = (file) => base + link(file).slice(1)
  const chapters = summary(root)[1]
  const cards = chapters.map(({ title, file }) => {
    const text = fs.readFileSync(path.join(root, 'book', file), 'utf8')
    const { time, question, concept } = aboutPage(text)
    const picture = pictureOf(root, file, text)
    const size = picture ? imageSize(path.join(root, picture)) : null
    return `<li><a class="card" href="${to(`book/${file}`)}" data-page="${
      file.replace('.md', '')}">${picture ? `<img src="${base}${picture}" ` +
      `width="${size.width}" height="${size.height}" loading="lazy" ` +
      'decoding="async" alt="">' : '<span class="blank"></span>'}` +
      `<span class="title"><span>${numberOf(file)}</span> ${
        escapeHtml(title)}</span><span class="question">${
        escapeHtml(question.replace(/^./, (c) => c.toUpperCase()) || concept)
      }</span><span class="time">${
        // What the time depends on is said on the page.
        escapeHtml(time.split(',')[0])}</span></a></li>`
  }).join('\n')
  const code = repository(root)
  const first = `book/${chapters[0].file}`
  const film = pictureTag(root, 'figures/08-seeing/filters-film.png',
    'A film: the eight filters of the first layer change little by little ' +
    'while a network learns', 'data-src')
  const strip = pictureTag(root, 'figures/08-seeing/filters-strip.png',
    'The filters of the first layer at seven moments of the training')
  const more = [['book/syllabus.md', 'Syllabus'],
    ['book/notation.md', 'Notation'],
    ['book/glossary.md', 'Glossary'],
    ['book/further-reading.md', 'Further reading']]
    .filter(([file]) => fs.existsSync(path.join(root, file)))
    .map(([file, name]) => `<a href="${to(file)}">${name}</a>`)
  if (live) more.push(`<a href="${base}live/" target="_self">Live page</a>`)
  if (epub)
    more.push(`<a href="${base}pixels-to-predictions.epub" target="_self">` +
      'The book as an EPUB</a>')
  if (code) more.push(`<a href="${code.address}">The repository</a>`)
  return `<div class="landing">
<section class="hero">
<div class="words">
<h1>Pixels to Predictions</h1>
<p class="tagline">Build a neural network that reads handwriting, in C++20,
from an empty file and without a library for it, and understand every number
that it computes.</p>
<p class="actions"><a class="start" href="${to(first)}">Start with chapter ${
  numberOf(chapters[0].file)}</a>
<a class="other" href="${to('book/introduction.md')}">Introduction</a></p>
<p class="resume" hidden></p>
${code ? `<div class="clone"><code>git clone ${code.address}</code><button
type="button" class="copy-code" hidden>Copy</button></div>
` : ''}</div>
<div class="try" data-pad="${live ? 'live' : ''}">
<div class="film-hero">${film}<p>Eight filters of a network while it learns.
<a href="${to('book/08-seeing.md')}">Chapter 08</a> shows how to read
them.</p></div>
<div class="still">${strip}</div>
</div>
</section>
<section aria-labelledby="chapters">
<h2 id="chapters">The chapters</h2>
<p>One idea each, with a program that you run, figures that it draws, and
exercises with tests.</p>
<ol class="cards">
${cards}
</ol>
</section>
<section aria-labelledby="different">
<h2 id="different">What is different about this book</h2>
<ul class="claims">
${claims.filter(([, , proof]) => fs.existsSync(path.join(root, proof)))
    .map(([claim, words, proof, name]) => `<li><h3>${claim}</h3>
<p>${words} <a href="${to(proof)}">${name}</a>.</p></li>`).join('\n')}
</ul>
</section>
<p class="more">${more.join('\n')}</p>
</div>
`
}
