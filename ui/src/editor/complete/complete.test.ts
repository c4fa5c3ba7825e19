// @vitest-environment jsdom
// Completion: where it begins, what it offers, what it writes. `¦` is the caret.
import { type Completion, CompletionContext } from '@codemirror/autocomplete'
import { EditorView } from '@codemirror/view'
import { describe, expect, it } from 'vitest'
import type { EditorHelp, SiteWords } from '../help'
import { noSpelling, read, show } from '../marked'
import { find } from './find'
import { placeAt } from './place'
import { completing } from './source'
import { imageTo, linkTo, pathOf, relative, wikiName } from './targets'

const zola: SiteWords = {
  dialect: 'zola',
  vault: false,
  base: '',
  pages: [
    { path: 'content/_index.md', title: 'Home' },
    { path: 'content/making/forming.md', title: 'How a sheet is formed' },
    { path: 'content/making/pressing.md', title: 'The press' },
    { path: 'content/notes/first frost.md', title: 'First frost' },
  ],
  taxonomies: [{ name: 'tags', terms: ['making', 'water', 'wild flax'] }],
  components: ['figure', 'note'],
  images: ['content/making/mould.jpg', 'static/mill.svg'],
}
const plain: SiteWords = { ...zola, dialect: 'plain', pages: zola.pages.map((page) => ({ ...page, path: page.path.slice(8) })), images: ['making/mould.jpg'] }
const vault: SiteWords = { ...plain, vault: true }

const headings = [
  { level: 1, id: 'the-press', title: 'The press' },
  { level: 2, id: 'the-screw', title: 'The screw' },
]

function help(words: SiteWords): EditorHelp {
  return {
    words: () => words,
    headings: (path) => Promise.resolve(path.endsWith('pressing.md') ? headings : []),
    images: () => undefined,
    typewriter: () => false,
    spelling: noSpelling,
    create: () => undefined,
  }
}

async function options(words: SiteWords, marked: string, path = 'content/about.md'): Promise<[EditorView, readonly Completion[], number]> {
  const view = new EditorView({ state: read(marked) })
  const at = view.state.selection.main.head
  const found = await completing(help(words), path)(new CompletionContext(view.state, at, false))
  return [view, found?.options ?? [], found?.from ?? at]
}

async function labels(words: SiteWords, marked: string, path?: string): Promise<string[]> {
  return (await options(words, marked, path))[1].map((one) => one.label)
}

async function chosen(words: SiteWords, marked: string, path?: string): Promise<string> {
  const [view, [first], from] = await options(words, marked, path)
  const at = view.state.selection.main.head
  if (typeof first?.apply === 'function') first.apply(view, first, from, at)
  else view.dispatch({ changes: { from, to: at, insert: first?.apply ?? first?.label }, selection: { anchor: from + (first?.apply ?? first?.label ?? '').length } })
  return show(view.state, '¦')
}

describe('pages', () => {
  it.each([
    [zola, 'see [[press¦', 'see [The press](@/making/pressing.md)¦'],
    [zola, 'see [[press¦]]', 'see [The press](@/making/pressing.md)¦'],
    [zola, 'see [it](press¦)', 'see [it](@/making/pressing.md)¦'],
    [zola, 'see [it](press¦', 'see [it](@/making/pressing.md)¦'],
    [zola, 'see [it](@/making/pre¦ssing.md)', 'see [it](@/making/pressing.md)¦'],
    [zola, 'see [it](fr¦)', 'see [it](@/notes/first%20frost.md)¦'],
    [vault, 'see [[press¦]]', 'see [[pressing]]¦'],
  ])('%# %#', async (words, before, after) => expect(await chosen(words, before)).toBe(after))

  it('are named from where the text is, in a plain folder', async () => {
    expect(await chosen(plain, '[[press¦', 'notes/a.md')).toBe('[The press](../making/pressing.md)¦')
    expect(await chosen(plain, '[x](press¦)', 'making/forming.md')).toBe('[x](pressing.md)¦')
  })

  it('are not offered in code, in addresses, or in plain words', async () => {
    for (const text of ['```\n[[pr¦\n```', '[x](https://pr¦)', 'press¦', '`[[pr¦`']) {
      expect(await labels(zola, text), text).toEqual([])
    }
  })
})

it('a place is found in no time, whatever the line holds', () => {
  const lines = [`[${'\\x'.repeat(4000)}`, '[a]('.repeat(3000), `[a](${'b '.repeat(4000)}`, '['.repeat(8000)]
  for (const line of lines) {
    const state = read(`${line}¦`)
    placeAt(state, line.length, 'a.md')
    const start = performance.now()
    placeAt(state, line.length, 'a.md')
    expect(performance.now() - start, line.slice(0, 8)).toBeLessThan(20)
  }
})

describe('headings', () => {
  it.each([
    ['[x](@/making/pressing.md#scr¦)', '[x](@/making/pressing.md#the-screw)¦'],
    ['[x](@/making/pressing.md#¦', '[x](@/making/pressing.md#the-press)¦'],
  ])('%s', async (before, after) => expect(await chosen(zola, before)).toBe(after))

  it('are those of the page itself after a bare sign', async () => {
    expect(await labels(zola, '[x](#¦)', 'content/making/pressing.md')).toEqual(['The press', 'The screw'])
  })

  it('are found by the name of a page in a vault', async () => {
    expect(await chosen(vault, '[[pressing#scr¦]]')).toBe('[[pressing#The screw]]¦')
  })
})

