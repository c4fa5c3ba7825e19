// @vitest-environment jsdom
// Spelling: which words are prose, what is marked and when, and how one goes from word to word.
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EditorHelp, SpellingHelp } from '../help'
import { languageFor } from '../language'
import { noSpelling } from '../marked'
import { replaceWord, spelling } from './check'
import { misspelt, misspeltAt } from './marks'
import { seek } from './next'
import { wordsIn } from './prose'

// What this DOM does not measure, the editor may ask for.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList

function words(doc: string): string {
  const state = EditorState.create({ doc, extensions: languageFor('a.md') })
  return (wordsIn(state, 0, doc.length, 1000) ?? []).map((word) => word.text).join(' ')
}

describe('prose', () => {
  it.each([
    ['The mill’s wheel, it doesn’t turn.', 'The mill’s wheel it doesn’t turn'],
    ['---\ntitle: Notes\n---\n\nText here', 'Text here'],
    ['+++\ntitle = "Notes"\n+++\nText', 'Text'],
    ['# Heading {#anchor}\n\n*soft* **loud** _low_ ~~gone~~', 'Heading soft loud low gone'],
    ['Some `code here` and\n\n```js\nconst code\n```\n\n    indented code\n\nend', 'Some and end'],
    ['[a link](https://example.org/a-path "its title") ![alt text](pic.png)', 'link its title alt text'],
    ['See https://example.org/page and <mailto:ada@mill.example> or ada@mill.example.', 'See and or'],
    ['[text][label]\n\n[label]: /address/here "title words"', 'text title words'],
    ['[[Some Page|shown words]] and [[Other Page]] ![[pic.png]]', 'shown words and'],
    ['{{ page.title }} said {% if drafts %}maybe{% end %}{# remark #} done', 'said maybe done'],
    ['{{ <note kind="warning"> }}inner words{{ </note> }}', 'inner words'],
    ['A <b class="loud">bold</b> word &nbsp; here', 'bold word here'],
    ['<div class="box">\nplain words <i>inside</i>\n<script>let hidden</script>\n</div>', 'plain words inside'],
    ['<!-- remark -->\n\nafter', 'after'],
    ['a note[^one] here\n\n[^one]: The note', 'note here The note'],
    ['Sums $x^2 + y$ and $$\nalpha beta\n$$ cost $5 or $7 now', 'Sums and cost or now'],
    ['NASA iPhone CodeMirror x 3rd h264 file.md src/main e.g. i.e. snake_case', ''],
    ['#tag @ada :smile: well-known word', 'well known word'],
    ['水は美しい and ไทย', 'and'],
    ['- [x] done item\n- next item\n\n| Head | Cell |\n| --- | --- |\n| one | two |', 'done item next item Head Cell one two'],
    ['Übung straße œuvre naïve', 'Übung straße œuvre naïve'],
  ])('%j has %j', (doc, expected) => expect(words(doc)).toBe(expected))

  it('is found in a part of a text as in the whole of it', () => {
    const doc = 'Before.\n\n{% quote() %}\n\n```text\nnone of this\n\nnor this\n```\n\nAfter all.'
    const state = EditorState.create({ doc, extensions: languageFor('a.md') })
    const from = doc.indexOf('nor')
    const found = wordsIn(state, from, doc.length, 1000)
    expect(found?.map((word) => word.text)).toEqual(['After', 'all'])
  })
})

/** A view whose dictionary takes words with an x for misspelt, and answers when it is let. */
function open(doc: string) {
  const verdicts = new Map<string, boolean>()
  const asked: string[][] = []
  let listener: () => void = () => undefined
  const answer = () => {
    for (const word of asked.flat()) verdicts.set(word, !word.includes('x'))
    listener()
  }
  const help: SpellingHelp = {
    ...noSpelling,
    on: () => true,
    verdict: (_path, word) => verdicts.get(word),
    ask: (_path, list) => void asked.push([...list]),
    load: (_path, list) => {
      asked.push([...list])
      for (const word of list) verdicts.set(word, !word.includes('x'))
      return Promise.resolve()
    },
    changed: (told) => {
      listener = told
      return () => (listener = () => undefined)
    },
  }
  const editorHelp = { spelling: help } as EditorHelp
  const state = EditorState.create({ doc, extensions: [languageFor('a.md'), spelling(editorHelp, 'a.md')] })
  const view = new EditorView({ state, parent: document.body })
  const marked = () => {
    const found: string[] = []
    view.state.field(misspelt).between(0, view.state.doc.length, (from, to) => void found.push(view.state.sliceDoc(from, to)))
    return found
  }
  return { view, help: editorHelp, asked, answer, marked }
}

