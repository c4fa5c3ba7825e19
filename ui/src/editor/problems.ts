// Problems as marks under the text, with their help in a tooltip. Draws; decides nothing.
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import type { EditorState, TransactionSpec } from '@codemirror/state'
import type { Problem } from '../ipc/types'

/** The transaction that marks these problems. */
export function markProblems(state: EditorState, problems: Problem[]): TransactionSpec {
  const size = state.doc.length
  return setDiagnostics(
    state,
    problems.filter((problem) => problem.line > 0 && problem.from <= size).map((one) => mark(state, one)),
  )
}

function mark(state: EditorState, problem: Problem): Diagnostic {
  const size = state.doc.length
  const from = Math.min(problem.from, size)
  let to = Math.min(Math.max(problem.to, from), size)
  if (to === from) to = state.doc.lineAt(from).to
  return { from, to, severity: problem.severity, message: problem.message, renderMessage: () => draw(problem) }
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
