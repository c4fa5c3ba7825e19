import { describe, expect, it } from 'vitest'
import type { TreeEntry } from '../ipc'
import { visibleRows } from './treeRows'

const entry = (path: string, depth: number): TreeEntry => ({
  path,
  title: path,
  kind: 'page',
  depth,
  draft: false,
  url: null,
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

  it('show everything while filtering', () => {
    expect(seen(['a'], true)).toEqual(['a', 'a/b', 'a/b/c', 'a/d', 'e'])
  })
})
