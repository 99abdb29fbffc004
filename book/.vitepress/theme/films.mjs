// The button under a film: stopped, it shows its last picture. (That is the
// picture which the file holds for all that draws none of its frames, such as
// a canvas.) Where readers ask for less motion, all films begin stopped.
const playing = new WeakMap()  // image -> the film's address

async function stop(image) {
  await image.decode()
  const { naturalWidth: width, naturalHeight: height } = image
  const canvas = Object.assign(document.createElement('canvas'),
    { width, height })
  canvas.getContext('2d').drawImage(image, 0, 0)
  playing.set(image, image.getAttribute('src'))
  image.src = canvas.toDataURL()
}

function play(image) {
  image.src = playing.get(image)
  playing.delete(image)
}

async function press(button) {
  const image = button.parentElement.querySelector('img')
  if (playing.has(image)) play(image)
  else await stop(image)
  button.textContent = playing.has(image) ? 'Play the film' : 'Stop the film'
}

if (typeof document !== 'undefined') {
  document.addEventListener('click', ({ target }) => {
    if (target.matches('.film button')) press(target)
  })
  if (matchMedia('(prefers-reduced-motion: reduce)').matches)
    addEventListener('load', () =>
      document.querySelectorAll('.film button').forEach(press))
}
