import { describe, expect, it } from 'vitest'
import { count, countWords } from './words'

describe('words', () => {
  it.each([
    ['', 0],
    ['one two, three.', 3],
    ["it's a well-made thing", 4],
    ['---\ntitle: not counted\n---\none', 1],
    ['+++\ntitle = "not"\n+++\none two', 2],
    ['日本語 and more', 5],
    ['naïve café', 2],
  ])('%j has %i', (text, count) => expect(countWords(text)).toBe(count))
})

describe('counts', () => {
  it('has characters as they are seen in a text file, without line ends', () => {
    expect(count('a b\n😀 é\n').characters).toBe(6)
    expect(count('---\nx: y\n---\nab').characters).toBe(2)
  })

  it('has minutes to read, more for Chinese', () => {
    expect(count('').minutes).toBe(0)
    expect(count('word').minutes).toBe(1)
    expect(count('word '.repeat(460)).minutes).toBe(2)
    expect(count('字'.repeat(1350)).minutes).toBe(3)
  })
})
