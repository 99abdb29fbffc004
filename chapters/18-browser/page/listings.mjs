// Where the book's code computes what a layer does. A test of the repository
// compares files, lines and equations with the files themselves.

/** `does` is what happens in one cell. Where nothing is computed, there is
 * no equation.
 * @typedef {{ does: string, equation?: string, file: string, first: number,
 *   last: number }} Listing */

const standardized = { equation: '13.3',
  file: 'chapters/13-normalization/standardize.hpp',
  first: 70, last: 83 }

/** @type {Record<string, Listing>} */
export const listings = {
  conv: {
    does: 'Each number under the window is multiplied by its weight. The ' +
      'cell is the bias plus all products, added in the order of column #.',
    equation: '2.3', file: 'chapters/02-convolution/convolution.hpp',
    first: 114, last: 138 },
  fc: {
    does: 'Every number of the layer before is multiplied by its weight. ' +
      'The cell is the bias plus all products, added in the order of ' +
      'column #.',
    equation: '4.1', file: 'chapters/04-backprop/dense.hpp',
    first: 14, last: 31 },
  relu: {
    does: 'A negative number becomes 0, and any other stays as it is.',
    equation: '4.5', file: 'chapters/04-backprop/dense.hpp',
    first: 35, last: 41 },
  maxpool: {
    does: 'The largest number under the window wins. If several are equally ' +
      'large, the first does.',
    equation: '3.1', file: 'chapters/03-pooling/pooling.hpp',
    first: 44, last: 68 },
  avgpool: {
    does: 'The cell is the mean of the numbers under the window.',
    equation: '3.2', file: 'chapters/03-pooling/pooling.hpp',
    first: 72, last: 95 },
  flatten: {
    does: 'Nothing is computed: the maps become one row. A number\'s place ' +
      'in it is the sum of index times stride.',
    equation: '1.2', file: 'common/tensor/tensor.hpp',
    first: 120, last: 130 },
  dropout: {
    does: 'While the network learns, some numbers become 0 at random. ' +
      'Now that it answers, each number stays as it is.',
    file: 'chapters/12-generalization/dropout.hpp',
    first: 25, last: 35 },
  bn: {
    does: 'The number is measured from the mean of its channel, in units of ' +
      'its deviation, both as they were kept while the network learned. ' +
      'Then it is scaled and shifted.', ...standardized },
  gn: {
    does: 'The number is measured from the mean of its group of channels in ' +
      'this picture, in units of its deviation. Then it is scaled and ' +
      'shifted.', ...standardized },
  ln: {
    does: 'The number is measured from the mean of all numbers of the layer ' +
      'before, in units of their deviation. Then it is scaled and shifted.',
    ...standardized },
  residual: {
    does: 'The number that came in is added to what the block\'s own layers ' +
      'make of it. A weight of 0 means that it comes through layers of its ' +
      'own, which are counted with those of the block.',
    equation: '14.1', file: 'chapters/14-residual/residual.hpp',
    first: 24, last: 31 },
}

/** @type {Record<string, string>} */
export const kinds = { picture: 'what the network sees', conv: 'convolution',
  relu: 'ReLU', maxpool: 'max-pooling', avgpool: 'average pooling',
  flatten: 'flatten', fc: 'dense layer', dropout: 'dropout',
  bn: 'batch normalization', gn: 'group normalization',
  ln: 'layer normalization', residual: 'residual block' }
