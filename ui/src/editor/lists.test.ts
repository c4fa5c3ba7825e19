// Lists by keyboard: `|` is the caret, a pair of them the selection.
import type { StateCommand } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { backspaceItem, continueMarkup, indentItems, outdentItems } from './lists'
import { read, show } from './marked'


function after(command: StateCommand, marked: string): string | null {
  let state = read(marked)
  return command({ state, dispatch: (transaction) => (state = transaction.state) }) ? show(state) : null
}

describe('Enter', () => {
  it.each([
    ['- one|', '- one\n- |'],
    ['* one|\n* two', '* one\n* |\n* two'],
    ['1. one|\n2. two', '1. one\n2. |\n3. two'],
    ['9) one|', '9) one\n10) |'],
    ['- [x] done|', '- [x] done\n- [ ] |'],
    ['> said|', '> said\n> |'],
    ['- one\n- |', '- one\n|'],
    ['- one\n  - |', '- one\n- |'],
    ['> - one|', '> - one\n> - |'],
  ])('%# %j -> %j', (before, expected) => expect(after(continueMarkup, before)).toBe(expected))

  it('is an ordinary one in prose and in code', () => {
    expect(after(continueMarkup, 'prose|')).toBeNull()
    expect(after(continueMarkup, '```\n- one|\n```')).toBeNull()
  })
})

describe('Tab', () => {
  it.each([
    ['- one\n- two|', '- one\n  - two|'],
    ['- one|\n- two', '- one|\n- two'],
    ['1. one\n2. two|\n3. three', '1. one\n   1. two|\n2. three'],
    ['1. one\n1. two|\n1. three', '1. one\n   1. two|\n1. three'],
    ['1. one\n   1. sub\n2. two|\n3. three', '1. one\n   1. sub\n   2. two|\n2. three'],
    ['- one\n- two|\n  - below\n\n  more of it\n- three', '- one\n  - two|\n    - below\n\n    more of it\n- three'],
    ['- one\n- |two\n- three|', '- one\n  - |two\n  - three|'],
    ['> - one\n> - two|', '> - one\n>   - two|'],
    ['- [ ] one\n- [ ] two|', '- [ ] one\n  - [ ] two|'],
  ])('%# %j -> %j', (before, expected) => expect(after(indentItems, before)).toBe(expected))

  it.each([
    ['- one\n\n|more', '- one\n\n  |more'],
    ['1. one\n\n|', '1. one\n\n   |'],
    ['1. one\n\n   |more', '1. one\n\n   |more'],
    ['- one\n  - two\n\n|more', '- one\n  - two\n\n    |more'],
    ['> - one\n>\n> |more', '> - one\n>\n>   |more'],
    ['|prose', '|prose'],
    ['prose\n\nmore|', 'prose\n\nmore|'],
    ['- one\n\nprose\n\nmore|', '- one\n\nprose\n\nmore|'],
    ['|one\n\ntwo|', '|one\n\ntwo|'],
    ['```\ncode|\n```', '```\n  code|\n```'],
  ])('%# moves a paragraph into the item above it, and makes none to code: %j', (before, expected) =>
    expect(after(indentItems, before)).toBe(expected),
  )

  it('changes no line but those of the item', () => {
    const before = '*   wide\n*   marks|\n\n+ other\n\n1) a\n1) b\n'
    const lines = after(indentItems, before)?.split('\n') ?? []
    expect(lines[1]).toBe('    *   marks|')
    expect(lines.filter((_, at) => at !== 1)).toEqual(before.split('\n').filter((_, at) => at !== 1))
  })
})

describe('Shift-Tab', () => {
  it.each([
    ['- one\n  - two|', '- one\n- two|'],
    ['1. one\n   1. two|\n2. three', '1. one\n2. two|\n3. three'],
    ['- one|', '- one|'],
    ['- a\n  - b\n    - c|\n      text', '- a\n  - b\n  - c|\n    text'],
    ['  - odd|', '- odd|'],
  ])('%# %j -> %j', (before, expected) => expect(after(outdentItems, before)).toBe(expected))
})

describe('Backspace at the start of an item', () => {
  it.each([
    ['- one\n  - |two', '- one\n- |two'],
    ['- |one', '|one'],
    ['- [ ] |one', '|one'],
    ['> - |one', '> |one'],
    ['3. |one', '|one'],
  ])('%# %j -> %j', (before, expected) => expect(after(backspaceItem, before)).toBe(expected))

  it('is an ordinary one elsewhere', () => {
    expect(after(backspaceItem, '- on|e')).toBeNull()
    expect(after(backspaceItem, '```\n- |one\n```')).toBeNull()
  })
})
