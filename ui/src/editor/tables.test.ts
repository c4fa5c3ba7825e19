// Tables: reading, aligning, and going through them by keyboard. `¦` is the caret.
import type { EditorState, StateCommand } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { read, show } from './marked'
import { beginTable, cellBelow, nextCell, previousCell } from './tableKeys'
import { cellsOf, readTable, tableOf, writeTable } from './tables'
import { widthOf } from './width'

function run(state: EditorState, command: StateCommand): EditorState {
  let next = state
  expect(command({ state, dispatch: (transaction) => (next = transaction.state) })).toBe(true)
  return next
}

function type(state: EditorState, text: string): EditorState {
  return state.update({ ...state.replaceSelection(text), userEvent: 'input.type' }).state
}

describe('widths', () => {
  // Unicode Standard Annex 11: East Asian wide and fullwidth characters take two columns.
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['naïve', 5],
    ['e\u0301', 1],
    ['한글!', 5],
    ['ｱ', 1],
    ['Ａ', 2],
    ['👩‍👩‍👧', 2],
    ['。', 2],
  ])('%s takes %i', (text, width) => expect(widthOf(text)).toBe(width))
})

describe('cells', () => {
  it.each([
    ['| a | b |', ['a', 'b']],
    ['a | b', ['a', 'b']],
    ['| a \\| b | c |', ['a \\| b', 'c']],
    ['| a |  |', ['a', '']],
    ['> | a | b |', ['a', 'b']],
    ['| a | b', ['a', 'b']],
  ])('of %j', (line, texts) => expect(cellsOf(line).map((cell) => cell.text)).toEqual(texts))
})

describe('alignment', () => {
  it('counts what is seen', () => {
    const lines = ['|名|x|', '|:-|-:|', '|a|12|', '|東京都|3|']
    expect(writeTable(readTable(lines))).toEqual([
      '| 名     |   x |',
      '| :----- | --: |',
      '| a      |  12 |',
      '| 東京都 |   3 |',
    ])
  })

  it('keeps the marks of a quote', () => {
    expect(writeTable(readTable(['> a|b', '> -|-']))).toEqual(['> | a   | b   |', '> | --- | --- |'])
  })

  it('is not stretched by one long text', () => {
    const long = 'x'.repeat(200)
    const [head] = writeTable(readTable(['|a|b|', '|-|-|', `|${long}|c|`]))
    expect(head?.length).toBeLessThan(80)
  })
})

const table = '| a | b |\n| --- | --- |\n| one | two |\n'

describe('keys in a table', () => {
  it('Tab goes to the next cell and selects it', () => {
    expect(show(run(read('| ¦a | b |\n| --- | --- |\n| one | two |\n'), nextCell), '¦')).toBe(
      '| a | ¦b¦ |\n| --- | --- |\n| one | two |\n',
    )
    expect(show(run(read('| a | ¦b |\n| --- | --- |\n| one | two |\n'), nextCell), '¦')).toBe(
      '| a | b |\n| --- | --- |\n| ¦one¦ | two |\n',
    )
  })

  it('Shift-Tab goes back, and stays in the first cell', () => {
    const state = run(read('| a | b |\n| --- | --- |\n| ¦one | two |\n'), previousCell)
    expect(show(state, '¦')).toBe('| a | ¦b¦ |\n| --- | --- |\n| one | two |\n')
    expect(run(read('| ¦a | b |\n| --- | --- |\n'), previousCell).selection.main.head).toBe(2)
  })

  it('Tab in the last cell makes a row', () => {
    expect(show(run(read('| a | b |\n| --- | --- |\n| one | t¦wo |\n'), nextCell), '¦')).toBe(
      '| a   | b   |\n| --- | --- |\n| one | two |\n| ¦    |     |\n',
    )
  })

  it('Enter goes down, makes a row, and leaves from an empty one', () => {
    let state = run(read('| a | b¦ |\n| --- | --- |\n| one | two |\n'), cellBelow)
    expect(state.sliceDoc(state.selection.main.from, state.selection.main.to)).toBe('two')
    state = state.update({ selection: { anchor: state.selection.main.to } }).state
    state = run(state, cellBelow)
    expect(state.doc.lines).toBe(5)
    state = run(state, cellBelow)
    expect(show(state, '¦')).toBe('| a   | b   |\n| --- | --- |\n| one | two |\n\n¦\n')
  })

  it('Enter goes down from a cell that is selected, and changes nothing', () => {
    const state = run(read(table.replace('a', '¦a¦')), cellBelow)
    expect(show(state, '¦')).toBe('| a | b |\n| --- | --- |\n| ¦one¦ | two |\n')
  })

  it('Enter before a table makes a line', () => {
    expect(cellBelow({ state: read(`¦${table}`), dispatch: () => undefined })).toBe(false)
  })

  it('do nothing outside of one', () => {
    for (const command of [nextCell, previousCell, cellBelow]) {
      expect(command({ state: read('a ¦ b'), dispatch: () => undefined })).toBe(false)
    }
  })
})

