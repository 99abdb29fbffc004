// All that decides how a run goes, in the three forms that it takes: lines
// for the engine, an address to share, a command for the terminal.

/**
 * @typedef {object} Recipe
 * @property {number} seed
 * @property {number} rate the learning rate at its largest
 * @property {number} momentum
 * @property {number} batch digits per step
 * @property {number} epochs times that all 8,000 digits are seen
 * @property {string} augment how each digit is changed in every step
 * @property {number} decay the share of each weight added to its gradient
 * @property {number} smoothing the share of the target that all classes get
 * @property {string} network the layers, as chapter 16 writes them
 */

/**
 * A run that an address asks for.
 * @typedef {object} Wanted
 * @property {Recipe} recipe
 * @property {number} steps where to stop
 * @property {number | null} version of the engine that made the sum
 * @property {string} sum the checksum of the weights; '' if none is given
 */

export const digitsToLearnFrom = 8000

/** @type {Recipe} */
export const usual = { seed: 1, rate: 0.05, momentum: 0.9, batch: 32,
  epochs: 6, augment: 'none', decay: 0, smoothing: 0,
  network: 'conv 8 5 pad 2, relu, maxpool 2, ' +
    'conv 16 5, relu, maxpool 2, flatten, dense 10' }

// The numbers, with what the engine calls them.
export const numbers = /** @type {const} */ ([
  { name: 'seed', engine: 'seed', whole: true, least: 0,
    most: Number.MAX_SAFE_INTEGER },
  { name: 'rate', engine: 'learning_rate', whole: false, least: 1e-9,
    most: 1e30 },
  { name: 'momentum', engine: 'momentum', whole: false, least: 0,
    most: 0.999 },
  { name: 'batch', engine: 'batch', whole: true, least: 1,
    most: digitsToLearnFrom },
  { name: 'epochs', engine: 'epochs', whole: true, least: 1, most: 1000 },
  { name: 'decay', engine: 'decay', whole: false, least: 0, most: 1000 },
  { name: 'smoothing', engine: 'smoothing', whole: false, least: 0,
    most: 0.99 },
])

// Chapter 12's changes of the digits, by the names that the engine has.
export const augmentations = ['none', 'shift', 'all']

/** @param {{ batch: number }} run */
export const stepsPerEpoch = ({ batch }) =>
  Math.ceil(digitsToLearnFrom / batch)

/** @param {Recipe} recipe */
export const stepsOf = (recipe) => recipe.epochs * stepsPerEpoch(recipe)

/** @param {Recipe} a @param {Recipe} b */
export const isSame = (a, b) => linesOf(a) === linesOf(b)

/**
 * The number that a text says, or what is wrong with it.
 * @param {string} text
 * @param {{name: string, whole: boolean, least: number, most: number}} kind
 * @returns {{value: number, wrong: string}}
 */
export function readNumber(text, { name, whole, least, most }) {
  const value = Number(text)
  const well = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) &&
    value >= least && value <= most && (!whole || Number.isInteger(value))
  return { value, wrong: well ? '' : `${name}: expected a ${
    whole ? 'whole ' : ''}number from ${least} to ${most}, got '${
    text.slice(0, 40)}'` }
}

/** @param {Recipe} recipe */
export const linesOf = (recipe) => [`network=${recipe.network}`,
  `augment=${recipe.augment}`,
  ...numbers.map(({ name, engine }) => `${engine}=${recipe[name]}`),
].join('\n')

/**
 * The command that trains the same network in a terminal. Usual settings are
 * left out.
 * @param {Recipe} recipe
 * @param {number} steps
 */
export function commandOf(recipe, steps) {
  const options = numbers.filter(({ name }) => recipe[name] !== usual[name])
    .map(({ name, engine }) =>
      ` --${engine.replace('_', '-')} ${recipe[name]}`)
  if (recipe.augment !== usual.augment)
    options.push(` --augment ${recipe.augment}`)
  if (recipe.network !== usual.network)
    options.push(` --network '${recipe.network}'`)
  return `./tutorial run 18${options.join('')} --steps ${steps}`
}

// ---- The address -------------------------------------------------------

/** Those of chapter 12's remedies that a run uses, each with its value, such
 * as decay and 0.001.
 * @param {Recipe} recipe */
export const remediesOf = (recipe) =>
  /** @type {const} */ (['augment', 'decay', 'smoothing'])
    .filter((name) => recipe[name] !== usual[name])
    .map((name) => [name, String(recipe[name])])

/** @param {Wanted} wanted */
export function addressOf({ recipe, steps, version, sum }) {
  const parts = new URLSearchParams()
  for (const name of /** @type {const} */ (['seed', 'rate', 'momentum',
    'batch', 'epochs'])) parts.set(name, String(recipe[name]))
  for (const [name, value] of remediesOf(recipe)) parts.set(name, value)
  parts.set('steps', String(steps))
  parts.set('network', recipe.network)
  parts.set('v', String(version))
  parts.set('sum', sum)
  return '#' + parts
}

/**
 * The run that an address asks for, null if it asks for none, or what is wrong
 * with the address.
 * @param {string} hash
 * @returns {Wanted | {wrong: string[]} | null}
 */
export function readAddress(hash) {
  if (!hash.includes('=')) return null  // none, or a section of the page
  const recipe = { ...usual }
  const parts = new Map()
  /** @type {string[]} */
  const wrong = []
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
    if (parts.has(name)) wrong.push(`${name} appears twice`)
    parts.set(name, value)
  }
  /** @param {string} name @param {(text: string) => string} read */
  const take = (name, read) => {
    const text = parts.get(name)
    parts.delete(name)
    const what = text === undefined ? '' : read(text)
    if (what) wrong.push(what)
  }
  for (const kind of numbers)
    take(kind.name, (text) => {
      const read = readNumber(text, kind)
      if (!read.wrong) recipe[kind.name] = read.value
      return read.wrong
    })
  take('augment', (text) => {
    recipe.augment = text
    return augmentations.includes(text) ? '' : `augment: expected one of ${
      augmentations.join(', ')}, got '${text.slice(0, 40)}'`
  })
  take('network', (text) => {
    recipe.network = text.replace(/\s+/g, ' ').trim()
    return recipe.network && text.length <= 2000 ? ''
      : 'network: expected layers'
  })
  let steps = stepsOf(recipe), sum = ''
  /** @type {number | null} */
  let version = null
  take('steps', (text) => {
    const most = wrong.length ? Number.MAX_SAFE_INTEGER : steps
    const read = readNumber(text, { name: 'steps', whole: true, least: 1,
      most })
    steps = read.value
    return read.wrong
  })
  take('v', (text) => {
    version = Number(text)
    return /^\d{1,9}$/.test(text) ? ''
      : `v: expected the engine's version, got '${text.slice(0, 40)}'`
  })
  take('sum', (text) => {
    sum = text.toLowerCase()
    return /^[0-9a-f]{8,16}$/.test(sum) ? '' : 'sum: expected 8 to 16 ' +
      `hexadecimal digits, got '${text.slice(0, 40)}'`
  })
  for (const name of parts.keys())
    wrong.push(`'${name.slice(0, 40)}' is no setting of a run`)
  return wrong.length ? { wrong } : { recipe, steps, version, sum }
}
