// Files that the page saves and opens, and addresses that repeat a run on any
// device.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { inFolder, says, sumsOf } from './helpers.mjs'

const at = (page, name) => page.locator(`[data-at=${name}]`)
const outcome = (page) => page.locator('[data-at=wanted] [role=status]')

// Trains one epoch with seed 7. A key, unlike a click, finds its button even
// while the page above it still grows.
async function train(page) {
  await says(page, /All 8,000 digits are here/)
  await page.fill('#train-seed', '7')
  await page.fill('#train-epochs', '1')
  await at(page, 'start').press('Enter')
  await says(page, /^Step 250 of 250, .*checksum/)
}

// What the page saves when a button is pressed.
async function downloaded(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'),
    at(page, name).click()])
  return { name: download.suggestedFilename(),
    bytes: fs.readFileSync(await download.path()) }
}

// ---- Chapter 16's ten hostile files ------------------------------------

function assembled(header, numbers, claimed = header.length) {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(claimed))
  return Buffer.concat([length, Buffer.from(header), numbers])
}

// The same files as hostile_files.hpp makes.
function hostileFiles(good) {
  const length = Number(good.readBigUInt64LE())
  const header = good.subarray(8, 8 + length).toString()
  const numbers = good.subarray(8 + length)
  const changed = (old, fresh) =>
    assembled(header.replace(old, fresh), numbers)
  const crowded = JSON.stringify(Object.fromEntries(
    Array.from({ length: 4000 }, (_, i) => [`t${i}`, { dtype: 'F32',
      shape: [numbers.length / 4], data_offsets: [0, numbers.length] }])))
  return [good.subarray(0, 7),
    assembled(header, numbers, 2n ** 64n - 1n),
    assembled(header, numbers, 100000000),
    changed('"fc1.weight"', '"fc1.bias"'), changed('F32', 'I64'),
    changed('"shape":[8]', '"shape":[65536,65536]'),
    assembled(crowded, numbers), changed('"shape":[8]', '"shape":[9]'),
    good.subarray(0, good.length - 1000),
    Buffer.concat([good, Buffer.from('\n#!/bin/sh\necho gotcha\n')])]
}

