// Outline, moving sections, folding and the paragraph in focus.
import { foldedRanges } from '@codemirror/language'
import { Text } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { folding, toggleFold } from './folding'
import { read } from './marked'
import { paragraphAt } from './modes'
import { headingAt, moveSection, neighbour, outlineOf } from './outline'

const text = (source: string) => Text.of(source.split('\n'))

describe('the outline', () => {
  it('has the headings of the text, not those of code or front matter', () => {
    const source = '---\ntitle: x\n# no\n---\n# One *two*\n\n```sh\n# no\n```\n\n~~~\n```\n# no\n~~~\n\nUnder\n=====\n\n## [Three](x.md) ## \n\n#not\n\n- item\n---\n\n#### Four {#id}\n'
    expect(outlineOf(text(source)).map((one) => [one.level, one.title])).toEqual([
      [1, 'One two'],
      [1, 'Under'],
      [2, 'Three'],
      [4, 'Four'],
    ])
    expect(source.slice(outlineOf(text(source))[1]?.from)).toMatch(/^Under/)
  })

  it('is the same whatever was read before a change', () => {
    const lines = ['# A', '## B', 'word', 'word word', '===', '---', '```', '~~~', '+++', '', '- item', '    # code', '```js']
    let seed = 7
    const next = (below: number) => (seed = (seed * 16_807) % 2_147_483_647) % below
    const some = () => Array.from({ length: next(6) }, () => lines[next(lines.length)] ?? '').join('\n')
    let doc = text(Array.from({ length: 300 }, () => lines[next(lines.length)] ?? '').join('\n'))
    for (let turn = 0; turn < 400; turn += 1) {
      const from = next(doc.length + 1)
      doc = doc.replace(from, Math.min(doc.length, from + next(12)), text(some()))
      // A text made anew shares no piece with any other.
      expect(outlineOf(doc)).toEqual(outlineOf(text(doc.toString())))
    }
  })

  it('knows where an offset is', () => {
    const headings = outlineOf(text('before\n# A\na\n# B\nb'))
    expect([0, 7, 11, 13, 17].map((at) => headingAt(headings, at))).toEqual([-1, 0, 0, 1, 1])
  })
})

const site = 'lead\n\n# A\n\na\n\n## A1\n\n## A2\n\n# B\n\nb'

function moved(source: string, index: number, before: number): string | null {
  const state = read(`|${source}`)
  const move = moveSection(state.doc, outlineOf(state.doc), index, before)
  if (!move) return null
  const after = state.update({ changes: move.changes }).state.doc.toString()
  expect(after.slice(move.at)).toMatch(/^#/)
  return after
}

describe('moving a section', () => {
  it.each([
    [3, 0, 'lead\n\n# B\n\nb\n\n# A\n\na\n\n## A1\n\n## A2'],
    [0, 4, 'lead\n\n# B\n\nb\n\n# A\n\na\n\n## A1\n\n## A2'],
    [2, 1, 'lead\n\n# A\n\na\n\n## A2\n\n## A1\n\n# B\n\nb'],
    [1, 4, 'lead\n\n# A\n\na\n\n## A2\n\n# B\n\nb\n\n## A1'],
  ])('%i to before %i', (index, before, after) => expect(moved(site, index, before)).toBe(after))

  it('loses and makes no line, wherever it goes', () => {
    const sorted = (source: string | null) => source?.split('\n').sort().join('\n')
    for (let index = 0; index < 4; index += 1) {
      for (let before = 0; before <= 4; before += 1) {
        const after = moved(site, index, before)
        if (after !== null) expect(sorted(after), `${index} to ${before}`).toBe(sorted(site))
      }
    }
  })

  it('goes nowhere inside itself', () => {
    expect(moved(site, 0, 0)).toBeNull()
    expect(moved(site, 0, 2)).toBeNull()
    expect(moved(site, 0, 3)).toBeNull()
  })

  it('goes past its neighbours and not out of its row', () => {
    const headings = outlineOf(text(site))
    expect([0, 1, 2, 3].map((index) => neighbour(headings, index, 1))).toEqual([4, 3, null, null])
    expect([0, 1, 2, 3].map((index) => neighbour(headings, index, -1))).toEqual([null, null, 1, 0])
  })
})

describe('folding', () => {
  function folded(marked: string): string[] {
    let state = read(marked, folding('folded'))
    toggleFold({ state, dispatch: (transaction) => (state = transaction.state) })
    const found: string[] = []
    foldedRanges(state).between(0, state.doc.length, (from, to) => void found.push(state.sliceDoc(from, to)))
    expect(found.some((one) => state.selection.main.head > state.doc.toString().indexOf(one))).toBe(false)
    return found
  }

  it('takes the section of the caret, or the front matter', () => {
    expect(folded('# A\n\na|\n\n## B\n\nb\n\n# C\n')).toEqual(['\n\na\n\n## B\n\nb'])
    expect(folded('# A\n\n## B\n\nb|\n\n# C\n')).toEqual(['\n\nb'])
    expect(folded('---\ntitle: |x\n---\ntext')).toEqual(['\ntitle: x\n---'])
    expect(folded('text| alone')).toEqual([])
  })
})

describe('the paragraph in focus', () => {
  it('is the lines around the caret up to blank ones', () => {
    const doc = text('a\n\nb\nc\n \nd')
    expect(paragraphAt(doc, 0)).toEqual({ first: 1, last: 1 })
    expect(paragraphAt(doc, 5)).toEqual({ first: 3, last: 4 })
    expect(paragraphAt(doc, 2)).toEqual({ first: 2, last: 2 })
  })
})
