// The preview's half of the live preview: patches the page, follows the caret, reports clicks.
// Knows nothing of the window but the one port it is handed, and fetches nothing.
import morphdom from 'morphdom'
import type { FromFrame, ToFrame } from '../ipc/port'
import type { PreviewUpdate } from '../ipc/types'
import { type Blocks, blockAt, blockOf, boxOf, collect, differs, replace, shiftFrom } from './blocks'
import { anchorsOf, noteAt, noteOf, offsetAt, yOf } from './parts'

let port: MessagePort | null = null
let blocks: Blocks = { list: [], end: null }
let followed = -1
let byHand = false

window.addEventListener('message', (message: MessageEvent<unknown>) => {
  const handed = message.ports[0]
  const data = message.data
  if (port || !handed || typeof data !== 'object' || data === null) return
  if (!('galley' in data) || data.galley !== 'port') return
  port = handed
  blocks = collect(document)
  port.onmessage = (incoming: MessageEvent<ToFrame>) => receive(incoming.data)
  say({ ready: true, broken: document.querySelector('script[data-galley][data-broken]') !== null })
})

function say(message: FromFrame): void {
  port?.postMessage(message)
}

function receive(message: ToFrame): void {
  if ('update' in message) apply(message.update)
  else if ('caret' in message) follow(message.caret, message.at)
  else window.scrollTo(0, message.scroll)
}

function apply(update: PreviewUpdate): void {
  const top = window.scrollY
  switch (update.how) {
    case 'same':
      shiftFrom(blocks, update.from, update.shift)
      return
    case 'blocks':
      if (!replace(blocks, update.start, update.remove, update.insert, update.shift)) {
        say({ need: 'document' })
      }
      break
    case 'document':
      morph(update.html)
      break
    case 'broken':
    case 'nothing':
      return
  }
  if (window.scrollY !== top) window.scrollTo(0, top)
}

/** Morphs the whole page into another document, and finds the markers again. */
function morph(html: string): void {
  const fresh = new DOMParser().parseFromString(html, 'text/html')
  const own = document.querySelector('script[data-galley]')
  if (own && !fresh.querySelector('script[data-galley]')) fresh.head.append(own.cloneNode())
  for (const { name, value } of fresh.documentElement.attributes) {
    document.documentElement.setAttribute(name, value)
  }
  morphdom(document.head, fresh.head, { onBeforeElUpdated: differs })
  morphdom(document.body, fresh.body, { onBeforeElUpdated: differs })
  blocks = collect(document)
}

/** Brings the block under the caret to the caret's height, if it is not well in view. */
function follow(offset: number, at: number): void {
  const index = blockAt(blocks, offset)
  if (index !== followed) byHand = false
  followed = index
  if (byHand || blocks.list.length === 0) return
  if (index < 0) window.scrollTo(0, 0)
  const y = heightOf(offset, index)
  if (y === null) return
  const height = window.innerHeight
  if (y > height * 0.12 && y < height * 0.82) return
  window.scrollBy(0, y - height * Math.min(0.8, Math.max(0.15, at)))
}

/** How far down the window a place of the source is shown. */
function heightOf(offset: number, index: number): number | null {
  const note = noteAt(blocks, offset)
  if (note) {
    const { top, height } = note.element.getBoundingClientRect()
    return top + (height * (offset - note.from)) / Math.max(1, note.to - note.from)
  }
  const box = boxOf(blocks, index)
  return box && box.height > 0 ? yOf(anchorsOf(blocks, index), offset) : null
}

for (const gesture of ['wheel', 'touchmove', 'mousedown', 'keydown'] as const) {
  window.addEventListener(gesture, () => (byHand = true), { passive: true })
}

let reported = 0
window.addEventListener(
  'scroll',
  () => {
    window.clearTimeout(reported)
    reported = window.setTimeout(() => say({ scroll: window.scrollY }), 50)
  },
  { passive: true },
)

window.addEventListener(
  'click',
  (event) => {
    const target = event.target
    if (!(target instanceof Element)) return
    const link = target.closest('a[href], area[href]')
    if (link) {
      event.preventDefault()
      followLink(link as HTMLAnchorElement)
    } else if (!target.closest('summary, button, input, select, textarea, label, audio, video')) {
      report(target, event.clientY)
    }
  },
  true,
)

/** A link within the page scrolls; any other is the window's to follow. */
function followLink(link: HTMLAnchorElement): void {
  const address = new URL(link.href, document.baseURI)
  const target = document.getElementById(address.hash.slice(1)) ?? named(address.hash)
  if (target && address.pathname.endsWith(location.pathname)) target.scrollIntoView()
  else say({ follow: link.href })
}

function named(hash: string): Element | null {
  try {
    return document.getElementById(decodeURIComponent(hash.slice(1)))
  } catch {
    return null
  }
}

function report(target: Element, y: number): void {
  const selected = getSelection()
  if (selected && !selected.isCollapsed) return
  const offset = noteOf(blocks, target)?.from ?? offsetAt(anchorsOf(blocks, blockOf(blocks, target)), y)
  if (offset !== null) say({ click: { offset } })
}

window.addEventListener('submit', (event) => event.preventDefault(), true)
window.addEventListener('auxclick', (event) => event.preventDefault(), true)

/** Keys that may be the window's go there: the frame would swallow them. */
window.addEventListener('keydown', (event) => {
  const { key, code, shiftKey: shift, altKey: alt } = event
  const mod = event.ctrlKey || event.metaKey
  if (event.isTrusted && (mod || alt || /^F\d+$/.test(key))) say({ key: { key, code, mod, shift, alt } })
  if (key === 'F6' || (mod && /^[psen\\]$/i.test(key))) event.preventDefault()
})
