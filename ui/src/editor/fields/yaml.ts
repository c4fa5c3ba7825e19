// YAML read into fields. Reads what a front matter holds; what it cannot show as a field it leaves
// to be changed in the text.
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { linesOf } from './lines'
import type { Field, Item, Read, Scalar, Span, Style, Value } from './types'

/** What can be looked at of a text without a bound being passed. */
const longest = 200_000

/** A text of YAML with the places of everything in it; null for one that is too long. */
export function yamlTree(text: string) {
  if (text.length > longest) return null
  return parseDocument(text, { keepSourceTokens: true, uniqueKeys: false, strict: true, prettyErrors: false })
}

/** Reads a text of YAML; offsets are those of the text. */
export function readYaml(text: string): Read {
  const tree = yamlTree(text)
  if (!tree) return { fault: { message: 'too long', at: 0 } }
  const [error] = tree.errors
  if (error) return { fault: { message: error.message, at: error.pos[0] } }
  const { contents } = tree
  if (contents === null || (isScalar(contents) && contents.value === null)) return { fields: [] }
  if (!isMap(contents)) return { fault: { message: 'not keys and values', at: contents.range[0] } }
  return { fields: fieldsOf(text, contents, []) }
}

function fieldsOf(text: string, map: YAMLMap, above: string[]): Field[] {
  return map.items.map((pair) => {
    const key = keyOf(text, pair)
    const path = [...above, key]
    const at = placeOf(text, pair)
    const lines = linesOf(text, { from: startOf(pair), to: Math.max(at.to, startOf(pair) + 1) })
    return { key, path, value: valueOf(text, pair.value as Node | null, path), at, lines }
  })
}

export function keyOf(text: string, pair: Pair): string {
  const key = pair.key as Node | null
  if (isScalar(key)) return typeof key.value === 'string' ? key.value : (key.source ?? '')
  return key?.range ? text.slice(key.range[0], key.range[1]) : ''
}

/** Where an entry begins. */
export function startOf(pair: Pair): number {
  const key = pair.key as Node | null
  return key?.range?.[0] ?? 0
}

/** Behind the colon of an entry. */
export function colonOf(pair: Pair): number | null {
  const token = pair.srcToken as { sep?: { type: string; offset: number }[] } | undefined
  const colon = token?.sep?.find((one) => one.type === 'map-value-ind')
  return colon ? colon.offset + 1 : null
}

/** Where the value of an entry is written: its anchor and tag are no part of it. */
export function placeOf(text: string, pair: Pair): Span {
  const node = pair.value as Node | null
  const colon = colonOf(pair) ?? startOf(pair)
  if (!node?.range || isEmpty(node)) return { from: colon, to: colon }
  return { from: node.range[0], to: endOf(text, node) }
}

/** Where a node ends, without the line ends and comments that the parser counts to it. */
export function endOf(text: string, node: Node): number {
  const [start, end] = node.range ?? [0, 0]
  if (isSeq(node) && !node.flow) {
    const last = node.items.at(-1) as Node | undefined
    return last?.range ? Math.max(endOf(text, last), start + 1) : end
  }
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1)
    return last ? Math.max(placeOf(text, last).to, startOf(last) + 1) : end
  }
  let to = end
  while (to > start && text[to - 1] === '\n') to -= 1
  return to
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.source === undefined || node.source === '')
}

function valueOf(text: string, node: Node | null, path: string[]): Value {
  if (node === null) return { is: 'empty' }
  if (isAlias(node) || node.tag !== undefined) return { is: 'other' }
  if (isScalar(node)) return scalarOf(text, node) ?? { is: 'other' }
  // Such as `{{date}}`, which is for a program that fills it in.
  if (isMap(node) && !node.items.every((pair) => isScalar(pair.key))) return { is: 'other' }
  if (isMap(node)) return { is: 'map', fields: fieldsOf(text, node, path) }
  return isSeq(node) ? listOf(text, node.items as Node[], path) : { is: 'other' }
}

function listOf(text: string, nodes: Node[], path: string[]): Value {
  const items: Item[] = []
  const maps: Field[][] = []
  for (const node of nodes) {
    if (isMap(node)) maps.push(fieldsOf(text, node, path))
    else if (!isScalar(node) || node.tag !== undefined || !node.range) return { is: 'other' }
    else {
      const value = scalarOf(text, node)
      if (!value) return { is: 'other' }
      items.push({ from: node.range[0], to: endOf(text, node), value })
    }
  }
  if (maps.length === 0) return { is: 'list', items }
  return items.length === 0 ? { is: 'maps', items: maps } : { is: 'other' }
}

/** A date, or a moment, as YAML 1.1 and people write it. */
export const dateLike = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{1,2}(?::?\d{2})?)?)?$/

const styles: Record<string, Style> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'multiline',
  BLOCK_FOLDED: 'multiline',
}

function scalarOf(text: string, node: Node & { value?: unknown; type?: string }): Scalar | null {
  const { value } = node
  const style = styles[node.type ?? 'PLAIN'] ?? 'plain'
  const source = node.range ? text.slice(node.range[0], node.range[1]) : ''
  if (value === null || value === undefined) return source === '' ? { is: 'empty' } : null
  if (typeof value === 'boolean') return { is: 'switch', on: value }
  if (typeof value === 'number' || typeof value === 'bigint') return { is: 'number', text: source }
  if (typeof value !== 'string') return null
  if (style === 'plain' && dateLike.test(value)) return { is: 'date', text: value }
  return { is: 'text', text: style === 'multiline' ? value.replace(/\n$/, '') : value, style }
}
