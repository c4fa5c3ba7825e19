import { describe, expect, it } from 'vitest'
import { countWords } from './words'

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
