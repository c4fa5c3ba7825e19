import { describe, expect, it } from 'vitest'
import type { TreeEntry } from '../ipc'
import { above, visibleRows } from './treeRows'

const entry = (path: string, depth: number): TreeEntry => ({
  path,
  title: path,
  kind: 'page',
  depth,
  draft: false,
  url: null,
  lang: '',
  of: null,
})

const tree = [entry('a', 0), entry('a/b', 1), entry('a/b/c', 2), entry('a/d', 1), entry('e', 0)]
const seen = (closed: string[], flat = false) =>
  visibleRows(tree, new Set(closed), flat).map((row) => row.entry.path)

describe('the rows of the tree', () => {
  it('hide what a closed section holds, and nothing else', () => {
    expect(seen([])).toEqual(['a', 'a/b', 'a/b/c', 'a/d', 'e'])
    expect(seen(['a/b'])).toEqual(['a', 'a/b', 'a/d', 'e'])
    expect(seen(['a', 'a/b'])).toEqual(['a', 'e'])
  })

  it('keep translations with their page', () => {
    const all = [entry('a', 0), { ...entry('a.fr', 0), of: 'a' }, entry('b', 1)]
    expect(visibleRows(all, new Set(), false).map((row) => row.entry.path)).toEqual(['a', 'b'])
    expect(visibleRows(all, new Set(), true)).toHaveLength(3)
  })

  it('lie under others, which are named from the top', () => {
    expect(above(tree, 'a/b/c')).toEqual(['a', 'a/b'])
    expect(above(tree, 'a/d')).toEqual(['a'])
    expect(above(tree, 'e')).toEqual([])
  })

  it('show everything while filtering', () => {
    expect(seen(['a'], true)).toEqual(['a', 'a/b', 'a/b/c', 'a/d', 'e'])
  })
})
