// Problems as marks under the text, with their help and what can be done about them in a tooltip.
// Draws and carries out; decides nothing.
import { startCompletion } from '@codemirror/autocomplete'
import { type Action, type Diagnostic, forEachDiagnostic, setDiagnostics } from '@codemirror/lint'
import type { EditorState, TransactionSpec } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { Problem } from '../ipc/types'
import { type Fix, fixesFor, type Offer } from './fixes'
import type { EditorHelp } from './help'

/** The names of what can be done. */
export type FixTexts = {
  near: (name: string) => string
  create: (name: string) => string
  choose: string
  describe: string
  decorate: string
}

/** The name of what can be done. */
export function nameOf(offer: Offer, texts: FixTexts): string {
  return offer.is === 'near' || offer.is === 'create' ? texts[offer.is](offer.name) : texts[offer.is]
}

/** What problems need to be mended. */
export type Mending = { path: string; help: EditorHelp; texts: FixTexts }

/** The transaction that marks these problems. */
export function markProblems(state: EditorState, problems: Problem[], mending: Mending): TransactionSpec {
  const size = state.doc.length
  return setDiagnostics(
    state,
    problems
      .filter((problem) => problem.line > 0 && problem.from <= size && !isBeingWritten(state, problem))
      .map((one) => mark(state, one, mending)),
  )
}

/** An image whose text may be written next is not nagged about. */
function isBeingWritten(state: EditorState, { code, from, to }: Problem): boolean {
  const { head } = state.selection.main
  return code === 'image.alt' && head >= from && head <= to
}

function mark(state: EditorState, problem: Problem, mending: Mending): Diagnostic {
  const size = state.doc.length
  const from = Math.min(problem.from, size)
  let to = Math.min(Math.max(problem.to, from), size)
  if (to === from) to = state.doc.lineAt(from).to
  const { severity, message } = problem
  const fixes = fixesFor(state, problem, mending.help.words(), mending.path)
  return {
    from,
    to,
    severity,
    message,
    renderMessage: () => draw(problem),
    actions: fixes.map((fix) => action(problem, fix, mending)),
  }
}

function action(problem: Problem, fix: Fix, mending: Mending): Action {
  const { texts } = mending
  const name = nameOf(fix, texts)
  return {
    name,
    apply(view, from, to) {
      // The text may have moved since the problem was marked: the fix is made for where it is now.
      const now = fixesFor(view.state, { ...problem, from, to }, mending.help.words(), mending.path)
      const same = now.find((one) => one.is === fix.is)
      if (same) carryOut(view, same, mending)
    },
  }
}

function carryOut(view: EditorView, fix: Fix, mending: Mending): void {
  switch (fix.is) {
    case 'near':
    case 'decorate':
      view.dispatch({ changes: fix.changes, userEvent: 'input.fix' })
      return
    case 'create':
      mending.help.create(fix.path)
      return
    case 'describe':
      view.dispatch({ changes: fix.write(''), selection: { anchor: fix.at }, scrollIntoView: true, userEvent: 'input.fix' })
      view.focus()
      return
    case 'choose':
      view.dispatch({ selection: { anchor: fix.at }, scrollIntoView: true })
      view.focus()
      startCompletion(view)
  }
}

/** What can be done about the problems at the caret, or on its line. */
export function fixesAt(view: EditorView): { message: string; name: string; run: () => void }[] {
  const head = view.state.selection.main.head
  const line = view.state.doc.lineAt(head)
  const found: { message: string; name: string; run: () => void; near: number }[] = []
  forEachDiagnostic(view.state, (one, from, to) => {
    if (to < line.from || from > line.to) return
    const near = head < from ? from - head : head > to ? head - to : 0
    for (const { name, apply } of one.actions ?? []) {
      found.push({ message: one.message, name, near, run: () => apply(view, from, to) })
    }
  })
  return found.sort((one, other) => one.near - other.near)
}

function draw(problem: Problem): HTMLElement {
  const box = document.createElement('div')
  const message = document.createElement('div')
  message.textContent = problem.message
  box.append(message)
  if (problem.help !== '') {
    const help = document.createElement('div')
    help.className = 'cm-help'
    help.textContent = problem.help
    box.append(help)
  }
  return box
}
