// One layer of the list: its name, its scale, and its maps.
import { kinds } from './listings.mjs'
import { counted, make, roughly } from './make.mjs'
import { magnitude } from './pixels.mjs'
import { Tile } from './tile.mjs'

/** @typedef {import('./inside.mjs').Inside} Inside */

/** 8 maps of 28 × 28. @param {import('./inside.mjs').Layer} layer */
function sizeOf({ kind, C, H, W }) {
  if (H * W === 1 && kind !== 'conv')
    return `a row of ${counted(C, 'number')}`
  return `${counted(C, 'map')} of ${H} × ${W}`
}

export class LayerRow {
  /** @param {Inside} inside @param {number} layer */
  constructor(inside, layer) {
    this.inside = inside
    this.layer = layer
    this.visible = false
    const its = inside.layers[layer]
    const isRow = its.H * its.W === 1
    const small = !isRow && its.C > 16
    this.tiles = Array.from({ length: isRow ? 1 : its.C },
      (_, c) => new Tile(inside, layer, c, isRow ? 320 : small ? 56 : 84))
    this.tiles.forEach((tile, i) => {
      tile.canvas.tabIndex = i === 0 ? 0 : -1
      tile.canvas.setAttribute('aria-label', `${its.name}${
        this.tiles.length > 1 ? `, map ${i}` : ''}. Arrow keys choose a ` +
        'cell, and Enter opens it.')
    })
    this.scale = make('span', { class: 'scale' })
    const words = its.kind === 'picture' ? '' : `${kinds[its.kind]}, `
    this.element = make('div', { class: 'layer', 'data-layer': layer },
      make('h3', {}, its.kind === 'picture' ? kinds.picture : its.name, ' ',
        make('small', {}, words + sizeOf(its))),
      make('p', { class: 'note' }, this.scale),
      make('div', { class: small ? 'maps small' : 'maps' },
        ...this.tiles.map((it) => it.element)))
  }

  draw() {
    const scale = this.layer === 0 ? 1
      : magnitude(this.inside.numbersOf(this.layer))
    for (const tile of this.tiles) tile.draw(scale)
    const end = roughly(scale)
    const text = this.inside.layers[this.layer].signed
      ? `blue −${end} · white 0 · orange ${end}` : `black 0 · white ${end}`
    if (this.scale.textContent !== text) this.scale.textContent = text
  }
}
