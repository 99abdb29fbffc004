// VitePress' configuration. stage.mjs lays out what it reads; this file runs
// in the copy of its folder under build/site/pages.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { compactMath } from './mathematics.mjs'
import { escapeHtml, imageSize, isFilm, numberOf, summary } from './source.mjs'
import { highlight } from './theme/highlight.js'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '../../../..')
const base = process.env.BASE || '/'

// The live page, if stage.mjs found it: a folder of its own beside the book.
const live = path.resolve(here, '../public/live')
const isLive = fs.existsSync(live)

// What makes a figure come alive lies in the live page's folder under the
// figure's own path. The pages of the book do not know of it.
function alive(source, figure) {
  const file = source.replace(/^\/figures\/(.+)\.\w+$/, 'live/$1.mjs')
  if (!fs.existsSync(path.join(live, file))) return figure
  return `<span class="alive">${figure}<button type="button" hidden ` +
    `data-live="${file}">Try this figure</button></span>`
}

// Where a page of the repository can be edited: known only if it was cloned
// from a code host. If not, there is the page's source on the site itself.
function editLink() {
  let origin = ''
  try {
    origin = execFileSync('git', ['-C', root, 'remote', 'get-url', 'origin'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {}  // no git, or no such remote
  const [, host, name] = origin.replace(/\.git$/, '').match(
    /^https:\/\/(?:[^@/]*@)?(github\.com|gitlab\.com|codeberg\.org)\/(.+)$/)
    ?? []
  const edit = { 'github.com': 'edit', 'gitlab.com': '-/edit',
    'codeberg.org': '_edit' }[host]
  return edit
    ? { pattern: `https://${host}/${name}/${edit}/main/:path`,
        text: 'Edit this page' }
    : { pattern: '/code/:path.html', text: 'The source of this page' }
}

function sidebar() {
  const [before, chapters, after] = summary(root).map((part) =>
    part.map(({ title, file }) => ({
      text: `${numberOf(file)} ${title}`.trim(),
      link: file === 'introduction.md' ? '/' : '/' + file.replace('.md', ''),
    })))
  return [...before, { text: 'Chapters', items: chapters },
    { text: 'Appendix', items: after }]
}

// As the code hosts make them.
const slugify = (heading) => heading.trim().toLowerCase()
  .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').replace(/\s/g, '-')

// The text of each page. It goes straight into its HTML: nothing in it is
// Vue's, which would put all of it into a script as well, for going from page
// to page without loading one. Our links load pages (see theme/index.mjs), and
// the site weighs half.
const texts = new Map()

function markdown(md) {
  // With its size, so that nothing jumps when it comes; a click opens it.
  md.renderer.rules.image = (tokens, index, options, env, self) => {
    const token = tokens[index]
    const source = token.attrGet('src')
    const alt = self.renderInlineAsText(token.children, options, env)
    const { width, height } = imageSize(path.join(root, source))
    const figure = `<a class="figure" href="${base}${source.slice(1)}" ` +
      `target="_self"><img src="${base}${source.slice(1)}" width="${width}" ` +
      `height="${height}" loading="lazy" decoding="async" ` +
      `alt="${escapeHtml(alt)}"></a>`
    return alive(source, isFilm(source) ? `<span class="film">${figure}` +
      '<button type="button">Stop the film</button></span>' : figure)
  }
  // Short code in a line stays whole, as does an option in a longer one.
  md.renderer.rules.code_inline = (tokens, index) => {
    const code = tokens[index].content
    if (code.length <= 24)
      return `<code class="together">${escapeHtml(code)}</code>`
    const words = escapeHtml(code).replace(/\S*-\S*/g, (word) =>
      word.length > 30 ? word : `<span class="together">${word}</span>`)
    return `<code>${words}</code>`
  }
  // Wide tables scroll on a phone, by keyboard, too.
  md.renderer.rules.table_open = () =>
    '<div class="wide" tabindex="0" role="region" aria-label="Table">' +
    '<table tabindex="-1">\n'
  md.renderer.rules.table_close = () => '</table></div>\n'
  const render = md.render.bind(md)
  md.render = (text, env) => {
    texts.set(env.relativePath, compactMath(render(text, env)))
    return `<div data-text="${env.relativePath}"></div>`
  }
}

export default defineConfig({
  lang: 'en',
  title: 'Pixels to Predictions',
  description: 'A convolutional neural network in C++20, from an empty file '
    + 'to a program that reads handwritten digits',
  base,
  outDir: '../dist',
  cacheDir: '../cache',
  rewrites: { 'book/introduction.md': 'index.md', 'book/:page.md': ':page.md' },
  ignoreDeadLinks: [/^\/(code|figures|live)\//],  // test.mjs follows them
  head: [['link', { rel: 'icon', href: base + 'icon.svg',
    type: 'image/svg+xml' }]],
  markdown: {
    math: true,
    anchor: { slugify },
    highlight: (code, language) => '<pre class="listing" tabindex="0" ' +
      `role="region" aria-label="${
        language === 'text' ? 'Output' : 'Listing'}"><code>${
        highlight(code.replace(/\n$/, ''), language)}</code></pre>`,
    config: markdown,
  },
  router: { prefetchLinks: false },
  transformHtml: (html) => html.replace(/<div data-text="([^"]*)">/,
    (place, page) => place + texts.get(page)),
  themeConfig: {
    nav: isLive
      ? [{ text: 'Live page', link: '/live/', target: '_self' }] : [],
    sidebar: sidebar(),
    outline: { level: [2, 3], label: 'On this page' },
    editLink: editLink(),
    search: {
      provider: 'local',
      options: {
        disableDetailedView: true,
        _render: (text, env, md) => {
          md.render(text, env)
          if (!env.frontmatter?.search) return ''
          return texts.get(env.relativePath)
            .replace(/<mjx-container.*?<\/mjx-container>/gs, ' ')
        },
      },
    },
  },
})
