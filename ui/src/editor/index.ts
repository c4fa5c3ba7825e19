// What the other rooms see of the editor.
import { moveLineDown, moveLineUp, redo, undo } from '@codemirror/commands'
import { selectNextOccurrence } from '@codemirror/search'
import { startCompletion } from '@codemirror/autocomplete'
import { type ChangeSet, EditorState, Text } from '@codemirror/state'
import { EditorView, type Command } from '@codemirror/view'
import { foldAll, toggleFold, unfoldAll } from './folding'
import { heading, insertTable, link, toggleInline, toggleList, toggleTask } from './format'
import { indentItems, outdentItems } from './lists'
import { openFind, openReplace } from './search'

export { Buffer, type BufferHooks, type EditorTexts } from './buffer'
export type { EditorHelp, HeadingWord, PageWord, SiteWords, SpellingHelp } from './help'
export { expectPlain } from './paste'
export { fromWire, toWire } from './diff'
export { type Offer, offersFor } from './fixes'
export { fixesAt, type FixTexts, nameOf } from './problems'
export { type SearchTexts } from './search'
export { type Sent, Sync, type Wires } from './sync'
export { type Heading, headingAt, neighbour, outlineOf } from './outline'
export { type Count, count, countAhead, countSource } from './words'
export type { ChangeSet }
export { EditorView, Text }

/** The editor's own commands, by name. */
export const formats = {
  bold: toggleInline('**'),
  italic: toggleInline('*'),
  code: toggleInline('`'),
  link,
  bullets: toggleList('bullets'),
  numbers: toggleList('numbers'),
  task: toggleTask,
  table: insertTable,
  indent: indentItems,
  outdent: outdentItems,
  moveUp: moveLineUp,
  moveDown: moveLineDown,
  complete: startCompletion,
  fold: toggleFold,
  foldAll,
  unfoldAll,
  nextOccurrence: selectNextOccurrence,
  find: openFind,
  replace: openReplace,
  undo,
  redo,
  heading1: heading(1),
  heading2: heading(2),
  heading3: heading(3),
  heading4: heading(4),
  heading5: heading(5),
  heading6: heading(6),
  paragraph: heading(0),
} satisfies Record<string, Command>

export type Format = keyof typeof formats

/** An empty view, to attach buffers to. */
export function createView(parent: HTMLElement): EditorView {
  return new EditorView({ parent, state: EditorState.create({}) })
}
