// Texts: filled in, in the right plural, all of them used and all of them translated.
import { describe, expect, it } from 'vitest'
import { catalogue } from './catalogue'
import { pseudo, pseudoText } from './pseudo'
import { bytes, t } from './text'

describe('texts', () => {
  it('choose the plural and fill in', () => {
    expect(t('problems.count', { n: 1 })).toBe('1 problem')
    expect(t('problems.count', { n: 2 })).toBe('2 problems')
    expect(t('status.words', { n: 12_345 })).toBe('12,345 words')
    expect(t('preview.elsewhere', { url: '/{n}/' })).toBe('Showing /{n}/')
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

describe('the language that nobody speaks', () => {
  it('has every text, marked, longer, with its braces', () => {
    expect(pseudoText('Close')).toMatch(/^⟦Çļöšé ö+⟧$/)
    expect(pseudoText('{n} of {of}')).toMatch(/^⟦\{n\} öƒ \{of\}/)
    const { texts } = pseudo(false)
    expect(Object.keys(texts)).toEqual(Object.keys(catalogue))
    for (const text of Object.values(texts)) {
      for (const one of typeof text === 'string' ? [text] : Object.values(text)) expect(one).toMatch(/^⟦.+⟧$/)
    }
  })
})

describe('the catalogue', () => {
  const forms = new Intl.PluralRules('en').resolvedOptions().pluralCategories

  it('has a text for each plural of the language, and counts in it', () => {
    for (const [key, text] of Object.entries(catalogue)) {
      if (typeof text === 'string') continue
      expect(Object.keys(text).sort(), key).toEqual([...forms].sort())
      expect(text.other, key).toContain('{n}')
    }
  })

  it('holds no text that nothing shows', () => {
    const files = import.meta.glob<string>(['../**/*.svelte', '../**/*.ts', '!./catalogue.ts', '!../**/*.test.ts'], {
      query: '?raw',
      import: 'default',
      eager: true,
    })
    const code = Object.values(files).join('\n')
    // Keys that are put together: by a command's name, a state, a phase.
    const made = /^(cmd|group|publish\.phase|publish\.tab|problems|status|size|history\.by|conflict\.changed)\./
    const unused = Object.keys(catalogue).filter((key) => !made.test(key) && !code.includes(`'${key}'`))
    expect(unused).toEqual([])
  })
})
