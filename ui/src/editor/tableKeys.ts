// Tables under the caret: from cell to cell, new rows, and columns aligned once the writer has left
// a cell. Never touches a table that the writer did not edit.
import { syntaxTree } from '@codemirror/language'
import {
  EditorSelection,
  EditorState,
  type Extension,
  StateEffect,
  StateField,
  type StateCommand,
  type TransactionSpec,
} from '@codemirror/state'
import { inCode } from './format'
import { cellsOf, isRule, readTable, writeTable } from './tables'

/** A table in a text: its first and last line, counted from 1. */
type Place = { first: number; last: number }

/** The table around a position. */
export function tableAt(state: EditorState, at: number): Place | null {
  for (let node = syntaxTree(state).resolveInner(at, -1); ; ) {
    if (node.name === 'Table') return placeOf(state, node.from, node.to)
    if (!node.parent) break
    node = node.parent
  }
  // At the start of the first line the tree is asked to the other side.
  for (let node = syntaxTree(state).resolveInner(at, 1); node.parent; node = node.parent) {
    if (node.name === 'Table') return placeOf(state, node.from, node.to)
  }
  return null
}

function placeOf(state: EditorState, from: number, to: number): Place | null {
  const first = state.doc.lineAt(from).number
  const last = state.doc.lineAt(to).number
  return last > first && isRule(state.doc.line(first + 1).text) ? { first, last } : null
}

function linesOf(state: EditorState, place: Place): string[] {
  const lines: string[] = []
  for (let number = place.first; number <= place.last; number += 1) lines.push(state.doc.line(number).text)
  return lines
}

/** Row and column of a position; the line of dashes counts as the head. */
function cellAt(state: EditorState, place: Place, at: number): { row: number; column: number } {
  const line = state.doc.lineAt(at)
  const cells = cellsOf(line.text)
  const inside = cells.findIndex((cell) => at - line.from <= cell.to)
  const row = Math.max(0, line.number - place.first - (line.number > place.first ? 1 : 0))
  return { row, column: inside < 0 ? cells.length - 1 : inside }
}

/** The line that a row stands on. */
function lineOf(place: Place, row: number): number {
  return place.first + (row === 0 ? 0 : row + 1)
}

/** A table's lines again, aligned, perhaps with other rows. */
function rewritten(state: EditorState, place: Place, edit: (rows: string[][]) => void = () => undefined): string {
  const table = readTable(linesOf(state, place))
  edit(table.rows)
  return writeTable(table).join('\n')
}

/** Goes to a cell and selects what is in it; aligns where the table was edited. */
function goTo(state: EditorState, place: Place, row: number, column: number, text: string | null): TransactionSpec {
  const from = state.doc.line(place.first).from
  const to = state.doc.line(place.last).to
  const lines = (text ?? state.sliceDoc(from, to)).split('\n')
  const index = lineOf(place, row) - place.first
  const start = from + lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0)
  const cell = cellsOf(lines[index] ?? '')[column]
  const selection = EditorSelection.single(start + (cell?.from ?? 0), start + (cell?.to ?? 0))
  const spec: TransactionSpec = { selection, scrollIntoView: true, userEvent: 'select.cell' }
  if (text === null || text === state.sliceDoc(from, to)) return spec
  return { ...spec, changes: { from, to, insert: text }, effects: aligned.of(null), userEvent: 'input.table' }
}

function alone(state: EditorState): Place | null {
  if (state.readOnly || state.selection.ranges.length > 1) return null
  return tableAt(state, state.selection.main.head)
}

function step(by: 1 | -1): StateCommand {
  return ({ state, dispatch }) => {
    const place = alone(state)
    if (!place) return false
    const rows = readTable(linesOf(state, place)).rows
    const columns = rows[0]?.length ?? 1
    const { row, column } = cellAt(state, place, state.selection.main.head)
    const next = row * columns + Math.min(column, columns - 1) + by
    if (next < 0) return true
    const isNew = next >= rows.length * columns
    const text = isNew
      ? rewritten(state, place, (all) => all.push([]))
      : isEdited(state)
        ? rewritten(state, place)
        : null
    dispatch(state.update(goTo(state, place, Math.floor(next / columns), next % columns, text)))
    return true
  }
}

/** Tab: the next cell; a new row after the last. */
export const nextCell: StateCommand = step(1)

/** Shift-Tab: the cell before. */
export const previousCell: StateCommand = step(-1)

