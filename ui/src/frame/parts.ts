// The parts of a block, such as the items of a list: where in the source they begin and end, and where on
// the screen. Finds and measures; changes and scrolls nothing.
import { type Blocks, boxOf } from './blocks'
import { partMark } from './marks'

/** A place in the source, in UTF-16 units, and how far down the window it is shown. */
export type Anchor = { offset: number; y: number }

/** One part: its element, and its place in the source. */
type Part = { element: Element; from: number; to: number }

/** Where the places of a block are shown, from its beginning to its end. What stands elsewhere in the
    source, such as notes, is not among them. */
export function anchorsOf(blocks: Blocks, index: number): Anchor[] {
  const block = blocks.list[index]
  const box = boxOf(blocks, index)
  if (!block || !box) return []
  const anchors = [{ offset: block.from, y: box.top }]
  for (const part of partsOf(blocks, index)) {
    if (part.from < block.from) continue
    const end = Math.min(part.to, block.to)
    if (part.element.tagName === 'PRE') anchors.push(...lines(part, end))
    else {
      const { top, bottom, height } = part.element.getBoundingClientRect()
      if (height > 0) anchors.push({ offset: part.from, y: top })
      // Of raw HTML it is not known where an element ends.
      if (height > 0 && end > part.from) anchors.push({ offset: end, y: bottom })
    }
  }
  anchors.push({ offset: block.to, y: box.bottom })
  return anchors.sort((one, other) => one.offset - other.offset || one.y - other.y)
}

/** The note at the end of the page that an offset is in, if it is shown there. */
export function noteAt(blocks: Blocks, offset: number): Part | null {
  const last = blocks.list.length - 1
  const from = blocks.list[last]?.from ?? 0
  const notes = partsOf(blocks, last).filter((part) => part.from < from)
  return notes.find((part) => part.from <= offset && offset < part.to) ?? null
}

/** The note of the last block that a node is in. */
export function noteOf(blocks: Blocks, node: Node): Part | null {
  const last = blocks.list.length - 1
  const from = blocks.list[last]?.from ?? 0
  return partsOf(blocks, last).find((part) => part.from < from && part.element.contains(node)) ?? null
}

/** How far down the window an offset is shown: between two anchors, in proportion. */
export function yOf(anchors: readonly Anchor[], offset: number): number | null {
  const after = anchors.findIndex((anchor) => anchor.offset > offset)
  const [one, other] = around(anchors, after)
  if (!one) return other?.y ?? null
  if (!other) return one.y
  return between(offset, one.offset, other.offset, one.y, other.y)
}

/** The offset that is shown so far down the window: of the smallest stretch that holds it. */
export function offsetAt(anchors: readonly Anchor[], y: number): number | null {
  let best: [Anchor, Anchor] | null = null
  for (const [at, one] of anchors.entries()) {
    const other = anchors[at + 1]
    if (!other || y < one.y || y > other.y || one.offset === other.offset) continue
    if (!best || other.y - one.y < best[1].y - best[0].y) best = [one, other]
  }
  if (best) return Math.floor(between(y, best[0].y, best[1].y, best[0].offset, best[1].offset))
  const nearest = [...anchors].sort((one, other) => Math.abs(one.y - y) - Math.abs(other.y - y))[0]
  return nearest?.offset ?? null
}

function around(anchors: readonly Anchor[], after: number): [Anchor | undefined, Anchor | undefined] {
  return after < 0 ? [anchors.at(-1), undefined] : [anchors[after - 1], anchors[after]]
}

function between(at: number, from: number, to: number, start: number, end: number): number {
  const part = to === from ? 0 : Math.min(1, Math.max(0, (at - from) / (to - from)))
  return start + (end - start) * part
}

/** Code has its lines one below the other, as high as each other. */
function lines({ element, from }: Part, end: number): Anchor[] {
  const { top, height } = element.getBoundingClientRect()
  const style = getComputedStyle(element)
  const [above, below] = [parseFloat(style.paddingTop) || 0, parseFloat(style.paddingBottom) || 0]
  const texts = element.textContent.replace(/\n$/, '').split('\n')
  const each = (height - above - below) / Math.max(1, texts.length)
  const anchors: Anchor[] = []
  let offset = from
  for (const [at, text] of texts.entries()) {
    if (offset <= end) anchors.push({ offset, y: top + above + each * at })
    offset += text.length + 1
  }
  anchors.push({ offset: Math.min(offset, end), y: top + height - below })
  return anchors
}

function partsOf(blocks: Blocks, index: number): Part[] {
  const block = blocks.list[index]
  const stop = blocks.list[index + 1]?.marker ?? blocks.end
  if (!block || !stop) return []
  const parts: Part[] = []
  const walker = block.marker.ownerDocument.createTreeWalker(
    block.marker.ownerDocument.documentElement,
    NodeFilter.SHOW_COMMENT,
  )
  walker.currentNode = block.marker
  for (let node = walker.nextNode(); node !== null && node !== stop; node = walker.nextNode()) {
    const found = partMark(node)
    const element = (node as Comment).nextElementSibling
    if (!found || !element) continue
    const from = block.from + found.from
    parts.push({ element, from, to: from + found.length })
  }
  return parts
}
