// What an address points at is marked: VitePress goes there by itself, so that
// :target does not know.
function aim() {
  document.querySelector('.aimed')?.classList.remove('aimed')
  document.getElementById(decodeURIComponent(location.hash.slice(1)))
    ?.classList.add('aimed')
}

// What has to be scrolled sideways can be scrolled by keyboard, and nothing
// else is a stop for it.
export function startScrolling() {
  aim()
  addEventListener('hashchange', aim)

  const look = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = target.closest('.wide, mjx-container') ?? target
      const scrolls = box.scrollWidth > box.clientWidth + 1
      if (scrolls === box.hasAttribute('tabindex')) continue
      if (!scrolls) {
        for (const name of ['tabindex', 'role', 'aria-label'])
          box.removeAttribute(name)
        continue
      }
      box.tabIndex = 0
      box.setAttribute('role', 'region')
      box.setAttribute('aria-label', box.matches('.wide') ? 'Table'
        : box.matches('pre') ? 'Listing' : 'Formula')
    }
  })
  for (const box of document.querySelectorAll(
    '.wide, .vp-doc pre, mjx-container[display="true"]')) look.observe(box)
}
