// YAML written: one value, one key, one element of a list at a time. What is not the key's stays.
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { type Flow, putIn, takeOut } from './flow'
import { lineOf, lineStart, newLine } from './lines'
import type { Change, Field, Span, Style, Wanted } from './types'
import { colonOf, dateLike, endOf, keyOf, placeOf, startOf, yamlTree } from './yaml'

/** Where a value is to stand: its style, and how far its own lines are indented. */
export type Setting = { style: Style; indent: string; flow: boolean }

/** The value as YAML, in a style where it can be had. */
export function printYaml(wanted: Wanted, setting: Setting): string {
  switch (wanted.is) {
    case 'text':
      return textOf(wanted.text, { ...setting, style: wanted.style ?? setting.style })
    case 'number':
    case 'date':
    case 'source':
      return wanted.text
    case 'switch':
      return String(wanted.on)
    case 'list':
      return listOf(wanted.items, setting)
  }
}

function listOf(items: readonly string[], setting: Setting): string {
  const printed = (flow: boolean) => items.map((item) => textOf(item, { ...setting, style: 'plain', flow }))
  if (items.length === 0 || setting.flow) return `[${printed(true).join(', ')}]`
  return printed(false)
    .map((item) => `\n${setting.indent}- ${item}`)
    .join('')
}

function textOf(text: string, { style, indent, flow }: Setting): string {
  if (style === 'multiline' && !flow && isBlock(text)) {
    const lines = text.split('\n').map((line) => (line === '' ? '' : `${indent}${line}`))
    return `|-\n${lines.join('\n')}`
  }
  if (style === 'plain' && isPlain(text, flow)) return text
  if (style === 'single' && !/[\n\t]/.test(text) && isPrintable(text)) return `'${text.replaceAll("'", "''")}'`
  return JSON.stringify(text).replaceAll('\u007f', '\\x7f')
}

/** A block can hold the text without a sign of how far it is indented. */
function isBlock(text: string): boolean {
  return text !== '' && !/^[ \n]/.test(text) && !text.endsWith('\n') && !text.includes('\t') && isPrintable(text)
}

function isPrintable(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029\ufeff]/u.test(text.replaceAll('\n', ''))
}

/** Words that older readers of YAML take for something else than text. */
const taken = /^(?:y|n|yes|no|on|off|true|false|null|~)$/i

/** Whether a text says the same without quotes, wherever it is read. */
function isPlain(text: string, flow: boolean): boolean {
  if (text === '' || text.includes('\n') || taken.test(text) || dateLike.test(text) || !isPrintable(text)) return false
  const tree = parseDocument(flow ? `[${text}]` : `k: ${text}`)
  if (tree.errors.length > 0 || tree.warnings.length > 0) return false
  const read: unknown = tree.toJS()
  return flow
    ? Array.isArray(read) && read.length === 1 && read[0] === text
    : typeof read === 'object' && read !== null && 'k' in read && Object.keys(read).length === 1 && read.k === text
}

/** A key as YAML. */
export function yamlKey(name: string): string {
  return isPlain(name, true) && isPlain(`${name}x`, false) && !/[:?#]/.test(name) ? name : JSON.stringify(name)
}

type Home = { map: YAMLMap; index: number; pair: Pair }

/** The entry of a field, looked up by its place, since a key may be there twice. */
function homeOf(text: string, field: Field): Home | null {
  const tree = yamlTree(text)
  return tree && isMap(tree.contents) ? find(text, tree.contents, field) : null
}

function find(text: string, map: YAMLMap, field: Field): Home | null {
  for (const [index, pair] of map.items.entries()) {
    const at = placeOf(text, pair)
    if (at.from === field.at.from && at.to === field.at.to && keyOf(text, pair) === field.key) return { map, index, pair }
    for (const inner of mapsIn(pair.value as Node | null)) {
      const found = find(text, inner, field)
      if (found) return found
    }
  }
  return null
}

function mapsIn(node: Node | null): YAMLMap[] {
  if (isMap(node)) return [node]
  return isSeq(node) ? node.items.filter((one): one is YAMLMap => isMap(one)) : []
}

/** Gives a field another value. */
export function setYaml(text: string, field: Field, wanted: Wanted): Change[] | null {
  const home = homeOf(text, field)
  if (!home) return null
  const indent = `${' '.repeat(Math.max(0, columnOf(text, startOf(home.pair))))}  `
  const style = field.value.is === 'text' ? field.value.style : 'plain'
  const flow = home.map.flow === true
  const empties = wanted.is === 'text' && wanted.text === '' && (wanted.style ?? style) === 'plain'
  const printed = empties && !flow ? '' : printYaml(wanted, { style, indent, flow })
  return replace(text, home.pair, field.at, printed)
}

function replace(text: string, pair: Pair, at: Span, printed: string): Change[] | null {
  const colon = colonOf(pair)
  if (colon === null) return null
  if (at.from === at.to) {
    const glue = printed === '' || printed.startsWith('\n') ? '' : ' '
    return [{ from: colon, to: colon, insert: `${glue}${printed}` }]
  }
  const onOwnLines = text.slice(colon, at.from).includes('\n')
  const bare = text.slice(colon, at.from).trim() === ''
  if (bare && (printed === '' || printed.startsWith('\n') || onOwnLines)) {
    const glue = printed === '' || printed.startsWith('\n') ? '' : ' '
    return [{ from: colon, to: at.to, insert: `${glue}${printed}` }]
  }
  return [{ ...at, insert: printed }]
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at)
}

