// Folding by heading and by front matter: the sign beside the line, what stands for the folded text,
// and the commands. Folds nothing by itself.
import { codeFolding, foldable, foldAll, foldedRanges, foldEffect, syntaxTree, unfoldAll, unfoldEffect } from '@codemirror/language'
import type { EditorState, Extension, Line, Range, StateCommand, TransactionSpec } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

const open = Decoration.line({ class: 'cm-foldable' })
const closed = Decoration.line({ class: 'cm-foldable cm-folded' })

function foldedAt(state: EditorState, from: number, to: number): { from: number; to: number } | null {
  let found: { from: number; to: number } | null = null
  foldedRanges(state).between(from, to, (start, end) => {
    if (start <= to && start >= from) found = { from: start, to: end }
  })
  return found
}

/** What the line at an offset folds; only headings and front matter are folded. */
function rangeAt(state: EditorState, at: number): { from: number; to: number } | null {
  const line = state.doc.lineAt(at)
  if (!/^ {0,3}#{1,6}(\s|$)/.test(line.text) && line.number > 1) return null
  return foldable(state, line.from, line.to)
}

/** Folds the section of the caret, or unfolds it. */
export const toggleFold: StateCommand = ({ state, dispatch }) => {
  const head = state.selection.main.head
  const here = state.doc.lineAt(head)
  const folded = foldedAt(state, here.from, here.to)
  if (folded) {
    dispatch(state.update({ effects: unfoldEffect.of(folded) }))
    return true
  }
  for (let number = here.number; number > 0; number -= 1) {
    const line = state.doc.line(number)
    const range = rangeAt(state, line.from)
    if (!range || range.to < head) continue
    const selection = head > line.to ? { anchor: line.to } : undefined
    dispatch(state.update({ effects: foldEffect.of(range), ...(selection && { selection }), scrollIntoView: true }))
    return true
  }
  return false
}

export { foldAll, unfoldAll }

/** Folds the front matter, or unfolds it; not where the caret is in it. */
export function foldMatter(state: EditorState, closed: boolean): TransactionSpec {
  const first = state.doc.line(1)
  const folded = foldedAt(state, first.from, first.to)
  if (!closed) return folded ? { effects: unfoldEffect.of(folded) } : {}
  const range = /^(---|\+\+\+)\s*$/.test(first.text) ? rangeAt(state, 0) : null
  const inside = range !== null && state.selection.main.head > range.from && state.selection.main.head <= range.to
  return range && !folded && !inside ? { effects: foldEffect.of(range) } : {}
}

/** Signs beside the lines in sight that can be folded. */
const signs = ViewPlugin.fromClass(
  class {
    marks: DecorationSet
    constructor(view: EditorView) {
      this.marks = mark(view)
    }
    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged || update.transactions.length > 0) this.marks = mark(update.view)
    }
  },
  {
    decorations: (plugin) => plugin.marks,
    eventHandlers: {
      mousedown(event, view) {
        const line = event.target instanceof Element ? event.target.closest('.cm-foldable') : null
        if (!line || event.button !== 0 || event.clientX >= line.getBoundingClientRect().left) return false
        event.preventDefault()
        toggleAt(view, view.posAtDOM(line))
        return true
      },
    },
  },
)

function toggleAt(view: EditorView, at: number): void {
  const line = view.state.doc.lineAt(at)
  const folded = foldedAt(view.state, line.from, line.to)
  const range = folded ?? rangeAt(view.state, at)
  if (!range) return
  const { head } = view.state.selection.main
  const inside = !folded && head > range.from && head <= range.to
  view.dispatch({
    effects: (folded ? unfoldEffect : foldEffect).of(range),
    ...(inside && { selection: { anchor: range.from } }),
  })
}

/** Whether a line is a heading or opens the front matter. What it folds is not looked for: that may
    take the whole text, and this is asked with every keystroke. */
function hasSign(state: EditorState, line: Line): boolean {
  const indent = /^ {0,3}(?=#{1,6}(\s|$))/.exec(line.text)?.[0].length
  if (indent === undefined && line.number > 1) return false
  const node = syntaxTree(state).resolveInner(line.from + (indent ?? 0), 1)
  return /^(ATXHeading|HeaderMark|FrontMatter)/.test(node.name)
}

function mark(view: EditorView): DecorationSet {
  const found: Range<Decoration>[] = []
  const { state } = view
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at)
      if (hasSign(state, line)) found.push((foldedAt(state, line.from, line.to) ? closed : open).range(line.from))
      at = line.to + 1
    }
  }
  return Decoration.set(found, true)
}

/** Folding for prose; `label` says what a folded place is. */
export function folding(label: string): Extension {
  return [
    codeFolding({
      placeholderDOM(_view, onclick) {
        const button = document.createElement('button')
        button.type = 'button'
        button.className = 'cm-fold-place'
        button.textContent = '…'
        button.title = label
        button.setAttribute('aria-label', label)
        button.onclick = onclick
        return button
      },
    }),
    signs,
  ]
}