/** Enter: the cell below; a new row after the last; out of the table where that row is still empty. */
export const cellBelow: StateCommand = ({ state, dispatch }) => {
  const place = alone(state)
  const { from, to, head } = state.selection.main
  const line = state.doc.lineAt(head)
  // A cell may be selected; before the table a line can be made.
  if (!place || from < line.from || to > line.to || (line.number === place.first && to === line.from)) return false
  const rows = readTable(linesOf(state, place)).rows
  const { row, column } = cellAt(state, place, head)
  const isLast = row >= rows.length - 1
  if (isLast && row > 0 && rows[row]?.every((text) => text === '')) {
    dispatch(state.update(leave(state, place)))
    return true
  }
  const text = isLast ? rewritten(state, place, (all) => all.push([])) : isEdited(state) ? rewritten(state, place) : null
  dispatch(state.update(goTo(state, place, row + 1, isLast ? 0 : column, text)))
  return true
}

/** Enter after a row that stands alone: a table of it, with its line of dashes and a first row. */
export const beginTable: StateCommand = ({ state, dispatch }) => {
  const { empty, head } = state.selection.main
  const line = state.doc.lineAt(head)
  if (!empty || state.readOnly || line.text.slice(head - line.from).trim() !== '') return false
  const row = /^((?:[ \t]*>)*) {0,3}(\|.*\|)[ \t]*$/.exec(line.text)
  if (!row || inCode(state, head) || tableAt(state, head)) return false
  const cells = cellsOf(line.text).map((cell) => cell.text)
  const before = line.number > 1 ? state.doc.line(line.number - 1).text.replace(/^(?:[ \t]*>)*/, '') : ''
  if (cells.length < 2 || cells.every((cell) => cell === '') || isRule(line.text) || before.trim() !== '') return false
  const table = readTable([line.text, line.text.replace(row[2] ?? '', `|${' --- |'.repeat(cells.length)}`)])
  table.rows.push([])
  const lines = writeTable(table)
  const insert = lines.join('\n')
  const last = line.from + insert.length - (lines.at(-1)?.length ?? 0)
  dispatch(
    state.update({
      changes: { from: line.from, to: line.to, insert },
      selection: EditorSelection.cursor(last + (cellsOf(lines.at(-1) ?? '')[0]?.from ?? 0)),
      effects: aligned.of(null),
      scrollIntoView: true,
      userEvent: 'input.table',
    }),
  )
  return true
}

/** Takes the empty last row away and goes on below the table. */
function leave(state: EditorState, place: Place): TransactionSpec {
  const from = state.doc.line(place.first).from
  const text = rewritten(state, place, (rows) => void rows.pop())
  const prefix = /^(?:[ \t]*>)+ ?/.exec(state.doc.line(place.first).text)?.[0] ?? ''
  const insert = `${text}\n${prefix.trimEnd()}\n${prefix}`
  return {
    changes: { from, to: state.doc.line(place.last).to, insert },
    selection: { anchor: from + insert.length },
    effects: aligned.of(null),
    scrollIntoView: true,
    userEvent: 'input.table',
  }
}

/** Says that a table was just aligned. */
const aligned = StateEffect.define()

/** Where the writer typed in a table since it was last aligned. */
const edited = StateField.define<number | null>({
  create: () => null,
  update(at, transaction) {
    if (transaction.effects.some((effect) => effect.is(aligned))) return null
    const kept = at === null ? null : transaction.changes.mapPos(at, 1)
    if (!transaction.docChanged || !transaction.isUserEvent('input') && !transaction.isUserEvent('delete')) return kept
    const head = transaction.newSelection.main.head
    return transaction.newDoc.lineAt(head).text.includes('|') ? head : kept
  },
})

function isEdited(state: EditorState): boolean {
  const at = state.field(edited, false) ?? null
  const place = at === null ? null : tableAt(state, at)
  const here = tableAt(state, state.selection.main.head)
  return place !== null && place.first === here?.first
}

/** Aligns the table that the caret leaves by this transaction. */
const aligning = EditorState.transactionFilter.of((transaction) => {
  const at = transaction.startState.field(edited, false) ?? null
  if (at === null || transaction.docChanged || !transaction.selection) return transaction
  const state = transaction.startState
  const place = tableAt(state, at)
  if (!place) return [transaction, { effects: aligned.of(null) }]
  const number = state.doc.lineAt(transaction.newSelection.main.head).number
  if (number >= place.first && number <= place.last) return transaction
  const from = state.doc.line(place.first).from
  const to = state.doc.line(place.last).to
  const insert = rewritten(state, place)
  const spec: TransactionSpec = { effects: aligned.of(null), sequential: true }
  if (insert === state.sliceDoc(from, to)) return [transaction, spec]
  return [transaction, { ...spec, changes: { from, to, insert } }]
})

/** What tables need of a state. */
export const tables: Extension = [edited, aligning]