describe('Enter after a row that stands alone', () => {
  it.each([
    ['| a | b |¦', '| a   | b   |\n| --- | --- |\n| ¦    |     |'],
    ['Text\n\n|Name|Weight| ¦\n', 'Text\n\n| Name | Weight |\n| ---- | ------ |\n| ¦     |        |\n'],
    ['> | a | b |¦', '> | a   | b   |\n> | --- | --- |\n> | ¦    |     |'],
    ['| a \\| b | c |¦', '| a \\| b | c   |\n| ------ | --- |\n| ¦       |     |'],
  ])('%j becomes a table', (before, expected) => {
    expect(show(run(read(before), beginTable), '¦')).toBe(expected)
  })

  it.each(['prose¦', '| a |¦', '| a ¦| b |', '|  |  |¦', 'text\n| a | b |¦', '```\n| a | b |¦\n```', '| a | b |¦\n| --- | --- |\n'])(
    '%j does not',
    (before) => expect(beginTable({ state: read(before), dispatch: () => undefined })).toBe(false),
  )
})

describe('leaving a table', () => {
  it('aligns the one that was edited', () => {
    let state = type(read(`text\n\n${table.replace('one', 'one¦')}\nafter`), ' and more')
    state = state.update({ selection: { anchor: 0 } }).state
    expect(show(state, '¦')).toBe(
      '¦text\n\n| a            | b   |\n| ------------ | --- |\n| one and more | two |\n\nafter',
    )
  })

  it('aligns when going on to the next cell', () => {
    const state = run(type(read(table.replace('one', 'one¦')), '!!'), nextCell)
    expect(show(state, '¦')).toBe('| a     | b   |\n| ----- | --- |\n| one!! | ¦two¦ |\n')
  })

  it('leaves one alone that was only looked at', () => {
    let state = read(`¦text\n\n${table}`)
    state = state.update({ selection: { anchor: 10 } }).state
    state = run(state, nextCell)
    state = state.update({ selection: { anchor: 0 } }).state
    expect(state.doc.toString()).toBe(`text\n\n${table}`)
  })

  it('leaves every other table alone', () => {
    const other = '|x|y|\n|-|-|\n|1|2|\n'
    let state = type(read(`${other}\n${table.replace('one', 'one¦')}`), '!')
    state = state.update({ selection: { anchor: 1 } }).state
    expect(state.doc.toString().startsWith(other)).toBe(true)
    expect(state.doc.toString()).toContain('| one! | two |')
  })
})

describe('what a spreadsheet copies', () => {
  it('becomes a table, numbers to the right', () => {
    expect(tableOf('Name\tSheets\r\nAda\t140\r\nBo|b\t9\r\n')).toBe(
      '| Name  | Sheets |\n| ----- | -----: |\n| Ada   |    140 |\n| Bo\\|b |      9 |',
    )
  })

  it.each(['one line\twith a tab', 'a\tb\nc', 'no tabs\nat all'])('is not seen in %j', (text) =>
    expect(tableOf(text)).toBeNull(),
  )
})
