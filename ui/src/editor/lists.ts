// List items by keyboard: Enter continues, Tab and Shift-Tab move an item with what hangs below it,
// Backspace at its start moves it out. Changes the items meant and the numbers that follow from it.
import { deleteMarkupBackward, insertNewlineContinueMarkupCommand } from '@codemirror/lang-markdown'
import { indentLess, indentMore } from '@codemirror/commands'
import { syntaxTree } from '@codemirror/language'
import { type ChangeSpec, type EditorState, Facet, type Line, type StateCommand, type Text } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/** A line that begins an item, in columns of its own text. */
type Item = { quote: string; indent: number; mark: string; content: number; body: number }

const pattern = /^((?:[ \t]*>[ \t]?)*)([ \t]*)([-*+]|\d{1,9}[.)])([ \t]+|$)(\[[ xX]\][ \t]+)?/

function itemOf(text: string): Item | null {
  const found = pattern.exec(text)
  if (!found) return null
  const [whole, quote = '', indent = '', mark = '', gap = ''] = found
  const content = indent.length + mark.length + Math.max(1, gap.length)
  return { quote, indent: indent.length, mark, content, body: whole.length }
}

/** How far a line is indented within its quote; null for a line without text. */
function indentOf(text: string): number | null {
  const quote = /^(?:[ \t]*>[ \t]?)*/.exec(text)?.[0].length ?? 0
  const rest = text.slice(quote)
  return rest.trim() === '' ? null : rest.length - rest.trimStart().length
}

/** Continues lists, tasks and quotes; an empty item ends its list. */
export const continueMarkup: StateCommand = insertNewlineContinueMarkupCommand({ nonTightLists: false })

/** What is said where Tab has nothing to move in. */
export const tabHint = Facet.define<string, string>({ combine: (said) => said[0] ?? '' })

/**
 * Moves the items of the selection one level in, lines of code by one step, and a paragraph below an
 * item into it. Any other paragraph stays: spaces before it would make it code.
 */
export const indentItems: StateCommand = (target) => {
  const place = itemsAt(target.state)
  if (!place) {
    const { from } = target.state.selection.main
    return isCode(target.state, from) ? indentMore(target) : indentBelowItem(target)
  }
  const { first, item } = place
  const above = sibling(target.state.doc, first, item)
  if (above !== null) shift(target, place, above - item.indent)
  return true
}

/** Moves the lines of the selection to where the text of the item above them begins. */
function indentBelowItem({ state, dispatch }: Parameters<StateCommand>[0]): boolean {
  const { from, to } = state.selection.main
  const first = state.doc.lineAt(from)
  const wanted = state.readOnly ? null : contentAbove(state.doc, first)
  if (wanted === null) {
    dispatch(state.update({ effects: EditorView.announce.of(state.facet(tabHint)) }))
    return true
  }
  const changes: ChangeSpec[] = []
  const by = wanted - columnOf(first.text)
  for (let number = first.number; number <= state.doc.lineAt(to).number; number += 1) {
    const line = state.doc.line(number)
    if (line.text.trim() !== '' || number === first.number) changes.push({ from: line.from + quoteOf(line.text), insert: ' '.repeat(by) })
  }
  const set = state.changes(changes)
  const selection = state.selection.map(set, 1)
  dispatch(state.update({ changes: set, selection, scrollIntoView: true, userEvent: 'input.indent' }))
  return true
}

/** Where the text of the nearest item above begins, if a line is not that far in and no other text ends its list. */
function contentAbove(doc: Text, line: Line): number | null {
  for (let number = line.number - 1; number > 0; number -= 1) {
    const text = doc.line(number).text
    const indent = indentOf(text)
    if (indent === null) continue
    const item = itemOf(text)
    if (item && item.content > columnOf(line.text)) return item.content
    const begins = item !== null || number === 1 || indentOf(doc.line(number - 1).text) === null
    if (indent === 0 && begins) return null
  }
  return null
}

function quoteOf(text: string): number {
  return /^(?:[ \t]*>[ \t]?)*/.exec(text)?.[0].length ?? 0
}

/** How far in a line begins within its quote, though it be blank. */
function columnOf(text: string): number {
  return /^[ \t]*/.exec(text.slice(quoteOf(text)))?.[0].length ?? 0
}

/** Moves the items of the selection one level out; elsewhere the lines. */
export const outdentItems: StateCommand = (target) => {
  const place = itemsAt(target.state)
  if (!place) return indentLess(target)
  const { first, item } = place
  if (item.indent > 0) shift(target, place, parent(target.state.doc, first, item) - item.indent)
  return true
}

/** At the start of an item's text: out one level, and at the top level out of the list. */
export const backspaceItem: StateCommand = (target) => {
  const { state, dispatch } = target
  const range = state.selection.main
  if (!range.empty || state.selection.ranges.length > 1 || state.readOnly) return false
  const line = state.doc.lineAt(range.head)
  const item = itemOf(line.text)
  if (!item || range.head !== line.from + item.body || isCode(state, line.from)) return deleteMarkupBackward(target)
  if (item.indent > 0) return outdentItems(target)
  const from = line.from + item.quote.length
  dispatch(
    state.update({ changes: { from, to: range.head }, scrollIntoView: true, userEvent: 'delete.backward' }),
  )
  return true
}

type Items = { first: Line; last: number; item: Item }

