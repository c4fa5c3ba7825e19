// Misspelt words as marks under the text. Kept in step with every change at once, which costs what
// was changed; found anew elsewhere, at rest.
import { type EditorState, type Range, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'

/** The misspelt words of one range, in the place of those that it had. */
export type Found = { from: number; to: number; words: { from: number; to: number }[] }

export const setMisspelt = StateEffect.define<Found>()

/** Takes every mark away. */
export const clearMisspelt = StateEffect.define()

const mark = Decoration.mark({ class: 'cm-misspelt', inclusive: false })

export const misspelt = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks
    if (transaction.docChanged && next.size > 0) {
      next = next.map(transaction.changes)
      // A word that was written in may be right now.
      transaction.changes.iterChangedRanges((_from, _to, from, to) => {
        next = next.update({
          filterFrom: Math.max(0, from - 1),
          filterTo: to + 1,
          filter: (first, last) => last < from || first > to,
        })
      })
    }
    for (const effect of transaction.effects) {
      if (effect.is(clearMisspelt)) next = Decoration.none
      if (effect.is(setMisspelt)) next = replaced(next, effect.value)
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})

function replaced(marks: DecorationSet, { from, to, words }: Found): DecorationSet {
  const add: Range<Decoration>[] = words.map((word) => mark.range(word.from, word.to))
  const outside = (first: number, last: number) => last < from || first > to
  return marks.update({ filterFrom: from, filterTo: to, filter: outside, add })
}

/** Whether a range has exactly these marks already. */
export function isMarked(state: EditorState, { from, to, words }: Found): boolean {
  const marked: string[] = []
  state.field(misspelt).between(from, to, (first, last) => void marked.push(`${first} ${last}`))
  return marked.join() === words.map((word) => `${word.from} ${word.to}`).join()
}

/** The misspelt word at a position; its end counts as part of it. */
export function misspeltAt(state: EditorState, at: number): { from: number; to: number; text: string } | null {
  let found: { from: number; to: number; text: string } | null = null
  state.field(misspelt, false)?.between(at, at, (from, to) => {
    found = { from, to, text: state.sliceDoc(from, to) }
    return false
  })
  return found
}
