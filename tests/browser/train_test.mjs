// A run by its buttons: the checksums must be the native program's, and the
// page must go on responding.
import assert from 'node:assert/strict'
import { boxInView, frames, says, sumsOf } from './helpers.mjs'

const at = (page, name) => page.locator(`#train [data-at=${name}]`)
const status = (page) => at(page, 'status').textContent()
const button = (page, name) =>
  page.locator('#train').getByRole('button', { name, exact: true })

async function ready(page) {
  await says(page, /All 8,000 digits are here/)
  // Parts that appear late above a button would move it away from a click.
  await page.locator('#layers', { hasText: 'fc1' }).waitFor()
  await frames(page)
  return page
}

const stepOf = async (page) =>
  Number((await status(page)).match(/^Step ([\d,]+)/)[1].replace(',', ''))
const sumOf = async (page) =>
  (await status(page)).match(/checksum ([0-9a-f]{16})/)[1]

export default (test) => {
  test('one step and a pause, by keys and clicks, end with the native sums',
    { views: ['desktop', 'phone'] }, async ({ page, open, native, view }) => {
      await ready(await open())
      const done = () => page.getByRole('progressbar',
        { name: 'Steps of the run' }).evaluate(({ value }) => value)
      assert.equal(await done(), 0)
      await page.fill('#train-epochs', '1')
      const sums = sumsOf(await native('18-browser',
        ['--epochs', '1', '--steps', '250']))
      if (view === 'phone') await at(page, 'step').tap()
      else await at(page, 'step').click()
      // The percentage belongs to other weights than the checksum.
      await says(page, /^Step 1 of 250, .* digits read at step 0, checksum/)
      assert.equal(await sumOf(page), sums[1])
      await at(page, 'step').focus()
      for (let step = 2; step <= 40; ++step) {
        await page.keyboard.press(step % 2 ? 'Enter' : 'Space')
        await says(page, new RegExp(`^Step ${step} of .*checksum`))
      }
      assert.equal(await sumOf(page), sums[40])
      await button(page, 'Go on').click()
      await page.keyboard.press('Enter')  // the same button now says Pause
      await says(page, /checksum/)
      const paused = await stepOf(page)
      assert.ok(paused >= 40 && paused < 250, `paused at step ${paused}`)
      await page.waitForTimeout(300)
      assert.equal(await stepOf(page), paused)
      await button(page, 'Go on').click()
      await says(page, /^Step 250 of 250, .* digits read, checksum/)
      assert.equal(await sumOf(page), sums[250])
      assert.equal(await done(), 1)
      const cells = await page.locator('#train tbody tr').first()
        .locator('th, td').allTextContents()
      assert.deepEqual(cells.slice(0, 2), ['1', '250'])
      assert.equal(cells[4], sums[250])
      assert.match(cells[5],
        /^\.\/tutorial run 18 --epochs 1 --steps 250/)
    })

  test('the weights of six epochs are the native ones, and read 97 %',
    {}, async ({ page, open, native, expect }) => {
      await ready(await open())
      await page.evaluate(() => {
        globalThis.longest = 0
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries())
            globalThis.longest = Math.max(globalThis.longest, duration)
        }).observe({ entryTypes: ['longtask'] })
      })
      await at(page, 'start').click()
      await says(page, /^Step 1,500 of 1,500, .*checksum/)
      const sums = sumsOf(await native('18-browser', ['--steps', '1500']))
      const rows = await page.locator('#train tbody tr').allTextContents()
      assert.equal(rows.length, 6)
      rows.forEach((row, index) => expect(
        row.includes(sums[250 * (index + 1)]), `the native sum in ${row}`))
      const read = (await page.locator('#train tbody td:nth-child(4)')
        .allTextContents()).map(Number)
      expect(Math.max(...read) >= 97, `97 % or more, got ${read}`)
      console.log(`       held out ${read.join(' ')} %, longest task ${
        Math.round(await page.evaluate(() => globalThis.longest))} ms`)
    })

  test('what changes during a run is for the next', {},
    async ({ page, open, native }) => {
      await ready(await open())
      await page.fill('#train-epochs', '1')
      await at(page, 'start').click()
      await says(page, /^Step \d+ of 250/)
      assert.ok(await at(page, 'underway').isVisible())
      await page.locator('[data-slider=rate]').focus()
      await page.keyboard.press('Home')
      assert.equal(await page.inputValue('#train-rate'), '0.0001')
      await page.fill('#train-seed', '7')
      await says(page, /^Step 250 of 250, .*checksum/)
      const plain = sumsOf(await native('18-browser',
        ['--epochs', '1', '--steps', '250']))
      assert.equal(await sumOf(page), plain[250])
      assert.ok(await at(page, 'underway').isHidden())
      await at(page, 'step').click()
      await says(page, /^Step 1 of 250, .*checksum/)
      const other = sumsOf(await native('18-browser', ['--seed', '7',
        '--learning-rate', '0.0001', '--epochs', '1', '--steps', '1']))
      assert.equal(await sumOf(page), other[1])
      await at(page, 'start').click()
      await says(page, /^Step ([2-9]|\d\d+) of 250/)
      await at(page, 'restart').click()
      await says(page, /^Step 1?\d of 250/)
      await at(page, 'start').click()
    })

  test("chapter 12's remedies train the native weights, and stay put",
    {}, async ({ page, open, native }) => {
      await ready(await open())
      await page.selectOption('#train-augment', 'all')
      await page.fill('#train-decay', '0.001')
      await page.locator('[data-slider=smoothing]').focus()
      for (let place = 0; place < 10; ++place)
        await page.keyboard.press('ArrowRight')
      assert.equal(await page.inputValue('#train-smoothing'), '0.1')
      await page.fill('#train-epochs', '1')
      await at(page, 'start').click()
      await says(page, /^Step 250 of 250, .*checksum/)
      const remedies = ['--augment', 'all', '--decay', '0.001',
        '--smoothing', '0.1', '--epochs', '1']
      const sums = sumsOf(await native('18-browser', remedies))
      assert.equal(await sumOf(page), sums[250])
      assert.notEqual(sums[250], sumsOf(await native('18-browser',
        ['--epochs', '1', '--steps', '250']))[250])
      const command = await page.locator('#train tbody code').last()
        .textContent()
      const options = command.trim().split(' ').slice(3, -2)
      assert.deepEqual(options.toSorted(), [...remedies].toSorted())
      // The address repeats the run, and the usual settings undo it all.
      assert.match(await page.evaluate(() => location.hash),
        /&augment=all&decay=0.001&smoothing=0.1&/)
      await page.reload()
      await says(page, /All 8,000 digits are here/)
      assert.equal(await page.inputValue('#train-augment'), 'all')
      assert.equal(await page.inputValue('#train-decay'), '0.001')
      await at(page, 'usual').click()
      assert.equal(await page.inputValue('#train-augment'), 'none')
      assert.equal(await page.inputValue('#train-smoothing'), '0')
      assert.equal(await page.locator('[data-slider=decay]').inputValue(),
        '0')
    })

  test('a rate that is too large is refused, and a tenth is offered', {},
    async ({ page, open }) => {
      await ready(await open())
      let rate = 1e20
      await page.fill('#train-rate', String(rate))
      await at(page, 'start').click()
      const refusal = page.locator('#train > .refusal')
      await refusal.filter({ hasText: 'not a finite number' }).waitFor()
      assert.match(await refusal.textContent(),
        /at step \d+ \(epoch 1, learning rate .*smaller learning rate/)
      while (await at(page, 'smaller').isVisible()) {
        rate /= 10
        assert.equal(await at(page, 'smaller').textContent(),
          `Train with a learning rate of ${rate}`)
        await at(page, 'smaller').click()
        assert.equal(await page.inputValue('#train-rate'), String(rate))
        await page.waitForFunction(() => /^Step \d\d|has ended/.test(
          document.querySelector('#train [data-at=status]').textContent))
      }
      assert.ok(rate < 1e20)
      await says(page, /^Step [\d,]{2,} of 1,500/)
      assert.equal(await refusal.textContent(), '')
    })

  test('layers that do not fit are refused in the words of the terminal', {},
    async ({ page, open, native }) => {
      await ready(await open())
      const parameters = page.locator('#train-parameters')
      await parameters.filter({ hasText: '7,434 parameters' }).waitFor()
      const wrong = page.locator('#train-network-wrong')
      for (const network of ['conv 8 99, flatten, dense 10', 'dance 10',
        'flatten, dense 9', 'relu']) {
        await page.fill('#train-network', network)
        const said = await native('18-browser',
          ['--network', network, '--steps', '1']).then(() => '',
          ({ stderr }) => stderr.match(/--network: (.*)\n/)[1])
        await wrong.filter({ hasText: said }).waitFor()
        assert.equal(await wrong.textContent(), `network: ${said}`)
        assert.equal(await parameters.textContent(), '')
      }
      await at(page, 'start').click()
      await says(page, /The run has ended/)
      await page.fill('#train-network', 'flatten, dense 10')
      await parameters.filter({ hasText: '7,850 parameters' }).waitFor()
      assert.equal(await wrong.textContent(), '')
      await at(page, 'step').click()
      await says(page, /^Step 1 of 1,500, .*checksum/)
      assert.equal(await page.locator('#train .filters canvas').count(), 10)
    })

  test('the layers are shown whole', { views: ['desktop', 'phone'] },
    async ({ page, open }) => {
      await open()
      const text = page.locator('#train-network')
      const usual = await text.inputValue()
      const hidden = () => text.evaluate(({ scrollHeight, clientHeight }) =>
        scrollHeight - clientHeight)
      assert.equal(await hidden(), 0)
      await text.fill(`${'conv 8 3 pad 1, bn, relu, '.repeat(12)}${usual}`)
      assert.equal(await hidden(), 0)
    })

  test('charts say what they show, also after a run that was refused', {},
    async ({ page, open }) => {
      await ready(await open())
      const labels = () => page.locator('#train .chart svg').evaluateAll(
        (all) => all.map((one) => one.getAttribute('aria-label')))
      await at(page, 'step').click()
      await says(page, /^Step 1 of 1,500, .*checksum/)
      assert.match(await status(page), /digits read at step 0, checksum/)
      const [loss, accuracy] = await labels()
      assert.match(loss, /^Loss while training\. After 1 step \d/)
      assert.match(accuracy, /^Held-out digits read\. After 0 steps .* %\.$/)
      await page.fill('#train-network', 'dance 10')
      await at(page, 'restart').click()
      await says(page, /The run has ended/)
      assert.equal(await page.locator('#train .chart-line').count(), 0)
      assert.deepEqual(await labels(),
        ['Loss while training', 'Held-out digits read'])
    })

  test('a new run begins without the filters of the last', {},
    async ({ page, open }) => {
      await ready(await open())
      const filters = page.locator('#train .filters')
      const heading = page.getByText('The filters of the first layer')
      const scale = page.locator('#train .scale')
      // Before the first run there are none, and so no scale either.
      for (const one of [filters, heading, scale])
        assert.ok(await one.isHidden())
      await at(page, 'step').click()
      await says(page, /^Step 1 of 1,500, .*checksum/)
      assert.ok(await scale.isVisible())
      assert.ok(await filters.isVisible() && await heading.isVisible())
      // Before the first report can come. Nothing may move when it comes.
      const [seen, moved] = await page.evaluate(() => {
        /** @param {string} what */
        const box = (what) => document.querySelector(`#train ${what}`)
          .getBoundingClientRect()
        const before = box('.settings').top - box('.filters').top
        document.querySelector('#train [data-at=restart]').click()
        return [document.querySelector('#train .filters').checkVisibility(
          { visibilityProperty: true }),
        box('.settings').top - box('.filters').top - before]
      })
      assert.ok(!seen, 'the filters are those of the last run')
      assert.ok(moved <= 0, `the settings moved by ${moved} pixels`)
      await says(page, /^Step [\d,]{2,} of 1,500/)
      assert.ok(await filters.isVisible() && await heading.isVisible())
      await at(page, 'start').click()
      await says(page, /checksum/)
      await page.fill('#train-network', 'dance 10')
      await at(page, 'restart').click()
      await says(page, /The run has ended/)
      assert.ok(await filters.isHidden() && await heading.isHidden())
      assert.equal((await filters.boundingBox()), null)
    })

  test('what a chart says under a resting pointer stays true', {},
    async ({ page, open }) => {
      await ready(await open())
      const chart = await page.evaluateHandle(async () => {
        const { lineChart } = await import('./charts.mjs')
        const { draw } = lineChart(document.querySelector('main'),
          { title: 'A loss', x: 'steps', y: 'loss' })
        draw({ name: 'one', points: [[0, 1], [1234, 2]] })
        return { draw }
      })
      const figure = page.locator('main > .chart')
      const says = (text) => figure.locator('figcaption')
        .getByText(text, { exact: true }).waitFor({ timeout: 10000 })
      const line = figure.locator('polyline')
      await line.waitFor()
      const { x, y, width } = await boxInView(line)
      await page.mouse.move(x + width - 2, y + 20)
      await says('one: 2 at 1,234')
      await chart.evaluate(({ draw }) => draw({ name: 'one',
        points: [[0, 1], [1234, 2], [2500, 3]] }))
      await says('one: 3 at 2,500')
      await chart.evaluate(({ draw }) => draw())
      await page.waitForFunction(() => document.querySelector(
        'main > .chart figcaption').textContent === '')
      await chart.evaluate(({ draw }) => draw({ name: 'one',
        points: [[0, 7]] }))
      await says('one: 7 at 0')
      await page.mouse.move(0, 0)
      await page.waitForFunction(() => document.querySelector(
        'main > .chart figcaption').textContent === '')
    })

  test('a table shows at which side there is more of it',
    { views: ['phone', 'dark phone'] }, async ({ page, open }) => {
      await open()
      await page.evaluate(async () => {
        const { table } = await import('./charts.mjs')
        for (const count of [2, 12])
          table(document.querySelector('main'), `${count} columns`,
            Array(count).fill('a column')).add('1')
      })
      // Whether the outermost pixels at the left and the right have another
      // colour than those further in.
      const shadows = async (name) => {
        const region = page.getByRole('region', { name, exact: true })
        await region.scrollIntoViewIfNeeded()
        const picture = await region.screenshot()
        return page.evaluate(async (base64) => {
          const image = new Image()
          image.src = `data:image/png;base64,${base64}`
          await image.decode()
          const { width } = image
          const ink = new OffscreenCanvas(width, 8).getContext('2d')
          ink.drawImage(image, 0, 0)  // its caption is lower, and at the left
          const colour = (x) => [...ink.getImageData(x, 3, 1, 1).data].join()
          return [2, width - 3].map((x) => colour(x) !== colour(width / 2))
        }, picture.toString('base64'))
      }
      assert.deepEqual(await shadows('2 columns'), [false, false])
      assert.deepEqual(await shadows('12 columns'), [false, true])
      await page.getByRole('region', { name: '12 columns' })
        .evaluate((region) => { region.scrollLeft = 1e6 })
      await frames(page)
      assert.deepEqual(await shadows('12 columns'), [true, false])
    })

  test('a loss of 0 lies at the foot of its chart', {},
    async ({ page, open }) => {
      await open()
      await page.evaluate(async () => {
        const { lineChart } = await import('./charts.mjs')
        const main = document.querySelector('main')
        for (const losses of [[2.3, 0, 0.5], [0, 0]])
          lineChart(main, { title: 'A loss', x: 'steps', y: 'loss',
            log: true }).draw({ name: 'one', points:
            losses.map((loss, i) => [i + 1, loss]), dots: true })
      })
      const charts = page.locator('main > .chart')
      await charts.nth(1).locator('circle').nth(1).waitFor({ timeout: 10000 })
      const heights = await charts.nth(0).locator('circle').evaluateAll(
        (all) => all.map((one) => Number(one.getAttribute('cy'))))
      const [ground] = await charts.nth(0).locator('.chart-grid')
        .evaluateAll((all) => all.map((one) =>
          Number(one.getAttribute('d').match(/,(.*)H/)[1])))
      assert.equal(heights.length, 3)
      assert.ok(heights[0] < heights[2] && heights[2] <= ground &&
        ground < heights[1], `${heights}, and ${ground} for the ground`)
    })

  test('who asks for the weights of a run that breaks is told so', {},
    async ({ page, open, expect, allow }) => {
      // A worker that refuses to go on once another run has begun, and that
      // breaks when it is asked again.
      allow(/gone/)
      await page.route('**/trainer.mjs', (route) => route.fulfill({
        contentType: 'text/javascript', body: `onmessage = ({ data }) => {
          if (data.do === 'start' && data.run === 2)
            postMessage({ say: 'refused', run: 1, started: true, text: 'no' })
          if (data.id === 2) throw new Error('gone')
        }` }))
      await open()
      const words = await page.evaluate(async () => {
        const { training } = await import('./training.mjs')
        const { usual } = await import('./recipe.mjs')
        training.prepare()
        training.start(usual)
        const given = training.give('lesson_file')
        training.start(usual)
        const wordsOf = (given) => Promise.race([
          given.catch(({ message }) => message),
          new Promise((done) => setTimeout(done, 5000, 'nothing'))])
        return [await wordsOf(given),
          await wordsOf(training.give('lesson_file'))]
      })
      expect(words[0] === 'no' && words[1].endsWith('gone'),
        `the refusals, got ${words}`)
    })

  test('a network that one chooses stays, however late its file comes', {},
    async ({ page, open }) => {
      let come
      const late = new Promise((done) => { come = done })
      await page.route('**/reader.safetensors', async (route) => {
        await late
        return route.continue()
      })
      await ready(await open())
      await page.fill('#train-epochs', '30')
      await at(page, 'start').click()
      await page.locator('#network input[value=yours]:checked').waitFor()
      await page.locator('#network input[value=reader]').click()
      await page.waitForTimeout(1000)  // news of the run, meanwhile
      await at(page, 'start').click()  // and its end
      await says(page, /checksum/)
      come()
      await page.getByText('184,490 parameters.').waitFor()
      await page.waitForTimeout(500)
      assert.ok(await page.isChecked('#network input[value=reader]'))
      assert.equal(await at(page, 'follow').isChecked(), false)
    })

  test('a file that is refused in mid-run does not stop the following', {},
    async ({ page, open }) => {
      await ready(await open())
      await page.fill('#train-epochs', '30')
      await at(page, 'start').click()
      await page.locator('#network input[value=yours]:checked').waitFor()
      assert.equal(await at(page, 'start').textContent(), 'Pause')
      const follows = () => at(page, 'follow').isChecked()
      const refused = async (name) => {
        await page.setInputFiles('#keep-file', { name,
          mimeType: 'application/octet-stream', buffer: Buffer.from('none') })
        await page.locator('#keep [data-at=refusal]',
          { hasText: new RegExp(`${name}.*rule`) }).waitFor()
      }
      await refused('first.safetensors')
      assert.equal(await follows(), true)
      await page.locator('#network input[value=digits]').click()
      await page.getByText('7,434 parameters.').waitFor()
      assert.equal(await follows(), false)
      await refused('second.safetensors')
      assert.equal(await follows(), false, 'nobody has asked for it')
    })

  test('who leaves the page in mid-run is asked, and nobody else', {},
    async ({ page, open }) => {
      await ready(await open())
      let asked = 0
      page.on('dialog', (dialog) => {
        asked += dialog.type() === 'beforeunload'
        return dialog.accept()
      })
      await page.fill('#train-epochs', '30')
      await page.reload()
      assert.equal(asked, 0)
      await ready(page)
      await page.fill('#train-epochs', '30')
      await at(page, 'start').click()
      await page.locator('#network input[value=yours]:checked').waitFor()
      await page.reload()
      assert.equal(asked, 1)
    })

  test('networks come in the order in which they were asked for', {},
    async ({ page, open }) => {
      await open()
      const names = await page.evaluate(async () => {
        const { app } = await import('./app.mjs')
        await app.ready
        const file = await app.asset('digits.safetensors')
        const names = []
        app.on('network', ({ name }) => names.push(name))
        let come
        const late = new Promise((done) => { come = () => done(file) })
        let wanted = true
        const all = [app.useNetwork('uploaded', late),
          app.useNetwork('yours', file, () => wanted),
          app.useNetwork('yours', Promise.reject(new Error('none')))
            .catch(({ message }) => names.push(message)),
          app.useNetwork('digits')]
        wanted = false
        come()
        await Promise.all(all)
        return names
      })
      assert.deepEqual(names, ['uploaded', 'none', 'digits'])
    })

  test('the bars of the pad follow a run, and the pad goes on', {},
    async ({ page, open }) => {
      await ready(await open())
      await page.fill('#train-epochs', '30')
      const pad = page.locator('#draw .pad')
      const box = await boxInView(pad)
      await page.evaluate(async () => {
        globalThis.answers = []
        const { app } = await import('./app.mjs')
        app.on('answer', (answer) => globalThis.answers.push(
          [app.network.name, [...answer].join()]))
      })
      await at(page, 'start').evaluate((start) => start.click())
      await page.waitForFunction(() => new Set(globalThis.answers
        .filter(([name]) => name === 'yours').map(([, a]) => a)).size > 1)
      await page.mouse.move(box.x + box.width / 2, box.y + 40)
      await page.mouse.down()
      for (let y = 60; y < box.height - 40; y += 20)
        await page.mouse.move(box.x + box.width / 2, box.y + y)
      await page.mouse.up()
      assert.match(await status(page), /digits a second/)
      const before = await page.evaluate(() => globalThis.answers.length)
      await page.waitForFunction((count) =>
        globalThis.answers.length > count, before)
      await page.locator('#network input[value=digits]').click()
      await page.waitForFunction(() =>
        !document.querySelector('#train [data-at=follow]').checked)
      await page.waitForTimeout(1000)
      assert.ok(await page.isChecked('#network input[value=digits]'))
      await at(page, 'start').evaluate((start) => start.click())
      await says(page, /checksum/)
      await at(page, 'use').evaluate((use) => use.click())
      await page.locator('#network input[value=yours]:checked').waitFor()
    })
}
