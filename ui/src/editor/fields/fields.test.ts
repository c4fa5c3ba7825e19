// One key changed in a form: what becomes of the text. Expected texts are written by hand.
import { addField, apply, fieldAt, frontMatterOf, newMatter, type Part, removeField, setField, type Wanted } from '.'
import { describe, expect, it } from 'vitest'

function part(text: string): Part {
  const found = frontMatterOf(text)
  if (found === null || found === 'open') throw new Error('no front matter')
  return found
}

function field(of: Part, path: string) {
  const found = 'fields' in of.read ? fieldAt(of.read.fields, path.split('.')) : undefined
  if (!found) throw new Error(`no ${path}`)
  return found
}

function set(text: string, path: string, wanted: Wanted): string | null {
  const of = part(text)
  const changes = setField(of, field(of, path), wanted)
  return changes && apply(text, changes)
}

function remove(text: string, path: string): string | null {
  const of = part(text)
  const changes = removeField(of, field(of, path))
  return changes && apply(text, changes)
}

function add(text: string, path: string, wanted: Wanted): string | null {
  const above = path.split('.')
  const changes = addField(part(text), above.slice(0, -1), above.at(-1) ?? '', wanted)
  return changes && apply(text, changes)
}

const words = (text: string): Wanted => ({ is: 'text', text })
const list = (...items: string[]): Wanted => ({ is: 'list', items })

const toml = `+++
# A note of the writer's.
title   = 'Old' # the name
date = 2024-05-01
draft = true
weight = 3
description = """
One
two"""
tags = [ "a", 'b' ] # few
sizes = [1, 2.5]

[taxonomies]
tags = [
  "one", # first
  "two",
]

[extra]
toc.depth = 2
card = { image = "x.png", alt = "" }
+++

Text
`

const line = (text: string, from: string, to: string) => text.replace(from, to)

describe('TOML', () => {
  it.each<[string, Wanted, string, string]>([
    ['title', words('New "one"'), "title   = 'Old' # the name", "title   = 'New \"one\"' # the name"],
    ['title', words("It's"), "title   = 'Old' # the name", 'title   = "It\'s" # the name'],
    ['date', { is: 'date', text: '2025-01-31' }, 'date = 2024-05-01', 'date = 2025-01-31'],
    ['draft', { is: 'switch', on: false }, 'draft = true', 'draft = false'],
    ['weight', { is: 'number', text: '-12' }, 'weight = 3', 'weight = -12'],
    ['description', words('Three\nfour'), '"""\nOne\ntwo"""', '"""\nThree\nfour"""'],
    ['tags', list('a', 'b', 'c'), `[ "a", 'b' ] # few`, `[ "a", 'b', "c" ] # few`],
    ['tags', list('b'), `[ "a", 'b' ] # few`, `[ 'b' ] # few`],
    ['tags', list(), `[ "a", 'b' ] # few`, '[] # few'],
    ['tags', list('a', 'x'), `[ "a", 'b' ] # few`, `[ "a", 'x' ] # few`],
    ['sizes', list('1', '2.5', '3'), '[1, 2.5]', '[1, 2.5, 3]'],
    ['sizes', list('2.5', '1'), '[1, 2.5]', '[2.5, 1]'],
    ['sizes', list('1', 'wide'), '[1, 2.5]', '[1, "wide"]'],
    ['taxonomies.tags', list('one', 'two', 'three'), '  "two",\n]', '  "two",\n  "three",\n]'],
    ['taxonomies.tags', list('one'), '  "two",\n', ''],
    ['taxonomies.tags', list('zero', 'one', 'two'), '[\n  "one"', '[\n  "zero",\n  "one"'],
    ['extra.toc.depth', { is: 'number', text: '4' }, 'toc.depth = 2', 'toc.depth = 4'],
    ['extra.card.alt', words('A card'), 'alt = ""', 'alt = "A card"'],
  ])('sets %s', (path, wanted, from, to) => expect(set(toml, path, wanted)).toBe(line(toml, from, to)))

  it.each([
    ['title', "title   = 'Old' # the name\n", ''],
    ['description', 'description = """\nOne\ntwo"""\n', ''],
    ['taxonomies', '[taxonomies]\ntags = [\n  "one", # first\n  "two",\n]\n', ''],
    ['extra.card.image', 'image = "x.png", alt', 'alt'],
    ['extra.card.alt', ', alt = ""', ''],
    ['extra.toc', 'toc.depth = 2\n', ''],
  ])('removes %s', (path, from, to) => expect(remove(toml, path)).toBe(line(toml, from, to)))

  it.each<[string, Wanted, string, string]>([
    ['slug', words('x'), '2.5]\n', '2.5]\nslug = "x"\n'],
    ['taxonomies.series', list('s'), '  "two",\n]\n', '  "two",\n]\nseries = ["s"]\n'],
    ['extra.card.wide', { is: 'switch', on: true }, 'alt = "" }', 'alt = "", wide = true }'],
    ['extra.toc.open', { is: 'switch', on: true }, 'toc.depth = 2\n', 'toc.depth = 2\ntoc.open = true\n'],
    ['other.key', words('v'), '"" }\n+++', '"" }\n\n[other]\nkey = "v"\n+++'],
    ['a key', words('v'), '2.5]\n', '2.5]\n"a key" = "v"\n'],
  ])('adds %s', (path, wanted, from, to) => expect(add(toml, path, wanted)).toBe(line(toml, from, to)))

  it('says what cannot be read', () => {
    const { read } = part('+++\ntitle = \n+++\n')
    expect('fault' in read && read.fault.at).toBe(8)
  })
})

