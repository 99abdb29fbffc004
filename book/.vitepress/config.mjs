// VitePress' configuration. stage.mjs lays out what it reads; this file runs
// in the copy of its folder under build/site/pages.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { filesIn } from './browser.mjs'
import { compactMath } from './mathematics.mjs'
import { addressIn, base, escapeHtml, fromPage, numberOf, repository,
  siteName, siteUrl, siteWords, slugify, summary } from './source.mjs'
import { bookText } from './text.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const book = JSON.parse(fs.readFileSync(path.join(here, 'book.json'), 'utf8'))
const { root } = book
const code = repository(root)

// The live page, if stage.mjs found it: a folder of its own beside the book.
const live = path.resolve(here, '../public/live')
const isLive = fs.existsSync(live)

// Where a page of the repository can be edited: known only if it has a code
// host. If not, there is the page's source on the site itself.
function editLink() {
  const edit = { 'github.com': 'edit', 'gitlab.com': '-/edit',
    'codeberg.org': '_edit' }[code?.host]
  return edit
    ? { pattern: `${code.address}/${edit}/main/:path`, text: 'Edit this page' }
    : { pattern: '/code/:path.html', text: 'The source of this page' }
}

function sidebar() {
  const [before, chapters, after] = summary(root).map((part) =>
    part.map(({ title, file }) => ({
      text: `${numberOf(file)} ${title}`.trim(),
      link: '/' + file.replace('.md', ''),
    })))
  return [...before, { text: 'Chapters', items: chapters },
    { text: 'Appendix', items: after }]
}

function nav() {
  const links = isLive
    ? [{ text: 'Live page', link: '/live/', target: '_self' }] : []
  if (fs.existsSync(path.resolve(here,
    '../public/pixels-to-predictions.epub')))
    links.push({ text: 'EPUB', link: '/pixels-to-predictions.epub',
      target: '_self' })
  if (code) links.push({ text: 'Repository', link: code.address })
  return links
}

// The text of each page. It goes straight into its HTML: nothing in it is
// Vue's, which would put all of it into a script as well, for going from page
// to page without loading one. Our links load pages (see theme/index.mjs), and
// the site weighs half.
const texts = new Map()

function markdown(md) {
  bookText(md, { root, live, book })
  const render = md.render.bind(md)
  md.render = (text, env) => {
    texts.set(env.relativePath, compactMath(render(text, env)))
    return `<div data-text="${env.relativePath}"></div>`
  }
}

// What those need who show a link to a page: search engines, messengers. Most
// of it is known only where the site's address is.
function head({ pageData, page, title, description }) {
  if (page === '404.md') return []
  const address = siteUrl +
    page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '.html')
  const property = (name, content) =>
    ['meta', { property: `og:${name}`, content }]
  return [property('type', pageData.frontmatter.landing ? 'website'
    : 'article'), property('title', title), property('site_name', siteName),
  property('description', description),
  ...siteUrl ? [['link', { rel: 'canonical', href: address }],
    property('url', address), property('image', siteUrl + 'card.png'),
    property('image:alt', 'A handwritten 4 as 28 by 28 pixels, and the ' +
      'title of the book'), property('image:width', '1200'),
    property('image:height', '630'),
    ['meta', { name: 'twitter:card', content: 'summary_large_image' }]] : []]
}

export default defineConfig({
  lang: 'en',
  title: siteName,
  description: siteWords,
  base,
  outDir: '../dist',
  cacheDir: '../cache',
  rewrites: { 'book/:page.md': ':page.md' },
  ignoreDeadLinks: [/^\/(code|figures|live)\//],  // test.mjs follows them
  head: [['link', { rel: 'icon', href: base + 'icon.svg',
    type: 'image/svg+xml' }]],
  markdown: {
    math: true,
    anchor: { slugify },
    highlight: (text) => escapeHtml(text),  // text.mjs does it
    config: markdown,
  },
  router: { prefetchLinks: false },
  transformHead: head,
  transformHtml: (html, id, { page }) => {
    const whole = html.replace(/<div data-text="([^"]*)">/,
      (place, name) => place + texts.get(name))
    return page === '404.md' ? whole : fromPage(whole, page)
  },
  buildEnd({ outDir }) {
    fs.copyFileSync(path.join(here, '404.html'), path.join(outDir, '404.html'))
    if (!siteUrl) return
    const addresses = filesIn(outDir)
      .filter((file) => file.endsWith('.html') && file !== '404.html')
      .map((file) => siteUrl + addressIn(file)).sort()
    fs.writeFileSync(path.join(outDir, 'sitemap.xml'),
      '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns=' +
      '"http://www.sitemaps.org/schemas/sitemap/0.9">\n' + addresses.map(
        (one) => `<url><loc>${escapeHtml(encodeURI(one))}</loc></url>\n`)
        .join('') + '</urlset>\n')
  },
  themeConfig: {
    nav: nav(),
    sidebar: sidebar(),
    outline: { level: [2, 3], label: 'On this page' },
    editLink: editLink(),
  },
})
