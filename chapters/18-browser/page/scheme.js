// Light or dark, before anything shows: as the reader has chosen on the
// book's site, if this page is a part of it, or else as the system.
{
  const system = matchMedia('(prefers-color-scheme: dark)')

  const chosen = () => {
    try {
      return localStorage.getItem('vitepress-theme-appearance')
    } catch {  // where the browser keeps nothing
      return null
    }
  }

  const colour = () => {
    const choice = chosen()
    const dark = choice === 'dark' || choice !== 'light' && system.matches
    document.documentElement.classList.toggle('dark', dark)
    document.querySelector('[name=theme-color]')
      ?.setAttribute('content', dark ? '#1b1b1f' : '#ffffff')
  }

  colour()
  system.addEventListener('change', colour)
  addEventListener('storage', colour)  // chosen in another tab
}
