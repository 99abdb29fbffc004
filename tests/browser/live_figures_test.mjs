// The live figures of other chapters, each alone in a page and driven by real
// events. Their numbers are compared with the engine's.
import assert from 'node:assert/strict'
import { boxInView } from './helpers.mjs'

/** A page with nothing but one live figure and a picture before it. The page's
 * window.given holds an engine and `asset`, for calls of evaluate(). */
async function figureOf(open, name) {
  const page = await open('manifest.webmanifest')
  await page.route('**/figure.html', (route) => route.fulfill({
    contentType: 'text/html', body: `<!doctype html><html lang="en"><title>
      A figure</title><meta name="viewport" content="width=device-width">
      <meta name="color-scheme" content="light dark"><h1>A figure</h1>
      <main><p><a href="icon.svg"><img src="icon.svg" width="40"
      alt="the picture"></a></p><div></div></main>` }))
  await page.goto(new URL('figure.html', page.url()).href)
  await page.evaluate(async (file) => {
    const load = (name) => import(new URL(name, location.href).href)
    const [{ Engine }, { asset }, figure] = await Promise.all(
      ['engine.mjs', 'asset.mjs', file].map(load))
    const engine = await Engine.load()
    window.given = { engine: await engine.fresh(), asset }
    await figure.start(document.querySelector('main div'), { asset,
      engine: await engine.fresh(), image: document.querySelector('img') })
  }, `live/${name}.mjs`)
  return { page, figure: page.locator('main div.touch') }
}

/** Whether the page does not scroll sideways. (A phone zooms out of a page that
 * is too wide, which gives a larger innerWidth.) */
const fits = (page) => page.evaluate(() =>
  document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width))

