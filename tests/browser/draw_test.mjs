// The pad, by mouse, finger and keyboard, and what is read from it.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { boxInView, checksum, frames } from './helpers.mjs'

const record = (name) => JSON.parse(fs.readFileSync(
  new URL(name, import.meta.url), 'utf8'))
const digits = record('strokes.json')
const strokesOf = (wanted) =>
  digits.find(({ digit }) => digit === wanted).strokes

const pad = (page) => page.locator('#draw .pad')
const words = (page) => page.locator('#draw .reading .answer')
const button = (page, name) =>
  page.locator('#draw').getByRole('button', { name, exact: true })

// Waits for this part of the page and for its network.
async function started(open) {
  const page = await open()
  await page.locator('#draw .bars tr').nth(9).waitFor()
  return page
}

// A pointer is a function of a kind of event and x and y in CSS pixels.
const mouse = (page) => async (kind, x, y) => {
  if (kind === 'down') await page.mouse.move(x, y)
  await { down: () => page.mouse.down(), move: () => page.mouse.move(x, y),
    up: () => page.mouse.up() }[kind]()
}
async function finger(page) {
  const session = await page.context().newCDPSession(page)
  const types = { down: 'touchStart', move: 'touchMove', up: 'touchEnd',
    cancel: 'touchCancel' }
  return (kind, x, y) => session.send('Input.dispatchTouchEvent',
    { type: types[kind],
      touchPoints: kind === 'up' || kind === 'cancel' ? [] : [{ x, y }] })
}

async function draw(page, pointer, strokes, end = 'up') {
  const box = await boxInView(pad(page))
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height]
  for (const stroke of strokes) {
    await pointer('down', ...at(stroke[0]))
    for (const place of stroke.slice(1)) await pointer('move', ...at(place))
    await pointer(end, ...at(stroke[stroke.length - 1]))
  }
  await frames(page)
}

const seen = (page) => page.evaluate(async () =>
  [...(await import('./app.mjs')).app.picture])
const answer = (page) => page.evaluate(async () =>
  [...(await import('./app.mjs')).app.answer])
// After a move, places on the pad may be rounded differently.
const near = (picture, expected) => assert.ok(picture.every((level, i) =>
  Math.abs(level - expected[i]) < 1e-4), 'the same picture')
const inked = (picture) => picture.filter((level) => level > 0).length

