// VitePress' theme with the reader's own fonts (none is fetched) and, above
// and below each chapter, the links to its program and exercises.
import { h } from 'vue'
import { inBrowser, useData, withBase } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import './films.mjs'
import './live.mjs'
import './style.css'
import './colours.css'

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

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, {
    'doc-before': () => h(above),
    'doc-footer-before': () => h(below),
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
  },
}