export default (test) => {
  const views = ['desktop', 'phone']

  test('a kernel that one edits on a digit', { views },
    async ({ open, expect, axe }) => {
      const { page, figure } = await figureOf(open,
        '02-convolution/kernels-digit')
      const words = () => figure.locator('.said').textContent()
      assert.match(await words(), /sum to 0, so flat ground gives 0/)
      await figure.locator('select').selectOption('identity')
      assert.match(await words(), /sum to 1.* from 0 \(blue\) to 1 \(orange\)/)
      const middle = figure.getByLabel('row 2, column 2')
      await middle.fill('-3')
      assert.equal(await figure.locator('select').inputValue(), 'your own')
      assert.match(await words(), /sum to -3.*from -2.99.* to 0 \(orange/)
      await figure.getByLabel('row 1, column 1').fill('2')
      await figure.getByText('Rotate').click()
      assert.equal(await figure.getByLabel('row 3, column 3').inputValue(), '2')
      // The engine's least and largest number for the same kernel and the first
      // digit 5.
      const [least, most] = await page.evaluate(async () => {
        const { heldOutDigits, joined, nextOf } = await import(
          new URL('live/figure.mjs', location.href).href)
        const digits = await heldOutDigits(window.given.asset)
        const { engine } = window.given
        engine.send(joined([0, 0, 0, 0, -3, 0, 0, 0, 2],
          digits[nextOf(digits, -1, 5)].pixels))
        engine.call('figure_convolved')
        const output = engine.floats()
        return [Math.min(...output), Math.max(...output)]
          .map((value) => String(Number(value.toFixed(2))))
      })
      expect((await words()).includes(`from ${least} (blue) to ${most} (`),
        `from ${least} to ${most}, got ${await words()}`)
      await middle.fill('')  // counts as 0
      assert.match(await words(), /sum to 2/)
      await middle.focus()
      await page.keyboard.press('ArrowUp')
      assert.match(await words(), /sum to 3/)
      assert.ok(await fits(page))
      await axe(page)
    })

  test('the picture comes back, and goes again', {}, async ({ open }) => {
    const { page, figure } = await figureOf(open,
      '02-convolution/kernels-digit')
    const picture = page.getByAltText('the picture')
    assert.ok(await picture.isHidden())
    await page.getByText('Show the picture instead').click()
    assert.ok(await picture.isVisible())
    assert.ok(await figure.locator('canvas').first().isHidden())
    await page.getByText('Show the live figure').click()
    assert.ok(await picture.isHidden())
    assert.ok(await figure.locator('canvas').first().isVisible())
  })

  test('a boundary that one paints between two digits', { views },
    async ({ open, expect, axe }) => {
      const { page, figure } = await figureOf(open, '05-softmax/dot-product')
      const words = () => figure.locator('.count').textContent()
      const share = async () => Number(/, ([\d.]+) %/.exec(await words())[1])
      assert.equal(await share(), 0, 'an empty template says nothing')
      const canvas = figure.locator('.template')
      const drag = async (...places) => {
        const box = await boxInView(canvas)
        for (const [n, [x, y]] of places.entries()) {
          await page.mouse.move(box.x + x / 28 * box.width,
            box.y + y / 28 * box.height, { steps: 4 })
          if (n === 0) await page.mouse.down()
        }
        await page.mouse.up()
      }
      await drag([11, 9], [10, 15])  // the stem of a 6
      await figure.getByRole('radio', { name: 'blue' }).click()
      await drag([18, 6], [17.5, 11])  // the right of a 2's arc
      await page.waitForFunction(() => !document.querySelector('.count')
        .textContent.includes(' 0.0 %'))
      const painted = await share()
      expect(painted > 80, `two strokes to tell most apart, got ${painted} %`)
      await figure.locator('.bias').focus()
      await page.keyboard.press('Home')
      await figure.locator('.one').getByText('boundary’s -20.0').waitFor()
      expect(await share() < 60, 'all digits on one side')
      await figure.getByText('Difference of the means').click()
      const means = await share()
      await figure.getByText('Let chapter 05 learn it').click()
      const learned = await share()
      expect(means > 90 && learned > 95, `means ${means}, learned ${learned}`)
      // The engine must say the same.
      const expected = await page.evaluate(async () => {
        const { heldOutDigits, joined } = await import(
          new URL('live/figure.mjs', location.href).href)
        const two = (await heldOutDigits(window.given.asset))
          .map((digit, n) => ({ ...digit, n }))
          .filter(({ label }) => label === 6 || label === 2)
        const learn = two.filter(({ n }) => n < 1000)
        const count = two.filter(({ n }) => n >= 1000)
        const { engine } = window.given
        engine.send(joined(...learn.map(({ pixels }) => pixels),
          learn.map(({ label }) => label === 6 ? 1 : 0)))
        engine.call('figure_learned', learn.length)
        const weights = engine.floats()
        return count.filter(({ pixels, label }) => pixels.reduce(
          (sum, ink, i) => sum + ink * weights[i], weights[784]) > 0 ===
          (label === 6)).length
      })
      assert.match(await words(), new RegExp(`^${expected} of `))
      await figure.getByText('Let chapter 05 learn it').click()
      assert.equal(await share(), learned, 'the same when it learns again')
      await figure.getByText('Wipe it').click()
      await canvas.focus()
      for (const key of ['ArrowLeft', 'ArrowUp', 'Space'])
        await page.keyboard.press(key)
      await page.waitForFunction(() => !document.querySelector('.count')
        .textContent.includes(' 0.0 %'))
      assert.ok(await fits(page))
      await axe(page)
    })

  test('a gain for fifty layers', { views: [...views, 'dark phone'] },
    async ({ open, expect, axe }) => {
      const { page, figure } = await figureOf(open,
        '10-initialization/sizes-forward')
      const words = () => figure.locator('.words').textContent()
      const sizes = async () => (await words())
        .match(/numbers of the size (\S+)\. .* is (\S+) at layer 1\.$/)
        .slice(1).map(Number)
      for (const size of await sizes())  // He's
        expect(size > 0.1 && size < 10, `a size that lives, got ${size}`)
      const picture = () => figure.locator('canvas')
        .evaluate((canvas) => canvas.toDataURL())
      const before = await picture()
      await figure.getByText('1/(3n)').click()
      for (const size of await sizes())
        expect(size > 0 && size < 1e-15, `a size that dies, got ${size}`)
      expect(await picture() !== before, 'another picture')
      const slider = figure.getByLabel('Gain', { exact: true })
      assert.equal(await slider.getAttribute('aria-valuetext'), '0.333')
      await slider.focus()
      await page.keyboard.press('End')
      await figure.getByRole('status').getByText(/^Gain 100\. Blue/).waitFor()
      const [signal, gradient] = await sizes()
      expect(signal > 1e38 && gradient > 1e38, 'more than a float can hold')
      await page.keyboard.press('ArrowLeft')
      await page.waitForFunction(() => document.querySelector('.gain')
        .textContent === '95.5')
      // The engine must say the same.
      const [large, small] = await page.evaluate(async () => {
        const { heldOutDigits, joined } = await import(
          new URL('live/figure.mjs', location.href).href)
        const { engine, asset } = window.given
        const digits = (await heldOutDigits(asset)).slice(0, 5)
        engine.send(joined(...digits.map(({ pixels }) => pixels)))
        return [10 ** 1.98, 2].map((gain) => {
          engine.call('figure_sizes', 5, gain)
          const all = new Float64Array(engine.bytes().buffer)
          return [all[4 * 49], all[2]]
        })
      })
      assert.deepEqual(await sizes(),
        large.map((size) => Number(size.toExponential(1))))
      await figure.getByText('2/n (He)').click()
      assert.deepEqual(await sizes(),
        small.map((size) => Number(size.toPrecision(3))))
      assert.ok(await fits(page))
      await axe(page)
    })

  test('four balls in a valley', { views: [...views, 'dark phone'] },
    async ({ open, expect, axe }) => {
      const { page, figure } = await figureOf(open,
        '11-optimizers/valley-film')
      const words = () => figure.locator('.balls .said').allTextContents()
      const rate = figure.getByLabel('Learning rate')
      const momentum = figure.getByLabel('Momentum', { exact: true })
      // First the settings best for Nesterov, with which all arrive; then those
      // best for the others.
      for (const word of await words())
        assert.match(word, /^at the bottom after [\d,]+ steps?$/)
      await figure.getByText('Best for SGD').click()
      assert.equal(await rate.getAttribute('aria-valuetext'), '0.0198')
      assert.deepEqual((await words()).slice(0, 3),
        Array(3).fill('at the bottom after 346 steps'),
        'the same without momentum')
      await figure.getByText('Best for momentum').click()
      assert.equal(await momentum.getAttribute('aria-valuetext'), '0.67')
      const [plain, polyak, nesterov] = await words()
      assert.deepEqual([plain, nesterov], ['diverges', 'diverges'])
      assert.match(polyak, /^at the bottom after/)
      // By keyboard to a rate with which none arrives in time.
      await rate.focus()
      await page.keyboard.press('Home')
      await figure.locator('.balls')
        .getByText('not at the bottom after 2,000 steps').nth(3).waitFor()
      assert.equal(await rate.getAttribute('aria-valuetext'), '0.0001')
      for (let n = 0; n < 100; ++n) await page.keyboard.press('ArrowRight')
      await momentum.focus()
      await page.keyboard.press('End')
      await figure.getByRole('status').getByText(
        /^Learning rate 0\.01, momentum 0\.99\. SGD: at the bottom after \d/)
        .waitFor()
      // The engine must say the same.
      const expected = await page.evaluate(() => {
        const { engine } = window.given
        engine.call('figure_balls', 0.01, 0.99, 2000, 0)
        const numbers = engine.floats()
        return [0, 4, 8, 12].map((n) => numbers[n + 1] ? 'diverges'
          : numbers[n]
            ? `at the bottom after ${numbers[n].toLocaleString('en')} steps`
            : 'not at the bottom after 2,000 steps')
      })
      assert.deepEqual(await words(), expected)
      // The pictures change with the number of steps that they show.
      const pictures = () => figure.locator('canvas').evaluateAll((all) =>
        all.map((canvas) => canvas.toDataURL()))
      const steps = figure.getByLabel('Steps shown')
      const before = await pictures()
      expect(new Set(before).size === 4, 'four balls, four ways')
      await steps.focus()
      await page.keyboard.press('Home')
      await figure.getByLabel('SGD, the first 0 steps').waitFor()
      const first = await pictures()
      expect(first.every((picture, n) => picture !== before[n]),
        'other pictures of no steps')
      await figure.getByText('Let them roll').click()
      const shown = async () => Number(await steps.inputValue())
      await page.waitForFunction(() =>
        document.querySelector('.steps-slider').valueAsNumber > 2)
      await figure.getByText('Stop them').click()
      const stopped = await shown()
      expect(stopped > 2 && stopped < 100, `some steps, got ${stopped}`)
      await steps.fill('99')
      await figure.getByText('Let them roll').click()
      await figure.getByLabel('Adam, the first 100 steps').waitFor()
      await figure.getByText('Let them roll').click()  // from the start
      await page.waitForFunction(() =>
        document.querySelector('.steps-slider').valueAsNumber < 50)
      await steps.fill('40')
      await figure.getByText('Let them roll').waitFor()  // stopped by hand
      assert.equal(await shown(), 40)
      // A ball that diverges is drawn, too, as far as it can be seen.
      await rate.fill('0')
      await figure.locator('.balls').getByText('diverges').nth(2).waitFor()
      assert.ok(await fits(page))
      await axe(page)
    })

  test('a digit walks through its frame', { views },
    async ({ open, expect, axe }) => {
      const { page, figure } = await figureOf(open,
        '17-handwriting/walk-film')
      const there = figure.locator('.there .said')
      const back = figure.locator('.back .said')
      assert.match(await there.textContent(), /^read as 4/)
      const canvas = figure.locator('.there canvas')
      await canvas.focus()
      for (let n = 0; n < 4; ++n) {
        await page.keyboard.press('ArrowLeft')
        await page.keyboard.press('ArrowUp')
      }
      await figure.locator('.where').getByText('4 to the left and 4 up')
        .waitFor()
      await figure.getByRole('status').getByText(
        /4 to the left and 4 up\. As it stands read as \d/).waitFor()
      assert.doesNotMatch(await there.textContent(), /^read as 4/)
      assert.match(await back.textContent(), /^read as 4/)
      // The engine must say the same.
      const expected = await page.evaluate(async () => {
        const { heldOutDigits, nextOf } = await import(
          new URL('live/figure.mjs', location.href).href)
        const { engine, asset } = window.given
        const digits = await heldOutDigits(asset)
        const { pixels } = digits[nextOf(digits, -1, 4)]
        engine.send(await asset('digits.safetensors'))
        engine.call('network_load')
        engine.send(pixels.map((_, i) => {
          const [y, x] = [Math.floor(i / 28) + 4, i % 28 + 4]
          return y < 28 && x < 28 ? pixels[28 * y + x] : 0
        }))
        engine.call('network_answer')
        const p = engine.floats(), best = p.indexOf(Math.max(...p))
        return `read as ${best}, ${(100 * p[best]).toFixed(1)} %`
      })
      assert.equal(await there.textContent(), expected)
      await figure.getByText('Back to its place').click()
      await figure.locator('.where').getByText('0 to the right and 0 down')
        .waitFor()
      const box = await boxInView(canvas)
      const pixel = box.width / 28
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width / 2 + 5 * pixel,
        box.y + box.height / 2 + 2 * pixel, { steps: 5 })
      await page.mouse.up()
      await page.mouse.move(box.x, box.y)
      await figure.locator('.where').getByText('5 to the right and 2 down')
        .waitFor()
      await figure.getByLabel('down', { exact: true }).click()
      await figure.locator('.where').getByText('5 to the right and 3 down')
        .waitFor()
      await figure.locator('select').selectOption('7')
      await figure.locator('.where').getByText(/^A 7, moved by 0/).waitFor()
      expect(/^read as 7/.test(await there.textContent()), 'a 7 read right')
      assert.ok(await fits(page))
      await axe(page)
    })
}
