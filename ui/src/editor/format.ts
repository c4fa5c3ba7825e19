// Markdown formatting as editor commands: each says whether it applied.
// Changes only what is selected, in one transaction.
import { syntaxTree } from '@codemirror/language'
import {
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  type SelectionRange,
  type StateCommand,
} from '@codemirror/state'
import { writeTable } from './tables'

/** Puts the selection, or the word at the caret, between two marks, or takes them away. */
export function toggleInline(mark: string): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly) return false
    const changes = state.changeByRange((range) => toggleRange(state, range, mark))
    dispatch(state.update(changes, { userEvent: 'input.format', scrollIntoView: true }))
    return true
  }
}

function toggleRange(state: EditorState, given: SelectionRange, mark: string) {
  const range = given.empty ? (state.wordAt(given.head) ?? given) : given
  const { from, to } = range
  const size = mark.length
  const inside = state.sliceDoc(from, to)
  if (isMarked(state, from - size, mark) && isMarked(state, to, mark) && !longer(state, from, to, mark)) {
    const caret = given.empty ? given.head - size : null
    return {
      changes: [
        { from: from - size, to: from },
        { from: to, to: to + size },
      ],
      range:
        caret === null ? EditorSelection.range(from - size, to - size) : EditorSelection.cursor(caret),
    }
  }
  if (inside.length >= size * 2 && inside.startsWith(mark) && inside.endsWith(mark)) {
    return {
      changes: [
        { from, to: from + size },
        { from: to - size, to },
      ],
      range: EditorSelection.range(from, to - size * 2),
    }
  }
  return {
    changes: [
      { from, insert: mark },
      { from: to, insert: mark },
    ],
    range: given.empty
      ? EditorSelection.cursor(given.head + size)
      : EditorSelection.range(from + size, to + size),
  }
}

function isMarked(state: EditorState, at: number, mark: string): boolean {
  return at >= 0 && state.sliceDoc(at, at + mark.length) === mark
}

/** `**` around the text is no `*` to take away. */
function longer(state: EditorState, from: number, to: number, mark: string): boolean {
  if (mark !== '*') return false
  const before = /\**$/.exec(state.sliceDoc(Math.max(0, from - 3), from))?.[0].length
  const after = /^\**/.exec(state.sliceDoc(to, to + 3))?.[0].length
  return before === 2 && after === 2
}

const address = /^(https?:\/\/|mailto:)\S+$/i

/** Makes the selection a link: its text, or its address where it is one. */
export const link: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false
  const spec = state.changeByRange((range) => {
    const text = state.sliceDoc(range.from, range.to)
    const isAddress = address.test(text)
    const insert = isAddress ? `[](${text})` : `[${text}]()`
    const caret = range.from + (isAddress || text === '' ? 1 : text.length + 3)
    return { changes: { from: range.from, to: range.to, insert }, range: EditorSelection.cursor(caret) }
  })
  dispatch(state.update(spec, { userEvent: 'input.format', scrollIntoView: true }))
  return true
}

/** The transaction for an address pasted on a selection, or null where it is an ordinary paste. */
export function pasteLink(state: EditorState, pasted: string) {
  const target = pasted.trim()
  const range = state.selection.main
  if (range.empty || !address.test(target) || state.selection.ranges.length > 1) return null
  const text = state.sliceDoc(range.from, range.to)
  if (text.includes('\n') || address.test(text) || inCode(state, range.from)) return null
  const insert = `[${text}](${target})`
  return state.update({
    changes: { from: range.from, to: range.to, insert },
    selection: EditorSelection.cursor(range.from + insert.length),
    userEvent: 'input.paste',
  })
}

export function inCode(state: EditorState, at: number): boolean {
  for (let node = syntaxTree(state).resolveInner(at); ; ) {
    if (/Code|FrontMatter/.test(node.name)) return true
    if (!node.parent) return false
    node = node.parent
  }
}

/** Changes every line of the selection by a rule from its text to its new beginning. */
function editLines(state: EditorState, rule: (text: string, index: number) => [string, string]) {
  const changes: ChangeSpec[] = []
  let index = 0
  const seen = new Set<number>()
  for (const range of state.selection.ranges) {
    for (let at = range.from; at <= range.to; ) {
      const line = state.doc.lineAt(at)
      if (!seen.has(line.from)) {
        seen.add(line.from)
        const [old, fresh] = rule(line.text, index++)
        if (old !== fresh) changes.push({ from: line.from, to: line.from + old.length, insert: fresh })
      }
      at = line.to + 1
    }
  }
  const set = state.changes(changes)
  return state.update({
    changes: set,
    selection: state.selection.map(set, 1),
    userEvent: 'input.format',
    scrollIntoView: true,
  })
}

/** Makes the lines headings of a level from 1 to 6; 0, or the level they have, makes paragraphs. */
export function heading(level: number): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly) return false
    const mark = level === 0 ? '' : `${'#'.repeat(level)} `
    dispatch(
      editLines(state, (text) => {
        const old = /^#{1,6}\s+/.exec(text)?.[0] ?? ''
        return [old, old === mark ? '' : mark]
      }),
    )
    return true
  }
}

const item = /^(\s*)(?:[-*+]|\d+[.)])\s+/
const bulleted = /^\s*[-*+]\s+/
const numbered = /^\s*\d+[.)]\s+/

/** Makes the lines items of a list, or takes the marks away where all have them. */
export function toggleList(kind: 'bullets' | 'numbers'): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly) return false
    const has = kind === 'bullets' ? bulleted : numbered
    const lines = state.selection.ranges.flatMap((range) =>
      state.sliceDoc(state.doc.lineAt(range.from).from, range.to).split('\n'),
    )
    const remove = lines.every((text) => has.test(text))
    dispatch(
      editLines(state, (text, index) => {
        const found = item.exec(text)
        const old = found?.[0] ?? /^\s*/.exec(text)?.[0] ?? ''
        const indent = found?.[1] ?? old
        if (remove) return [old, indent]
        return [old, `${indent}${kind === 'bullets' ? '-' : `${index + 1}.`} `]
      }),
    )
    return true
  }
}

/** Ticks and unticks tasks; makes a task of a line that is none. */
export const toggleTask: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false
  dispatch(
    editLines(state, (text) => {
      const task = /^(\s*(?:[-*+]|\d+[.)])\s+)\[([ xX])\]/.exec(text)
      if (task) return [task[0], `${task[1] ?? ''}[${task[2] === ' ' ? 'x' : ' '}]`]
      const found = item.exec(text)
      if (found) return [found[0], `${found[0]}[ ] `]
      const indent = /^\s*/.exec(text)?.[0] ?? ''
      return [indent, `${indent}- [ ] `]
    }),
  )
  return true
}

/** Puts an empty table below the line of the caret, and the caret into its first cell. */
export const insertTable: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false
  const line = state.doc.lineAt(state.selection.main.head)
  const before = line.text.trim() === '' ? (line.number > 1 && state.doc.line(line.number - 1).text !== '' ? '\n' : '') : '\n\n'
  const table = writeTable({ prefix: '', aligns: ['none', 'none'], rows: [['', ''], ['', '']] }).join('\n')
  const next = line.number < state.doc.lines ? state.doc.line(line.number + 1).text : null
  const at = line.to
  dispatch(
    state.update({
      changes: { from: at, insert: `${before}${table}${next === '' ? '' : '\n'}` },
      selection: EditorSelection.cursor(at + before.length + 2),
      userEvent: 'input.table',
      scrollIntoView: true,
    }),
  )
  return true
}
