// The next or previous place in a text where something is wrong: a problem or a misspelt word.
// Looks through the text piece by piece and lets go between pieces, so that nothing waits for it.
import { forEachDiagnostic } from '@codemirror/lint'
import type { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import type { EditorHelp } from '../help'
import { setMisspelt } from './marks'
import { type Word, wordsIn } from './prose'

/** As many characters are looked at in one go. */
const piece = 6000

type Place = { from: number; to: number; said: string; isWord: boolean }

/** Goes to the next place; gives what is wrong there, or null where nothing is. */
export async function seek(
  view: EditorView,
  path: string,
  help: EditorHelp,
  by: 1 | -1,
  said: (word: string) => string,
): Promise<string | null> {
  const { doc, selection } = view.state
  const { from, to } = selection.main
  const parts: [number, number][] = by > 0 ? [[to, doc.length], [0, to]] : [[0, from], [from, doc.length]]
  for (const [first, last] of parts) {
    const place = await inPart(view, path, help, by, first, last, said)
    if (!view.state.doc.eq(doc)) return null
    if (place) return show(view, place)
  }
  return null
}

function show(view: EditorView, place: Place): string {
  const { from, to, said } = place
  const effects = [EditorView.announce.of(said), EditorView.scrollIntoView(from, { y: 'center' })]
  view.dispatch({
    selection: { anchor: from, head: to },
    effects: place.isWord ? [...effects, setMisspelt.of({ from, to, words: [{ from, to }] })] : effects,
    userEvent: 'select',
  })
  return said
}

async function inPart(
  view: EditorView,
  path: string,
  help: EditorHelp,
  by: 1 | -1,
  first: number,
  last: number,
  said: (word: string) => string,
): Promise<Place | null> {
  const problem = problemIn(view.state, by, first, last)
  const from = by < 0 && problem ? problem.to : first
  const to = by > 0 && problem ? problem.from : last
  const word = help.spelling.on() ? await wordIn(view, path, help, by, from, to) : null
  return word ? { from: word.from, to: word.to, said: said(word.text), isWord: true } : problem
}

function problemIn(state: EditorState, by: 1 | -1, first: number, last: number): Place | null {
  const { main } = state.selection
  let found: Place | null = null
  forEachDiagnostic(state, (one, from, to) => {
    const isHere = from === main.from && to === main.to
    if (isHere || from < first || from >= last) return
    if (by < 0 || !found) found = { from, to, said: one.message, isWord: false }
  })
  return found
}

async function wordIn(
  view: EditorView,
  path: string,
  help: EditorHelp,
  by: 1 | -1,
  first: number,
  last: number,
): Promise<Word | null> {
  const { doc } = view.state
  let at = by > 0 ? first : last
  while (by > 0 ? at < last : at > first) {
    const from = by > 0 ? at : Math.max(first, doc.lineAt(Math.max(first, at - piece)).from)
    const to = by > 0 ? Math.min(last, doc.lineAt(Math.min(last, at + piece)).to) : at
    const words = await parsed(view, from, to)
    if (!words || !view.state.doc.eq(doc)) return null
    const inside = words.filter((word) => word.from >= first && word.to <= last)
    const unknown = inside.filter((word) => help.spelling.verdict(path, word.text) === undefined)
    if (unknown.length > 0) await help.spelling.load(path, [...new Set(unknown.map((word) => word.text))])
    const wrong = inside.filter((word) => help.spelling.verdict(path, word.text) === false)
    const found = by > 0 ? wrong[0] : wrong.at(-1)
    if (found) return found
    at = by > 0 ? Math.max(to, at + 1) : Math.min(from, at - 1)
    await rest()
  }
  return null
}

/** The words of a piece, once the parser has come there; null where the text changed meanwhile. */
async function parsed(view: EditorView, from: number, to: number): Promise<Word[] | null> {
  const { doc } = view.state
  for (;;) {
    const words = wordsIn(view.state, from, to, 20)
    if (words) return words
    await rest()
    if (!view.state.doc.eq(doc)) return null
  }
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
