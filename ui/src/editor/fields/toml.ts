// TOML read into fields, and fields written back, one key at a time. What is not the key's stays.
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser'
import { type Flow, putIn, takeOut } from './flow'
import { lineOf, linesOf, newLine } from './lines'
import type { Change, Field, Item, Read, Scalar, Span, Style, Value, Wanted } from './types'

type Content = AST.TOMLContentNode

/** Reads a text of TOML; offsets are those of the text. */
export function readToml(text: string): Read {
  const ast = parsed(text)
  return 'fault' in ast ? ast : { fields: treeOf(text, ast.table) }
}

function parsed(text: string): { table: AST.TOMLTopLevelTable } | { fault: { message: string; at: number } } {
  try {
    return { table: parseTOML(text).body[0] }
  } catch (thrown) {
    if (thrown instanceof ParseError) return { fault: { message: thrown.message, at: placed(text, thrown.index) } }
    throw thrown
  }
}

/** The parser looks past the end of the line that is wrong. */
function placed(text: string, at: number): number {
  return at > 0 && text[at - 1] === '\n' ? at - 1 : at
}

/** All fields, dotted keys and tables put where they belong. */
function treeOf(text: string, top: AST.TOMLTopLevelTable): Field[] {
  const fields: Field[] = []
  for (const one of top.body) {
    if (one.type === 'TOMLKeyValue') add(fields, [], text, one)
    else {
      const inner = table(fields, text, one)
      if (inner) for (const entry of one.body) add(inner.fields, inner.path, text, entry)
    }
  }
  return fields
}

type Inner = { fields: Field[]; path: string[] }

/** The fields of a `[table]` or of the last element of `[[tables]]`. */
function table(fields: Field[], text: string, one: AST.TOMLTable): Inner | null {
  const at = span(one)
  const names = one.key.keys.map(nameOf)
  let here: Inner | null = { fields, path: [] }
  names.forEach((name, index) => {
    if (!here) return
    const isLast = index === names.length - 1
    here = isLast && one.kind === 'array' ? element(here, name, text, at) : step(here, name, text, at)
  })
  return here
}

function step(into: Inner, name: string, text: string, at: Span): Inner | null {
  const path = [...into.path, name]
  let field = into.fields.find((one) => one.key === name)
  if (!field) {
    field = { key: name, path, value: { is: 'map', fields: [] }, at, lines: linesOf(text, at) }
    into.fields.push(field)
  }
  if (field.value.is === 'map') return { fields: field.value.fields, path }
  const last = field.value.is === 'maps' ? field.value.items.at(-1) : undefined
  return last ? { fields: last, path } : null
}

function element(into: Inner, name: string, text: string, at: Span): Inner | null {
  const path = [...into.path, name]
  let field = into.fields.find((one) => one.key === name)
  if (!field) {
    field = { key: name, path, value: { is: 'maps', items: [] }, at, lines: linesOf(text, at) }
    into.fields.push(field)
  }
  if (field.value.is !== 'maps') return null
  const fields: Field[] = []
  field.value.items.push(fields)
  field.at.to = at.to
  return { fields, path }
}

function add(fields: Field[], above: string[], text: string, entry: AST.TOMLKeyValue): void {
  const names = entry.key.keys.map(nameOf)
  const key = names.pop() ?? ''
  let here: Inner | null = { fields, path: above }
  for (const name of names) here = here && step(here, name, text, span(entry))
  if (!here) return
  const path = [...here.path, key]
  const value = valueOf(text, entry.value, path)
  here.fields.push({ key, path, value, at: span(entry.value), lines: linesOf(text, span(entry)) })
}

function valueOf(text: string, node: Content, path: string[]): Value {
  if (node.type === 'TOMLValue') return scalarOf(text, node)
  if (node.type === 'TOMLInlineTable') {
    const fields: Field[] = []
    for (const entry of node.body) add(fields, path, text, entry)
    return { is: 'map', fields }
  }
  const items: Item[] = []
  const maps: Field[][] = []
  for (const one of node.elements) {
    if (one.type === 'TOMLValue') items.push({ ...span(one), value: scalarOf(text, one) })
    else if (one.type === 'TOMLInlineTable') {
      const value = valueOf(text, one, path)
      if (value.is === 'map') maps.push(value.fields)
    } else return { is: 'other' }
  }
  if (maps.length === 0) return { is: 'list', items }
  return items.length === 0 ? { is: 'maps', items: maps } : { is: 'other' }
}

