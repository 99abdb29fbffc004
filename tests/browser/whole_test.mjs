// The page as a whole: accessible at every width, by keyboard alone, without
// a network and without SIMD.
import assert from 'node:assert/strict'
import { controlled, sumsOf } from './helpers.mjs'

// Waits until every section has started and holds more than index.html gave it.
const started = (page) => page.waitForFunction(() =>
  [...document.querySelectorAll('main > section')].every((section) =>
    section.querySelector('button, input, canvas')))

// What the keyboard can reach, in the order of the page. In a group of radio
// buttons that is the chosen one.
const focusable = () => {
  const all = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]')]
  const chosen = (radio) => radio.checked ||
    !all.some((other) => other.name === radio.name && other.checked)
  return all.filter((element) => element.tabIndex >= 0 &&
    !element.disabled && element.checkVisibility({ visibilityProperty: true })
    && (element.type !== 'radio' || chosen(element)))
}

const nameOf = (element) => `${element.tagName.toLowerCase()} ${
  element.id || element.name || element.getAttribute('aria-label') ||
  element.textContent.trim().slice(0, 30)}`

// Puts functions of this file into the page, for calls that come later.
const lend = (page) => page.evaluate(`
  window.focusable = ${focusable}
  window.nameOf = ${nameOf}`)

// What can be reached, once that has stayed the same for two seconds.
async function settled(page) {
  let names = []
  for (let same = 0; same < 4; await page.waitForTimeout(500)) {
    const now = await page.evaluate(() => window.focusable().map(nameOf))
    same = String(now) === String(names) ? same + 1 : 0
    names = now
  }
  return names
}

// A reader's way through the page: a digit, a cell's arithmetic, a step of
// training, what the answer rests on.
async function use(page) {
  await page.getByRole('button', { name: 'Any digit' }).click()
  await page.waitForFunction(() =>
    !document.querySelector('#draw').innerText.includes('nothing to read yet'))
  const map = page.locator('#layers canvas[aria-label*="conv1, map 0"]')
  await map.press('ArrowDown')
  await map.press('Enter')
  await page.locator('#layers table').first().waitFor()
  await page.locator('#layers').getByText('Saliency').click()
  await page.locator('#train [data-at=step]').click()
  await page.locator('#train [data-at=status]')
    .filter({ hasText: 'Step 1 of' }).waitFor()
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true
  })
}

// Repeats a run of 40 steps whose checksum is the native program's.
async function repeat(open, native, expect) {
  const { 40: sum } = sumsOf(await native('18-browser', ['--steps', '40']))
  const page = await open(`#steps=40&v=2&sum=${sum}`)
  await page.getByRole('button', { name: 'Repeat this run' }).click()
  const outcome = page.locator('[data-at=wanted] [role=status]')
  await outcome.filter({ hasText: sum }).waitFor()
  const text = await outcome.innerText()
  expect(text.startsWith('The same weights, bit for bit'),
    `the native checksum, got: ${text}`)
}

export default (test) => {
  test('in use: nothing from axe, nothing too wide or too small', {
    views: ['desktop', 'dark desktop', 'phone', 'dark phone'],
  }, async ({ open, axe, expect, view }) => {
    const page = await open()
    await started(page)
    await use(page)
    await axe(page)
    const widths = view.includes('phone') ? [320, 390, 480]
      : [768, 1024, 1280, 1920]
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 })
      const wide = await page.evaluate(() =>
        document.scrollingElement.scrollWidth)
      expect(wide <= width, `a page of ${width}, got one of ${wide}`)
    }
    await axe(page)
    // Cells of a grid may be as small as the picture makes them.
    const small = await page.evaluate(() => [...document.querySelectorAll(
      'button, input, select, textarea, summary, a.button')]
      .filter((element) => element.checkVisibility() &&
        !element.closest('[role=grid]'))
      .map((element) => [element, (/radio|checkbox|file/.test(element.type)
        && element.closest('label') || element).getBoundingClientRect()])
      .filter(([, { width, height }]) => width > 0 &&
        (width < 43.9 || height < 43.9))
      .map(([element, { width, height }]) =>
        `${element.outerHTML.slice(0, 80)} ${width} x ${height}`))
    assert.deepEqual(small, [], 'expected 44 px for each thing to press')
  })

  test('all of it without a network, after one visit', {
    views: ['phone'],
  }, async ({ open, context, native, expect, allow }) => {
    const page = await open()
    await controlled(page)
    await context.setOffline(true)
    allow(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/)  // the update of sw.js
    await page.reload()
    await started(page)
    await use(page)
    await repeat(open, native, expect)
  })

  test('the weights of the terminal where there are no vectors', {
    // Without these instructions, Chromium has no SIMD in WebAssembly.
    flags: ['--js-flags=--no-enable-sse4-1'],
  }, async ({ page, open, native, expect }) => {
    const asked = []
    page.context().on('request', (request) =>
      asked.push(request.url().split('/').at(-1)))
    await started(await open())
    await use(page)
    await repeat(open, native, expect)
    expect(asked.includes('engine-scalar.wasm'), 'the scalar engine')
  })

  test('the Tab key goes through all of it, and back', {
    views: ['desktop', 'phone'],
    context: { reducedMotion: 'reduce' },  // so that focus scrolls at once
  }, async ({ open, expect }) => {
    const page = await open()
    await started(page)
    await page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true
    })
    await lend(page)
    const all = await settled(page)
    const walk = async (key, names) => {
      for (const [i, name] of names.entries()) {
        await page.keyboard.press(key)
        const { met, outline, inside } = await page.evaluate(() => {
          const element = document.activeElement
          const { outlineStyle, outlineWidth } = getComputedStyle(element)
          const { top, bottom } = element.getBoundingClientRect()
          return { met: window.nameOf(element), inside: bottom > 0 &&
            top < innerHeight, outline: `${outlineStyle} ${outlineWidth}` }
        })
        expect(met === name,
          `${key} to lead from ${names[i - 1]} to ${name}, got ${met}`)
        expect(!/none|^\S+ 0px/.test(outline),
          `a ring around ${name}, got ${outline}`)
        expect(inside, `${name} to be on the screen`)
      }
    }
    await walk('Tab', all)
    await walk('Shift+Tab', all.slice(0, -1).reverse())
  })
}
