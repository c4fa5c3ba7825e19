// The page's blocks and where they are in the source: found by markers, replaced one by one.
// Touches only the nodes between markers; never scrolls, never talks to anyone.
import morphdom from 'morphdom'
import type { PreviewBlock } from '../ipc/types'
import { partMark } from './marks'

/** One block: its marker comment, and its place in the source in UTF-16 units. */
export type Block = { marker: Comment; from: number; to: number }

/** The content's blocks in order; `end` is the comment after the last. */
export type Blocks = { list: Block[]; end: Comment | null }

const start = /^galley:(\d+)-(\d+)$/

/** Collects the markers of a document. */
export function collect(root: Document): Blocks {
  const blocks: Blocks = { list: [], end: null }
  const walker = root.createTreeWalker(root.documentElement, NodeFilter.SHOW_COMMENT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const comment = node as Comment
    const found = start.exec(comment.data)
    if (found) blocks.list.push({ marker: comment, from: Number(found[1]), to: Number(found[2]) })
    else if (comment.data === 'galley:end') blocks.end = comment
  }
  return blocks
}

/** Moves what lies behind `from` by `shift`. */
export function shiftFrom(blocks: Blocks, from: number, shift: number): void {
  for (const block of blocks.list) {
    if (block.from >= from) block.from += shift
    if (block.to >= from) block.to = Math.max(block.from, block.to + shift)
  }
}

/**
 * Replaces blocks `at .. at + remove` by `insert` and moves the positions after them.
 * False, with nothing touched, where the blocks are not simple siblings: then only the whole
 * document can show the change.
 */
export function replace(
  blocks: Blocks,
  at: number,
  remove: number,
  insert: PreviewBlock[],
  shift: number,
): boolean {
  const stop = at + remove < blocks.list.length ? blocks.list[at + remove]?.marker : blocks.end
  const first = remove > 0 ? blocks.list[at]?.marker : stop
  if (!stop || !first || !siblings(first, stop)) return false
  const fragments = insert.map((block) => parse(first.ownerDocument, block.html))
  if (fragments.includes(null)) return false

  const fresh = insert.map((block) => ({
    marker: first.ownerDocument.createComment(`galley:${block.from}-${block.to}`),
    from: block.from,
    to: block.to,
  }))
  const kept = remove === insert.length && morphEach(blocks, at, fragments as DocumentFragment[])
  if (kept) {
    fresh.forEach((block, index) => {
      const marker = blocks.list[at + index]?.marker
      if (marker) block.marker = marker
    })
  } else {
    clear(first, stop)
    fresh.forEach((block, index) => {
      stop.before(block.marker, fragments[index] as DocumentFragment)
    })
  }
  blocks.list.splice(at, remove, ...fresh)
  for (const block of blocks.list.slice(at + insert.length)) {
    block.from += shift
    block.to += shift
  }
  return true
}

/** The block that holds `offset`, or the last one before it. */
export function blockAt(blocks: Blocks, offset: number): number {
  let low = 0
  let high = blocks.list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((blocks.list[middle]?.from ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The block that `node` belongs to, or -1 outside the content. */
export function blockOf(blocks: Blocks, node: Node): number {
  if (blocks.end && !precedes(node, blocks.end)) return -1
  let low = 0
  let high = blocks.list.length
  while (low < high) {
    const middle = (low + high) >> 1
    const marker = blocks.list[middle]?.marker
    if (marker && precedes(marker, node)) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Where a block is on the screen. */
export function boxOf(blocks: Blocks, index: number): DOMRect | null {
  const block = blocks.list[index]
  const next = blocks.list[index + 1]?.marker ?? blocks.end
  if (!block || !next) return null
  const range = block.marker.ownerDocument.createRange()
  range.setStartAfter(block.marker)
  range.setEndBefore(next)
  return range.getBoundingClientRect()
}

function precedes(one: Node, other: Node): boolean {
  return (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
}

function siblings(first: Node, stop: Node): boolean {
  for (let node: Node | null = first; node !== null; node = node.nextSibling) {
    if (node === stop) return true
  }
  return false
}

function clear(first: Node, stop: Node): void {
  for (let node: Node | null = first; node !== null && node !== stop; ) {
    const next: Node | null = node.nextSibling
    node.parentNode?.removeChild(node)
    node = next
  }
}

/** Parses a block, or gives null where its tags are not closed within it. */
function parse(document: Document, html: string): DocumentFragment | null {
  const template = document.createElement('template')
  template.innerHTML = `<div>${html}<!--galley:close--></div>`
  const wrap = template.content.firstChild
  const close = wrap?.lastChild
  if (template.content.childNodes.length !== 1 || close?.nodeType !== Node.COMMENT_NODE) return null
  if ((close as Comment).data !== 'galley:close') return null
  close.remove()
  const fragment = document.createDocumentFragment()
  fragment.append(...(wrap?.childNodes ?? []))
  return fragment
}

/** Morphs block by block where each is one element of the same name: images stay loaded. */
function morphEach(blocks: Blocks, at: number, fragments: DocumentFragment[]): boolean {
  const pairs: [Node, Node][] = []
  for (const [index, fragment] of fragments.entries()) {
    const stop = blocks.list[at + index + 1]?.marker ?? blocks.end
    const old = only(blocks.list[at + index]?.marker.nextSibling ?? null, stop)
    const fresh = only(fragment.firstChild, null)
    if (!old || !fresh || old.tagName !== fresh.tagName) return false
    // A mark before the only element says where its text begins.
    const [oldMark, freshMark] = [markBefore(old), markBefore(fresh)]
    if ((oldMark === null) !== (freshMark === null)) return false
    if (oldMark && freshMark) pairs.push([oldMark, freshMark])
    pairs.push([old, fresh])
  }
  for (const [old, fresh] of pairs) {
    if (old instanceof Element) morphdom(old, fresh, { onBeforeElUpdated: differs })
    else old.nodeValue = fresh.nodeValue
  }
  return true
}

/** Spares morphdom the elements that are already as they should be. */
export function differs(old: HTMLElement, fresh: HTMLElement): boolean {
  return !old.isEqualNode(fresh)
}

/** The mark of a part right before an element. */
function markBefore(element: Element): Comment | null {
  const before = element.previousSibling
  return before && partMark(before) ? (before as Comment) : null
}

/** The only element from `node` up to `stop`, if there is nothing else but white space. */
function only(node: Node | null, stop: Node | null): Element | null {
  let found: Element | null = null
  for (; node !== null && node !== stop; node = node.nextSibling) {
    if (node.nodeType === Node.ELEMENT_NODE && !found) found = node as Element
    else if (partMark(node)) continue
    else if (node.nodeType !== Node.TEXT_NODE || node.nodeValue?.trim() !== '') return null
  }
  return found
}