describe('images and components', () => {
  it('are found by their name', async () => {
    expect(await chosen(zola, '![](mou¦)')).toBe('![](/making/mould.jpg)¦')
    expect(await chosen(zola, '![](mill¦)')).toBe('![](/mill.svg)¦')
    expect(await chosen(zola, '{{ <no¦')).toBe('{{ <note ¦ /> }}')
    expect(await labels(zola, '{{ <¦')).toEqual(['figure', 'note'])
  })
})

describe('front matter', () => {
  it.each([
    ['+++\nti¦\n+++\n', '+++\ntitle = "¦"\n+++\n'],
    ['---\ndr¦\n---\n', '---\ndraft: ¦\n---\n'],
    ['+++\ntax¦\n+++\n', '+++\n[taxonomies]\n¦\n+++\n'],
    ['---\nex¦\n---\n', '---\nextra:\n  ¦\n---\n'],
    ['+++\n[taxonomies]\nta¦\n+++\n', '+++\n[taxonomies]\ntags = [¦]\n+++\n'],
    ['+++\n[taxonomies]\ntags = ["wa¦"]\n+++\n', '+++\n[taxonomies]\ntags = ["water"¦]\n+++\n'],
    ['+++\n[taxonomies]\ntags = [wa¦]\n+++\n', '+++\n[taxonomies]\ntags = ["water"¦]\n+++\n'],
    ['---\ntags: [making, wa¦]\n---\n', '---\ntags: [making, water¦]\n---\n'],
    ['---\ntags:\n  - making\n  - wi¦\n---\n', '---\ntags:\n  - making\n  - wild flax¦\n---\n'],
    ['+++\ndraft = ¦\n+++\n', '+++\ndraft = true¦\n+++\n'],
  ])('%# %j', async (before, after) => expect(await chosen(zola, before)).toBe(after))

  it('knows what a section has and a page has not', async () => {
    expect(await labels(zola, '+++\nsort¦\n+++\n')).toEqual([])
    expect(await labels(zola, '+++\nsort¦\n+++\n', 'content/_index.md')).toEqual(['sort_by'])
  })

  it('is not the first line, nor the text', () => {
    expect(placeAt(read('---¦\ntitle: x\n---\n'), 3, 'a.md')).toBeNull()
    expect(placeAt(read('+++\n+++\nti¦'), 10, 'a.md')).toBeNull()
  })
})

describe('targets', () => {
  it.each([
    ['a.md', 'b.md', 'b.md'],
    ['x/a.md', 'x/b.md', 'b.md'],
    ['x/y/a.md', 'z/b.md', '../../z/b.md'],
    ['x/a.md', 'x/y/b.md', 'y/b.md'],
  ])('from %s to %s', (from, to, expected) => expect(relative(from, to)).toBe(expected))

  it('lead there and back', () => {
    for (const words of [zola, plain]) {
      const from = words.pages[1]?.path ?? ''
      for (const page of words.pages) expect(pathOf(words, from, `${linkTo(words, from, page.path)}#x`)).toBe(page.path)
    }
  })

  it('of images follow where they are published', () => {
    expect(imageTo(zola, 'content/making/_index.md', 'content/making/mould.jpg')).toBe('mould.jpg')
    expect(imageTo({ ...zola, base: '/blog' }, 'content/a.md', 'static/mill.svg')).toBe('/blog/mill.svg')
    expect(imageTo(plain, 'notes/a.md', 'making/mould.jpg')).toBe('../making/mould.jpg')
  })

  it('in double brackets have folders only where they must', () => {
    const pages = [{ path: 'a/x.md', title: '' }, { path: 'b/x.md', title: '' }, { path: 'a/y.md', title: '' }]
    expect(wikiName(pages, 'a/x.md')).toBe('a/x')
    expect(wikiName(pages, 'a/y.md')).toBe('y')
  })
})

describe('finding', () => {
  const pages = Array.from({ length: 10_000 }, (_, at) => ({ title: `Page number ${at} about the mill`, path: `content/section-${at % 40}/page-${at}.md` }))

  it('prefers beginnings of titles, then of words', () => {
    const some = ['Last water', 'Bathwater', 'Water mills'].map((title) => ({ title, path: 'x' }))
    expect(find('wat', some).map((one) => one.title)).toEqual(['Water mills', 'Last water', 'Bathwater'])
    expect(find('zürich', [{ title: 'Zurich', path: 'z' }])).toHaveLength(1)
    expect(find('wm', some).map((one) => one.title)).toEqual(['Water mills'])
  })

  it('takes less than 5 ms among 10,000 pages, whatever is asked', () => {
    find('warm', pages)
    for (const query of ['', 'p', 'page number 99', 'mill', 'section-7', '9999', 'nothing has this', 'pnm', 'about 77']) {
      const times = Array.from({ length: 9 }, () => {
        const start = performance.now()
        find(query, pages)
        return performance.now() - start
      })
      expect(Math.min(...times), query).toBeLessThan(5)
    }
  })
})
