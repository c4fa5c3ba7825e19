// Elements between brackets, with commas: put in and taken out so that what is written around them
// stays, comments too. Knows neither TOML nor YAML.
import { lineStart } from './lines'
import type { Change, Span } from './types'

/** A list or map between brackets; `inside` is what the brackets hold. */
export type Flow = { inside: Span; elements: Span[] }

/** Puts `piece` before the element `index`, or at the end. */
export function putIn(text: string, flow: Flow, index: number, piece: string, pad = ''): Change[] {
  const { elements, inside } = flow
  const before = elements[index - 1]
  const next = elements[index]
  if (before) {
    const own = ownLines(text, before)
    const comma = commaAfter(text, before.to, next?.from ?? inside.to)
    if (own) {
      const changes = comma === null ? [{ from: before.to, to: before.to, insert: ',' }] : []
      return [...changes, { from: own.to, to: own.to, insert: `${indentAt(text, before.from)}${piece},\n` }]
    }
    return [{ from: before.to, to: before.to, insert: `, ${piece}` }]
  }
  if (next) {
    const own = ownLines(text, next)
    if (own) return [{ from: own.from, to: own.from, insert: `${indentAt(text, next.from)}${piece},\n` }]
    return [{ from: next.from, to: next.from, insert: `${piece}, ` }]
  }
  if (text.slice(inside.from, inside.to).trim() === '') {
    return [{ ...inside, insert: `${pad}${piece}${pad}` }]
  }
  // Only comments are there.
  return [{ from: inside.to, to: inside.to, insert: `${piece}\n` }]
}

/** Takes an element out, with its comma. */
export function takeOut(text: string, flow: Flow, index: number): Change[] {
  const { elements, inside } = flow
  const [before, gone, next] = [elements[index - 1], elements[index], elements[index + 1]]
  if (!gone) return []
  const own = ownLines(text, gone)
  if (own && own.from >= inside.from) return [{ ...own, insert: '' }]
  if (before) return [{ from: before.to, to: gone.to, insert: '' }]
  if (next) return [{ from: gone.from, to: next.from, insert: '' }]
  const comma = commaAfter(text, gone.to, inside.to)
  const spaces = text.slice(inside.from, gone.from).trim() === '' ? inside.from : gone.from
  const rest = comma === null ? gone.to : comma + 1
  return [{ from: spaces, to: text.slice(rest, inside.to).trim() === '' ? inside.to : rest, insert: '' }]
}

/** The lines of an element that shares them with no other; the line end included. */
function ownLines(text: string, one: Span): Span | null {
  const from = lineStart(text, one.from)
  if (text.slice(from, one.from).trim() !== '') return null
  const end = text.indexOf('\n', one.to)
  if (end < 0 || !/^\s*,?\s*(#.*)?$/.test(text.slice(one.to, end))) return null
  return { from, to: end + 1 }
}

function indentAt(text: string, at: number): string {
  return /^\s*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? ''
}

/** Where the comma between an element and what follows is; comments do not count. */
function commaAfter(text: string, from: number, to: number): number | null {
  const found = /^(?:\s|#[^\n]*\n)*,/.exec(text.slice(from, to))
  return found ? from + found[0].length - 1 : null
}
