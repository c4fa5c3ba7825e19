import { describe, expect, it } from 'vitest'
import { isAddress, isLanguage, languageName } from './checks'

describe('addresses', () => {
  it.each(['/', 'https://example.org', 'http://example.org/blog/', 'https://example.org:8080', 'https://bücher.example'])(
    'takes %s',
    (text) => expect(isAddress(text)).toBe(true),
  )
  it.each(['', 'example.org', 'https:', 'https://', 'ftp://example.org', 'https://example.org/?a', 'https://example.org/#a', 'javascript:1'])(
    'refuses %s',
    (text) => expect(isAddress(text)).toBe(false),
  )
})

describe('languages', () => {
  it.each(['en', 'de', 'pt-BR', 'zh-Hant', 'zh-Hant-TW', 'es-419'])('takes %s', (text) => expect(isLanguage(text)).toBe(true))
  it.each(['', 'e', 'english', 'en_US', 'en-', 'en US'])('refuses %s', (text) => expect(isLanguage(text)).toBe(false))
  it('calls them by name', () => expect(languageName('fr')).toBe('French'))
})
