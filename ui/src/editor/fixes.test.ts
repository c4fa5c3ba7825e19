// Fixes for what the engine reports, in its own words.
import { describe, expect, it } from 'vitest'
import type { Problem } from '../ipc/types'
import { fixesFor } from './fixes'
import type { SiteWords } from './help'
import { read } from './marked'

const zola: SiteWords = { dialect: 'zola', vault: false, base: '', pages: [], taxonomies: [], components: [], images: [] }

function fixed(text: string, problem: Partial<Problem>, words = zola, path = 'content/a.md') {
  const state = read(`|${text}`)
  const from = text.search(/!?\[/)
  const to = text.indexOf(')') + 1
  const whole: Problem = { path, line: 1, column: 1, from, to, severity: 'error', code: 'link.missing', message: '', help: '', ...problem }
  return fixesFor(state, whole, words, path).map((fix) =>
    fix.is === 'near' ? state.update({ changes: fix.changes }).state.doc.toString() : fix,
  )
}

describe('a link that leads nowhere', () => {
  it('takes the near match, and keeps its heading', () => {
    const problem = { message: 'cannot find page `@/posts/helo.md`', help: 'did you mean `@/posts/hello.md`?' }
    expect(fixed('see [it](@/posts/helo.md#top "T") now', problem)[0]).toBe('see [it](@/posts/hello.md#top "T") now')
  })

  it('is written from where the text is, in a plain folder', () => {
    const problem = { message: 'cannot find page `notes/helo.md`', help: 'did you mean `posts/hello.md`?' }
    const words: SiteWords = { ...zola, dialect: 'plain' }
    expect(fixed('[it](helo.md)', problem, words, 'notes/a.md')).toEqual([
      '[it](../posts/hello.md)',
      { is: 'create', name: 'notes/helo.md', path: 'notes/helo.md' },
    ])
  })

  it('makes the page where the link can keep its name', () => {
    const help = 'create the page, or change the link'
    expect(fixed('[it](@/making/loft.md)', { message: 'cannot find page `@/making/loft.md`', help })).toEqual([
      { is: 'create', name: '@/making/loft.md', path: 'content/making/loft.md' },
    ])
    expect(fixed('[it](@/Loft%20One.md)', { message: 'cannot find page `@/Loft One.md`', help })).toEqual([])
  })
})

it('a heading that is not there gives way to the near one', () => {
  const problem = { code: 'link.fragment', message: 'the link `@/a.md#pla` leads to a place that is not there', help: 'did you mean `#plan`?' }
  expect(fixed('[it](@/a.md#pla)', problem)).toEqual(['[it](@/a.md#plan)'])
})

it('an empty link asks for its target', () => {
  expect(fixed('see [it]()', { code: 'link.empty' })).toEqual([{ is: 'choose', at: 9 }])
})

it('what is no link in brackets is left alone', () => {
  expect(fixed('see [it][ref]', { help: 'did you mean `@/b.md`?', to: 13 })).toEqual([])
})
