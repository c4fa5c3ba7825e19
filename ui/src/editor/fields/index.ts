// The fields of a text, and what a form may do to one of them: set, put in, take out. Every change is
// tried before it is given back: it does to the one field what was asked, and nothing to the others.
import { matterOf } from './fence'
import { putIn, takeOut } from './flow'
import { eraseToml, insertToml, printToml, readToml, tomlFlow, tomlKey } from './toml'
import type { Change, Field, Item, Kind, Read, Scalar, Span, Wanted } from './types'
import { readYaml } from './yaml'
import { eraseYaml, insertYaml, printYaml, putYaml, setYaml, takeYaml } from './yamlWrite'

export { matterOf } from './fence'
export { type Known, knownAt, offered, type PageKind, type Shape } from './known'
export type { Change, Fault, Field, Item, Kind, Read, Scalar, Span, Style, Value, Wanted } from './types'

/** A part of a text that holds keys and values. */
export type Part = { kind: Kind; text: string; from: number; read: Read }

/** The front matter of a page; null where it has none, `open` where it is not closed. */
export function frontMatterOf(text: string): Part | 'open' | null {
  const matter = matterOf(text)
  if (matter === null || matter === 'open') return matter
  return partOf(matter.kind, text.slice(matter.block.from, matter.block.to), matter.block.from)
}

/** A text, read; `from` is where it stands in the whole. */
export function partOf(kind: Kind, text: string, from = 0): Part {
  return { kind, text, from, read: kind === 'toml' ? readToml(text) : readYaml(text) }
}

/** The field at a path. */
export function fieldAt(fields: readonly Field[], path: readonly string[]): Field | undefined {
  const [name, ...rest] = path
  const found = fields.find((one) => one.key === name)
  if (rest.length === 0 || !found) return found
  return found.value.is === 'map' ? fieldAt(found.value.fields, rest) : undefined
}

/** Gives a field another value. Null where that can only be done in the text. */
export function setField(part: Part, field: Field, wanted: Wanted): Change[] | null {
  const list = wanted.is === 'list' && field.value.is === 'list' ? setList(part, field, wanted.items) : null
  const changes = list ?? setWhole(part, field, wanted)
  return changes && checked(part, field.path, changes, (now) => isWanted(now, wanted))
}

function setWhole(part: Part, field: Field, wanted: Wanted): Change[] | null {
  if (part.kind === 'yaml') return setYaml(part.text, field, wanted)
  if (field.value.is === 'map' || field.value.is === 'maps') return null
  return [{ ...field.at, insert: printToml(asBefore(field, wanted), styleOf(field.value)) }]
}

/** A date that was written as text stays text. */
function asBefore(field: Field, wanted: Wanted): Wanted {
  return wanted.is === 'date' && field.value.is === 'text' ? { is: 'text', text: wanted.text } : wanted
}

function styleOf(value: Field['value']) {
  return value.is === 'text' ? value.style : 'double'
}

/** Puts a new key below `above`, which is made where it is not there. */
export function addField(part: Part, above: readonly string[], key: string, wanted: Wanted): Change[] | null {
  const changes =
    part.kind === 'toml'
      ? insertToml(part.text, above, key, printToml(wanted))
      : insertYaml(part.text, above, key, wanted)
  return changes && checked(part, [...above, key], changes, (now) => isWanted(now, wanted))
}

/** Takes a field out. */
export function removeField(part: Part, field: Field): Change[] | null {
  const changes = part.kind === 'toml' ? eraseToml(part.text, field.path) : eraseYaml(part.text, field)
  return changes && checked(part, field.path, changes, (now) => now === undefined || isTwice(part, field))
}

function isTwice(part: Part, field: Field): boolean {
  return 'fields' in part.read && part.read.fields.filter((one) => one.key === field.key).length > 1
}

/** The front matter for a text that has none, with one key. */
export function newMatter(kind: Kind, above: readonly string[], key: string, wanted: Wanted): string {
  const changes = addField(partOf(kind, ''), above, key, wanted) ?? []
  const mark = kind === 'toml' ? '+++' : '---'
  return `${mark}\n${apply('', changes)}${mark}\n\n`
}

