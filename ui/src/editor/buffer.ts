// One open source in the editor: its text, selection and undo history, on screen or not.
// Reports what the writer does; sends nothing and saves nothing.
import { defaultKeymap, history, historyKeymap, indentWithTab, redo, undo } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { searchKeymap } from '@codemirror/search'
import {
  Annotation,
  ChangeSet,
  EditorState,
  type Extension,
  type StateEffect,
  Text,
  Transaction,
  type TransactionSpec,
} from '@codemirror/state'
import { drawSelection, dropCursor, EditorView, keymap } from '@codemirror/view'
import type { Match, Problem } from '../ipc/types'
import { completion } from './complete'
import { difference } from './diff'
import { fixesFor, type Offer } from './fixes'
import { folding, foldMatter } from './folding'
import type { EditorHelp } from './help'
import { isProse, languageFor } from './language'
import { tabHint } from './lists'
import { modes } from './modes'
import { moveSection, outlineOf } from './outline'
import { insertImage, pasting, placeImage } from './paste'
import { type FixTexts, markProblems, type Mending } from './problems'
import { searching, type SearchTexts } from './search'
import { replaceWord, spelling } from './spelling/check'
import { misspeltAt } from './spelling/marks'
import { seek } from './spelling/next'
import { appearance } from './theme'

/** A match is told by at least so much of its text. */
const shortened = 120

/** Marks what comes from the session, and so need not be sent to it. */
const fromSession = Annotation.define<boolean>()

/** What a buffer tells its page. */
export type BufferHooks = {
  changed(changes: ChangeSet): void
  /** The caret moved without a change of the text. */
  moved(): void
  blurred(): void
}

/** The editor's words. */
export type EditorTexts = {
  label: string
  folded: string
  /** Said where Tab does nothing, to those who cannot see it. */
  tab: string
  /** Says that a word is misspelt. */
  misspelt: (word: string) => string
  search: SearchTexts
  fixes: FixTexts
}

export class Buffer {
  private state: EditorState
  private view: EditorView | null = null
  private scroll: StateEffect<unknown> | null = null
  private held: (() => TransactionSpec)[] = []
  private readonly mending: Mending

  constructor(
    private readonly path: string,
    text: string,
    private readonly hooks: BufferHooks,
    private readonly texts: EditorTexts,
    private readonly help: EditorHelp,
  ) {
    this.mending = { path, help, texts: texts.fixes }
    const at = (): string => this.mending.path
    this.state = EditorState.create({
      doc: Text.of(text.split('\n')),
      extensions: [
        basics,
        languageFor(path),
        isProse(path) ? [pasting(help), completion(help, at), folding(texts.folded), spelling(help, at)] : [],
        tabHint.of(texts.tab),
        modes(() => help.typewriter()),
        searching(texts.search),
        EditorView.contentAttributes.of({
          'aria-label': texts.label,
          tabindex: '0',
          dir: 'auto',
          // Galley checks spelling itself: it knows what is prose, and in which language.
          spellcheck: 'false',
          autocapitalize: isProse(path) ? 'sentences' : 'off',
        }),
        this.reporting(hooks),
      ],
    })
  }

  /** The source is at another path now. */
  moved(path: string): void {
    this.mending.path = path
  }

  get doc(): Text {
    return this.current.doc
  }

  get caret(): number {
    return this.current.selection.main.head
  }

  /** How far down the visible text the caret is, from 0 to 1. */
  get height(): number {
    return this.view ? heightOf(this.view) : 0.4
  }

  /** The view that shows this buffer now. */
  get shown(): EditorView | null {
    return this.view
  }

  /** Shows the buffer in a view, as it was when it was last shown. */
  attach(view: EditorView): void {
    this.view = view
    view.setState(this.state)
    if (this.scroll) view.dispatch({ effects: this.scroll })
  }

  /** Takes the buffer out of its view and remembers how it was. */
  detach(): void {
    if (!this.view) return
    this.scroll = this.view.scrollSnapshot()
    this.state = this.view.state
    this.view = null
    this.release()
  }

  /** Applies changes that another program or the session made; they are not undone by Mod-Z. */
  applyTheirs(changes: ChangeSet): void {
    this.dispatch({
      changes,
      annotations: [fromSession.of(true), Transaction.addToHistory.of(false), Transaction.remote.of(true)],
    })
  }

