// The reader's ways that need a script: search, dark mode, marked lines,
// figures, terms, exercises, menus, the pad of the first page.
import path from 'node:path'
import { base, isFilm, summary } from './source.mjs'

/** @param {object} given what test.mjs has: root, dist, browser, server,
 *   views, open, fail, files, accessibility */
export async function testBehaviour(given) {
  const { root, browser, server, views, open, fail, files } = given
  const origin = `http://127.0.0.1:${server.address().port}`
  const chapters = summary(root)[1].map(({ file }) =>
    file.replace('.md', '.html'))

  // Each test in a browser that has seen nothing; all that is said in it
  // counts as its failures.
  const tests = {
    async search(tab) {
      for (const page of [chapters[0], `code/chapters/${
        chapters[0].replace('.html', '')}/main.cpp.html`]) {
        await tab.goto(origin + base + page)
        await tab.locator('#tree a, .VPSidebar a').first().waitFor()
        await tab.keyboard.press('/')
        await tab.locator('dialog.search input').fill('softmax overflow')
        await tab.locator('dialog.search mark').first().waitFor()
        const chapter = tab.locator('dialog.search .chapter').first()
        if (await chapter.innerText() !== '05')
          fail(page, `search: chapter ${await chapter.innerText()}`)
        await given.accessibility(tab, `${page} with the search open`)
        await tab.keyboard.press('ArrowDown')
        await tab.keyboard.press('ArrowUp')
        await tab.keyboard.press('Enter')
        await tab.waitForURL(/05-softmax\.html#what-breaks/)
      }
      await tab.keyboard.press('Control+k')
      await tab.locator('dialog.search input').fill('softmax')
      await tab.keyboard.press('Escape')
      if (await tab.locator('dialog.search[open]').count())
        fail('search', 'Escape does not close it')
    },

    async dark(tab) {
      await tab.goto(origin + base + chapters.at(-1))
      await tab.locator('.VPSwitchAppearance').first().click()
      const link = tab.locator('.vp-doc a[href*="-L"]:visible').first()
      await link.click()
      await tab.waitForURL(/code\//)
      await tab.waitForSelector('.mark').catch(() =>
        fail(tab.url(), 'no line is marked'))
      if (!await tab.evaluate(() =>
        document.documentElement.classList.contains('dark')))
        fail(tab.url(), 'is not dark after the switch')
      await tab.goBack()
      if (!tab.url().endsWith(chapters.at(-1))) fail(tab.url(), 'no way back')
    },

    async films(tab) {
      const film = files.filter(isFilm).sort()[0]
      if (!film) return fail('films', 'there is none')
      const [, of] = film.split(path.sep)
      await tab.goto(`${origin}${base}${of}.html`)
      const button = tab.locator('.film button').first()
      const shown = () => tab.locator('.film img').first().getAttribute('src')
      const moving = await shown()
      await button.click()
      await tab.waitForFunction(() => document.querySelector('.film img')
        .src.startsWith('data:')).catch(() => fail(of, 'no film stops'))
      await button.click()
      if (await shown() !== moving) fail(of, 'no film goes on')
    },

    async figures(tab) {
      await tab.goto(origin + base + chapters[1])
      const links = tab.locator('.vp-doc a.figure')
      await tab.waitForLoadState('load')
      await links.nth(1).click()
      const dialog = tab.locator('dialog.plate')
      await dialog.locator('img').waitFor()
      const shown = () => dialog.locator('img').getAttribute('src')
      const first = await shown()
      if (!/Figure \d+\.2/.test(await dialog.innerText()))
        fail('figures', `the second one says: ${await dialog.innerText()}`)
      await given.accessibility(tab, 'a figure, enlarged')
      await tab.keyboard.press('ArrowRight')
      if (await shown() === first) fail('figures', 'no next one')
      await tab.keyboard.press('Escape')
      if (await tab.locator('dialog.plate[open]').count())
        fail('figures', 'Escape does not close it')
      if (!tab.url().endsWith(chapters[1]))
        fail('figures', `a click leads to ${tab.url()}`)
    },

    async terms(tab) {
      await tab.goto(origin + base + chapters[5])
      await tab.waitForLoadState('load')
      const term = tab.locator('.vp-doc a.term').first()
      await term.hover()
      await tab.locator('.meaning:visible').waitFor()
      const words = await tab.locator('.meaning').innerText()
      if (words.length < 30) fail('terms', `the meaning is "${words}"`)
      await tab.keyboard.press('Escape')
      if (await tab.locator('.meaning:visible').count())
        fail('terms', 'Escape does not close it')
    },

    async equations(tab) {
      await tab.goto(origin + base + chapters[3])
      await tab.locator('.vp-doc a.to-equation').first().click()
      await tab.waitForURL(/#eq-/)
      await tab.locator('.equation.aimed').waitFor()
        .catch(() => fail('equations', `${tab.url()} marks none`))
    },

    async progress(tab) {
      await tab.goto(origin + base + chapters[3])
      await tab.locator('.solved').first().check()
      await tab.evaluate(() => scrollTo(0, document.body.scrollHeight))
      await tab.waitForTimeout(700)
      await tab.reload()
      if (!await tab.locator('.solved').first().isChecked())
        fail('progress', 'a ticked exercise is forgotten')
      await tab.goto(origin + base)
      await tab.locator('.resume a').waitFor()
      const card = tab.locator(`.card[data-page="${
        chapters[3].replace('.html', '')}"] .time`)
      if (!/read, 1 solved/.test(await card.innerText()))
        fail('progress', `the card says: ${await card.innerText()}`)
    },

    async code(tab) {
      const folder = `${origin}${base}code/chapters/04-backprop/`
      await tab.goto(`${folder}backprop.hpp.html`)
      await tab.locator('#tree [aria-current]').waitFor()
      await tab.locator('.code .s a').first().waitFor()
      await tab.locator('main a[href*="04-backprop.html"]').first().waitFor()
      await tab.locator('.beside a[rel=next]').first().click()
      await tab.waitForURL((url) => url.href !== `${folder}backprop.hpp.html`)
      await tab.goto(`${folder}exercises/leaky_relu.hpp.html`)
      const next = tab.locator('.beside a[rel=next]').first()
      if (!/global_average/.test(await next.innerText()))
        fail('code', `after exercise 1: ${await next.innerText()}`)
    },

    async lost(tab) {
      const response = await tab.goto(`${origin}${base}no/such/page.html`)
      if (response.status() !== 404) fail('404', `is ${response.status()}`)
      await tab.locator('img.lost').waitFor()
      if (await tab.locator('#tree, #menu').count())
        fail('404', 'shows the files of the repository')
      await tab.locator('button.plain').click()
      await tab.locator('dialog.search input').fill('kernel')
      await tab.locator('dialog.search mark').first().waitFor()
    },

    async print(tab) {
      await tab.goto(origin + base + chapters[2])
      await tab.emulateMedia({ media: 'print' })
      for (const part of ['.VPNav', '.VPSidebar', '.copy-code', '.aside'])
        if (await tab.locator(part).first().isVisible())
          fail('print', `${part} is printed`)
      if (!await tab.locator('.vp-doc h1').isVisible())
        fail('print', 'the page is not')
      for (const line of await tab.locator('mjx-container use')
        .evaluateAll((all) => all.map((one) =>
          getComputedStyle(one).strokeWidth)))
        if (line !== '0px') return fail('print', `letters of formulas have ${
          line} around them`)
      // From the dark, it comes in the colours that it has by day.
      for (const page of [chapters[2], 'code/common/tensor/fail.hpp.html']) {
        const printed = async (colorScheme) => {
          await tab.emulateMedia({ media: 'screen', colorScheme })
          await tab.goto(origin + base + page)
          await tab.emulateMedia({ media: 'print', colorScheme,
            reducedMotion: 'reduce' })
          await tab.waitForFunction((dark) => document.documentElement
            .classList.contains('dark') === dark, colorScheme === 'dark')
          return tab.evaluate(() => [...document.querySelectorAll(
            ':root, body, main, main *')].map((one) => {
            const style = getComputedStyle(one)
            return `${one.localName} ${['colorScheme', 'color',
              'backgroundColor', 'borderLeftColor', 'borderLeftWidth',
              'filter']
              .map((name) => style[name]).join(' ')}`
          }))
        }
        const day = await printed('light')
        const night = await printed('dark')
        const n = night.findIndex((one, i) => one !== day[i])
        if (n >= 0)
          fail('print', `${page} from the dark: ${night[n]}, not ${day[n]}`)
      }
    },

    async demonstration(tab) {
      await tab.goto(origin + base)
      if (!await tab.locator('[data-pad="live"]').count()) return
      await tab.locator('canvas.pad').waitFor({ timeout: 5000 })
      // While the 3 draws itself, the line below waits.
      await tab.evaluate(() => {
        const line = document.querySelector('.said')
        const heard = window.heard = [line.textContent]
        new MutationObserver(() => heard.push(line.textContent))
          .observe(line, { childList: true, characterData: true,
            subtree: true })
      })
      await tab.waitForFunction(() => /draw your own/.test(
        document.querySelector('.said').textContent))
      await tab.waitForTimeout(1500)
      const heard = await tab.evaluate(() => window.heard)
      if (heard.length !== 2 || !/as a 3,/.test(heard[1]))
        fail('pad', `the line says, one after the other: ${heard.join(' ')}`)
    },

    async pad(tab) {
      // The network comes late: what is drawn before must not break it.
      await tab.route('**/digits.safetensors', async (route) => {
        await new Promise((done) => setTimeout(done, 1500))
        await route.continue()
      })
      await tab.goto(origin + base)
      const live = await tab.locator('[data-pad="live"]').count()
      if (!live) {
        await tab.locator('.film-shown .film-hero img')
          .waitFor({ timeout: 5000 })
        return
      }
      const pad = tab.locator('canvas.pad')
      await pad.waitFor({ timeout: 5000 })
      const { x, y, width } = await pad.boundingBox()
      await tab.mouse.move(x + width / 2, y + 0.2 * width)
      await tab.mouse.down()
      for (let n = 1; n <= 12; ++n)
        await tab.mouse.move(x + width / 2, y + (0.2 + 0.05 * n) * width)
      await tab.mouse.up()
      await tab.waitForFunction(() => /your digit as a 1/.test(
        document.querySelector('.said')?.textContent))
        .catch(async () => fail('pad', `a stroke is read so: ${
          await tab.locator('.said').innerText()}`))
    },
  }
  const phone = {
    async 'search on a phone'(tab) {
      await tab.goto(origin + base + chapters[3])
      await tab.locator('button.find').tap()
      const input = tab.locator('dialog.search input')
      await input.waitFor()
      const { words, room } = await input.evaluate((one) => {
        const { font, paddingLeft, paddingRight } = getComputedStyle(one)
        const pen = document.createElement('canvas').getContext('2d')
        pen.font = font
        return { words: pen.measureText(one.placeholder).width,
          room: one.clientWidth - parseFloat(paddingLeft) -
            parseFloat(paddingRight) }
      })
      if (words > room)
        fail('search', `${words} pixels of hint have ${room} of room`)
    },

    async 'figures by touch'(tab) {
      await tab.goto(origin + base + chapters[3])
      await tab.waitForLoadState('load')
      const wide = (one) => one.evaluate((image) => image.clientWidth)
      const figure = tab.locator('.vp-doc a.figure').first()
      const before = await wide(figure.locator('img'))
      await figure.tap()
      const dialog = tab.locator('dialog.plate')
      await dialog.locator('img').waitFor()
      const after = await wide(dialog.locator('img'))
      if (after < 1.2 * before)
        fail('figures', `enlarged from ${before} to ${after} pixels`)
      await given.accessibility(tab, 'a figure, enlarged on a phone')
      if (await dialog.evaluate((one) => one.scrollWidth > one.clientWidth))
        fail('figures', 'more than the figure scrolls')
      await dialog.locator('[aria-label=Close]').tap()
      if (await tab.locator('dialog.plate[open]').count())
        fail('figures', 'the button does not close it')
    },

    async outline(tab) {
      await tab.goto(origin + base + chapters[3])
      await tab.waitForLoadState('load')
      await tab.locator('.VPLocalNavOutlineDropdown button').tap()
      const top = tab.locator('.VPLocalNavOutlineDropdown .top-link')
      await top.waitFor()
      await tab.waitForTimeout(400)  // until it has come down
      for (const part of [top,
        tab.locator('.VPLocalNavOutlineDropdown button')])
        if (!await part.evaluate((one) => {
          const { left, top, width, bottom } = one.getBoundingClientRect()
          return [top + 3, bottom - 3].every((y) =>
            one.contains(document.elementFromPoint(left + width / 2, y)))
        })) fail('outline', `"${await part.innerText()}" is covered`)
      await tab.keyboard.press('Escape')
      // From the middle of a page, the menu leads to its sections.
      await tab.evaluate(() => scrollTo(0, document.body.scrollHeight / 2))
      await tab.locator('.VPNavBarHamburger').tap()
      await tab.locator('.all-pages .sections a').nth(1).tap()
      await tab.locator('.VPNavScreen').waitFor({ state: 'detached' })
      const { id, at } = await tab.evaluate(() => {
        const { id } = document.querySelectorAll('.vp-doc h2')[1]
        return { id, at: document.getElementById(id)
          .getBoundingClientRect().top }
      })
      if (!tab.url().endsWith(`#${id}`) || at < 40 || at > 200)
        fail('outline', `the menu leads to ${tab.url()}, with ${id} at ${at}`)
    },

    async 'terms by touch'(tab) {
      await tab.goto(origin + base + chapters[5])
      await tab.waitForLoadState('load')
      const term = tab.locator('.vp-doc a.term').first()
      await term.tap()
      await tab.locator('.meaning:visible').waitFor()
      if (!tab.url().endsWith(chapters[5]))
        fail('terms', `the first tap leads to ${tab.url()}`)
      await term.tap()
      await tab.waitForURL(/glossary\.html#term-/)
    },

    async 'one menu'(tab) {
      for (const page of [chapters[1], '']) {
        await tab.goto(origin + base + page)
        if (await tab.locator('.VPLocalNav .menu').first().isVisible()
          .catch(() => false)) fail(page, 'a second menu')
        await tab.locator('.VPNavBarHamburger').click()
        const items = tab.locator('.VPNavScreen .all-pages a')
        await items.first().waitFor()
        if (await items.count() < chapters.length)
          fail(page, `${await items.count()} pages in the menu`)
        await given.accessibility(tab, `${page || 'first page'}, its menu`)
      }
      await tab.goto(origin + base +
        'code/chapters/02-convolution/main.cpp.html')
      await tab.locator('#menu').click()
      await tab.locator('#tree.open [aria-current]').waitFor()
      const { scrollWidth, wide } = await tab.evaluate(() => ({
        scrollWidth: document.scrollingElement.scrollWidth, wide: innerWidth }))
      if (scrollWidth > wide) fail('code on a phone', `${scrollWidth} wide`)
    },
  }
  for (const [view, all] of [['light', tests], ['phone', phone]])
    for (const [name, test] of Object.entries(all)) {
      const context = await browser.newContext(views[view])
      // The page for lost readers is one that is not found.
      const tab = await open(context, origin, name === 'lost' ? '404.html'
        : name)
      tab.setDefaultTimeout(20000)
      const began = Date.now()
      await test(tab).catch((error) => fail(name, error.message))
      console.log(`tried  ${name}  ${Date.now() - began} ms`)
      await context.close()
    }
}
