// The toy's controls, and what it says about the network.
import { counted } from './make.mjs'

export const controls = `
<canvas width="720" height="720" tabindex="0" role="application"
  aria-describedby="toy-help"></canvas>
<div>
<p class="row"><button type="button" name="run" class="main">Start</button>
  <button type="button" name="step">One step</button>
  <button type="button" name="steps">50 steps</button>
  <button type="button" name="reset">New weights</button></p>
<p class="numbers"></p>
<p class="word" style="min-height: 3em"></p>
<fieldset><legend>A click on the square</legend>
  <div class="row choices">
  <label class="choice"><input type="radio" name="toy-class" value="0"
    checked> <span>places a circle <b aria-hidden="true">○</b></span></label>
  <label class="choice"><input type="radio" name="toy-class" value="1">
    <span>places a cross <b aria-hidden="true">×</b></span></label>
  <label class="choice"><input type="radio" name="toy-class" value="2">
    <span>places a triangle <b aria-hidden="true">△</b></span></label>
  <label class="choice"><input type="radio" name="toy-class" value="-1">
    <span>takes a point away</span></label>
</div></fieldset>
<p id="toy-help" class="note">With the keyboard, the arrows move a cursor over
  the square, and further with Shift. Enter places a point, Delete takes the
  nearest one away, and 1, 2 and 3 choose the class.</p>
<p class="row"><label>Points <select name="set">
  <option value="rings">Two rings</option>
  <option value="moons">Two moons</option>
  <option value="blobs">Three blobs</option>
  <option value="xor">XOR, four quadrants</option></select></label>
  <button type="button" name="place">Place these</button>
  <button type="button" name="clear">Take them all away</button></p>
<p class="row"><label>Hidden layers <select name="hidden">
  <option value="">none</option>
  <option>4</option>
  <option selected>8</option>
  <option>16</option>
  <option>8 8</option>
  <option>16 16</option></select></label>
  <label>Learning rate <select name="rate">
  <option>0.01</option>
  <option selected>0.03</option>
  <option>0.1</option>
  <option>0.3</option>
  <option>1</option></select></label></p>
</div>`

/** What the numbers say about the network. @param {string} hidden the
 * widths of its hidden layers @param {number} step @param {number} accuracy
 * @param {boolean} settled @returns {string} */
export function verdict(hidden, step, accuracy, settled) {
  const share = `${(100 * accuracy).toFixed(1)} % of the points`
  if (hidden === '') {
    if (accuracy === 1 && settled)
      return 'All points are right: straight lines are enough for these.'
    if (settled || (step >= 500 && !Number.isNaN(accuracy)))
      return `After ${counted(step, 'step')} it has ${share} right, and ` +
        'more steps will not help. Without a hidden layer it can only draw ' +
        'straight lines, and none of them separates these classes. Give it ' +
        'a hidden layer.'
    return 'Without a hidden layer this is chapter 05’s classifier, and a ' +
      'border between two classes is a straight line.'
  }
  if (accuracy === 1 && settled)
    return 'All points are right. Each ReLU bends the border where it ' +
      'switches on or off, so together they can go around a class.'
  return settled
    ? `It has settled with ${share} right. Try new weights to start ` +
      'from, or a wider layer.'
    : ''
}
