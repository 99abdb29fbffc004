// VitePress' theme with the reader's own fonts (none is fetched), the book's
// search, one menu on a phone and, above and below each chapter, the links to
// its program and exercises.
import { h, inject } from 'vue'
import { inBrowser, useData, withBase } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { startCopying } from './copy.mjs'
import './films.mjs'
import './live.mjs'
import { startPad } from './pad.mjs'
import { startPlates } from './plates.mjs'
import { startProgress } from './progress.mjs'
import { startScrolling } from './scrolling.mjs'
import { startSearch } from './search.mjs'
import { startTerms } from './terms.mjs'
import './style.css'
import './landing.css'
import './search.css'
import './colours.css'
import './print.css'

function chapterLinks(label) {
  return {
    setup() {
      const { frontmatter } = useData()
      return () => {
        const { chapter, links } = frontmatter.value
        if (!links) return null
        return h('nav', { class: 'chapter-links', 'aria-label': label }, [
          h('span', `Chapter ${chapter}`),
          ...links.map(({ name, link }) =>
            h('a', { href: withBase(link) }, name))])
      }
    },
  }
}
const above = chapterLinks('Files of the chapter')
const below = chapterLinks('Files of the chapter, again')

// On a phone, the chapters stand in the one menu that there is, and with the
// chapter that one reads its sections.
const chapters = {
  setup() {
    const { theme, page } = useData()
    const here = () => '/' + page.value.relativePath.replace(/\.md$/, '')
    const close = inject('close-screen', () => {})
    const sections = () => h('ul', { class: 'sections' },
      [...document.querySelectorAll('.vp-doc h2[id]')].map((heading) =>
        h('li', h('a', { href: '#' + heading.id, onClick: close },
          [...heading.childNodes].slice(0, -1)  // without its own link
            .map((node) => node.textContent).join('').trim()))))
    const item = ({ text, link }) => h('li', [h('a', {
      href: withBase(link + '.html'),
      'aria-current': link === here() ? 'page' : undefined }, text),
    link === here() ? sections() : null])
    return () => h('nav', { class: 'all-pages', 'aria-label': 'Pages' },
      h('ul', theme.value.sidebar.flatMap((part) =>
        part.items ? part.items.map(item) : [item(part)])))
  },
}

const find = () => h('button', { type: 'button', class: 'find',
  'data-find': '' }, [h('span', 'Search'), h('kbd', '/')])

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, {
    'doc-before': () => h(above),
    'doc-footer-before': () => h(below),
    'nav-bar-content-before': find,
    'nav-screen-content-before': () => h(chapters),
  }),
  enhanceApp({ router }) {
    // A link loads its page, as the pages' scripts do not hold their texts
    // (see config.mjs), and the pages of code are none of VitePress' anyway.
    let first = true
    router.onBeforeRouteChange = (to) => {
      if (first || !inBrowser) {
        first = false
        return true
      }
      location.assign(to)
      return false
    }
    if (!inBrowser) return
    const start = () => {
      startSearch(withBase('/'))
      startCopying()
      startScrolling()
      startPlates()
      startTerms()
      startProgress(withBase('/'))
      startPad(withBase('/live/'))
    }
    // After Vue has taken over what is there.
    if (document.readyState === 'complete') start()
    else addEventListener('load', start)
  },
}
