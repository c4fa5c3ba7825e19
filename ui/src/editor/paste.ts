// What a paste or a drop becomes: a link, a table, Markdown, an image beside the page, or the plain
// text. Decides and inserts; copies no file itself.
import { EditorSelection, EditorState, type Extension, StateEffect, StateField, type TransactionSpec } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { inCode, pasteLink } from './format'
import type { EditorHelp } from './help'
import { markdownOf } from './htmlPaste'
import { tableOf } from './tables'

/** What a clipboard holds. */
export type Clip = { plain: string; html: string; images: File[]; types: readonly string[] }

/** What is to be done with it. */
export type Pasted = { text: string } | { link: TransactionSpec } | { images: File[] } | null

/** Decides; null leaves the paste to the editor, which inserts the plain text. */
export function pasted(state: EditorState, clip: Clip): Pasted {
  if (state.readOnly || inCode(state, state.selection.main.from)) return null
  const link = clip.plain === '' ? null : pasteLink(state, clip.plain)
  if (link) return { link }
  if (clip.types.includes('vscode-editor-data')) return null
  const table = clip.plain === '' ? null : tableOf(clip.plain)
  if (table !== null && (clip.html === '' || /<table/i.test(clip.html))) return { text: table }
  const text = clip.html === '' ? null : markdownOf(clip.html)
  if (text !== null && !(clip.images.length > 0 && /^!\[[^\]]*\]\([^)]*\)$/.test(text))) return { text }
  if (clip.images.length > 0 && clip.plain === '') return { images: clip.images }
  return null
}

/** Inserts a block of Markdown at the selection, apart from what stands around it. */
export function insertBlock(state: EditorState, text: string): TransactionSpec {
  const { from, to } = state.selection.main
  const block = text.includes('\n') || /^(#{1,6} |[-*>] |\d+\. |\|)/.test(text)
  const before = state.sliceDoc(Math.max(0, from - 2), from)
  const after = state.sliceDoc(to, to + 2)
  const lead = !block || from === 0 || before.endsWith('\n\n') || before === '\n' ? '' : before.endsWith('\n') ? '\n' : '\n\n'
  const tail = !block || after === '' || after.startsWith('\n') ? '' : '\n\n'
  const insert = lead + text + tail
  return {
    changes: { from, to, insert },
    selection: EditorSelection.cursor(from + lead.length + text.length),
    userEvent: 'input.paste',
    scrollIntoView: true,
  }
}

/** The next paste into this view is plain. */
const plainNext = new WeakSet<EditorView>()

/** Takes the next paste as plain text; the web view pastes after the key that asked for it. */
export function expectPlain(view: EditorView): void {
  plainNext.add(view)
  setTimeout(() => plainNext.delete(view), 400)
}

/** Where an image that is being asked about will go. */
const setPlace = StateEffect.define<number | null>()
const place = StateField.define<number | null>({
  create: () => null,
  update(at, transaction) {
    for (const effect of transaction.effects) if (effect.is(setPlace)) return effect.value
    return at === null ? null : transaction.changes.mapPos(at)
  },
})

/** Remembers where the next image goes. */
export function placeImage(at: number): TransactionSpec {
  return { effects: setPlace.of(at) }
}

/** Inserts an image where one was pasted or dropped, or at the caret. */
export function insertImage(state: EditorState, target: string, alt: string): TransactionSpec {
  const at = state.field(place, false) ?? state.selection.main.head
  const shows = alt.replace(/\s+/g, ' ').trim()
  // An empty title says that nothing is to be said: the page is the same, and no problem is told.
  const insert = shows === '' ? `![](${target} "")` : `![${shows.replace(/([\\[\]])/g, '\\$1')}](${target})`
  return {
    changes: { from: at, insert },
    selection: EditorSelection.cursor(at + insert.length),
    effects: setPlace.of(at + insert.length),
    userEvent: 'input.image',
    scrollIntoView: true,
  }
}

function clipOf(data: DataTransfer): Clip {
  return {
    plain: data.getData('text/plain'),
    html: data.getData('text/html'),
    images: [...data.files].filter((file) => file.type.startsWith('image/')),
    types: data.types,
  }
}

function take(view: EditorView, clip: Clip, help: EditorHelp, at: number): boolean {
  const what = pasted(view.state, clip)
  if (!what) return false
  if ('link' in what) view.dispatch(what.link)
  else if ('text' in what) view.dispatch(insertBlock(view.state, what.text))
  else {
    view.dispatch(placeImage(at))
    help.images(what.images)
  }
  return true
}

/** Pasting and dropping into prose. */
export function pasting(help: EditorHelp): Extension {
  return [
    place,
    EditorView.domEventHandlers({
      paste(event, view) {
        if (plainNext.delete(view) || !event.clipboardData) return false
        const done = take(view, clipOf(event.clipboardData), help, view.state.selection.main.head)
        if (done) event.preventDefault()
        return done
      },
      drop(event, view) {
        const clip = event.dataTransfer && clipOf(event.dataTransfer)
        if (!clip || clip.images.length === 0) return false
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.selection.main.head
        event.preventDefault()
        view.dispatch(placeImage(at), { selection: EditorSelection.cursor(at) })
        help.images(clip.images)
        return true
      },
    }),
  ]
}