/** Takes a field out. */
export function eraseYaml(text: string, field: Field): Change[] | null {
  const home = homeOf(text, field)
  if (!home) return null
  if (home.map.flow === true) return takeOut(text, flowOf(text, home.map), home.index)
  const start = startOf(home.pair)
  // The first key of an element of a list shares its line with the dash.
  if (text.slice(lineStart(text, start), start).trim() !== '') return null
  return [{ ...field.lines, insert: '' }]
}

function flowOf(text: string, node: YAMLMap | { items: unknown[]; range?: [number, number, number] | null }): Flow {
  const [from, to] = node.range ?? [0, 0]
  const elements = (node as { items: unknown[] }).items.map((one) => {
    if (one !== null && typeof one === 'object' && 'key' in one) {
      const pair = one as Pair
      return { from: startOf(pair), to: Math.max(placeOf(text, pair).to, startOf(pair) + 1) }
    }
    const inner = one as Node
    return { from: inner.range?.[0] ?? 0, to: endOf(text, inner) }
  })
  return { inside: { from: from + 1, to: to - 1 }, elements }
}

/** Puts a new key below `above`, which is made where it is not there. */
export function insertYaml(text: string, above: readonly string[], key: string, wanted: Wanted): Change[] | null {
  const tree = yamlTree(text)
  if (!tree || tree.errors.length > 0) return null
  const { contents } = tree
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return [newLine(text, text.length, nested(above, key, wanted, ''))]
  }
  return isMap(contents) ? insertInto(text, contents, above, key, wanted, '') : null
}

function insertInto(
  text: string,
  map: YAMLMap,
  above: readonly string[],
  key: string,
  wanted: Wanted,
  indent: string,
): Change[] | null {
  const [name, ...deeper] = above
  const pair = name === undefined ? undefined : map.items.find((one) => keyOf(text, one) === name)
  const value = pair?.value as Node | null | undefined
  if (pair && isMap(value) && (value.items.length > 0 || value.flow === true)) {
    const inner = value.items[0]
    const deeperIndent = inner && value.flow !== true ? ' '.repeat(columnOf(text, startOf(inner))) : `${indent}  `
    return insertInto(text, value, deeper, key, wanted, deeperIndent)
  }
  if (pair) {
    const place = placeOf(text, pair)
    const colon = colonOf(pair)
    if (place.from !== place.to || colon === null) return null
    return [{ from: colon, to: colon, insert: `\n${nested(deeper, key, wanted, `${indent}  `)}` }]
  }
  if (map.flow === true) {
    const piece = [...above.map(yamlKey), ''].join(': {') + `${yamlKey(key)}: ${printYaml(wanted, plain(indent, true))}${'}'.repeat(above.length)}`
    return putIn(text, flowOf(text, map), map.items.length, piece)
  }
  const last = map.items.at(-1)
  if (!last) return null
  const end = lineOf(text, Math.max(placeOf(text, last).to, startOf(last))).to
  return [newLine(text, end, nested(above, key, wanted, indent))]
}

function plain(indent: string, flow: boolean): Setting {
  return { style: 'plain', indent: `${indent}  `, flow }
}

/** Lines for a key and the keys above it. */
function nested(above: readonly string[], key: string, wanted: Wanted, indent: string): string {
  const [name, ...rest] = above
  if (name !== undefined) return `${indent}${yamlKey(name)}:\n${nested(rest, key, wanted, `${indent}  `)}`
  const printed = printYaml(wanted, plain(indent, false))
  return `${indent}${yamlKey(key)}:${printed === '' || printed.startsWith('\n') ? '' : ' '}${printed}`
}

/** Puts an element into a list before `index`. */
export function putYaml(text: string, field: Field, index: number, item: Wanted): Change[] | null {
  const node = homeOf(text, field)?.pair.value as Node | null | undefined
  if (!isSeq(node)) return null
  if (node.flow === true) {
    return putIn(text, flowOf(text, node), index, printYaml(item, plain('', true)))
  }
  const nodes = node.items as Node[]
  const [before, next] = [nodes[index - 1], nodes[index]]
  const beside = before ?? next
  if (!beside?.range) return null
  const line = lineOf(text, beside.range[0])
  const lead = /^\s*-\s+/.exec(text.slice(line.from, beside.range[0]))?.[0]
  if (lead?.length !== beside.range[0] - line.from) return null
  const printed = printYaml(item, { style: 'plain', indent: ' '.repeat(lead.length), flow: false })
  const at = before ? lineOf(text, endOf(text, before)).to : line.from
  return [newLine(text, at, `${lead}${printed}`)]
}

/** Takes an element out of a list. */
export function takeYaml(text: string, field: Field, index: number): Change[] | null {
  const home = homeOf(text, field)
  const node = home?.pair.value as Node | null | undefined
  if (!home || !isSeq(node)) return null
  if (node.flow === true) return takeOut(text, flowOf(text, node), index)
  if (node.items.length === 1) return replace(text, home.pair, field.at, '[]')
  const gone = node.items[index] as Node | undefined
  if (!gone?.range) return null
  const from = lineStart(text, gone.range[0])
  if (!/^\s*-\s+$/.test(text.slice(from, gone.range[0]))) return null
  return [{ from, to: lineOf(text, endOf(text, gone)).to, insert: '' }]
}
