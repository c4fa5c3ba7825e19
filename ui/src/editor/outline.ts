// The headings of a text, and sections moved among each other. Pure: reads lines, gives changes.
import type { ChangeSpec, Text } from '@codemirror/state'
import { leavesOf, OfLeaf } from './leaves'

/** A heading: its level, its plain words, and where its line begins. */
export type Heading = { level: number; title: string; from: number }

/** A line that may begin a heading or say where there is none. */
type Sign = {
  /** Where it begins in its piece. */
  at: number
  text: string
  /** The line before it; null at the beginning of the piece. */
  before: string | null
}

/** Headings, underlines and the fences of code and front matter all look like one of these. */
const sign = /^\s*(#|```|~~~|\+\+\+|(=+|-+)[ \t]*$)/

const ofLeaf = new OfLeaf<Sign[]>((leaf) => {
  const signs: Sign[] = []
  let at = 0
  let before: string | null = null
  for (const text of leaf.iterLines()) {
    if (sign.test(text)) signs.push({ at, text, before })
    at += text.length + 1
    before = text
  }
  return signs
})

/** The headings of a source, in order; code and front matter have none. Of a text that was read before
    it was changed, only what has changed is read. */
export function outlineOf(doc: Text): Heading[] {
  const walk: Walk = { headings: [], fence: '', matter: '' }
  let start = 0
  for (const leaf of leavesOf(doc)) {
    for (const { at, text, before } of ofLeaf.get(leaf)) {
      const from = start + at
      step(walk, doc, { from, text, before: before ?? (from === 0 ? '' : doc.lineAt(from - 1).text) })
    }
    start += leaf.length + 1
  }
  return walk.headings
}

/** How far the reading has come, and what is open there. */
type Walk = { headings: Heading[]; fence: string; matter: string }

function step(walk: Walk, doc: Text, { from, text, before }: { from: number; text: string; before: string }): void {
  const { headings } = walk
  if (from === 0 && /^(---|\+\+\+)\s*$/.test(text) && closes(doc, text.trimEnd())) {
    walk.matter = text.trimEnd()
  } else if (walk.matter !== '') {
    if (text.trimEnd() === walk.matter) walk.matter = ''
  } else if (walk.fence !== '') {
    if (text.trim().startsWith(walk.fence) && /^\s*(`+|~+)\s*$/.test(text)) walk.fence = ''
  } else {
    const opening = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(text)?.[1]
    const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(text)
    if (opening !== undefined) walk.fence = opening
    else if (heading) headings.push({ level: heading[1]?.length ?? 1, title: plain(heading[2] ?? ''), from })
    // A line before it that is code or front matter is no paragraph either.
    else if (/^ {0,3}(=+|-+)[ \t]*$/.test(text) && isParagraph(before)) {
      headings.push({ level: text.includes('=') ? 1 : 2, title: plain(before), from: from - before.length - 1 })
    }
  }
}

function closes(doc: Text, fence: string): boolean {
  for (let number = 2; number <= Math.min(doc.lines, 400); number += 1) {
    if (doc.line(number).text.trimEnd() === fence) return true
  }
  return false
}

/** Whether a line can be the words of a heading that is underlined. */
function isParagraph(line: string): boolean {
  return line.trim() !== '' && !/^( {4}|\t| {0,3}([#>|]|[-*+] |\d+[.)] |```|~~~|[-=+]+\s*$))/.test(line)
}

/** A heading's words without their marks. */
function plain(text: string): string {
  return text
    .replace(/\s*\{#[^}]*\}\s*$/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|[*_`]|~~)(?=\S)(.+?)\1/g, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .trim()
}

/** The index of the heading whose section holds an offset; -1 before the first. */
export function headingAt(headings: readonly Heading[], offset: number): number {
  let at = -1
  while (at + 1 < headings.length && (headings[at + 1]?.from ?? Infinity) <= offset) at += 1
  return at
}

/** The index after the last heading of a section: the next one at its level or above. */
export function sectionEnd(headings: readonly Heading[], index: number): number {
  const level = headings[index]?.level ?? 0
  let next = index + 1
  while (next < headings.length && (headings[next]?.level ?? 0) > level) next += 1
  return next
}

/** Where a section goes that moves past its neighbour; null at the end of its row. */
export function neighbour(headings: readonly Heading[], index: number, by: 1 | -1): number | null {
  const level = headings[index]?.level ?? 0
  if (by === 1) {
    const next = sectionEnd(headings, index)
    return headings[next]?.level === level ? sectionEnd(headings, next) : null
  }
  for (let above = index - 1; above >= 0; above -= 1) {
    const other = headings[above]?.level ?? 0
    if (other < level) return null
    if (other === level) return above
  }
  return null
}

/** What moving a section to before another heading changes: `before` is an index, or how many there
    are for the end. The offset is where its heading is then; null where nothing moves. */
export function moveSection(
  doc: Text,
  headings: readonly Heading[],
  index: number,
  before: number,
): { changes: ChangeSpec; at: number } | null {
  const end = sectionEnd(headings, index)
  if (before >= index && before <= end) return null
  const offset = (at: number) => headings[at]?.from ?? doc.length
  const isUp = before < index
  const [start, middle, stop] = isUp
    ? [offset(before), offset(index), offset(end)]
    : [offset(index), offset(end), offset(before)]
  const first = parts(doc.sliceString(start, middle))
  const second = parts(doc.sliceString(middle, stop))
  const insert = second.body + first.tail + first.body + second.tail
  const at = isUp ? start : start + second.body.length + first.tail.length
  return { changes: { from: start, to: stop, insert }, at }
}

/** A section and the blank lines after it; these stay where they are. */
function parts(text: string): { body: string; tail: string } {
  const body = text.trimEnd()
  return { body, tail: text.slice(body.length) }
}
