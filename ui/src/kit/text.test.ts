import { describe, expect, it } from 'vitest'
import { bytes, t } from './text'

describe('texts', () => {
  it('choose the plural and fill in', () => {
    expect(t('problems.count', { n: 1 })).toBe('1 problem')
    expect(t('problems.count', { n: 2 })).toBe('2 problems')
    expect(t('status.words', { n: 12_345 })).toBe('12,345 words')
    expect(t('move.done.one', { path: '{n}.md' })).toBe('Moved to {n}.md.')
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [253_946, '254 KB'],
    [1_500_000, '1.5 MB'],
    [3_000_000_000_000, '3000 GB'],
  ])('say %i bytes as %s', (size, said) => expect(bytes(size)).toBe(said))
})
