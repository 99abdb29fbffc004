// The toy in two dimensions, driven by clicks and keys.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { frames } from './helpers.mjs'

const step = /step (\d+): loss ([\d.]+), accuracy ([\d.]+) %/

/** Opens the page and returns its toy, with functions that use it. */
async function toyOf(open) {
  const page = await open()
  const toy = page.locator('#toy')
  const canvas = toy.locator('canvas')
  await canvas.waitFor()
  await canvas.scrollIntoViewIfNeeded()
  const press = (name) => toy.locator(`[name=${name}]`).click()
  const choose = (name, value) =>
    toy.locator(`[name=${name}]`).selectOption(value)
  const said = () => toy.locator('.numbers').textContent()
  const numbers = async () => step.exec(await said()).slice(1).map(Number)
  // Clicks on a place; x and y are from -1 to 1.
  const click = async (x, y) => {
    const { width, height } = await canvas.boundingBox()
    await canvas.click({
      position: { x: (x + 1) / 2 * width, y: (1 - y) / 2 * height } })
  }
  return { page, toy, canvas, press, choose, said, numbers, click }
}

export default (test) => {
  const views = ['desktop', 'phone']

  test('rings are learned with a hidden layer, not without', { views },
    async ({ open, expect }) => {
      const { toy, press, choose, click, said, numbers } = await toyOf(open)
      await choose('rate', '0.1')
      await press('run')
      await toy.getByText('All points are right').waitFor()
      const [learned, loss, right] = await numbers()
      expect(learned > 100 && loss < 0.0101 && right === 100,
        `100 % and a loss of 0.01, got ${learned} ${loss} ${right}`)
      assert.equal(await toy.locator('[name=run]').textContent(), 'Start',
        'it stops by itself')
      // It knows nothing yet about a new point.
      await toy.getByText('places a triangle').click()
      await click(0, 0)
      assert.match(await said(), /^\d+ points, step \d+$/)
      assert.equal(await toy.getByText('All points are right').count(), 0)
      await choose('hidden', '')
      await choose('rate', '0.3')
      await press('run')
      await toy.getByText('more steps will not help').waitFor()
      expect((await numbers())[2] < 70, 'straight lines to fail at rings')
    })

  test('points come and go by clicks', { views }, async ({ open, axe }) => {
    const { page, toy, press, click, said, numbers } = await toyOf(open)
    await press('clear')
    assert.match(await said(), /^0 points/)
    await press('step')
    await toy.getByText('There are no points to learn from yet').waitFor()
    await click(-0.5, 0.5)
    await toy.getByText('places a cross').click()
    await click(0.5, -0.5)
    await click(0.5, -0.2)
    await toy.getByText('places a triangle').click()
    await click(0, 0)
    assert.match(await said(), /^4 points/)
    assert.match(await toy.locator('canvas').getAttribute('aria-label'),
      /circle: 1, cross: 2, triangle: 1/)
    await toy.getByText('takes a point away').click()
    await click(0.52, -0.19)
    await click(-0.9, -0.9)  // nothing is near
    assert.match(await said(), /^3 points/)
    await press('steps')
    assert.equal((await numbers())[0], 50)
    await axe(page)
  })

  test('points come and go by keys, and the cursor says what is answered',
    {}, async ({ open }) => {
      const { page, toy, canvas, press, said } = await toyOf(open)
      const keys = async (...names) => {
        for (const name of names) await page.keyboard.press(name)
      }
      await press('clear')
      await canvas.focus()
      await keys('2', 'Shift+ArrowUp', 'Shift+ArrowUp', 'Enter', '3')
      for (let n = 0; n < 4; ++n) await keys('Shift+ArrowDown')
      await keys('Space')
      assert.match(await canvas.getAttribute('aria-label'),
        /circle: 0, cross: 1, triangle: 1/)
      await press('steps')
      await press('steps')
      await canvas.focus()
      await keys('ArrowUp')
      await page.locator('#voice').getByText(
        /x 0.00, y -0.35: triangle, \d+ %/).waitFor()
      await keys('Delete')
      assert.match(await said(), /^1 point, step 100$/)
      await page.locator('#voice').getByText('Taken away, 1 point.').waitFor()
      assert.match(await canvas.getAttribute('aria-label'),
        /cross: 1, triangle: 0/)
      assert.ok(await toy.locator('[value="2"]').isChecked())
    })

  test('a button stands nearer to its own words than to others',
    { views }, async ({ open, expect }) => {
      const { toy } = await toyOf(open)
      const boxes = await toy.locator('fieldset').evaluate((group) =>
        [...group.querySelectorAll('input, span')].map((one) =>
          one.getBoundingClientRect()).map(({ left, right, top, bottom }) =>
          ({ left, right, middle: (top + bottom) / 2 })))
      boxes.slice(2).forEach(({ left, middle }, i) => {
        const [button, words] = boxes.slice(i, i + 2)
        if (i % 2 || Math.abs(middle - words.middle) > 10) return
        expect(left - words.right > 1.5 * (words.left - button.right),
          `a wide gap after the words of button ${i / 2}`)
      })
    })

  test('a point where a key put it is where a click would have', {},
    async ({ open }) => {
      const { page, canvas, press, click, said } = await toyOf(open)
      await press('clear')
      await canvas.focus()
      await page.keyboard.press('Shift+ArrowUp')
      await page.keyboard.press('Shift+ArrowRight')
      await page.keyboard.press('Enter')
      await page.locator('#toy').getByText('takes a point away').click()
      await click(0.2, -0.2)
      assert.match(await said(), /^1 point,/)
      await click(0.2, 0.2)
      assert.match(await said(), /^0 points/)
    })

  test('the toy has the bits of the native one', {},
    async ({ open, expect }) => {
      const { page } = await toyOf(open)
      const source = fs.readFileSync(
        new URL('../18-toy_test.cpp', import.meta.url), 'utf8')
      const expected = [...source.matchAll(
        /checksum_after\(100, "(\w+)", slow\) ==\s+"([0-9a-f]{16})"/g)]
        .map(([, set, sum]) => [set, sum])
      expect(expected.length === 4, 'four checksums in 18-toy_test.cpp')
      const found = await page.evaluate(async (sets) => {
        const { Engine } = await import('./engine.mjs')
        const engine = await Engine.load()
        return sets.map((set) => {
          engine.send(set)
          engine.call('toy_set', 1)
          engine.send(Float32Array.of(8))
          engine.call('toy_start', 0.03, 1)
          engine.call('toy_steps', 100)
          engine.call('toy_checksum')
          return [set, engine.text()]
        })
      }, expected.map(([set]) => set))
      assert.deepEqual(found, expected)
    })

  test('who asks for less motion gets steps only', {
    context: { reducedMotion: 'reduce' } }, async ({ open, expect }) => {
    const { toy, press, numbers } = await toyOf(open)
    expect(await toy.locator('[name=run]').isHidden(), 'no Start')
    await press('step')
    assert.equal((await numbers())[0], 1)
  })

  test('a hidden tab does not go on learning', {}, async ({ open }) => {
    const { page, toy, press, choose, numbers } = await toyOf(open)
    await choose('rate', '0.01')
    await press('run')
    await toy.locator('.numbers').getByText(/step \d+/).waitFor()
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    const [before] = await numbers()
    await frames(page)
    assert.equal((await numbers())[0], before)
  })
}
