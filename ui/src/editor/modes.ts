// Focus and typewriter: marks the paragraph at the caret, and keeps the caret's line in the middle.
// How the rest is dimmed is the style sheet's to say.
import { EditorState, type Extension, RangeSetBuilder, type Text } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

/** The lines from the first to the last of the paragraph at an offset, counted from 1. */
export function paragraphAt(doc: Text, at: number): { first: number; last: number } {
  const { number } = doc.lineAt(at)
  const isBlank = (line: number) => doc.line(line).text.trim() === ''
  if (isBlank(number)) return { first: number, last: number }
  let first = number
  let last = number
  while (first > 1 && !isBlank(first - 1)) first -= 1
  while (last < doc.lines && !isBlank(last + 1)) last += 1
  return { first, last }
}

const here = Decoration.line({ class: 'cm-here' })

const paragraph = ViewPlugin.fromClass(
  class {
    marks: DecorationSet
    constructor(view: EditorView) {
      this.marks = mark(view.state)
    }
    update(update: ViewUpdate) {
      if (update.docChanged || update.selectionSet) this.marks = mark(update.state)
    }
  },
  { decorations: (plugin) => plugin.marks },
)

/** No paragraph is longer than this many lines; a source without blank lines is not walked through. */
const most = 400

function mark(state: EditorState): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  const { first, last } = paragraphAt(state.doc, state.selection.main.head)
  const at = state.doc.lineAt(state.selection.main.head).number
  for (let number = Math.max(first, at - most); number <= Math.min(last, at + most); number += 1) {
    const { from } = state.doc.line(number)
    builder.add(from, from, here)
  }
  return builder.finish()
}

/** The modes; `typewriter` says whether the caret's line is kept in the middle now. */
export function modes(typewriter: () => boolean): Extension {
  return [
    paragraph,
    EditorState.transactionExtender.of((transaction) => {
      if (!typewriter() || transaction.isUserEvent('select.pointer')) return null
      if (!transaction.docChanged && !transaction.selection) return null
      if (!transaction.isUserEvent('input') && !transaction.isUserEvent('delete') && !transaction.isUserEvent('select') && !transaction.isUserEvent('move')) return null
      return { effects: EditorView.scrollIntoView(transaction.newSelection.main.head, { y: 'center' }) }
    }),
  ]
}
