// The page's shell: its files, its versions, its sections, its shape.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { filesIn } from '../../book/.vitepress/browser.mjs'
import { serve } from '../../book/.vitepress/serve.mjs'
import { controlled, inFolder } from './helpers.mjs'

const assemble = fileURLToPath(
  new URL('../../chapters/18-browser/assemble.mjs', import.meta.url))

const sum = (bytes) => createHash('sha256').update(bytes).digest('hex')

const releaseOf = (folder) =>
  JSON.parse(fs.readFileSync(path.join(folder, 'release.json'), 'utf8'))

// Makes another release of a folder, as assemble.mjs does, with a mark at the
// end of two files.
function publish(folder, version) {
  const release = releaseOf(folder)
  for (const name of ['style.css', 'main.mjs']) {
    const file = path.join(folder, name)
    fs.appendFileSync(file, `/* of ${version} */\n`)
    release.files[name] = sum(fs.readFileSync(file)).slice(0, 16)
  }
  const worker = path.join(folder, 'sw.js')
  fs.writeFileSync(worker, fs.readFileSync(worker, 'utf8')
    .replace(`'${release.version}'`, `'${version}'`))
  release.version = version
  const write = () => fs.writeFileSync(path.join(folder, 'release.json'),
    JSON.stringify(release))
  write()
  return { release, write }
}

// Serves a copy of the folder by a server of its own. body may change the copy
// and end the server.
const ownServer = (folder, allow, body) => inFolder(async (file) => {
  const copy = file('copy')
  fs.cpSync(folder, copy, { recursive: true })
  const server = await serve(copy, 0)
  const address = `http://127.0.0.1:${server.address().port}/`
  allow(new RegExp(`^request to elsewhere: ${address}`))
  const end = () => {
    server.closeAllConnections()
    server.close()
  }
  try {
    await body({ copy, address, end })
  } finally {
    end()
  }
})

const shownVersion = (page) => page.waitForFunction(() =>
  document.getElementById('version').textContent.match(/Version (\w+)/)?.[1])
  .then((handle) => handle.jsonValue())

const text = (page, name) => page.evaluate(async (file) =>
  (await fetch(file)).text(), name)

const started = (page) => page.waitForFunction(() =>
  document.querySelector('#network input:checked'))

const caches = (page) => page.evaluate(() => globalThis.caches.keys())