describe('marks', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => {
    vi.useRealTimers()
    document.body.replaceChildren()
  })

  it('come at rest, once it is known which words are right', () => {
    const { asked, answer, marked } = open('A wrxng word and a wrxng one.')
    expect(asked).toEqual([])
    vi.runAllTimers()
    expect(asked).toEqual([['wrxng', 'word', 'and', 'one']])
    expect(marked()).toEqual([])
    answer()
    vi.runAllTimers()
    expect(marked()).toEqual(['wrxng', 'wrxng'])
    expect(asked).toHaveLength(1)
  })

  it('go with the text, and from a word that is written in', () => {
    const { view, answer, marked } = open('A wrxng word and axother.')
    vi.runAllTimers()
    answer()
    vi.runAllTimers()
    view.dispatch({ changes: { from: 0, insert: 'Here: ' } })
    expect(marked()).toEqual(['wrxng', 'axother'])
    const at = view.state.doc.toString().indexOf('xng')
    view.dispatch({ changes: { from: at, to: at + 1, insert: 'o' }, userEvent: 'input.type' })
    expect(marked()).toEqual(['axother'])
  })

  it('do not come to a word while it is being written', () => {
    const { view, answer, marked } = open('Words ')
    vi.runAllTimers()
    answer()
    view.dispatch({ changes: { from: 6, insert: 'txpe' }, selection: { anchor: 10 }, userEvent: 'input.type' })
    vi.runAllTimers()
    answer()
    vi.runAllTimers()
    expect(marked()).toEqual([])
    view.dispatch({ changes: { from: 10, insert: ' ' }, selection: { anchor: 11 }, userEvent: 'input.type' })
    vi.runAllTimers()
    answer()
    vi.runAllTimers()
    expect(marked()).toEqual(['txpe'])
  })

  it('wait for the end of a composition', () => {
    const { view, asked } = open('Words')
    Object.defineProperty(view, 'composing', { value: true, configurable: true })
    vi.advanceTimersByTime(5000)
    expect(asked).toEqual([])
    Object.defineProperty(view, 'composing', { value: false })
    vi.advanceTimersByTime(1000)
    expect(asked).toHaveLength(1)
  })

  it('are mended in one step, where the word still stands', () => {
    const { view, answer } = open('A wrxng word')
    vi.runAllTimers()
    answer()
    vi.runAllTimers()
    expect(misspeltAt(view.state, 7)?.text).toBe('wrxng')
    expect(misspeltAt(view.state, 9)).toBeNull()
    replaceWord(view, 'wrxng', 2, 'wrong')
    expect(view.state.doc.toString()).toBe('A wrong word')
    replaceWord(view, 'wrxng', 2, 'again')
    expect(view.state.doc.toString()).toBe('A wrong word')
  })
})

describe('going from word to word', () => {
  afterEach(() => document.body.replaceChildren())
  const far = 'Fine words fill the page.\n\n'.repeat(2000)

  it('finds the next far below, and begins again at the top', async () => {
    const { view, help, asked } = open(`Fxrst. ${far}Then lxst.`)
    const go = async (by: 1 | -1) => {
      await seek(view, 'a.md', help, by, (word) => `no ${word}`)
      const { from, to } = view.state.selection.main
      return view.state.sliceDoc(from, to)
    }
    expect(await go(1)).toBe('Fxrst')
    expect(await go(1)).toBe('lxst')
    expect(await go(1)).toBe('Fxrst')
    expect(await go(-1)).toBe('lxst')
    expect(asked.flat().length).toBeLessThan(20)
  })

  it('says so where nothing is wrong', async () => {
    const { view, help } = open('All is fine.')
    expect(await seek(view, 'a.md', help, 1, String)).toBeNull()
  })
})
