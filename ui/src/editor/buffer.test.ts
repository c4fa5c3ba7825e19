// @vitest-environment jsdom
// A buffer's own acts: matches replaced, sections moved, images inserted; each one step to undo.
import { describe, expect, it } from 'vitest'
import type { Match } from '../ipc/types'
import { Buffer } from './buffer'
import { createView, formats } from './index'
import { noSpelling } from './marked'

const word = { find: '', replace: '', replaceWith: '', replaceAll: '', next: '', previous: '', close: '', matchCase: '', wholeWord: '', regexp: '', none: '' }

// What this DOM does not measure, the editor may ask for.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList

function bufferOf(text: string) {
  const changes: string[] = []
  const buffer = new Buffer(
    'a.md',
    text,
    { changed: () => changes.push(buffer.doc.toString()), moved: () => undefined, blurred: () => undefined },
    { label: '', folded: '', misspelt: String, tab: '', search: { ...word, count: () => '' }, fixes: { near: String, create: String, choose: '', describe: '', decorate: '' } },
    {
      words: () => ({ dialect: 'plain', vault: false, base: '', pages: [], taxonomies: [], components: [], images: [] }),
      headings: () => Promise.resolve([]),
      images: () => undefined,
      typewriter: () => false,
      spelling: noSpelling,
      create: () => undefined,
    },
  )
  const view = createView(document.body)
  buffer.attach(view)
  return { buffer, view, changes }
}

function match(from: number, to: number, text: string, insert: string): Match {
  return { from, to, line: 1, before: '', text, after: '', insert }
}

describe('matches', () => {
  it('are replaced in one step, and taken back in one', () => {
    const { buffer, view } = bufferOf('one two one')
    const done = buffer.replaceAll([match(0, 3, 'one', 'uno'), match(8, 11, 'one', 'otro')])
    expect(buffer.doc.toString()).toBe('uno two otro')
    expect(done?.count).toBe(2)
    formats.undo(view)
    expect(buffer.doc.toString()).toBe('one two one')
    formats.redo(view)
    if (done) buffer.applyOurs(done.back)
    expect(buffer.doc.toString()).toBe('one two one')
  })

  it('that are not what they were any more are left alone', () => {
    const { buffer } = bufferOf('one two')
    expect(buffer.replaceAll([match(0, 3, 'eno', 'x'), match(4, 7, 'two', 'dos'), match(90, 93, 'two', 'dos')])?.count).toBe(1)
    expect(buffer.doc.toString()).toBe('one dos')
    expect(buffer.replaceAll([match(0, 3, 'gone', 'x')])).toBeNull()
  })
})

it('a buffer that is not on screen reports its changes too', () => {
  const { buffer, changes } = bufferOf('one')
  buffer.detach()
  buffer.replaceAll([match(0, 3, 'one', 'two')])
  expect(changes).toEqual(['two'])
})

describe('sections', () => {
  it('move in one step that can be undone', () => {
    const { buffer, view, changes } = bufferOf('# A\n\na\n\n# B\n\nb\n')
    expect(buffer.moveSection(1, 0)).toBe(true)
    expect(buffer.doc.toString()).toBe('# B\n\nb\n\n# A\n\na\n')
    expect(changes).toHaveLength(1)
    expect(buffer.caret).toBe(0)
    formats.undo(view)
    expect(buffer.doc.toString()).toBe('# A\n\na\n\n# B\n\nb\n')
  })
})

it('the selection is told as text', () => {
  const { buffer } = bufferOf('one two')
  expect(buffer.selected).toBe('')
  buffer.select(4, 7)
  expect(buffer.selected).toBe('two')
})
