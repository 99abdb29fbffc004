// The table of a cell's arithmetic. Rows are refilled in place, so that a
// button keeps the focus while the numbers change.
import { button, exactly, make, roughly } from './make.mjs'

/** @typedef {import('./inside.mjs').Cell} Cell */
/** @typedef {import('./inside.mjs').Term} Term */
/** @typedef {import('./inside.mjs').Place} Place */

const mostRows = 32  // a longer table shows only the largest products
const largest = 20   // how many of them

/** The columns after the cell: the heading of each, and its text for a term.
 * @type {Record<string, [string, (term: Term, cell: Cell) => string][]>} */
const columns = {
  products: [['weight', ({ weight }) => exactly(weight)],
    ['product', ({ product }) => exactly(product)]],
  maxpool: [['won', ({ order }, { winner }) =>
    order - 1 === winner ? '★ the largest' : '']],
}
columns.conv = columns.fc = columns.residual = columns.products

/** The lines below the terms: a name and a number each.
 * @type {Record<string, (cell: Cell) => [string, number][]>} */
const endings = {
  products: ({ bias, sum }) => [['bias', bias], ['bias + products', sum]],
  relu: ({ value }) => [['the larger of it and 0', value]],
  maxpool: ({ value }) => [['the largest', value]],
  avgpool: ({ sum, terms, value }) => [['sum', sum],
    [`sum / ${terms.length}`, value]],
  flatten: ({ value }) => [['the same number', value]],
  standardized: ({ mean, deviation, sum, weight, bias, value }) => [
    ['mean', mean], ['deviation', deviation],
    ['(number − mean) / deviation', sum], ['weight', weight], ['bias', bias],
    ['weight × that + bias', value]],
}
endings.conv = endings.fc = endings.products
endings.residual = ({ bias, sum }) => [['what its layers add', bias],
  ['the sum', sum]]
endings.dropout = endings.flatten
endings.bn = endings.gn = endings.ln = endings.standardized

/** @param {Element} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}

export class CellTable {
  #shape = ''  // the layer before, the kind and the number of the rows
  #unfolded = false
  /** @type {Term[]} */
  #shown = []

  /** @param {import('./inside.mjs').Inside} inside
   * @param {(place: Place) => void} open */
  constructor(inside, open) {
    this.inside = inside
    this.open = open
    this.body = make('tbody')
    this.foot = make('tfoot')
    this.head = make('tr')
    this.more = button('', () => {
      this.#unfolded = !this.#unfolded
      this.show(this.kind, this.cell)
    }, { class: 'more' })
    this.kind = ''
    /** @type {Cell | null} */
    this.cell = null
    this.element = make('div', {}, make('div', { class: 'wide', tabindex: 0,
      role: 'region', 'aria-label': 'The arithmetic of this cell' },
    make('table', {}, make('thead', {}, this.head), this.body, this.foot)),
    this.more)
  }

  /** @param {string} kind @param {Cell | null} cell null: there is none */
  show(kind, cell) {
    if (kind !== this.kind) this.#unfolded = false
    this.kind = kind
    this.cell = cell
    this.element.hidden = !cell
    if (!cell) return
    const isLong = cell.terms.length > mostRows
    const folded = isLong && !this.#unfolded
    this.#shown = folded ? [...cell.terms].sort((a, b) =>
      Math.abs(b.product) - Math.abs(a.product)).slice(0, largest)
      : cell.terms
    this.more.hidden = !isLong
    this.element.classList.toggle('unfolded', isLong && !folded)
    write(this.more, folded ? `Show all ${cell.terms.length} products`
      : `Show the ${largest} largest products only`)
    const { name } = this.inside.layers[cell.terms[0].from.layer]
    const shape = `${name} ${kind} ${this.#shown.length}`
    if (shape !== this.#shape) this.#makeRows(name, kind)
    this.#shape = shape
    this.#fill(columns[kind] ?? [], cell)
    this.#end(endings[kind](cell), cell, folded)
  }

  /** @param {string} from the layer before @param {string} kind */
  #makeRows(from, kind) {
    const names = ['#', from, 'number',
      ...(columns[kind] ?? []).map(([name]) => name)]
    this.head.replaceChildren(...names.map((name) =>
      make('th', { scope: 'col' }, name)))
    this.body.replaceChildren(...this.#shown.map((_, i) =>
      make('tr', {}, make('td'), make('th', { scope: 'row' },
        button('', () => this.open(this.#shown[i].from)), make('span')),
      ...names.slice(2).map(() => make('td', { class: 'number' })))))
  }

  /** @param {[string, (term: Term, cell: Cell) => string][]} extra
   * @param {Cell} cell */
  #fill(extra, cell) {
    this.#shown.forEach((term, i) => {
      const row = this.body.rows[i]
      const [order, place, ...numbers] = row.cells
      const [opens, padding] = place.children
      write(order, String(term.order))
      opens.toggleAttribute('hidden', !term.inside)
      write(opens, term.inside ? this.inside.indexOf(term.from) : '')
      write(padding, term.inside ? '' : 'padding')
      write(numbers[0], exactly(term.input))
      extra.forEach(([, say], j) => write(numbers[j + 1], say(term, cell)))
      row.classList.toggle('won', term.order - 1 === cell.winner)
    })
  }

  /** @param {[string, number][]} lines @param {Cell} cell
   * @param {boolean} folded */
  #end(lines, cell, folded) {
    const texts = lines.map(([name, number]) => [name, exactly(number)])
    if (folded) {
      const shown = new Set(this.#shown)
      const rest = cell.terms.filter((term) => !shown.has(term))
      const sum = rest.reduce((all, { product }) => all + product, 0)
      texts.unshift([`the other ${rest.length} products, about`,
        roughly(sum)])
    }
    const width = this.head.cells.length - 1
    if (this.foot.rows.length !== texts.length)
      this.foot.replaceChildren(...texts.map(() => make('tr', {},
        make('th', { scope: 'row' }), make('td', { class: 'number' }))))
    texts.forEach(([name, number], i) => {
      const [label, value] = this.foot.rows[i].cells
      label.colSpan = width
      write(label, name)
      write(value, number)
    })
  }
}
