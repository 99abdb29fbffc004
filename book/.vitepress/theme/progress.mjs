// What a reader has read and solved, kept on this device and nowhere else.
import { made } from './made.mjs'

const key = 'pixels-to-predictions'

/** @returns {{ read: string[], done: Record<string, number[]>,
 *   last?: { page: string, title: string, hash: string, heading: string } }} */
export function kept() {
  try {
    return { read: [], done: {}, ...JSON.parse(localStorage.getItem(key)) }
  } catch {
    return { read: [], done: {} }
  }
}
function keep(change) {
  const now = kept()
  change(now)
  try {
    localStorage.setItem(key, JSON.stringify(now))
  } catch {}  // a browser that keeps nothing
}

const pageOf = (address) => new URL(address, location.href).pathname
  .split('/').at(-1).replace(/\.html$/, '')
const isChapter = (page) => /^\d\d-/.test(page)

// Boxes to tick before the exercises: by hand, as nobody else can know.
function exercises(page) {
  const solved = kept().done[page] ?? []
  for (const item of document.querySelectorAll('li[id^="exercise-"]')) {
    const number = Number(item.id.split('-')[1])
    const box = made('input', { type: 'checkbox', class: 'solved',
      'aria-label': `I have solved exercise ${number}`,
      title: 'Solved? Kept on this device' })
    box.checked = solved.includes(number)
    box.addEventListener('change', () => keep((now) => {
      const others = (now.done[page] ?? []).filter((one) => one !== number)
      now.done[page] = box.checked ? [...others, number] : others
    }))
    item.prepend(box)
  }
}

// A chapter is read when its last section comes into view; the last heading
// that was passed is where one goes on.
function reading(page) {
  const title = document.querySelector('.vp-doc h1')?.firstChild?.textContent
    .trim() ?? page
  const headings = [...document.querySelectorAll('.vp-doc h2')]
  let waiting = false
  const look = () => {
    waiting = false
    const passed = headings.filter((one) =>
      one.getBoundingClientRect().top < innerHeight / 2).at(-1)
    const end = scrollY + innerHeight >
      document.documentElement.scrollHeight - 1200 && scrollY > 400
    keep((now) => {
      now.last = { page, title, hash: passed ? '#' + passed.id : '',
        heading: passed?.firstChild?.textContent.trim() ?? '' }
      if (end && !now.read.includes(page)) now.read.push(page)
    })
    if (end) mark()
  }
  addEventListener('scroll', () => {
    if (!waiting) setTimeout(look, 400)
    waiting = true
  }, { passive: true })
}

// A tick behind the chapters that have been read, in the sidebar.
function mark() {
  const { read } = kept()
  for (const link of document.querySelectorAll('.VPSidebarItem a'))
    if (read.includes(pageOf(link.href))) {
      link.classList.add('read')
      link.title = 'Read on this device'
    }
}

function cards(base) {
  const { read, done, last } = kept()
  for (const card of document.querySelectorAll('.card[data-page]')) {
    const { page } = card.dataset
    const solved = done[page]?.length ?? 0
    const words = [read.includes(page) ? 'read' : '',
      solved ? `${solved} solved` : ''].filter(Boolean).join(', ')
    if (words) {
      card.classList.add('read')
      card.querySelector('.time').textContent += ` · ${words}`
    }
  }
  const place = document.querySelector('.landing .resume')
  if (!place || !last) return
  place.replaceChildren(made('a',
    { href: `${base}${last.page}.html${last.hash}` },
    `Continue with ${last.title}${last.heading ? `, ${last.heading}` : ''}`))
  place.hidden = false
}

/** @param {string} base */
export function startProgress(base) {
  const page = pageOf(location.href)
  if (isChapter(page)) {
    exercises(page)
    reading(page)
  }
  mark()
  cards(base)
}