function scalarOf(text: string, node: AST.TOMLValue): Scalar {
  switch (node.kind) {
    case 'string': {
      const style = node.multiline ? 'multiline' : node.style === 'literal' ? 'single' : 'double'
      return { is: 'text', text: node.value, style }
    }
    case 'integer':
    case 'float':
      return { is: 'number', text: text.slice(...node.range) }
    case 'boolean':
      return { is: 'switch', on: node.value }
    default:
      return { is: 'date', text: text.slice(...node.range) }
  }
}

function span(node: { range: [number, number] }): Span {
  return { from: node.range[0], to: node.range[1] }
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value
}

/** The value as TOML, in a style where it can be had. */
export function printToml(wanted: Wanted, style: Style = 'double'): string {
  switch (wanted.is) {
    case 'text':
      return quoted(wanted.text, wanted.style ?? style)
    case 'number':
    case 'date':
    case 'source':
      return wanted.text
    case 'switch':
      return String(wanted.on)
    case 'list':
      return `[${wanted.items.map((item) => quoted(item, style)).join(', ')}]`
  }
}

/** What TOML forbids in text as it is. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/

function quoted(text: string, style: Style): string {
  if (style === 'single' && !/['\n\t]/.test(text) && !control.test(text)) return `'${text}'`
  if (style === 'multiline' || (style === 'double' && text.includes('\n'))) return multiline(text)
  return JSON.stringify(text).replaceAll('\u007f', '\\u007F')
}

function multiline(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"""', '""\\"')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `"""\n${escaped.endsWith('"') ? `${escaped.slice(0, -1)}\\"` : escaped}"""`
}

/** A key as TOML. */
export function tomlKey(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name)
}

/** Where the entry at a path is written: on lines of its own, between brackets, or as tables. */
type Home =
  | { in: 'lines'; entries: Span[] }
  | { in: 'flow'; flow: Flow; index: number }

function homes(text: string, path: readonly string[]): Home | null {
  const ast = parsed(text)
  if ('fault' in ast) return null
  const lines: Span[] = []
  const starts = (full: readonly string[]) => path.every((name, at) => full[at] === name)
  for (const one of ast.table.body) {
    const above = one.type === 'TOMLTable' ? one.key.keys.map(nameOf) : []
    const entries = one.type === 'TOMLTable' ? one.body : [one]
    if (one.type === 'TOMLTable' && starts(above)) {
      lines.push({ from: one.range[0], to: one.range[1] })
      continue
    }
    for (const entry of entries) {
      const full = [...above, ...entry.key.keys.map(nameOf)]
      if (starts(full)) lines.push(span(entry))
      else if (full.every((name, at) => path[at] === name) && entry.value.type === 'TOMLInlineTable') {
        const found = inFlow(entry.value, path.slice(full.length))
        if (found) return found
      }
    }
  }
  return lines.length > 0 ? { in: 'lines', entries: lines } : null
}

function inFlow(node: AST.TOMLInlineTable, path: readonly string[]): Home | null {
  for (const [index, entry] of node.body.entries()) {
    const names = entry.key.keys.map(nameOf)
    if (path.every((name, at) => names[at] === name)) return { in: 'flow', flow: flowOf(node), index }
    if (!names.every((name, at) => path[at] === name) || entry.value.type !== 'TOMLInlineTable') continue
    const found = inFlow(entry.value, path.slice(names.length))
    if (found) return found
  }
  return null
}

function flowOf(node: AST.TOMLInlineTable | AST.TOMLArray): Flow {
  const elements = node.type === 'TOMLArray' ? node.elements : node.body
  return { inside: { from: node.range[0] + 1, to: node.range[1] - 1 }, elements: elements.map(span) }
}

/** Takes the entry at a path out. */
export function eraseToml(text: string, path: readonly string[]): Change[] {
  const home = homes(text, path)
  if (!home) return []
  if (home.in === 'flow') return takeOut(text, home.flow, home.index)
  return home.entries.map((entry) => ({ ...linesOf(text, entry), insert: '' }))
}