/** Makes a list these items; those that stay keep how they are written. */
function setList(part: Part, field: Field, items: readonly string[]): Change[] | null {
  let text = part.text
  const known = field.value.is === 'list' ? field.value.items : []
  for (let step = 0; step <= 2 * (items.length + 1000); step += 1) {
    const now = partOf(part.kind, text)
    const list = 'fields' in now.read ? fieldAt(now.read.fields, field.path) : undefined
    if (list?.value.is !== 'list') break
    const next = nextStep(now, list, list.value.items, items, (one) => elementOf(known, one))
    if (next === 'done') return difference(part.text, text)
    if (!next) return null
    text = apply(text, next)
  }
  return null
}

/** One change that brings a list nearer to what is wanted. */
function nextStep(
  part: Part,
  field: Field,
  now: readonly Item[],
  wanted: readonly string[],
  element: (text: string) => Wanted,
): Change[] | 'done' | null {
  const texts = now.map((item) => shown(item.value))
  let start = 0
  while (start < Math.min(texts.length, wanted.length) && texts[start] === wanted[start]) start += 1
  if (start === texts.length && start === wanted.length) return 'done'
  let end = 0
  while (end < Math.min(texts.length, wanted.length) - start && texts.at(-1 - end) === wanted.at(-1 - end)) end += 1
  const [more, fewer] = [wanted.length - start - end, texts.length - start - end]
  const item = now[start]
  const next = element(wanted[start] ?? '')
  if (more > 0 && fewer > 0 && item) return [setItem(part, field, item, next)]
  if (more > 0) return putItem(part, field, start, next)
  return takeItem(part, field, start)
}

/** What a text is as an element of a list: what it was in there, or what all others are. */
function elementOf(items: readonly Item[], text: string): Wanted {
  const old = items.find((item) => shown(item.value) === text)?.value
  const kinds = new Set(items.map((item) => item.value.is))
  const is = old?.is ?? (kinds.size === 1 ? [...kinds][0] : 'text')
  if (is === 'number' && (old || /^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text))) return { is: 'number', text }
  if (is === 'date' && (old || /^\d{4}-\d{2}-\d{2}$/.test(text))) return { is: 'date', text }
  if (is === 'switch' && /^(true|false)$/.test(text)) return { is: 'switch', on: text === 'true' }
  return { is: 'text', text }
}

function setItem(part: Part, field: Field, item: Item, wanted: Wanted): Change {
  const style = item.value.is === 'text' ? item.value.style : part.kind === 'toml' ? 'double' : 'plain'
  const flow = part.text.slice(field.at.from, field.at.from + 1) === '['
  const insert = part.kind === 'toml' ? printToml(wanted, style) : printYaml(wanted, { style, indent: '    ', flow })
  return { from: item.from, to: item.to, insert }
}

function putItem(part: Part, field: Field, index: number, wanted: Wanted): Change[] | null {
  if (part.kind === 'yaml') return putYaml(part.text, field, index, wanted)
  const flow = tomlFlow(part.text, field.at)
  return flow && putIn(part.text, flow, index, printToml(wanted))
}

function takeItem(part: Part, field: Field, index: number): Change[] | null {
  if (part.kind === 'yaml') return takeYaml(part.text, field, index)
  const flow = tomlFlow(part.text, field.at)
  return flow && takeOut(part.text, flow, index)
}

/** What can be done to a list of maps. */
export type MapsEdit =
  | { do: 'set'; index: number; key: string; text: string }
  | { do: 'add'; entries: readonly (readonly [string, string])[] }
  | { do: 'remove'; index: number }
  /** Past the next one. */
  | { do: 'lower'; index: number }

/** Changes a list of maps between brackets, in TOML. Null where that can only be done in the text. */
export function editMaps(part: Part, field: Field, edit: MapsEdit): Change[] | null {
  const changes = mapsChange(part, field, edit)
  return changes && checked(part, field.path, changes, (now) => now?.value.is === 'maps' || now?.value.is === 'list')
}

function mapsChange(part: Part, field: Field, edit: MapsEdit): Change[] | null {
  const flow = part.kind === 'toml' ? tomlFlow(part.text, field.at) : null
  if (!flow) return null
  if (edit.do === 'add') {
    const entries = edit.entries.map(([key, text]) => `${tomlKey(key)} = ${printToml({ is: 'text', text })}`)
    return putIn(part.text, flow, flow.elements.length, `{ ${entries.join(', ')} }`)
  }
  if (edit.do === 'remove') return takeOut(part.text, flow, edit.index)
  if (edit.do === 'lower') return swap(part.text, flow.elements[edit.index], flow.elements[edit.index + 1])
  const item = field.value.is === 'maps' ? field.value.items[edit.index] : undefined
  const entry = item?.find((one) => one.key === edit.key)
  if (entry) return [{ ...entry.at, insert: printToml({ is: 'text', text: edit.text }, styleOf(entry.value)) }]
  const whole = flow.elements[edit.index]
  if (!whole || !item) return null
  const inside = { inside: { from: whole.from + 1, to: whole.to - 1 }, elements: item.map((one) => one.at) }
  return putIn(part.text, inside, item.length, `${tomlKey(edit.key)} = ${printToml({ is: 'text', text: edit.text })}`, ' ')
}

