// When words are checked: at rest, what is on screen first, never while a key is being handled or an
// input method composes. What is right is asked of the world around the editor, a few words at a time.
import type { Extension } from '@codemirror/state'
import { EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import type { EditorHelp } from '../help'
import { clearMisspelt, isMarked, misspelt, misspeltAt, setMisspelt } from './marks'
import { type Word, wordsIn } from './prose'

/** How long after a key, and after a scroll, words are looked at. */
const afterKey = 350
const afterScroll = 120

class Checking implements PluginValue {
  private timer = 0
  private typing = false
  private readonly stop: () => void

  constructor(
    private readonly view: EditorView,
    private readonly path: string,
    private readonly help: EditorHelp,
  ) {
    this.stop = help.spelling.changed(() => this.later(0))
    this.later(0)
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) {
      this.typing = update.transactions.some((one) => one.isUserEvent('input') || one.isUserEvent('delete'))
      if (changesMatter(update)) this.help.spelling.forget(this.path)
      this.later(afterKey)
    } else if (update.selectionSet && this.typing) {
      this.typing = false
      this.later(afterScroll)
    } else if (update.viewportChanged || update.focusChanged) {
      this.later(afterScroll)
    }
  }

  destroy(): void {
    window.clearTimeout(this.timer)
    this.stop()
  }

  private later(wait: number): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.check(), wait)
  }

  private check(): void {
    const { view } = this
    if (view.composing) {
      this.later(afterKey)
      return
    }
    if (!this.help.spelling.on()) {
      if (view.state.field(misspelt).size > 0) view.dispatch({ effects: clearMisspelt.of(null) })
      return
    }
    const unknown = new Set<string>()
    const effects = []
    for (const { from, to } of view.visibleRanges) {
      const words = wordsIn(view.state, from, to)
      // The parser has not come this far; it works on by itself.
      if (!words) {
        this.later(afterScroll)
        return
      }
      const found = { from, to, words: words.filter((word) => this.isWrong(word, unknown)) }
      if (!isMarked(view.state, found)) effects.push(setMisspelt.of(found))
    }
    if (effects.length > 0) view.dispatch({ effects })
    // Who has them answered says so, and then they are looked at again.
    if (unknown.size > 0) this.help.spelling.ask(this.path, [...unknown])
  }

  private isWrong(word: Word, unknown: Set<string>): boolean {
    // A word that is being written is not wrong yet.
    const { head, empty } = this.view.state.selection.main
    if (this.typing && empty && word.from < head && head <= word.to) return false
    const verdict = this.help.spelling.verdict(this.path, word.text)
    if (verdict === undefined) unknown.add(word.text)
    return verdict === false
  }
}

/** Whether the front matter, which may say the language, was written in. */
function changesMatter(update: ViewUpdate): boolean {
  const fence = /^(---|\+\+\+)\s*$/
  const doc = update.state.doc
  if (!fence.test(doc.line(1).text) && !fence.test(update.startState.doc.line(1).text)) return false
  let first = doc.length
  update.changes.iterChangedRanges((_from, _to, from) => (first = Math.min(first, from)))
  const at = doc.lineAt(first).number
  if (at > 400) return false
  for (let number = 2; number < at; number += 1) if (fence.test(doc.line(number).text)) return false
  return true
}

/** Checks the spelling of the source at `path` while it is on screen. */
export function spelling(help: EditorHelp, path: string): Extension {
  return [misspelt, ViewPlugin.define((view) => new Checking(view, path, help)), spellingMenu(help, path)]
}

/** The menu of a misspelt word, by the second button of the mouse or the menu key. */
function spellingMenu(help: EditorHelp, path: string): Extension {
  return EditorView.domEventHandlers({
    contextmenu(event, view) {
      const byKey = event.button !== 2
      const at = byKey ? view.state.selection.main.head : view.posAtCoords({ x: event.clientX, y: event.clientY })
      if (at === null) return false
      const word = misspeltAt(view.state, at)
      if (!word) return false
      event.preventDefault()
      const place = byKey ? view.coordsAtPos(word.from) : null
      help.spelling.menu(path, word.text, place ? place.left : event.clientX, place ? place.bottom : event.clientY, (text) =>
        replaceWord(view, word.text, word.from, text),
      )
      return true
    },
  })
}

/** Puts another word in the place of one, where it still stands. */
export function replaceWord(view: EditorView, word: string, from: number, text: string): void {
  const to = from + word.length
  if (view.state.sliceDoc(from, to) === word) {
    view.dispatch({
      changes: { from, to, insert: text },
      selection: { anchor: from + text.length },
      userEvent: 'input.fix',
      scrollIntoView: true,
    })
  }
  view.focus()
}
