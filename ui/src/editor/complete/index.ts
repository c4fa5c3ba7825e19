// Completion as the editor has it: when it opens, how it looks, which keys choose.
import { acceptCompletion, autocompletion } from '@codemirror/autocomplete'
import { type Extension, Prec } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import type { EditorHelp } from '../help'
import { completing } from './source'

/** Completion for the source that is at `path` now: it may move while it is open. */
export function completion(help: EditorHelp, path: () => string): Extension {
  return [
    autocompletion({
      override: [(context) => completing(help, path())(context)],
      icons: false,
      maxRenderedOptions: 50,
      aboveCursor: false,
      interactionDelay: 40,
    }),
    Prec.highest(keymap.of([{ key: 'Tab', run: acceptCompletion }])),
  ]
}