/** Puts a new key below `above`, which is made where it is not there. */
export function insertToml(text: string, above: readonly string[], key: string, printed: string): Change[] | null {
  const ast = parsed(text)
  if ('fault' in ast) return null
  const line = `${tomlKey(key)} = ${printed}`
  const { body } = ast.table
  if (above.length === 0) return [afterLast(text, topEntries(body), 0, line)]
  const own = body.find(
    (one): one is AST.TOMLTable =>
      one.type === 'TOMLTable' && one.kind === 'standard' && same(one.key.keys.map(nameOf), above),
  )
  if (own) return [afterLast(text, own.body, lineOf(text, own.key.range[1]).to, line)]
  const inline = inlineAt(body, above)
  if (inline === 'taken') return null
  if (inline) return putIn(text, flowOf(inline), inline.body.length, line, ' ')
  return [dottedOrTable(text, body, above, line)]
}

function topEntries(body: AST.TOMLTopLevelTable['body']): AST.TOMLKeyValue[] {
  return body.filter((one) => one.type === 'TOMLKeyValue')
}

/** Puts a line after the last of some entries, or at `start`. */
function afterLast(text: string, entries: AST.TOMLKeyValue[], start: number, line: string): Change {
  const last = entries.at(-1)
  return newLine(text, last ? lineOf(text, last.range[1]).to : start, line)
}

/** The inline table at a path; `taken` where something that is no table is there. */
function inlineAt(body: AST.TOMLTopLevelTable['body'], path: readonly string[]): AST.TOMLInlineTable | 'taken' | null {
  for (const one of body) {
    const above = one.type === 'TOMLTable' ? one.key.keys.map(nameOf) : []
    for (const entry of one.type === 'TOMLTable' ? one.body : [one]) {
      if (!same([...above, ...entry.key.keys.map(nameOf)], path)) continue
      return entry.value.type === 'TOMLInlineTable' ? entry.value : 'taken'
    }
  }
  return null
}

/** Beside the dotted keys of the table, where it is written so; else in a new table at the end. */
function dottedOrTable(text: string, body: AST.TOMLTopLevelTable['body'], above: readonly string[], line: string): Change {
  const beside = lastDotted(body, above)
  if (beside) {
    const name = above.slice(beside.table).map(tomlKey).join('.')
    return newLine(text, lineOf(text, beside.entry.range[1]).to, `${name}.${line}`)
  }
  const gap = text.trim() === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n'
  const end = text === '' || text.endsWith('\n') ? '\n' : ''
  return { from: text.length, to: text.length, insert: `${gap}[${above.map(tomlKey).join('.')}]\n${line}${end}` }
}

/** The last entry that says `above` in its own key, and how many names its table says before. */
function lastDotted(body: AST.TOMLTopLevelTable['body'], above: readonly string[]) {
  let found: { entry: AST.TOMLKeyValue; table: number } | null = null
  for (const one of body) {
    if (one.type === 'TOMLTable' && one.kind === 'array') continue
    const table = one.type === 'TOMLTable' ? one.key.keys.map(nameOf) : []
    for (const entry of one.type === 'TOMLTable' ? one.body : [one]) {
      const full = [...table, ...entry.key.keys.map(nameOf)]
      const says = full.length > above.length && table.length < above.length
      if (says && above.every((name, at) => full[at] === name)) found = { entry, table: table.length }
    }
  }
  return found
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at])
}

/** The elements of the list at a path, for changes in it. */
export function tomlFlow(text: string, at: Span): Flow | null {
  const ast = parsed(text)
  if ('fault' in ast) return null
  const found = arrayAt(ast.table, at)
  return found ? flowOf(found) : null
}

function arrayAt(top: AST.TOMLTopLevelTable, at: Span): AST.TOMLArray | null {
  const look = (node: Content): AST.TOMLArray | null => {
    if (node.type === 'TOMLArray' && node.range[0] === at.from) return node
    const inner = node.type === 'TOMLArray' ? node.elements : node.type === 'TOMLInlineTable' ? node.body.map((one) => one.value) : []
    for (const one of inner) {
      const found = look(one)
      if (found) return found
    }
    return null
  }
  for (const one of top.body) {
    for (const entry of one.type === 'TOMLTable' ? one.body : [one]) {
      const found = look(entry.value)
      if (found) return found
    }
  }
  return null
}