  /** Replaces the text as the writer's own act: undoable, and sent to the session. */
  replaceText(text: string): void {
    this.dispatch({ changes: { from: 0, to: this.doc.length, insert: Text.of(text.split('\n')) } })
  }

  /** Becomes this text by the one replacement that it takes, as the writer's own act. */
  become(text: string): void {
    const changes = difference(this.doc, Text.of(text.split('\n')))
    if (!changes.empty) this.applyOurs(changes)
  }

  /** Puts other text in the place of stretches that are still what they were, in one step; says
      whether all of them were. */
  putBack(stretches: readonly { from: number; to: number; was: string; insert: string }[]): boolean {
    const { doc } = this
    const still = stretches.every(({ from, to, was }) => to <= doc.length && doc.sliceString(from, to) === was)
    if (!still) return false
    const changes = ChangeSet.of(
      stretches.map(({ from, to, insert }) => ({ from, to, insert })),
      doc.length,
      '\n',
    )
    if (!changes.empty) this.applyOurs(changes)
    return true
  }

  /** The text that is selected; empty where nothing is. */
  get selected(): string {
    const { ranges } = this.current.selection
    return ranges.every((range) => range.empty)
      ? ''
      : ranges.map((range) => this.current.sliceDoc(range.from, range.to)).join('\n')
  }

  /** The same, as texts; none where nothing is selected. */
  get selectedTexts(): Text[] {
    const { doc, selection } = this.current
    return selection.ranges.filter((range) => !range.empty).map((range) => doc.slice(range.from, range.to))
  }

  /** Moves the section of one heading to before another, as one step that can be undone. */
  moveSection(index: number, before: number): boolean {
    const move = moveSection(this.doc, outlineOf(this.doc), index, before)
    if (!move) return false
    this.dispatch({
      changes: move.changes,
      selection: { anchor: move.at },
      effects: EditorView.scrollIntoView(move.at, { y: 'center' }),
      userEvent: 'move.section',
    })
    return true
  }

  /** Applies the writer's own changes, made elsewhere in the window. */
  applyOurs(changes: ChangeSet): void {
    this.dispatch({ changes, userEvent: 'input.replace' })
  }

  /** Makes changes that a form asked for. What is typed in one go is one step to undo. */
  change(changes: readonly { from: number; to: number; insert: string }[], typed: boolean): void {
    this.dispatch({ changes, userEvent: typed ? 'input.type.form' : 'input.form' })
  }

  /** Folds the front matter while a form shows it, and unfolds it. */
  foldMatter(closed: boolean): void {
    this.whenFree(() => foldMatter(this.current, closed))
  }

  /** Takes the last step back, or makes it again; on screen or not. */
  undo(by: 'undo' | 'redo'): boolean {
    const step = by === 'undo' ? undo : redo
    return step({ state: this.current, dispatch: (transaction) => this.take(transaction) })
  }

  /** Replaces matches that are still what they were, in one step; gives how many, and the way back. */
  replaceAll(matches: readonly Match[]): { count: number; back: ChangeSet } | null {
    const { doc } = this
    const still = matches.filter(({ from, to, text }) => {
      const now = to <= doc.length ? doc.sliceString(from, to) : null
      return now !== null && (now === text || (text.length >= shortened && now.startsWith(text)))
    })
    const changes = ChangeSet.of(
      still.flatMap(({ from, to, insert }) => (insert === null ? [] : [{ from, to, insert }])),
      doc.length,
      '\n',
    )
    if (changes.empty) return null
    const back = changes.invert(doc)
    this.applyOurs(changes)
    return { count: still.length, back }
  }

  /** Selects a range and shows it in the middle. */
  select(from: number, to: number): void {
    const [anchor, head] = [Math.min(from, this.doc.length), Math.min(to, this.doc.length)]
    this.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
  }

  /** The next image goes to the caret. */
  placeImage(): void {
    this.dispatch(placeImage(this.caret))
  }

  /** Inserts an image where it was pasted, dropped or placed. */
  insertImage(target: string, alt: string): void {
    this.dispatch(insertImage(this.current, target, alt))
  }

  /** Inserts plain text in the place of the selection. */
  insertText(text: string): void {
    this.dispatch({ ...this.current.replaceSelection(text), userEvent: 'input.paste', scrollIntoView: true })
  }

