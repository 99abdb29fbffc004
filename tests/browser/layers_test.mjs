// "See every layer": the maps, the arithmetic of a cell, the way down to the
// pixels, by pointer and by keyboard, and what an answer rests on.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { checksum, frames } from './helpers.mjs'

// Held-out digit 3 under chapter 06's network. tests/18-cell_test.cpp asks
// the library for the same sums.
const native = { saliency: 'c738103878a940ac', occlusion: '8d4d1c2c13222c65' }

const rows = [  // kind, and how many maps of which size
  ['picture', 1, 28, 28], ['conv', 8, 28, 28], ['relu', 8, 28, 28],
  ['maxpool', 8, 14, 14], ['conv', 16, 10, 10], ['relu', 16, 10, 10],
  ['maxpool', 16, 5, 5], ['flatten', 1, 40, 10], ['fc', 1, 10, 1]]

// Shows a held-out digit, and waits until the maps are those of this digit.
async function take(page, digit) {
  await page.locator('#layers canvas').first().waitFor()
  await page.evaluate(async (n) => {
    const { app } = await import('./app.mjs')
    app.setPicture((await app.heldOut).picture(n), 'held-out')
  }, digit)
  await frames(page)
}

const map = (page, row, which = 0) =>
  page.locator('#layers .layer').nth(row).locator('canvas').nth(which)

// Clicks on the cell in this line and column of a map.
async function press(page, row, which, line, column,
  [columns, lines] = rows[row].slice(2)) {
  const canvas = map(page, row, which)
  await canvas.scrollIntoViewIfNeeded()
  await frames(page)
  const { width, height } = await canvas.boundingBox()
  await canvas.click({ position: { x: (column + .5) * width / columns,
    y: (line + .5) * height / lines } })
}

const heading = (page) => page.locator('#cell-heading').textContent()

// The float that a text stands for. The table does not show a zero's sign.
const number = (text) => Math.fround(Number(text.replaceAll('−', '-')
  .replace('∞', 'Infinity'))) + 0

// The table as it is shown: its rows, put into the order of the sum, and its
// foot.
const table = async (page) => {
  const text = (part) => page.locator(`#layers .cell ${part} tr`)
    .evaluateAll((all) => all.map((row) =>
      [...row.cells].map((cell) => cell.innerText.trim())))
  return { body: (await text('tbody')).sort((a, b) => a[0] - b[0]),
    foot: await text('tfoot') }
}

// What the layer itself computed, to the bit.
const own = (page, layer, c, y, x) => page.evaluate(async (at) => {
  const { app } = await import('./app.mjs')
  const { Inside } = await import('./inside.mjs')
  const inside = new Inside(app)
  inside.describe()
  inside.look()
  const [layer, c, y, x] = at
  return inside.number({ layer, c, y, x })
}, [layer, c, y, x])

// Adds in floats, as the engine does.
const added = (numbers, first) =>
  numbers.reduce((sum, it) => Math.fround(sum + it), first)

// Chapter 06's network with finite weights that are far too large.
function tooLarge(folder) {
  const bytes = fs.readFileSync(path.join(folder, 'digits.safetensors'))
  const begin = 8 + Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, begin).toString())
  const [from, to] = header['conv1.weight'].data_offsets
  for (let at = from; at < to; at += 4) bytes.writeFloatLE(3e38, begin + at)
  return { name: 'large.safetensors', buffer: bytes,
    mimeType: 'application/octet-stream' }
}

