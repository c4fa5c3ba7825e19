// For tests: a text with its caret written as `|`, a pair of them the selection, as an editor's state.
import { markdown, markdownLanguage } from '@codemirror/lang-markdown'
import { EditorState, type Extension } from '@codemirror/state'
import { frontMatter } from './frontMatter'
import type { SpellingHelp } from './help'
import { tables } from './tableKeys'

/** The state that a marked text describes. The mark is `|`, or `¦` where the text has bars of its own. */
export function read(marked: string, extensions: Extension = []): EditorState {
  const mark = marked.includes('¦') ? '¦' : '|'
  const anchor = marked.indexOf(mark)
  const rest = marked.slice(0, anchor) + marked.slice(anchor + 1)
  const head = rest.indexOf(mark)
  const doc = head < 0 ? rest : rest.slice(0, head) + rest.slice(head + 1)
  const selection = { anchor, head: head < 0 ? anchor : head }
  const language = markdown({ base: markdownLanguage, extensions: frontMatter })
  return EditorState.create({ doc, selection, extensions: [language, tables, extensions] })
}

/** A state as a marked text. */
export function show(state: EditorState, mark = '|'): string {
  const { from, to, empty } = state.selection.main
  const doc = state.doc.toString()
  if (empty) return doc.slice(0, from) + mark + doc.slice(from)
  return doc.slice(0, from) + mark + doc.slice(from, to) + mark + doc.slice(to)
}

/** For tests: spelling that finds nothing wrong. */
export const noSpelling: SpellingHelp = {
  on: () => false,
  verdict: () => true,
  ask: () => undefined,
  load: () => Promise.resolve(),
  changed: () => () => undefined,
  forget: () => undefined,
  menu: () => undefined,
}
