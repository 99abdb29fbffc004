// Buttons that copy the code beside them. Without scripts they are hidden.
const codeOf = (button) => button.closest('.snippet, .clone')
  ?.querySelector('code') ?? document.querySelector('pre.code')

export function startCopying() {
  if (!navigator.clipboard) return
  for (const button of document.querySelectorAll('.copy-code')) {
    button.hidden = false
    const words = button.textContent
    button.addEventListener('click', async () => {
      const lines = codeOf(button)
      await navigator.clipboard.writeText(lines.textContent.replace(/\n*$/,
        '\n'))
      button.textContent = 'Copied'
      setTimeout(() => { button.textContent = words }, 2000)
    })
  }
}
