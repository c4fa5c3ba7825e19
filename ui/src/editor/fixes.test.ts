// Fixes for what the engine reports, in its own words.
import { describe, expect, it } from 'vitest'
import type { Problem } from '../ipc/types'
import { fixesFor, offersFor } from './fixes'
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

describe('an image without a text', () => {
  const said = (text: string) => {
    const state = read(`|${text}`)
    const from = text.search(/!\[|<img/)
    const to = from + (/^(?:!\[[^\]]*\](?:\([^ ]*?(?: "[^"]*")?\)|\[\w+\])|<img[^>]*>)/.exec(text.slice(from))?.[0].length ?? 0)
    const problem: Problem = { path: 'a.md', line: 1, column: 1, from, to, severity: 'warning', code: 'image.alt', message: '', help: '' }
    return fixesFor(state, problem, zola, 'a.md').map((fix) => {
      if (fix.is !== 'describe' && fix.is !== 'decorate') throw new Error(fix.is)
      const changes = fix.is === 'describe' ? fix.write('A "grey" [mill]') : fix.changes
      return state.update({ changes }).state.doc.toString()
    })
  }

  it.each([
    ['see ![](a.png) it', ['see ![A "grey" \\[mill\\]](a.png) it', 'see ![](a.png "") it']],
    ['![ ](<a.png>)', ['![A "grey" \\[mill\\]](<a.png>)', '![ ](<a.png> "")']],
    ['![](a.png "Mill")', ['![A "grey" \\[mill\\]](a.png "Mill")']],
    ['![][mill]', ['![A "grey" \\[mill\\]][mill]']],
    ['<img src="a.png">', ['<img alt="A &quot;grey&quot; [mill]" src="a.png">', '<img alt="" src="a.png">']],
    ['plain', []],
  ])('%j is described, or said to decorate', (text, expected) => expect(said(text)).toEqual(expected))
})

it('what can be done is known without the text', () => {
  const problem = { path: 'a.md', line: 1, column: 1, from: 0, to: 0, severity: 'error' } as const
  const offers = (code: string, message = '', help = '') => offersFor({ ...problem, code, message, help }, zola)
  expect(offers('link.missing', 'cannot find page `@/helo.md`', 'did you mean `@/hello.md`?')).toEqual([
    { is: 'near', name: '@/hello.md' },
    { is: 'create', name: '@/helo.md', path: 'content/helo.md' },
  ])
  expect(offers('image.alt')).toEqual([{ is: 'describe' }, { is: 'decorate' }])
  expect(offers('template.error')).toEqual([])
})