const yaml = `---
# A note of the writer's.
title:   "Old"  # the name
plain: some text
quoted: 'it''s'
date: 2024-05-01
draft: true
weight: 3
empty:
noted: # to be done
tags:
  - a # first
  - b
flow: [x, "y z"]
mixed: [7, b]
years:
  - 1999
  - 2026
same:
- one
text: |-
  One
  two
map:
    deep:
        key: v
    other: {a: 1, b: two}
last: end
---
Text
`

describe('YAML', () => {
  it.each<[string, Wanted, string, string]>([
    ['title', words('New: "one"'), '"Old"', '"New: \\"one\\""'],
    ['plain', words('other text'), 'some text', 'other text'],
    ['plain', words('a: b'), 'some text', '"a: b"'],
    ['plain', words('yes'), 'some text', '"yes"'],
    ['plain', words('12'), 'some text', '"12"'],
    ['plain', words('2024-01-01'), 'some text', '"2024-01-01"'],
    ['plain', words('# no'), 'some text', '"# no"'],
    ['plain', words(''), 'plain: some text', 'plain:'],
    ['quoted', words("he's"), "'it''s'", "'he''s'"],
    ['date', { is: 'date', text: '2025-01-31' }, '2024-05-01', '2025-01-31'],
    ['draft', { is: 'switch', on: false }, 'draft: true', 'draft: false'],
    ['weight', { is: 'number', text: '1.5' }, 'weight: 3', 'weight: 1.5'],
    ['empty', words('now'), 'empty:', 'empty: now'],
    ['empty', list('m'), 'empty:', 'empty:\n  - m'],
    ['noted', words('now'), 'noted: # to be done', 'noted: now # to be done'],
    ['tags', list('a', 'b', 'c: d'), '  - b\n', '  - b\n  - "c: d"\n'],
    ['tags', list('b'), '  - a # first\n', ''],
    ['tags', list(), 'tags:\n  - a # first\n  - b\n', 'tags: []\n'],
    ['tags', list('a', 'x'), '  - b\n', '  - x\n'],
    ['years', list('1999', '2026', '2027'), '  - 2026\n', '  - 2026\n  - 2027\n'],
    ['mixed', list('b', '7'), '[7, b]', '[b, 7]'],
    ['mixed', list('7', 'b', '8'), '[7, b]', '[7, b, "8"]'],
    ['flow', list('x', 'y z', 'a, b'), '"y z"]', '"y z", "a, b"]'],
    ['flow', list('y z'), '[x, "y z"]', '["y z"]'],
    ['same', list('one', 'two'), '- one\n', '- one\n- two\n'],
    ['text', words('One\n\nthree'), '  One\n  two\n', '  One\n\n  three\n'],
    ['map.deep.key', words('w'), 'key: v', 'key: w'],
    ['map.other.b', words('a, b'), 'b: two', 'b: "a, b"'],
    ['last', words('over'), 'last: end', 'last: over'],
  ])('sets %s', (path, wanted, from, to) => expect(set(yaml, path, wanted)).toBe(line(yaml, from, to)))

  it.each([
    ['title', 'title:   "Old"  # the name\n', ''],
    ['tags', 'tags:\n  - a # first\n  - b\n', ''],
    ['text', 'text: |-\n  One\n  two\n', ''],
    ['map', 'map:\n    deep:\n        key: v\n    other: {a: 1, b: two}\n', ''],
    ['map.other.a', 'a: 1, ', ''],
    ['last', 'last: end\n', ''],
    ['empty', 'empty:\n', ''],
  ])('removes %s', (path, from, to) => expect(remove(yaml, path)).toBe(line(yaml, from, to)))

  it.each<[string, Wanted, string, string]>([
    ['slug', words('x'), 'last: end\n', 'last: end\nslug: x\n'],
    ['aliases', list('a', 'b'), 'last: end\n', 'last: end\naliases:\n  - a\n  - b\n'],
    ['extra.key', words('x'), 'last: end\n', 'last: end\nextra:\n  key: x\n'],
    ['empty.key', words('x'), 'empty:\n', 'empty:\n  key: x\n'],
    ['map.deep.more', { is: 'switch', on: true }, 'key: v\n', 'key: v\n        more: true\n'],
    ['map.other.c', { is: 'number', text: '3' }, 'b: two}', 'b: two, c: 3}'],
    ['a key: x', words('v'), 'last: end\n', 'last: end\n"a key: x": v\n'],
  ])('adds %s', (path, wanted, from, to) => expect(add(yaml, path, wanted)).toBe(line(yaml, from, to)))

  it('leaves a key alone that an alias depends on, and changes no other key through it', () => {
    const text = '---\na: &x one\nb: *x\nc: two\n---\n'
    expect(set(text, 'c', words('three'))).toBe(text.replace('two', 'three'))
    expect(set(text, 'a', words('three'))).toBe('---\na: &x three\nb: *x\nc: two\n---\n')
  })

  it('keeps a key that is given twice', () => {
    const text = '---\na: one\na: two\n---\n'
    const of = part(text)
    if (!('fields' in of.read)) throw new Error('not read')
    const second = of.read.fields[1]
    expect(second && removeField(of, second)).toEqual([{ from: 11, to: 18, insert: '' }])
  })
})

describe('a page without front matter', () => {
  it('gets one', () => {
    expect(newMatter('toml', [], 'title', words('A'))).toBe('+++\ntitle = "A"\n+++\n\n')
    expect(newMatter('yaml', ['extra'], 'tags', list('a'))).toBe('---\nextra:\n  tags:\n    - a\n---\n\n')
  })

  it('takes an empty block for one', () => {
    expect(add('---\n---\nText', 'title', words('A'))).toBe('---\ntitle: A\n---\nText')
    expect(add('+++\n+++\nText', 'title', words('A'))).toBe('+++\ntitle = "A"\n+++\nText')
  })

  it('is told from one whose block is not closed', () => {
    expect(frontMatterOf('---\n\nA break.\n\n---\n')).toBe(null)
    expect(frontMatterOf('---\ntitle: x\n\nText')).toBe('open')
    expect(frontMatterOf('Text')).toBe(null)
  })
})
