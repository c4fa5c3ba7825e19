// What the writer is in the middle of naming: a page, a heading, an image, a component, a key or a
// value of the front matter. Pure: reads the line of the caret and the front matter above it.
import type { EditorState } from '@codemirror/state'
import { inCode } from '../format'

export type Place =
  | { is: 'page'; from: number; query: string; wiki: boolean }
  | { is: 'heading'; from: number; query: string; target: string; wiki: boolean }
  | { is: 'image'; from: number; query: string }
  | { is: 'component'; from: number; query: string }
  | { is: 'key'; from: number; query: string; toml: boolean; table: string; section: boolean }
  | { is: 'value'; from: number; query: string; toml: boolean; key: string; quote: string }

/** The place at an offset, if something can be completed there. */
export function placeAt(state: EditorState, at: number, path: string): Place | null {
  const line = state.doc.lineAt(at)
  const before = line.text.slice(0, at - line.from)
  const matter = frontMatterLines(state)
  if (matter && line.number <= matter.last) return line.number > 1 ? inFrontMatter(state, matter, at, path) : null
  const component = /\{\{-?\s*<\s*([\w.]*)$/.exec(before)
  if (component) return { is: 'component', from: at - (component[1] ?? '').length, query: component[1] ?? '' }
  if (!/[[(]/.test(before) || inCode(state, at)) return null
  // No name is longer, and a text may be one line.
  const near = before.slice(-1000)
  return wiki(near, at) ?? link(near, at)
}

function wiki(before: string, at: number): Place | null {
  const found = /\[\[([^[\]\n|]*)$/.exec(before)
  if (!found) return null
  const [target = '', heading] = (found[1] ?? '').split('#', 2)
  if (heading !== undefined) return { is: 'heading', from: at - heading.length, query: heading, target, wiki: true }
  return { is: 'page', from: at - target.length, query: target, wiki: true }
}

function link(before: string, at: number): Place | null {
  const found = /(!?)\[(?:[^[\]\\]|\\.|\[[^\]]*\])*\]\(<?([^()\s<>]*(?: [^()\s<>"']*)*)$/.exec(before)
  if (!found) return null
  const query = found[2] ?? ''
  if (/^[a-z][a-z0-9+.-]*:/i.test(query)) return null
  if (found[1] === '!') return { is: 'image', from: at - query.length, query }
  const [target = '', heading] = query.split('#', 2)
  if (heading !== undefined) return { is: 'heading', from: at - heading.length, query: heading, target, wiki: false }
  return { is: 'page', from: at - target.length, query: target, wiki: false }
}

type Matter = { toml: boolean; last: number }

/** The lines of the front matter without its fences; while it is not closed yet, up to a blank line. */
function frontMatterLines(state: EditorState): Matter | null {
  const fence = state.doc.line(1).text.trimEnd()
  if (fence !== '---' && fence !== '+++') return null
  for (let number = 2; number <= Math.min(state.doc.lines, 400); number += 1) {
    if (state.doc.line(number).text.trimEnd() === fence) return { toml: fence === '+++', last: number - 1 }
  }
  return null
}

function inFrontMatter(state: EditorState, matter: Matter, at: number, path: string): Place | null {
  const line = state.doc.lineAt(at)
  const before = line.text.slice(0, at - line.from)
  const section = /(^|\/)_index(\.[\w-]+)?\.md$/.test(path)
  const { toml } = matter
  const key = /^\s*([\w-]*)$/.exec(before)
  if (key && (toml || !/^\s*-/.test(line.text))) {
    const query = key[1] ?? ''
    const table = toml ? tomlTable(state, line.number) : yamlParent(state, line.number, before)
    return { is: 'key', from: at - query.length, query, toml, table, section }
  }
  const name = keyOf(state, line.number, before)
  if (name === null) return null
  const value = /(["']?)([^"',[\]]*)$/.exec(before)
  const query = value?.[2] ?? ''
  const trimmed = query.replace(/^.*[:=]\s*|^\s*-?\s*/, '')
  return { is: 'value', from: at - trimmed.length, query: trimmed, toml, key: name, quote: value?.[1] ?? '' }
}

/** The key that a value belongs to: on its line, or on a line above in a list over several lines. */
function keyOf(state: EditorState, number: number, before: string): string | null {
  const here = /^\s*([\w-]+)\s*[:=]\s?/.exec(before)
  if (here) return here[1] ?? null
  for (let above = number - 1; above > 1; above -= 1) {
    const text = state.doc.line(above).text
    const found = /^\s*([\w-]+)\s*[:=]\s*(\[[^\]]*)?$/.exec(text)
    if (found) return found[1] ?? null
    if (!/^\s*(-|["'\w].*,\s*$)/.test(text)) return null
  }
  return null
}

function tomlTable(state: EditorState, number: number): string {
  for (let above = number - 1; above > 1; above -= 1) {
    const found = /^\s*\[([^\]]+)\]/.exec(state.doc.line(above).text)
    if (found) return found[1]?.trim() ?? ''
  }
  return ''
}

function yamlParent(state: EditorState, number: number, before: string): string {
  if (!/^\s/.test(before)) return ''
  for (let above = number - 1; above > 1; above -= 1) {
    const found = /^([\w-]+):\s*$/.exec(state.doc.line(above).text)
    if (found) return found[1] ?? ''
  }
  return ''
}
