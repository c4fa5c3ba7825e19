import { Text } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { count, countAhead, countSource } from './words'

const text = (source: string) => Text.of(source.split('\n'))
const words = (source: string) => countSource(text(source)).words

describe('words', () => {
  it.each([
    ['', 0],
    ['one two, three.', 3],
    ["it's a well-made thing", 4],
    ['---\ntitle: not counted\n---\none', 1],
    ['+++\ntitle = "not"\n+++\none two', 2],
    ['---\nnever closed', 2],
    ['日本語 and more', 5],
    ['naïve café', 2],
  ])('%j has %i', (source, count) => expect(words(source)).toBe(count))
})

describe('counts', () => {
  it('has characters as they are seen in a text file, without line ends', () => {
    expect(count(text('a b\n😀 é\n')).characters).toBe(6)
    expect(countSource(text('---\nx: y\n---\nab')).characters).toBe(2)
  })

  it('has minutes to read, more for Chinese', () => {
    expect(count(text('')).minutes).toBe(0)
    expect(count(text('word')).minutes).toBe(1)
    expect(count(text('word '.repeat(460))).minutes).toBe(2)
    expect(count(text('字'.repeat(1350))).minutes).toBe(3)
  })

  it('add up over the pieces of a long text, after changes too', () => {
    const line = 'one two 日本 three\n'
    let doc = text(`---\ntitle: x\n---\n${line.repeat(3000)}`)
    for (const _ of countAhead(doc)) expect(_).toBeUndefined()
    expect(countSource(doc)).toEqual({ words: 15_000, characters: 16 * 3000, minutes: 52 })
    doc = doc.replace(20_000, 20_000, text('\n\nfour five\n\n'))
    expect(countSource(doc).words).toBe(15_002)
    doc = doc.replace(100, doc.length, Text.empty)
    expect(countSource(doc)).toEqual(countSource(text(doc.toString())))
  })
})
