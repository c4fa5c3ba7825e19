// Formatting commands: `|` is the caret, `[` and `]` in a pair of them the selection.
import { EditorState, type StateCommand } from '@codemirror/state'
import { markdown } from '@codemirror/lang-markdown'
import { describe, expect, it } from 'vitest'
import { heading, insertTable, link, pasteLink, toggleInline, toggleList, toggleTask } from './format'

function read(marked: string): EditorState {
  const anchor = marked.indexOf('|')
  const rest = marked.slice(0, anchor) + marked.slice(anchor + 1)
  const head = rest.indexOf('|')
  const doc = head < 0 ? rest : rest.slice(0, head) + rest.slice(head + 1)
  const selection = { anchor, head: head < 0 ? anchor : head }
  return EditorState.create({ doc, selection, extensions: markdown() })
}

function show(state: EditorState): string {
  const { from, to, empty } = state.selection.main
  const doc = state.doc.toString()
  if (empty) return `${doc.slice(0, from)}|${doc.slice(from)}`
  return `${doc.slice(0, from)}|${doc.slice(from, to)}|${doc.slice(to)}`
}

function after(command: StateCommand, marked: string): string {
  let state = read(marked)
  expect(command({ state, dispatch: (transaction) => (state = transaction.state) })).toBe(true)
  return show(state)
}

describe('inline marks', () => {
  const bold = toggleInline('**')
  const italic = toggleInline('*')
  it.each([
    [bold, 'a |word| b', 'a **|word|** b'],
    [bold, 'a **|word|** b', 'a |word| b'],
    [bold, 'a |**word**| b', 'a |word| b'],
    [bold, 'a wo|rd b', 'a **wo|rd** b'],
    [bold, 'a **wo|rd** b', 'a wo|rd b'],
    [bold, '|', '**|**'],
    [italic, 'a |word| b', 'a *|word|* b'],
    [italic, '**|word|**', '***|word|***'],
    [italic, '*|word|*', '|word|'],
  ])('%# %s -> %s', (command, before, expected) => expect(after(command, before)).toBe(expected))
})

describe('lines', () => {
  it.each([
    [heading(2), 'Ti|tle', '## Ti|tle'],
    [heading(3), '## Ti|tle', '### Ti|tle'],
    [heading(2), '## Ti|tle', 'Ti|tle'],
    [heading(0), '### Ti|tle', 'Ti|tle'],
    [toggleList('bullets'), '|one\ntwo|', '|- one\n- two|'.replace('|- ', '- |')],
    [toggleList('bullets'), '- on|e', 'on|e'],
    [toggleList('numbers'), '- on|e', '1. on|e'],
    [toggleTask, 'buy| it', '- [ ] buy| it'],
    [toggleTask, '- [ ] buy| it', '- [x] buy| it'],
    [toggleTask, '- [x] buy| it', '- [ ] buy| it'],
  ])('%# %s -> %s', (command, before, expected) => expect(after(command, before)).toBe(expected))
})

describe('links', () => {
  it.each([
    ['see |this| now', 'see [this](|) now'],
    ['|https://a.org/|', '[|](https://a.org/)'],
    ['|', '[|]()'],
  ])('%s -> %s', (before, expected) => expect(after(link, before)).toBe(expected))

  it('are made of an address pasted on a selection', () => {
    const made = pasteLink(read('see |this| now'), 'https://a.org/ ')
    expect(made && show(made.state)).toBe('see [this](https://a.org/)| now')
  })

  it('are not made elsewhere', () => {
    expect(pasteLink(read('see | now'), 'https://a.org/')).toBeNull()
    expect(pasteLink(read('see |this| now'), 'plain words')).toBeNull()
    expect(pasteLink(read('`|code|`'), 'https://a.org/')).toBeNull()
  })
})

describe('a table', () => {
  it('goes below the line of the caret', () => {
    const state = read('te|xt\n\nmore')
    let made = state
    insertTable({ state, dispatch: (transaction) => (made = transaction.state) })
    expect(made.doc.toString()).toBe('text\n\n|     |     |\n| --- | --- |\n|     |     |\n\nmore')
    expect(made.selection.main.head).toBe(8)
  })
})