export default (test) => {
  test('each row shows the maps of its layer',
    { views: ['desktop', 'phone'] }, async ({ page, open }) => {
      await open()
      await take(page, 3)
      for (const [row, [kind, count, W, H]] of rows.entries()) {
        const canvases = page.locator('#layers .layer').nth(row)
          .locator('canvas')
        assert.equal(await canvases.count(), count, kind)
        await canvases.first().scrollIntoViewIfNeeded()
        await frames(page)
        const wrong = await canvases.evaluateAll(async (all, [layer, w, h]) => {
          const { app } = await import('./app.mjs')
          const { colourOf } = await import('./pixels.mjs')
          app.engine.call('layers')
          const layers = app.engine.json()
          app.engine.send(app.picture)
          app.engine.call('maps')
          const floats = layer ? app.engine.floats() : app.picture
          const size = ({ C, H, W }) => C * H * W
          const at = layers.slice(0, Math.max(layer - 1, 0))
            .reduce((sum, it) => sum + size(it), 0)
          const its = layer ? floats.slice(at, at + size(layers[layer - 1]))
            : floats
          const most = layer ? Math.max(...its.map(Math.abs)) || 1 : 1
          const palette = layers[layer - 1]?.kind === 'conv' ||
            layers[layer - 1]?.kind === 'fc' ? 'diverging' : 'grey'
          let wrong = 0
          all.forEach((canvas, c) => {
            if (canvas.width !== w || canvas.height !== h) ++wrong
            const { data } = canvas.getContext('2d').getImageData(0, 0, w, h)
            for (let i = 0; i < w * h; ++i) {
              const wanted = colourOf(its[c * w * h + i], palette, most)
              for (let k = 0; k < 3; ++k)
                if (Math.abs(data[4 * i + k] - wanted[k]) > 1) ++wrong
            }
          })
          return wrong
        }, [row, W, H])
        assert.equal(wrong, 0, `${kind}: pixels that are not the numbers'`)
      }
    })

  test('the maps of a layer stand in full rows', {},
    async ({ page, open, expect }) => {
      await open()
      await take(page, 3)
      // How many maps stand in each row of the first layer of at least so
      // many, and whether they all lie in the page and are square.
      const across = (count) => page.locator('#layers .layer').evaluateAll(
        (layers, count) => {
          const boxes = layers.map((layer) => [...layer.querySelectorAll(
            'canvas')].map((one) => one.getBoundingClientRect()))
            .find(({ length }) => length >= count)
          const rows = Object.groupBy(boxes, ({ top }) => top)
          return { rows: Object.values(rows).map(({ length }) => length),
            whole: boxes.every(({ right, width, height }) =>
              right <= innerWidth - 16 && Math.abs(width - height) < 0.5) }
        }, count)
      for (const [width, most] of [[320, 4], [360, 4], [390, 4], [600, 4],
        [768, 8], [1280, 8], [1920, 8]]) {
        await page.setViewportSize({ width, height: 800 })
        for (const count of [8, 16]) {
          const { rows, whole } = await across(count)
          assert.deepEqual(rows, Array(count / most).fill(most), `at ${width}`)
          expect(whole, `whole maps at ${width}`)
        }
      }
      // The small maps of a larger network.
      await page.evaluate(async () => {
        const { app } = await import('./app.mjs')
        await app.useNetwork('reader')
      })
      await page.locator('#layers .maps.small').first().waitFor()
      for (const [width, most] of [[390, 6], [768, 8], [1280, 16]]) {
        await page.setViewportSize({ width, height: 800 })
        const { rows, whole } = await across(17)
        assert.equal(rows[0], most, `at ${width}`)
        expect(whole, `whole small maps at ${width}`)
      }
    })

  test('the table of a cell adds up to the layer\'s own number',
    { views: ['desktop', 'phone'] }, async ({ page, open, expect }) => {
      await open()
      await take(page, 3)
      // conv1: 25 products and a bias
      await press(page, 1, 2, 9, 13)
      let value = await own(page, 1, 2, 9, 13)
      assert.equal(number((await heading(page)).split(' = ')[1]), value)
      let { body, foot } = await table(page)
      assert.equal(body.length, 25)
      for (const [, , input, weight, product] of body) {
        assert.match(weight, /^−?0\.0*[1-9]\d{0,8}$/)  // its shortest form
        assert.equal(Math.fround(number(input) * number(weight)) + 0,
          number(product))
      }
      assert.equal(added(body.map((row) => number(row[4])),
        number(foot[0][1])), value)
      assert.equal(number(foot[1][1]), value)
      // relu1: the larger of it and 0
      await press(page, 2, 2, 9, 13)
      ;({ body, foot } = await table(page))
      assert.equal(body.length, 1)
      assert.equal(number(body[0][2]), value)
      assert.equal(number(foot[0][1]), Math.max(value, 0))
      // maxpool1: one of four won
      await press(page, 3, 2, 4, 6)
      value = await own(page, 3, 2, 4, 6)
      ;({ body, foot } = await table(page))
      assert.equal(body.length, 4)
      const numbers = body.map((row) => number(row[2]))
      assert.equal(Math.max(...numbers), value)
      assert.deepEqual(body.map((row) => row[3] !== ''),
        numbers.map((it, i) => numbers.indexOf(value) === i))
      assert.equal(number(foot[0][1]), value)
      // conv2: 200 products, 20 of which are shown until all are asked for
      await press(page, 4, 5, 3, 3)
      value = await own(page, 4, 5, 3, 3)
      ;({ body, foot } = await table(page))
      assert.equal(body.length, 20)
      assert.equal(foot.length, 3)
      // The largest come first, so the words must name the order of the sum.
      const orders = (await page.locator('#layers .cell tbody td:first-child')
        .allTextContents()).map(Number)
      assert.notDeepEqual(orders, orders.toSorted((a, b) => a - b))
      assert.match(await page.locator('#layers .cell p').first().textContent(),
        /added in the order of column #\./)
      const shown = [...body.map((row) => row[4]), foot[0][1], foot[1][1]]
      expect(Math.abs(shown.reduce((all, it) => all + number(it), 0) - value) <
        1e-2, 'the largest, the rest and the bias to be about the sum')
      await page.locator('#layers .more').click()
      ;({ body, foot } = await table(page))
      assert.equal(body.length, 200)
      assert.equal(added(body.map((row) => number(row[4])),
        number(foot[0][1])), value)
      // flatten1: the same number
      await press(page, 7, 0, 3, 7)
      value = await own(page, 7, 127, 0, 0)
      ;({ body, foot } = await table(page))
      assert.deepEqual([body.length, number(body[0][2]), number(foot[0][1])],
        [1, value, value])
      assert.equal(body[0][1], '(5, 0, 2)')  // 5 * 25 + 0 * 5 + 2
      // fc1: 400 products
      await press(page, 8, 0, 0, 7)
      value = await own(page, 8, 7, 0, 0)
      await page.locator('#layers .more').click()
      ;({ body, foot } = await table(page))
      assert.equal(body.length, 400)
      assert.equal(added(body.map((row) => number(row[4])),
        number(foot[0][1])), value)
      assert.equal(number(foot[1][1]), value)
      assert.equal(await page.evaluate(() =>
        document.documentElement.scrollWidth - innerWidth), 0)
    })

  test('from the answer down to a pixel, level by level',
    {}, async ({ page, open, axe }) => {
      await open()
      await take(page, 3)
      await press(page, 8, 0, 0, 7)
      const names = ['fc1', 'flatten1', 'maxpool2', 'relu2', 'conv2',
        'maxpool1', 'relu1', 'conv1', 'picture']
      for (const [level, name] of names.entries()) {
        const text = await heading(page)
        assert.equal(text.split('(')[0], name)
        assert.equal(await page.locator('#layers .crumbs li').count(),
          level + 1)
        // No other map has a frame.
        assert.equal(await page.locator('#layers .opened').count(), 1)
        if (name === 'picture') break
        const row = page.locator('#layers .cell tbody button:visible').first()
        const wanted = (await page.locator('#layers .cell thead th').nth(1)
          .textContent()) + await row.textContent()
        await row.click()
        assert.equal((await heading(page)).split(' = ')[0], wanted)
      }
      assert.equal(await page.locator('#layers .cell table').isVisible(),
        false)
      await axe(page)
      await page.locator('#layers .crumbs button').nth(4).click()
      assert.match(await heading(page), /^conv2\(/)
      assert.equal(await page.locator('#layers .crumbs li').count(), 5)
      // Its window is framed in all maps of the layer before.
      assert.equal(await page.locator('#layers .layer[data-layer="3"] .window')
        .count(), 8)
      await page.getByRole('button', { name: 'Close' }).click()
      assert.equal(await page.locator('#layers .window').count(), 0)
    })

  test('by keyboard', {}, async ({ page, open, expect }) => {
    await open()
    await take(page, 3)
    await map(page, 1).focus()
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowLeft'])
      await page.keyboard.press(key)
    await page.keyboard.press('Enter')
    assert.match(await heading(page), /^conv1\(0, 12, 13\) = /)
    assert.equal(await page.evaluate(() => document.activeElement.id),
      'cell-heading')
    await page.waitForFunction(() => document.getElementById('voice')
      .textContent.startsWith('conv1(0, 12, 13), convolution: '))
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement.closest('.cell')),
      'the focus to stay in the arithmetic')
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('#layers .cell').count(), 0)
    // Beyond the right edge of a map lies the next one.
    for (let i = 0; i < 15; ++i) await page.keyboard.press('ArrowRight')
    await page.keyboard.press(' ')
    assert.match(await heading(page), /^conv1\(1, 12, 0\) = /)
    await page.getByRole('button', { name: 'The cell below' }).click()
    assert.match(await heading(page), /^conv1\(1, 13, 0\) = /)
    await page.getByRole('button', { name: 'The cell left' }).click()
    assert.match(await heading(page), /^conv1\(1, 13, 0\) = /)
  })

  test('another picture changes maps and the open table',
    {}, async ({ page, open, expect }) => {
      await open()
      await take(page, 3)
      await press(page, 1, 2, 9, 13)
      const pixels = async () => {  // only what is on screen is drawn
        await map(page, 1, 2).scrollIntoViewIfNeeded()
        await frames(page)
        return map(page, 1, 2).evaluate((canvas) => String(
          canvas.getContext('2d').getImageData(0, 0, 28, 28).data))
      }
      const [before, text] = [await pixels(), await heading(page)]
      const button = page.locator('#layers .cell tbody button').nth(3)
      await button.focus()
      await take(page, 4)
      expect(await pixels() !== before, 'another map')
      assert.notEqual(await heading(page), text)
      assert.equal(number((await heading(page)).split(' = ')[1]),
        await own(page, 1, 2, 9, 13))
      assert.equal(await button.evaluate((it) =>
        it === document.activeElement), true)
      await take(page, 3)
      expect(await pixels() === before, 'the same map again')
    })

  test('another network brings other rows', {}, async ({ page, open }) => {
    await open()
    await take(page, 3)
    await page.evaluate(async () => {
      const { app } = await import('./app.mjs')
      await app.useNetwork('reader')
    })
    await page.waitForFunction(() =>
      document.querySelectorAll('#layers .layer').length === 11)
    await press(page, 10, 0, 0, 7, [10, 1])
    await page.locator('#layers .more').click()
    const { body, foot } = await table(page)
    assert.equal(body.length, 128)
    assert.equal(added(body.map((row) => number(row[4])), number(foot[0][1])),
      await own(page, 10, 7, 0, 0))
  })

  test('average pooling, and a window that leaves the picture',
    {}, async ({ page, open }) => {
      await open()
      await take(page, 3)
      await page.evaluate(async () => {
        const { app } = await import('./app.mjs')
        const file = await app.asset('digits.safetensors')
        const text = Array.from(file, (byte) => String.fromCharCode(byte))
          .join('').replaceAll('maxpool', 'avgpool')
        await app.useNetwork('uploaded',
          Uint8Array.from(text, (sign) => sign.charCodeAt(0)))
      })
      await page.locator('#layers h3', { hasText: 'avgpool1' }).waitFor()
      await press(page, 3, 2, 4, 6)
      let { body, foot } = await table(page)
      const sum = added(body.map((row) => number(row[2])), 0)
      assert.deepEqual([body.length, number(foot[0][1]), number(foot[1][1])],
        [4, sum, Math.fround(sum / 4)])
      assert.equal(Math.fround(sum / 4), await own(page, 3, 2, 4, 6))
      await press(page, 1, 2, 0, 0)
      ;({ body, foot } = await table(page))
      assert.equal(body.filter((row) => row[1] === 'padding').length, 16)
      assert.equal(added(body.map((row) => number(row[4])),
        number(foot[0][1])), await own(page, 1, 2, 0, 0))
      // The frame is only around the part of the window inside the map.
      const [frame, canvas] = await Promise.all([
        page.locator('#layers .layer[data-layer="0"] .window').boundingBox(),
        map(page, 0).boundingBox()])
      assert.equal(Math.round(frame.width / canvas.width * 28), 3)
      assert.equal(Math.round(frame.height / canvas.height * 28), 3)
    })

  test('saliency and occlusion are those of the library',
    {}, async ({ page, open, expect, axe }) => {
      await open()
      await take(page, 3)
      for (const name of ['Saliency', 'Occlusion']) {
        await page.getByRole('button', { name, exact: true }).click()
        const canvas = page.locator(`[data-evidence=${name.toLowerCase()}]`)
        await page.waitForFunction((it) => it.getAttribute('aria-label'),
          await canvas.elementHandle())
        const [bits, wrong] = await canvas.evaluate(async (it) => {
          const { app } = await import('./app.mjs')
          const { colourOf, magnitude } = await import('./pixels.mjs')
          app.engine.send(app.picture)
          app.engine.call(it.dataset.evidence)
          const floats = app.engine.floats()
          const { data } = it.getContext('2d').getImageData(0, 0, 28, 28)
          let wrong = 0
          floats.forEach((float, i) => colourOf(float, 'diverging',
            magnitude(floats)).forEach((wanted, k) => {
            if (Math.abs(data[4 * i + k] - wanted) > 1) ++wrong
          }))
          return [[...new Uint32Array(floats.buffer)], wrong]
        })
        assert.equal(wrong, 0)
        assert.equal(checksum(bits), native[name.toLowerCase()], name)
      }
      expect((await page.locator('#layers .evidence').textContent())
        .includes('The answer is '), 'the answer to be named')
      await axe(page)
    })

  test('numbers that are not finite are no answer, and asked for once', {},
    async ({ page, open, folder }) => {
      await open()
      await take(page, 3)
      await page.evaluate(async () => {
        const { Engine } = await import('./engine.mjs')
        const { call } = Engine.prototype
        globalThis.calls = []
        Engine.prototype.call = function(name, ...numbers) {
          globalThis.calls.push(name)
          return call.call(this, name, ...numbers)
        }
      })
      await page.setInputFiles('#keep-file', tooLarge(folder))
      await page.locator('#network input[value=uploaded]:checked').waitFor()
      await page.fill('#held-out-number', '17')
      await page.keyboard.press('Enter')
      await page.locator('#draw .reading .answer',
        { hasText: 'held-out digit 17, labelled 1: no answer' }).waitFor()
      assert.deepEqual(await page.locator('#draw .bars td:last-child')
        .allTextContents(), Array(10).fill('–'))
      const refusal = page.locator('#layers > .refusal')
      for (const name of ['Saliency', 'Occlusion']) {
        const toggle = page.getByRole('button', { name, exact: true })
        await toggle.click()
        await refusal.filter({ hasText: `${name} is off: ` }).waitFor()
        await page.waitForTimeout(1000)
        assert.equal(await page.evaluate((called) => globalThis.calls.filter(
          (one) => one === called).length, name.toLowerCase()), 1)
        assert.equal(await toggle.getAttribute('aria-pressed'), 'false')
        assert.match(await refusal.textContent(), /NaN/)
      }
      await press(page, 4, 2, 3, 5)
      await page.locator('#layers .cell').waitFor()
      await page.locator('#network input[value=digits]').click()
      await page.locator('#draw .reading .answer',
        { hasText: 'held-out digit 17, labelled 1, read as 1' }).waitFor()
      assert.equal(await refusal.textContent(), '')
      await page.getByRole('button', { name: 'Saliency', exact: true }).click()
      await page.getByText('The answer is 1').waitFor()
    })
}