export default (test) => {
  test('ten digits drawn by hand are read right',
    { views: ['desktop', 'phone'] }, async ({ open, view }) => {
      const page = await started(open)
      const pointer = view === 'phone' ? await finger(page) : mouse(page)
      const shares = () => page.locator('#draw .bars td:last-child')
        .allTextContents()
      assert.deepEqual(await shares(), Array(10).fill('–'))
      for (const { digit, strokes } of digits) {
        await draw(page, pointer, strokes)
        const text = await words(page).textContent()
        assert.match(text, new RegExp(
          `^your drawing, read as ${digit}, (9.|100)\\s%$`))
        // A screen reader hears the same about the pad.
        assert.equal(await pad(page).getAttribute('aria-label'),
          `A pad to draw on: ${text}`)
        const best = page.locator('#draw .bars tr.best')
        assert.equal(await best.locator('th').textContent(), String(digit))
        assert.ok((await shares()).every((share) => /^[\d.]+\s%$/.test(share)))
        await button(page, 'Clear').click()
        await frames(page)
        assert.equal(await words(page).textContent(), 'nothing to read yet')
        assert.deepEqual(await shares(), Array(10).fill('–'))
      }
    })

  test('the pen gives the 784 numbers of the native program', {},
    async ({ open }) => {
      const page = await started(open)
      const bits = await page.evaluate(async (all) => {
        const { numbersOf } = await import('./drawing.mjs')
        const { app } = await import('./app.mjs')
        const engine = await app.ready
        return all.map(({ strokes }) => [1, 0].map((placed) => {
          engine.send(numbersOf(strokes))
          engine.call('pen_picture', placed)
          return [...new Uint32Array(engine.bytes().buffer)]
        }))
      }, digits)
      assert.deepEqual(bits.map((both) => both.map(checksum)),
        digits.map(({ placed, lying }) => [placed, lying]))
    })

  test('answers come while the pen moves', {}, async ({ open }) => {
    const page = await started(open)
    const [stroke] = strokesOf(7)
    const box = await boxInView(pad(page))
    await page.mouse.move(box.x + stroke[0][0] * box.width,
      box.y + stroke[0][1] * box.height)
    await page.mouse.down()
    const texts = new Set()
    for (const [x, y] of stroke) {
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height)
      await frames(page)
      texts.add(await words(page).textContent())
    }
    assert.ok(texts.size > 2, `several answers, got ${[...texts]}`)
    assert.match([...texts].pop(), /read as 7/)
    await page.mouse.up()
  })

  test('many moves in a frame make one answer', {}, async ({ open }) => {
    const page = await started(open)
    const answers = await page.evaluate(async () => {
      const { app } = await import('./app.mjs')
      let count = 0
      app.on('answer', () => ++count)
      const pad = document.querySelector('#draw .pad')
      const box = pad.getBoundingClientRect()
      const send = (type, at) => pad.dispatchEvent(new PointerEvent(type,
        { pointerId: 1, bubbles: true, clientX: box.x + at,
          clientY: box.y + at }))
      pad.setPointerCapture = () => {}
      send('pointerdown', 20)
      for (let at = 21; at < 200; ++at) send('pointermove', at)
      send('pointerup', 200)
      await new Promise((done) => requestAnimationFrame(() =>
        requestAnimationFrame(() => requestAnimationFrame(done))))
      return count
    })
    assert.equal(answers, 1)
  })

  test('undo takes back a stroke, and Clear can be undone', {},
    async ({ open }) => {
      const page = await started(open)
      assert.ok(await button(page, 'Undo').isDisabled())
      await draw(page, mouse(page), strokesOf(4))
      const whole = await seen(page)
      await button(page, 'Undo').click()
      await frames(page)
      const first = await seen(page)
      assert.notDeepEqual(first, whole)
      await draw(page, mouse(page), strokesOf(4).slice(1))
      assert.deepEqual(await seen(page), whole)
      await button(page, 'Clear').click()
      await frames(page)
      assert.equal(inked(await seen(page)), 0)
      await page.keyboard.press('Control+z')
      await frames(page)
      assert.deepEqual(await seen(page), whole)
      for (let i = 0; i < 5; ++i) await page.keyboard.press('Control+z')
      await frames(page)
      assert.equal(inked(await seen(page)), 0)
      assert.ok(await button(page, 'Undo').isDisabled())
    })

  test('undo in a text is the text\'s, not the drawing\'s', {},
    async ({ open }) => {
      const page = await started(open)
      await draw(page, mouse(page), strokesOf(1))
      const whole = await seen(page)
      for (const field of ['#train-network', '#train-rate']) {
        await page.locator(field).press('7')
        await page.keyboard.press('Control+z')
        await frames(page)
        assert.deepEqual(await seen(page), whole, field)
      }
    })

  test('a finger that the browser takes away leaves no stroke',
    { views: ['phone'] }, async ({ open }) => {
      const page = await started(open)
      await draw(page, await finger(page), strokesOf(1), 'cancel')
      assert.equal(inked(await seen(page)), 0)
      await draw(page, await finger(page), strokesOf(1))
      assert.ok(inked(await seen(page)) > 20)
    })

  test('a second finger draws nothing', { views: ['phone'] },
    async ({ open }) => {
      const page = await started(open)
      const session = await page.context().newCDPSession(page)
      let box
      const touch = (type, ...places) => session.send(
        'Input.dispatchTouchEvent', { type, touchPoints: places.map(
          ([x, y], id) => ({ id, x: box.x + x * box.width,
            y: box.y + y * box.height })) })
      const bar = async (...others) => {
        box = await boxInView(pad(page))
        await touch('touchStart', [0.5, 0.2])
        if (others.length) await touch('touchStart', [0.5, 0.2], ...others)
        for (const y of [0.3, 0.4, 0.5, 0.6, 0.7])
          await touch('touchMove', [0.5, y],
            ...others.map(([x]) => [x, y - 0.1]))
        await touch('touchEnd')
        await frames(page)
        return seen(page)
      }
      const alone = await bar()
      assert.ok(inked(alone) > 20)
      await button(page, 'Clear').click()
      assert.deepEqual(await bar([0.1, 0.2]), alone)
    })

  test('a finger scrolls the page everywhere but on the pad',
    { views: ['phone'] }, async ({ open }) => {
      const page = await started(open)
      const touch = await finger(page)
      const swipe = async (x, y) => {
        await page.evaluate(() =>
          scrollTo({ top: 100, behavior: 'instant' }))
        await touch('down', x, y)
        for (let up = 10; up <= 150; up += 10) {
          await touch('move', x, y - up)
          await frames(page)
        }
        await touch('up', x, y - 150)
        return page.evaluate(() => scrollY - 100)
      }
      await page.evaluate(() => scrollTo({ top: 100, behavior: 'instant' }))
      const box = await pad(page).boundingBox()
      assert.equal(await swipe(box.x + 100, box.y + 250), 0)
      await frames(page)
      assert.ok(inked(await seen(page)) > 0)
      assert.ok(await swipe(195, box.y + box.height + 200) > 100)
    })

  test('cells inked by the keyboard are read', {}, async ({ open }) => {
    const page = await started(open)
    await page.locator('#draw summary').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    const focus = () => page.evaluate(() =>
      document.activeElement.getAttribute('aria-label'))
    assert.equal(await focus(), 'row 1, column 1')
    const press = async (key, times = 1) => {
      for (let i = 0; i < times; ++i) await page.keyboard.press(key)
    }
    // A 7: a bar, then down to the left.
    await press('ArrowDown', 2)
    await press('ArrowRight', 3)
    assert.equal(await focus(), 'row 3, column 4')
    await press('Space')
    await press('Shift+ArrowRight', 6)
    for (let i = 0; i < 4; ++i) {
      await press('Shift+ArrowDown', 2)
      await press('Shift+ArrowLeft')
    }
    await frames(page)
    assert.match(await words(page).textContent(), /read as 7/)
    assert.equal(await page.locator('[aria-selected=true]').count(), 19)
    await press('Space')  // erases the last cell
    await frames(page)
    assert.equal(await page.locator('[aria-selected=true]').count(), 18)
    await press('Home')
    assert.match(await focus(), /column 1$/)
    // Two presses before a frame shows the first one: ink, then none again.
    for (const kind of ['click', 'keydown']) {
      await page.evaluate((type) => {
        const cell = document.querySelector('#draw [role=gridcell]')
        for (let i = 0; i < 2; ++i) {
          cell.dispatchEvent(type === 'click'
            ? new MouseEvent(type, { bubbles: true })
            : new KeyboardEvent(type, { key: ' ', bubbles: true }))
        }
      }, kind)
      await frames(page)
      assert.equal(await page.locator('[aria-selected=true]').count(), 18)
    }
  })

  test('the PNG files hold the pixels that one sees', {},
    async ({ open }) => {
      const page = await started(open)
      await draw(page, mouse(page), strokesOf(5))
      // The red value of each pixel in the file that a button saves.
      const saved = async (name) => {
        const download = page.waitForEvent('download')
        await button(page, name).click()
        const bytes = fs.readFileSync(await (await download).path())
        return page.evaluate(async (base64) => {
          const bytes = Uint8Array.from(atob(base64),
            (letter) => letter.charCodeAt(0))
          const image = await createImageBitmap(new Blob([bytes]))
          const canvas = new OffscreenCanvas(image.width, image.height)
          const to = canvas.getContext('2d')
          to.drawImage(image, 0, 0)
          const { data } = to.getImageData(0, 0, image.width, image.height)
          return data.filter((_, i) => i % 4 === 0).toString()
        }, bytes.toString('base64'))
      }
      const shown = await pad(page).evaluate((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0,
          canvas.width, canvas.height)
        return data.filter((_, i) => i % 4 === 0).toString()
      })
      assert.equal(await saved('Save the drawing'), shown)
      assert.equal(await saved('Save the 28 × 28'),
        (await seen(page)).map((level) => Math.round(255 * level)).toString())
    })

  test('a digit may move where it is put back, and only there',
    { views: ['desktop', 'phone'] }, async ({ open, view }) => {
      const page = await started(open)
      const pointer = view === 'phone' ? await finger(page) : mouse(page)
      await draw(page, pointer, strokesOf(3))
      const before = await seen(page)
      await button(page, 'Move').click()
      // Moved by 3 of the pad's 28 pixels down, and 2 to the left.
      const drag = () => draw(page, pointer,
        [[[0.5, 0.5], [0.5 - 2 / 28, 0.5 + 3 / 28]]])
      await drag()
      assert.match(await page.locator('#draw').textContent(),
        /Moved 3 down and 2 to the left/)
      near(await seen(page), before)
      await page.getByRole('checkbox', { name: /MNIST's makers/ }).click()
      await frames(page)
      const moved = await seen(page)
      assert.notDeepEqual(moved, before)
      // Back by the arrow keys, each of which moves the pixels.
      await pad(page).focus()
      for (const key of ['Up', 'Up', 'Up', 'Right', 'Right'])
        await page.keyboard.press(`Arrow${key}`)
      await frames(page)
      const unmoved = await seen(page)
      near(moved, moved.map((_, i) => i < 3 * 28 || i % 28 > 25 ? moved[i]
        : unmoved[i - 3 * 28 + 2]))
      await page.keyboard.press('Control+z')
      await frames(page)
      assert.match(await page.locator('#draw').textContent(),
        /Moved 0 down and 1 to the left/)
    })

  test('moved digits are misread as often as chapter 17 says', {},
    async ({ open }) => {
      const page = await started(open)
      const right = await page.evaluate(async () => {
        const { app } = await import('./app.mjs')
        const { ask } = await import('./read.mjs')
        const engine = await app.ready
        const digits = await app.heldOut
        const share = (pixels, putBack) => {
          let count = 0
          for (let n = 0; n < digits.count; ++n) {
            engine.send(digits.picture(n))
            engine.call('picture_moved', pixels, pixels, putBack)
            count += ask(engine, engine.floats()).best === digits.label(n)
          }
          return count / digits.count
        }
        return [share(0, 0), share(2, 0), share(4, 0), share(4, 1)]
      })
      const printed = fs.readFileSync(new URL(
        '../../book/output/17-handwriting.txt', import.meta.url), 'utf8')
      // The shares that the program read, moved by 2 and 4 pixels both ways.
      const said = [2, 4].map((pixels) => Number(printed.match(
        new RegExp(`^ *${pixels} +[\\d.]+ % +([\\d.]+) % `, 'm'))[1]) / 100)
      // The page's kernels may read a few digits in 2,000 differently.
      assert.ok(Math.abs(right[1] - said[0]) < 0.002, `${right} ${said}`)
      assert.ok(Math.abs(right[2] - said[1]) < 0.002, `${right} ${said}`)
      assert.ok(right[3] > right[0] - 0.01, `${right}`)
    })

  test('a held-out digit by its number, and the next mistake', {},
    async ({ open }) => {
      const page = await started(open)
      const status = page.locator('#draw [role=status]',
        { hasText: 'held-out set' })
      await page.getByLabel('Number').fill('17')
      await page.keyboard.press('Enter')
      await status.waitFor()
      const label = (await status.textContent()).match(/label is (\d)/)[1]
      await frames(page)
      const truth = await page.evaluate(async () => {
        const digits = await (await import('./app.mjs')).app.heldOut
        return { label: digits.label(17), picture: [...digits.picture(17)] }
      })
      assert.equal(label, String(truth.label))
      assert.deepEqual(await seen(page), truth.picture)
      for (let i = 0; i < 3; ++i) {
        const text = await status.textContent()
        await button(page, 'Next misread digit').click()
        await page.waitForFunction((old) => [...document.querySelectorAll(
          '#draw [role=status]')].some(({ textContent }) =>
          /held-out set/.test(textContent) && textContent !== old), text)
        await frames(page)
        const meant = (await status.textContent()).match(/label is (\d)/)[1]
        assert.doesNotMatch(await words(page).textContent(),
          new RegExp(`read as ${meant}`))
      }
      // A stroke on it begins the reader's own drawing.
      await draw(page, mouse(page), strokesOf(1))
      assert.match(await words(page).textContent(), /^your drawing/)
    })

  test('a digit that comes late does not replace what was drawn meanwhile',
    {}, async ({ page, open }) => {
      const stays = /changed the pad since, so it stays as it is/
      let come
      const late = new Promise((done) => { come = done })
      await page.route('**/held-out.bin.gz', async (route) => {
        await late
        return route.continue()
      })
      await started(open)
      let drawn = []
      for (const name of ['Any digit', 'Next misread digit']) {
        await button(page, name).click()
        const before = inked(drawn)
        await draw(page, mouse(page), strokesOf(before ? 7 : 1))
        drawn = await seen(page)
        assert.ok(inked(drawn) > before + 20, 'a stroke more')
      }
      come()
      await page.locator('#draw [role=status]', { hasText: stays }).waitFor()
      await frames(page)
      assert.deepEqual(await seen(page), drawn)
      // The same while it looks for a mistake.
      const said = await page.evaluate(async () => {
        const { app } = await import('./app.mjs')
        await app.useNetwork('reader')  // which makes few mistakes
        const row = document.querySelector('#held-out-number').closest('.row')
          .parentElement
        const note = row.nextElementSibling
        const looking = () => note.textContent.startsWith('Looking')
        row.querySelectorAll('button')[1].click()  // the next misread
        while (!looking()) await new Promise((done) => setTimeout(done))
        const press = () => document.querySelector('#draw [role=gridcell]')
          .click()
        press()
        while (looking()) await new Promise((done) => setTimeout(done))
        press()
        return note.textContent
      })
      assert.match(said, stays)
      await frames(page)
      assert.deepEqual(await seen(page), drawn)
    })

  test('chapter 17\'s reader may say that a drawing is no digit', {},
    async ({ open }) => {
      const page = await started(open)
      const box = [[[0.43, 0.15], [0.57, 0.15], [0.57, 0.85], [0.43, 0.85],
        [0.43, 0.15]]]
      await draw(page, mouse(page), box)
      assert.match(await words(page).textContent(), /read as/)
      const use = (name) => page.evaluate(async (name) =>
        (await import('./app.mjs')).app.useNetwork(name), name)
      await use('reader')
      await frames(page)
      assert.equal(await words(page).textContent(),
        'your drawing: not a digit: the network is not sure of any answer')
      assert.equal(await page.locator('#draw .bars tr.best').count(), 0)
      await button(page, 'Clear').click()
      await draw(page, mouse(page), strokesOf(8))
      assert.match(await words(page).textContent(), /read as 8/)
      const sum = (await answer(page)).reduce((all, one) => all + one)
      assert.ok(Math.abs(sum - 1) < 1e-5)
    })
}