function swap(text: string, one: Span | undefined, other: Span | undefined): Change[] | null {
  if (!one || !other) return null
  return [
    { from: one.from, to: one.to, insert: text.slice(other.from, other.to) },
    { from: other.from, to: other.to, insert: text.slice(one.from, one.to) },
  ]
}

/** A value as a person reads it. */
export function shown(value: Scalar): string {
  if (value.is === 'switch') return String(value.on)
  return value.is === 'empty' ? '' : value.text
}

/** The same changes with offsets of the whole text; null where they would do more than was asked. */
function checked(
  part: Part,
  path: readonly string[],
  changes: Change[],
  holds: (field: Field | undefined) => boolean,
): Change[] | null {
  const after = partOf(part.kind, apply(part.text, changes))
  if (!('fields' in part.read) || !('fields' in after.read)) return null
  if (!holds(fieldAt(after.read.fields, path))) return null
  const others = (fields: readonly Field[]) => JSON.stringify(fields.filter((one) => one.key !== path[0]).map(plainOf))
  const beside = (fields: readonly Field[]) => JSON.stringify(without(fields, path).map(plainOf))
  if (others(part.read.fields) !== others(after.read.fields)) return null
  if (beside(part.read.fields) !== beside(after.read.fields)) return null
  return changes.map(({ from, to, insert }) => ({ from: from + part.from, to: to + part.from, insert }))
}

/** The fields without the one at a path, and without maps that are empty then. */
function without(fields: readonly Field[], path: readonly string[]): Field[] {
  const [name, ...rest] = path
  return fields.flatMap((field) => {
    if (field.key !== name) return [field]
    if (rest.length === 0 || field.value.is !== 'map') return []
    const inner = without(field.value.fields, rest)
    return inner.length === 0 ? [] : [{ ...field, value: { is: 'map' as const, fields: inner } }]
  })
}

/** A field without its places. */
function plainOf(field: Field): unknown {
  const { value } = field
  if (value.is === 'map') return [field.key, value.fields.map(plainOf)]
  if (value.is === 'maps') return [field.key, value.items.map((item) => item.map(plainOf))]
  if (value.is === 'list') return [field.key, value.items.map((item) => item.value)]
  return [field.key, value]
}

function isWanted(field: Field | undefined, wanted: Wanted): boolean {
  if (!field) return false
  const { value } = field
  switch (wanted.is) {
    case 'text':
      return value.is === 'text' ? value.text === wanted.text : value.is === 'empty' && wanted.text === ''
    case 'number':
      return value.is === 'number' && value.text === wanted.text
    case 'date':
      return (value.is === 'date' || value.is === 'text') && value.text === wanted.text
    case 'switch':
      return value.is === 'switch' && value.on === wanted.on
    case 'list':
      return value.is === 'list' && same(value.items, wanted.items)
    case 'source':
      return true
  }
}

function same(items: readonly Item[], wanted: readonly string[]): boolean {
  return items.length === wanted.length && items.every((item, at) => shown(item.value) === wanted[at])
}

/** A text with changes made. */
export function apply(text: string, changes: readonly Change[]): string {
  let result = ''
  let at = 0
  for (const change of [...changes].sort((one, other) => one.from - other.from)) {
    result += text.slice(at, change.from) + change.insert
    at = change.to
  }
  return result + text.slice(at)
}

/** The one replacement between two texts. */
function difference(before: string, after: string): Change[] {
  if (before === after) return []
  let start = 0
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start += 1
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  // No half of a pair is left or sent.
  if (isHalf(before, start) || isHalf(after, start)) start -= 1
  if (isHalf(before, before.length - end) || isHalf(after, after.length - end)) end -= 1
  return [{ from: start, to: before.length - end, insert: after.slice(start, after.length - end) }]
}

/** Whether an offset is between the two units of one character. */
function isHalf(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at))
}

export type { Change as FieldChange } from './types'
