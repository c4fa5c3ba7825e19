// Turns keys into commands, for the whole window. No other place handles a command's key.
import type { Desk } from '../model/desk.svelte'
import { bindings } from './bindings'
import { spell, strokeOf } from './keys'
import { commandOf, run } from './table'

/** What a key in the preview may do: nothing that changes text or leaves the machine. */
const fromPreview = /^(go|view)\.|^page\.(open|save)$|^help\./

/** What a key does to the text, it does only where the caret is in the text. */
const onlyInText = /^(format\.|edit\.(?!find$|replace$))/

/** Listens to the window's keys; gives back how to stop. */
export function listenToKeys(desk: Desk): () => void {
  desk.pressed = (key) => {
    const id = bindings(desk.keys.own).get(spell(key))
    if (id !== undefined && fromPreview.test(id)) run(desk, id)
  }
  const handle = (event: KeyboardEvent) => {
    if (desk.keys.choosing || event.isComposing || event.defaultPrevented || event.key === 'Process') return
    const id = bindings(desk.keys.own).get(spell(strokeOf(event)))
    if (id === undefined || (onlyInText.test(id) && !isText(event.target) && !undoesForm(event.target, id))) return
    if (isField(event.target) && id.startsWith('edit.') && !undoesForm(event.target, id)) return
    const { pressed, when } = commandOf(id)
    if (pressed) {
      if (when(desk)) pressed(desk)
      return
    }
    if (run(desk, id, rowOf(event.target, id)) || isBrowsers(id)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  window.addEventListener('keydown', handle, true)
  return () => window.removeEventListener('keydown', handle, true)
}

/** The page of the row in the sidebar that a key was pressed on, where the command is about a page. */
function rowOf(target: EventTarget | null, id: string): string | undefined {
  if (!(target instanceof Element) || !/^page\.(rename|move|history|duplicate|delete)$/.test(id)) return undefined
  const row = target.closest<HTMLElement>('[role=treeitem][data-path]')
  return row?.dataset['path']
}

/** Keys that the web view would otherwise use for itself. */
function isBrowsers(id: string): boolean {
  return /^(page\.(new|open|save)|go\.\w+Tab|view\.reload|edit\.(find|replace)|site\.open)$/.test(id)
}

/** Whether the key was pressed in the text of a page. */
function isText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.cm-content') !== null
}

/** What a form over a text changes is undone in that text, not in the form's field. */
function undoesForm(target: EventTarget | null, id: string): boolean {
  return /^edit\.(undo|redo)$/.test(id) && target instanceof Element && target.closest('[data-form]') !== null
}

/** Whether the key was pressed in a field of the window's own. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && !target.closest('.cm-find')
}
