// What the typing keys do in prose: tables first, then lists, else what they always do.
// Everything with a modifier belongs to the command table.
import { type Extension, Prec, type StateCommand } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import { backspaceItem, continueMarkup, indentItems, outdentItems } from './lists'
import { beginTable, cellBelow, nextCell, previousCell } from './tableKeys'

/** The first of some commands that applies. */
function first(...commands: StateCommand[]): StateCommand {
  return (target) => commands.some((command) => command(target))
}

export const proseKeys: Extension = Prec.high(
  keymap.of([
    { key: 'Enter', run: first(cellBelow, beginTable, continueMarkup) },
    { key: 'Backspace', run: backspaceItem },
    { key: 'Tab', run: first(nextCell, indentItems), shift: first(previousCell, outdentItems) },
  ]),
)
