// Tables in a typeface where columns can stand under each other. Marks lines, nothing more.
import { syntaxTree } from '@codemirror/language'
import { type Extension, RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

const row = Decoration.line({ class: 'cm-table-row' })

function mark(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  let last = -1
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        if (node.name !== 'Table') return
        for (let at = Math.max(node.from, from); at <= Math.min(node.to, to); ) {
          const line = view.state.doc.lineAt(at)
          if (line.from > last) builder.add(line.from, line.from, row)
          last = Math.max(last, line.from)
          at = line.to + 1
        }
      },
    })
  }
  return builder.finish()
}

export const tableLook: Extension = ViewPlugin.fromClass(
  class {
    marks: DecorationSet
    constructor(view: EditorView) {
      this.marks = mark(view)
    }
    update(update: ViewUpdate) {
      const parsed = syntaxTree(update.state) !== syntaxTree(update.startState)
      if (update.docChanged || update.viewportChanged || parsed) this.marks = mark(update.view)
    }
  },
  { decorations: (plugin) => plugin.marks },
)