  /** Mends a problem as the writer's own act; gives the way back, or null where the text is another now. */
  mend(problem: Problem, is: Offer['is'], text: string): ChangeSet | null {
    const fix = fixesFor(this.current, problem, this.help.words(), this.path).find((one) => one.is === is)
    if (!fix || fix.is === 'create' || fix.is === 'choose') return null
    const { doc } = this
    const changes = ChangeSet.of(fix.is === 'describe' ? fix.write(text) : fix.changes, doc.length, '\n')
    const back = changes.invert(doc)
    this.dispatch({ changes, userEvent: 'input.fix' })
    return back
  }

  /** Marks the problems, when no composition is going on. */
  mark(problems: Problem[]): void {
    this.whenFree(() => markProblems(this.current, problems, this.mending))
  }

  /** Goes to the next or previous problem or misspelt word; gives what is wrong there. */
  async seek(by: 1 | -1): Promise<string | null> {
    return this.view ? seek(this.view, this.path, this.help, by, this.texts.misspelt) : null
  }

  /** The misspelt word at the caret, and how to put another in its place. */
  get misspelt(): { word: string; replace: (text: string) => void } | null {
    const view = this.view
    const { from, to } = this.current.selection.main
    const found = misspeltAt(this.current, to) ?? misspeltAt(this.current, from)
    if (!view || !found) return null
    return { word: found.text, replace: (text) => replaceWord(view, found.text, found.from, text) }
  }

  /** Puts the caret at an offset and shows it in the middle. */
  reveal(offset: number): void {
    const at = Math.min(offset, this.doc.length)
    const effects = EditorView.scrollIntoView(at, { y: 'center' })
    this.dispatch({ selection: { anchor: at }, effects })
  }

  private get current(): EditorState {
    return this.view ? this.view.state : this.state
  }

  private dispatch(spec: TransactionSpec): void {
    if (this.view) {
      this.view.dispatch(spec)
      return
    }
    this.take(this.state.update(spec))
  }

  private take(transaction: Transaction): void {
    if (this.view) {
      this.view.dispatch(transaction)
      return
    }
    // No view reports what happens to a buffer that is not on screen.
    this.state = transaction.state
    this.report(transaction)
  }

  /** A redraw under an input method's text would break it: waits for its end. */
  private whenFree(spec: () => TransactionSpec): void {
    if (this.view?.composing) this.held = [spec]
    else this.dispatch(spec())
  }

  private release(): void {
    const held = this.held
    this.held = []
    for (const spec of held) this.dispatch(spec())
  }

  private report(transaction: Transaction): void {
    if (transaction.docChanged && !transaction.annotation(fromSession)) this.hooks.changed(transaction.changes)
  }

  private reporting(hooks: BufferHooks): Extension {
    return [
      EditorView.updateListener.of((update) => {
        update.transactions.forEach((transaction) => this.report(transaction))
        if (update.selectionSet && !update.docChanged) hooks.moved()
      }),
      EditorView.domEventHandlers({
        blur: () => hooks.blurred(),
        compositionend: () => void setTimeout(() => this.release(), 0),
      }),
    ]
  }
}

/** How far down the visible text the caret's line is, from what the editor already measured. */
function heightOf(view: EditorView): number {
  const height = view.scrollDOM.clientHeight
  if (height === 0) return 0.4
  const line = view.lineBlockAt(view.state.selection.main.head)
  return Math.min(1, Math.max(0, (line.top - view.scrollDOM.scrollTop) / height))
}

/** Keys that the command table owns, and that the editor must therefore leave alone. */
const ours = new Set([
  'Mod-f',
  'Mod-Enter',
  'Mod-i',
  'Mod-Alt-g',
  'Mod-d',
  'Alt-ArrowLeft',
  'Alt-ArrowRight',
  'Alt-ArrowUp',
  'Alt-ArrowDown',
])

const basics: Extension = [
  history(),
  drawSelection(),
  dropCursor(),
  EditorState.allowMultipleSelections.of(true),
  EditorView.clickAddsSelectionRange.of((event) => event.altKey || event.ctrlKey || event.metaKey),
  indentUnit.of('  '),
  indentOnInput(),
  bracketMatching(),
  EditorView.lineWrapping,
  keymap.of(
    [...searchKeymap, ...historyKeymap, ...defaultKeymap].filter((binding) => !ours.has(binding.key ?? '')),
  ),
  keymap.of([indentWithTab]),
  appearance,
]