export default (test) => {
  test('the folder is what release.json says', {}, async ({ folder }) => {
    const { files, version } = releaseOf(folder)
    for (const [name, expected] of Object.entries(files))
      assert.equal(sum(fs.readFileSync(path.join(folder, name))).slice(0, 16),
        expected, name)
    assert.deepEqual(filesIn(folder),
      [...Object.keys(files), 'release.json', 'sw.js'].sort())
    assert.ok(fs.readFileSync(path.join(folder, 'sw.js'), 'utf8')
      .includes(`'${version}'`))
  })

  test('leads to the book where it is a part of its site, and only there', {},
    ({ page, address, folder, allow, expect }) => inFolder(async (file) => {
      await page.goto(address)
      const words = page.locator('header p')
      expect((await words.innerText()).includes('code of the book,'),
        'words on the book')
      assert.equal(await words.locator('a').count(), 0)

      for (const name of ['held-out.bin', 'train.bin'])
        fs.writeFileSync(file(name), gunzipSync(
          fs.readFileSync(path.join(folder, `${name}.gz`))))
      await promisify(execFile)(process.execPath, [assemble,
        file('site/live'), '--engine', folder, '--data', file(''),
        '--book', '../'])
      fs.writeFileSync(file('site/index.html'),
        '<!doctype html><link rel="icon" href="data:,"><title>Site</title>')
      const server = await serve(file('site'), 0)
      const site = `http://127.0.0.1:${server.address().port}/`
      allow(new RegExp(`^request to elsewhere: ${site}`))
      try {
        await page.goto(`${site}live/`)
        await words.getByRole('link', { name: 'the book' }).click()
        await page.waitForURL(site)
      } finally {
        server.closeAllConnections()
        server.close()
      }
    }))

  test('is dark or light as chosen on the site, also in mid-visit',
    { views: ['desktop', 'dark desktop'] },
    async ({ page, open, expect, view }) => {
      const isDark = () => page.evaluate(() =>
        getComputedStyle(document.body).backgroundColor === 'rgb(27, 27, 31)')
      await open()
      const system = view === 'dark desktop'
      assert.equal(await isDark(), system)
      for (const choice of ['light', 'dark', 'auto']) {
        await page.evaluate((value) =>
          localStorage.setItem('vitepress-theme-appearance', value), choice)
        await page.reload()
        assert.equal(await isDark(),
          choice === 'auto' ? system : choice === 'dark')
      }
      // Another tab changes it, and then the system.
      const wanted = async (dark) => page.waitForFunction((value) =>
        document.documentElement.classList.contains('dark') === value, dark)
      const other = await page.context().newPage()
      await other.goto(page.url())
      await other.evaluate((value) =>
        localStorage.setItem('vitepress-theme-appearance', value),
      system ? 'light' : 'dark')
      await wanted(!system)
      await other.evaluate(() =>
        localStorage.setItem('vitepress-theme-appearance', 'auto'))
      await wanted(system)
      await page.emulateMedia({ colorScheme: system ? 'light' : 'dark' })
      await wanted(!system)
      expect(await page.evaluate(() => document.querySelector(
        '[name=theme-color]').content) === (system ? '#ffffff' : '#1b1b1f'),
      'the browser around the page has its colour')
    })

  test('works without a network after the first visit',
    { views: ['desktop', 'phone'] },
    ({ page, folder, allow, expect }) =>
      ownServer(folder, allow, async (own) => {
        await page.goto(own.address)
        await controlled(page)
        own.end()
        allow(/ERR_CONNECTION_REFUSED|ERR_FAILED/)  // the update of sw.js
        await page.reload()
        await started(page)
        expect(await shownVersion(page) === releaseOf(folder).version,
          'the version of the folder')
        // All files are there, even those of sections that were not opened.
        const missing = await page.evaluate(async (names) => {
          const answers = await Promise.all(names.map((name) =>
            fetch(name).then(({ ok }) => ok, () => false)))
          return names.filter((_, i) => !answers[i])
        }, Object.keys(releaseOf(folder).files))
        assert.deepEqual(missing, [])
        await page.click('#network input[value=reader]')
        await page.waitForFunction(() => document.querySelector(
          '#network .note').textContent.includes('184,490'))
        // The worker that trains and its 8,000 digits need no network either.
        await page.getByRole('button', { name: 'One step' }).first().click()
        await page.locator('#train').getByText(/Step 1 of/).waitFor()
      }))

  test('a new version does not mix with the old one', {},
    ({ page, context, folder, allow, expect }) =>
      ownServer(folder, allow, async (own) => {
        const first = releaseOf(folder).version
        await page.goto(own.address)
        await controlled(page)
        publish(own.copy, 'second')

        await page.reload()
        const offer = page.getByRole('button', { name: 'Use it', exact: true })
        await offer.waitFor()
        await page.reload()  // does not bring the new version, either
        await offer.waitFor()
        assert.equal(await shownVersion(page), first)
        for (const name of ['main.mjs', 'style.css'])
          expect(!(await text(page, name)).includes('of second'),
            `the first version's ${name}`)

        const other = await context.newPage()
        await other.goto(own.address)
        assert.equal(await shownVersion(other), first)
        await offer.click()
        await page.getByText('open in 1 other tab').waitFor()
        assert.equal(await shownVersion(page), first)
        await other.close()

        const reloaded = page.waitForEvent('load')
        await offer.click()
        await reloaded
        assert.equal(await shownVersion(page), 'second')
        for (const name of ['main.mjs', 'style.css'])
          expect((await text(page, name)).includes('of second'),
            `the second version's ${name}`)
        expect(!await offer.isVisible(), 'no further offer')
        const kept = await caches(page)
        expect(kept.length === 1 && kept[0].endsWith(' second'),
          `one cache, of the second version, got ${kept}`)
      }))

  test('a new version that is not whole is not taken', {},
    ({ page, folder, allow, expect }) =>
      ownServer(folder, allow, async (own) => {
        await page.goto(own.address)
        await controlled(page)
        const { release, write } = publish(own.copy, 'third')
        release.files['style.css'] = '0123456789abcdef'
        write()
        allow(/third/)  // the service worker's error about it
        const failed = await page.evaluate(async () => {
          const registration = await navigator.serviceWorker.ready
          const next = await new Promise((resolve) => {
            registration.addEventListener('updatefound',
              () => resolve(registration.installing))
            registration.update()
          })
          await new Promise((resolve) => {
            const look = () => {
              if (/installed|redundant/.test(next.state)) resolve(undefined)
            }
            next.addEventListener('statechange', look)
            look()
          })
          return next.state
        })
        assert.equal(failed, 'redundant')
        const kept = await caches(page)
        expect(kept.length === 1 && kept[0].endsWith(releaseOf(folder).version),
          `the cache of the old version only, got ${kept}`)
        expect(!await page.isVisible('#news'), 'no offer')
      }))

  test('asks no other host, and is not allowed to', {},
    async ({ page, open, allow }) => {
      await open()
      await started(page)
      allow(/Content Security Policy|violates/)
      const refused = await page.evaluate(() =>
        fetch('http://127.0.0.1:9/').then(() => 'answered', String))
      assert.match(refused, /TypeError/)
      const broken = await page.evaluate(() => new Promise((resolve) =>
        document.addEventListener('securitypolicyviolation',
          ({ effectiveDirective }) => resolve(effectiveDirective)) ??
        fetch('https://example.com/').catch(() => {})))
      assert.equal(broken, 'connect-src')
    })

  test('a section that cannot start says so, alone', {},
    async ({ page, open, allow }) => {
      allow(/toy\.mjs|ERR_FAILED/)
      await page.route('**/toy.mjs', (route) => route.abort())
      await open()
      const line = page.locator('#toy > .refusal')
      await line.filter({ hasText: 'This part could not start' }).waitFor()
      await started(page)
      assert.equal(await page.locator('.refusal:not(:empty)').count(), 1)
      assert.equal(await page.locator('#waiting').count(), 0)
    })

  test('says what it lacks where there is no WebAssembly', {},
    async ({ page, open }) => {
      await page.addInitScript(() => { delete globalThis.WebAssembly })
      await open()
      await page.locator('#draw > .refusal')
        .filter({ hasText: 'does not offer WebAssembly' }).waitFor()
    })

  test('says what to do when it was opened from the disk', {},
    async ({ page, folder, allow, expect }) => {
      allow(/./)
      await page.route(/^file:/, (route) => route.continue())
      await page.goto(pathToFileURL(path.join(folder, 'index.html')).href)
      await page.locator('#waiting').waitFor()
      expect((await page.locator('#waiting').textContent())
        .includes('./tutorial live'), 'the command that helps')
    })

  test('says what to do without JavaScript',
    { context: { javaScriptEnabled: false } }, async ({ page, open }) => {
      await open()
      await page.locator('noscript p').waitFor()
    })

  test('takes another network, and keeps it when a file is refused', {},
    async ({ page, open, expect }) => {
      await open()
      await started(page)
      await page.focus('#network input[value=digits]')
      await page.keyboard.press('ArrowDown')
      await page.waitForFunction(() => document.querySelector('#network .note')
        .textContent.includes('184,490'))
      const { words, name, dead, again } = await page.evaluate(async () => {
        const { app } = await import(new URL('app.mjs', location.href).href)
        const refused = await app.useNetwork('uploaded', new Uint8Array(9))
          .catch((error) => error)
        const probabilities = () => {
          app.engine.send(new Float32Array(784))
          app.engine.call('network_answer')
          return app.engine.floats().length
        }
        return { words: refused.message, name: app.network.name,
          dead: app.engine.dead, again: probabilities() }
      })
      expect(/expected/.test(words), `the library's own words, got ${words}`)
      assert.deepEqual([name, dead, again], ['reader', false, 10])
      expect(await page.isChecked('#network input[value=reader]'),
        'the reader still in use')
    })

  test('a network of which the engine dies is given up, and no other', {},
    async ({ page, open }) => {
      await open()
      await started(page)
      await page.evaluate(async () => {
        const { app } = await import('./app.mjs')
        const { Engine } = await import('./engine.mjs')
        const { call, send } = Engine.prototype
        globalThis.deaths = 0
        // An engine that dies of a fragile network if the picture has ink.
        Engine.prototype.send = function(data) {
          if (data instanceof Uint8Array) this.fragile = data.fragile
          return send.call(this, data)
        }
        Engine.prototype.call = function(name, ...numbers) {
          if (!this.fragile || name !== 'maps' || !app.picture.some(Boolean))
            return call.call(this, name, ...numbers)
          this.dead = true
          ++globalThis.deaths
          throw new Error('unreachable')
        }
        globalThis.fragile = Object.assign(
          await app.asset('digits.safetensors'), { fragile: true })
      })
      const use = () => page.evaluate(async () => {
        const { app } = await import('./app.mjs')
        return app.useNetwork('uploaded', globalThis.fragile)
          .then(() => app.network.name, ({ message }) => message)
      })
      const network = (name) => page.locator(`#network input[value=${name}]`)
      const reads = () => page.locator('#draw .reading .answer',
        { hasText: 'held-out digit 17, labelled 1, read as 1' }).waitFor()
      const deaths = () => page.evaluate(() => globalThis.deaths)

      // The engine dies in the list of layers, and again when the network is
      // put back.
      assert.equal(await use(), 'uploaded')
      await page.fill('#held-out-number', '17')
      await page.keyboard.press('Enter')
      await reads()
      await page.locator('#layers canvas').first().scrollIntoViewIfNeeded()
      await page.locator('#network > .refusal',
        { hasText: /asked this network for an answer: unreachable$/ })
        .waitFor()
      await reads()
      await page.waitForTimeout(500)
      assert.equal(await network('digits').isChecked(), true)
      assert.equal(await deaths(), 2)
      // Now the network is refused at once, and the one before it stays.
      await network('reader').click()
      await page.getByText('184,490 parameters.').waitFor()
      assert.match(await use(), /unreachable$/)
      assert.equal(await deaths(), 3)
      assert.equal(await network('reader').isChecked(), true)
      await network('digits').click()
      await page.getByText('7,434 parameters.').waitFor()
      await reads()
    })

  test('an address of a run is offered at the head of the page',
    { views: ['desktop', 'phone'] }, async ({ page, open, expect }) => {
      await open('#seed=7&rate=0.05&steps=40&v=2')
      await started(page)
      const offer = page.getByText('a run of 40 of 1,500 steps')
      await offer.waitFor()
      const { y } = await offer.boundingBox()
      expect(y > 0 && y < 400, `the offer above the pad, got ${y}`)
      await page.getByRole('link', { name: 'Layers' }).click()
      await page.waitForURL(/#layers$/)
      expect(await offer.isVisible(), 'the offer still there')
    })

  test('comes to rest at the section of its address, and nothing jumps',
    { views: ['desktop', 'phone'] }, async ({ page, open, expect }) => {
      await page.addInitScript(() => {
        globalThis.moved = 0
        new PerformanceObserver((list) => {
          for (const { value } of list.getEntries()) globalThis.moved += value
        }).observe({ type: 'layout-shift', buffered: true })
      })
      const shown = page.locator('#toy canvas')
      const top = (name) => page.locator(`#${name}`).evaluate((section) =>
        section.getBoundingClientRect().top)
      for (const name of ['train', 'toy']) {
        await open(`#${name}`)
        await page.reload()  // without what the service worker has to do
        await shown.waitFor()
        const at = await top(name)
        expect(at >= 0 && at < 50, `#${name} at the top, got ${at}`)
      }
      await page.goto('about:blank')
      await open()
      await shown.waitFor()
      await page.waitForTimeout(500)
      // From 0.1 on, a shift is one that readers mind.
      const moved = await page.evaluate(() => globalThis.moved)
      expect(moved < 0.1, `hardly any shift, got ${moved}`)
    })

  test('who has scrolled meanwhile is left there', {},
    async ({ page, open, expect }) => {
      let come
      const late = new Promise((done) => { come = done })
      await page.route('**/engine-*.wasm', async (route) => {
        await late
        return route.continue()
      })
      await open('#toy')
      await page.locator('#draw .pad').waitFor()
      expect(await page.locator('#train').isHidden(), 'no section yet')
      await page.mouse.wheel(0, -5000)
      await page.waitForFunction(() => scrollY === 0)
      come()
      await page.locator('#toy canvas').waitFor()
      expect(await page.evaluate(() => scrollY) === 0, 'no scrolling')
    })

  test('speaks at most once a second, and the last text wins', {},
    async ({ page, open, expect }) => {
      await open()
      await started(page)
      const spoken = await page.evaluate(async () => {
        const { app } = await import(new URL('app.mjs', location.href).href)
        const voice = document.getElementById('voice')
        const heard = []
        new MutationObserver(() => heard.push(
          [voice.textContent, performance.now()]))
          .observe(voice, { childList: true, subtree: true })
        for (let i = 1; i <= 60; ++i) {
          app.say(`text ${i}`)
          await new Promise((done) => setTimeout(done, 20))
        }
        while (voice.textContent !== 'text 60')
          await new Promise((done) => setTimeout(done, 20))
        return heard
      })
      for (let i = 1; i < spoken.length; ++i)
        expect(spoken[i][1] - spoken[i - 1][1] > 900,
          `a second between two texts, got ${JSON.stringify(spoken)}`)
    })

  test('fits, has one order of headings, and nothing that axe finds',
    { views: ['desktop', 'phone', 'dark desktop', 'dark phone'] },
    async ({ page, open, axe, expect }) => {
      await open()
      await started(page)
      const levels = await page.$$eval('h1, h2, h3, h4, h5', (all) =>
        all.filter((one) => one.checkVisibility())
          .map(({ tagName }) => Number(tagName[1])))
      expect(levels[0] === 1 && levels.filter((one) => one === 1).length === 1,
        'one h1, first')
      levels.forEach((level, i) => expect(!i || level <= levels[i - 1] + 1,
        `no level left out among ${levels}`))
      await axe(page)
      for (const width of [320, 390, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 700 })
        await page.waitForTimeout(200)
        const wider = await page.evaluate(() => [...document.querySelectorAll(
          'body *')].filter((one) => one.getBoundingClientRect().right >
          document.documentElement.clientWidth + 1 &&
          !one.closest('.wide, pre, .unseen')).slice(0, 3)
          .map((one) => one.outerHTML.slice(0, 100)))
        const wide = await page.evaluate(() =>
          document.documentElement.scrollWidth)
        expect(wide <= width, `no sideways scroll at ${width}, got ${wide}: ${
          wider.join('; ')}`)
      }
    })

  test('a file that misses its place does not replace the page', {},
    async ({ page, open }) => {
      await open()
      await started(page)
      await page.locator('#keep-file').waitFor()
      const kept = await page.evaluate(() => {
        /** @param {string} place @param {File | string} what */
        const send = (place, what) => ['dragover', 'drop'].map((type) => {
          const data = new DataTransfer()
          if (what instanceof File) data.items.add(what)
          else data.setData('text/plain', what)
          return !document.querySelector(place).dispatchEvent(
            new DragEvent(type, { dataTransfer: data, bubbles: true,
              cancelable: true }))
        })
        const file = new File(['a'], 'mine.safetensors')
        return { beside: send('#keep', file), header: send('h1', file),
          // Here the browser itself knows what to do.
          input: send('#keep-file', file), text: send('#train-seed', '7') }
      })
      assert.deepEqual(kept, { beside: [true, true], header: [true, true],
        input: [false, false], text: [false, false] })
    })

  test('its controls are large enough for a finger', { views: ['phone'] },
    async ({ page, open }) => {
      await open()
      await started(page)
      // An element in a label counts as large as the label. Links in a sentence
      // are left out, as in WCAG.
      const small = await page.$$eval(
        'button, select, input, summary, .button', (all) => all
          .map((one) => one.closest('label') ?? one)
          .filter((one) => one.checkVisibility() && !one.closest('.unseen'))
          .filter((one) => {
            const { width, height } = one.getBoundingClientRect()
            return Math.min(width, height) < 43.5
          }).map((one) => one.outerHTML.slice(0, 120)))
      assert.deepEqual(small, [])
    })
}
