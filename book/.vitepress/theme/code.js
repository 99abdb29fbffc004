// Pages of code: light or dark as on the other pages, before anything shows.
const key = 'vitepress-theme-appearance'
const dark = () => {
  const chosen = localStorage.getItem(key) || 'auto'
  return chosen === 'auto'
    ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
}
const colour = () =>
  document.documentElement.classList.toggle('dark', dark())
colour()
addEventListener('DOMContentLoaded', () =>
  document.getElementById('scheme').addEventListener('click', () => {
    localStorage.setItem(key, dark() ? 'light' : 'dark')
    colour()
  }))