export default (test) => {
  test('a download has the bytes that the terminal writes, and comes back',
    {}, async ({ page, open, native }) => {
      await open()
      await train(page)
      const { name, bytes } = await downloaded(page, 'safetensors')
      assert.equal(name, 'digits-seed-7.safetensors')
      const onnx = await downloaded(page, 'onnx')
      await inFolder(async (file) => {
        await native('16-saving', ['train', '--isa', 'portable', '--seed',
          '7', '--epochs', '1', '--save', file('n.safetensors')])
        assert.ok(bytes.equals(fs.readFileSync(file('n.safetensors'))),
          'the bytes of the native file')
        await native('16-saving',
          ['export', file('n.safetensors'), '--onnx', file('n.onnx')])
        assert.ok(onnx.bytes.equals(fs.readFileSync(file('n.onnx'))),
          'the bytes of the native .onnx')
      })
      await page.setInputFiles('#keep-file', { name, buffer: bytes,
        mimeType: 'application/octet-stream' })
      await at(page, 'taken').filter({ hasText: '7,434' }).waitFor()
      await page.locator('#network input[value=uploaded]:checked').waitFor()
      const answers = await page.evaluate(async () => {
        const { app } = await import('./app.mjs')
        const digits = await app.heldOut
        const all = []
        for (const name of ['yours', 'uploaded']) {
          await app.useNetwork(name)
          app.engine.send(digits.picture(3))
          app.engine.call('network_answer')
          all.push([...app.engine.floats()].join())
        }
        return all
      })
      assert.equal(answers[0], answers[1])
    })

  test('a file has the name of the run that it is of', {},
    async ({ page, open }) => {
      await open()
      await train(page)
      const [download] = await Promise.all([page.waitForEvent('download'),
        page.evaluate(() => {  // and another run begins at once
          const press = (name) =>
            document.querySelector(`[data-at=${name}]`).click()
          press('safetensors')
          document.querySelector('#train-seed').value = '8'
          press('restart')
        })])
      assert.equal(download.suggestedFilename(), 'digits-seed-7.safetensors')
    })

  test('ten hostile files are refused in the words of the terminal', {},
    async ({ page, open, native, folder }) => {
      await open()
      await page.locator('#network input[value=digits]:checked').waitFor()
      const good = fs.readFileSync(path.join(folder, 'digits.safetensors'))
      const refusal = page.locator('#keep [data-at=refusal]')
      await inFolder(async (file) => {
        for (const [index, bytes] of hostileFiles(good).entries()) {
          const name = `hostile-${index + 1}.safetensors`
          fs.writeFileSync(file(name), bytes)
          const said = await native('16-saving',
            ['measure', file(name)]).then(() => '',
            ({ stderr }) => stderr.match(/rule \d+: .*/)?.[0])
          assert.match(said ?? '', /^rule/, `${name} is refused natively`)
          await page.setInputFiles('#keep-file', file(name))
          await refusal.filter({ hasText: name }).waitFor()
          assert.equal((await refusal.textContent()).match(/rule \d+: .*/)[0],
            said)
        }
      })
      await page.locator('#network input[value=digits]:checked').waitFor()
      // The page still works.
      await page.setInputFiles('#keep-file',
        path.join(folder, 'digits.safetensors'))
      await at(page, 'taken').filter({ hasText: '7,434' }).waitFor()
      assert.equal(await refusal.textContent(), '')
    })

  test('an address repeats a run, and tells a wrong sum and another version',
    {}, async ({ page, open, address, native }) => {
      const settings = 'seed=7&rate=.1&momentum=0.5&batch=16&epochs=2' +
        '&steps=40&network=flatten,+dense+10'
      const { 40: sum } = sumsOf(await native('18-browser', ['--seed', '7',
        '--epochs', '2', '--learning-rate', '0.1', '--momentum', '0.5',
        '--batch', '16', '--network', 'flatten, dense 10', '--steps', '40']))
      const repeat = async (expected) => {
        await at(page, 'repeat').click()
        await outcome(page).filter({ hasText: expected }).waitFor()
      }
      const other = '0123456789abcdef'
      await open(`#${settings}&v=2&sum=${other}`)
      await says(page, /All 8,000 digits are here/)
      assert.equal(await page.inputValue('#train-rate'), '0.1')
      assert.equal(await page.inputValue('#train-network'),
        'flatten, dense 10')
      await repeat(`The checksums differ: the address says ${other}, and ` +
        `here it is ${sum}`)
      assert.match(await page.evaluate(() => location.hash),
        new RegExp(`sum=${other}$`))
      await page.goto(`${address}#${settings}&v=2&sum=${sum}`)
      await repeat(`The same weights, bit for bit: the checksum is ${sum}`)
      await page.goto(`${address}#${settings}&v=99&sum=${other}`)
      await repeat('version 99 of the engine made the first, and this is ' +
        'version 2')
      await page.goto(`${address}#${settings}`)
      await repeat(`held no checksum. Here it is ${sum}`)

      // The reader's own run goes into the address bar, and from there back.
      await page.fill('#train-seed', '8')
      await at(page, 'restart').click()
      await page.waitForURL(
        /#seed=8&.*&steps=1000&.*&v=2&sum=[0-9a-f]{16}$/)
      await page.reload()
      await says(page, /All 8,000 digits are here/)
      await repeat('The same weights, bit for bit')
    })

  test('an address that cannot be read is refused part by part', {},
    async ({ page, open, address }) => {
      await open('#seed=-7&rate=abc&steps=15&sum=xyz&speed=3&batch=8&batch=9' +
        '&augment=mirror&smoothing=1')
      const refusal = outcome(page)
      await refusal.filter({ hasText: 'cannot be read' }).waitFor()
      const said = await refusal.textContent()
      for (const part of ['batch appears twice', "got '-7'", "got 'abc'",
        "got 'xyz'", "'speed' is no setting", "got 'mirror'", "got '1'"])
        assert.ok(said.includes(part), `${part} in: ${said}`)
      assert.ok(await at(page, 'repeat').isHidden())
      await page.goto(`${address}#epochs=2&steps=501`)
      await refusal.filter({ hasText: 'from 1 to 500' }).waitFor()
        .catch(async () => assert.fail(await refusal.textContent()))
    })

  test('who goes to a section and back finds what was there', {},
    async ({ page, open }) => {
      await open('#seed=7&steps=1&network=flatten,+dense+10')
      await says(page, /All 8,000 digits are here/)
      const thereAndBack = async () => {
        await page.locator('nav a[href="#toy"]').first().click()
        await page.waitForURL(/#toy$/)
        await page.goBack()
        await page.waitForURL(/seed=/)
      }
      await at(page, 'repeat').click()
      await outcome(page).filter({ hasText: 'held no checksum' }).waitFor()
      await page.fill('#train-seed', '8')
      await thereAndBack()
      assert.match(await outcome(page).textContent(), /held no checksum/)
      assert.equal(await page.inputValue('#train-seed'), '8')
      // The same with the address that the reader's own run has left there.
      await at(page, 'restart').click()
      await says(page, /^Step [\d,]{2,} of/)
      await at(page, 'start').click()
      await page.waitForURL(/#seed=8&/)
      await page.fill('#train-seed', '9')
      await thereAndBack()
      assert.equal(await page.inputValue('#train-seed'), '9')
      // Another address asks for something else.
      await page.evaluate(() => { location.hash = '#seed=5&steps=1' })
      await page.waitForFunction(() =>
        document.querySelector('#train-seed').value === '5')
    })

  test('the address is copied, and its command', {
    context: { permissions: ['clipboard-read', 'clipboard-write'] } },
  async ({ page, open }) => {
    await open()
    await says(page, /All 8,000 digits are here/)
    await page.fill('#train-rate', '0.02')
    await at(page, 'step').click()
    await page.getByRole('button', { name: 'Copy the address' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    assert.equal(await copied(), page.url())
    await page.getByRole('button', { name: 'Copy the command of this run' })
      .click()
    await page.waitForFunction(async () =>
      (await navigator.clipboard.readText()).startsWith('./tutorial'))
    assert.equal(await copied(),
      './tutorial run 18 --learning-rate 0.02 --steps 1')
  })
}