/** The items of the selection, where it begins with one. */
function itemsAt(state: EditorState): Items | null {
  const range = state.selection.main
  const first = state.doc.lineAt(range.from)
  const item = itemOf(first.text)
  if (!item || state.readOnly || state.selection.ranges.length > 1 || isCode(state, first.from)) return null
  let last = state.doc.lineAt(range.to).number
  // What hangs below the last item goes with it.
  const end = itemOf(state.doc.line(last).text) ?? item
  for (let number = last + 1; number <= state.doc.lines; number += 1) {
    const text = state.doc.line(number).text
    const indent = indentOf(text)
    if (indent !== null && (indent <= end.indent || !text.startsWith(end.quote))) break
    if (indent !== null) last = number
  }
  return { first, last, item }
}

function isCode(state: EditorState, at: number): boolean {
  for (let node = syntaxTree(state).resolveInner(at, 1); ; ) {
    if (/Code|FrontMatter|HTMLBlock/.test(node.name)) return true
    if (!node.parent) return false
    node = node.parent
  }
}

/** Where the text of the item before begins, which an item moves in to. */
function sibling(doc: Text, line: Line, item: Item): number | null {
  for (let number = line.number - 1; number > 0; number -= 1) {
    const text = doc.line(number).text
    const indent = indentOf(text)
    if (indent === null) continue
    const other = itemOf(text)
    if (indent < item.indent && !other) return null
    if (other && other.indent < item.indent) return other.content > item.indent ? other.content : null
    if (other && other.indent < item.content) return other.content
    if (indent <= item.indent && !other && isBreak(doc, number, line.number)) return null
  }
  return null
}

/** Whether a line stands alone between blank lines, so that a list ends there. */
function isBreak(doc: Text, number: number, before: number): boolean {
  return number + 1 < before && indentOf(doc.line(number + 1).text) === null
}

/** Where the mark of the item around it stands, which an item moves out to. */
function parent(doc: Text, line: Line, item: Item): number {
  for (let number = line.number - 1; number > 0; number -= 1) {
    const text = doc.line(number).text
    const other = itemOf(text)
    if (other && other.indent < item.indent) return other.indent
    if (indentOf(text) === 0 && !other) return 0
  }
  return 0
}

/** Moves lines by so many columns, and counts the numbered items of the lists concerned anew. */
function shift({ state, dispatch }: Parameters<StateCommand>[0], items: Items, by: number): void {
  const changes: ChangeSpec[] = []
  const moved = new Map<number, string>()
  for (let number = items.first.number; number <= items.last; number += 1) {
    const line = state.doc.line(number)
    const indent = indentOf(line.text)
    if (indent === null) continue
    const at = line.from + (/^(?:[ \t]*>[ \t]?)*/.exec(line.text)?.[0].length ?? 0)
    if (by > 0) changes.push({ from: at, insert: ' '.repeat(by) })
    else changes.push({ from: at, to: at + Math.min(indent, -by) })
    const quote = line.text.slice(0, at - line.from)
    const rest = line.text.slice(at - line.from)
    moved.set(number, quote + (by > 0 ? ' '.repeat(by) + rest : rest.slice(Math.min(indent, -by))))
  }
  changes.push(...recount(state.doc, moved, items))
  dispatch(state.update({ changes, scrollIntoView: true, userEvent: 'input.indent' }))
}

/** New numbers for the moved item and those after it, where their lists counted by one before. */
function recount(doc: Text, moved: Map<number, string>, items: Items): ChangeSpec[] {
  const changes: ChangeSpec[] = []
  const counts: { indent: number; next: number }[] = []
  const textOf = (number: number) => moved.get(number) ?? doc.line(number).text
  const start = listStart(doc, items.first.number)
  if (!isCounted(doc, start)) return changes
  for (let number = start; number <= doc.lines; number += 1) {
    const text = textOf(number)
    const indent = indentOf(text)
    if (indent === null) continue
    const item = itemOf(text)
    if (!item) {
      if (number > items.last && indent === 0 && indentOf(doc.line(number - 1).text) === null) break
      continue
    }
    while (counts.length > 0 && (counts.at(-1)?.indent ?? 0) > item.indent) counts.pop()
    const value = /^\d+/.exec(item.mark)?.[0]
    if (value === undefined) continue
    let count = counts.at(-1)
    if (count?.indent !== item.indent) {
      count = { indent: item.indent, next: moved.has(number) ? 1 : Number(value) }
      counts.push(count)
    }
    const wanted = String(count.next)
    count.next += 1
    if (wanted === value || number < items.first.number) continue
    const line = doc.line(number)
    const at = line.from + (itemOf(line.text)?.quote.length ?? 0) + (itemOf(line.text)?.indent ?? 0)
    changes.push({ from: at, to: at + value.length, insert: wanted })
  }
  return changes
}

/** The first line of the list that a line is in. */
function listStart(doc: Text, number: number): number {
  let start = number
  for (let at = number; at > 0; at -= 1) {
    const text = doc.line(at).text
    const indent = indentOf(text)
    if (itemOf(text)) start = at
    else if (indent === 0 && at > 1 && indentOf(doc.line(at - 1).text) === null) break
  }
  return start
}

/** Whether the numbered items from a line on count by one at their level; `1. 1. 1.` does not. */
function isCounted(doc: Text, start: number): boolean {
  const first = itemOf(doc.line(start).text)
  let last: number | null = null
  for (let number = start; number <= doc.lines; number += 1) {
    const text = doc.line(number).text
    const item = itemOf(text)
    if (indentOf(text) === 0 && !item && indentOf(doc.line(number - 1).text) === null) return true
    if (!item || item.indent !== first?.indent) continue
    const value = /^\d+/.exec(item.mark)?.[0]
    if (value === undefined) continue
    if (last !== null && Number(value) !== last + 1) return false
    last = Number(value)
  }
  return true
}
