import { describe, expect, it } from 'vitest'
import type { TreeEntry } from '../ipc'
import { canPlace, placedIn } from './placing'

const entry = (path: string, kind: TreeEntry['kind'] = 'page'): TreeEntry =>
  ({ path, kind, title: path, depth: 0, draft: false, url: null, lang: '', of: null })

describe('an entry in another folder', () => {
  it.each([
    ['content/a.md', 'content/b', 'content/b/a.md'],
    ['content/trip/index.md', 'content/b', 'content/b/trip/index.md'],
    ['content/trip/index.fr.md', 'content/b', 'content/b/trip/index.fr.md'],
    ['content/posts/_index.md', 'content/b', 'content/b/posts/_index.md'],
    ['a.md', 'notes', 'notes/a.md'],
    ['notes/a.md', '', 'a.md'],
  ])('%s in %s is %s', (path, folder, there) => {
    expect(placedIn(entry(path), folder)).toBe(there)
  })

  it('is a folder with its name', () => {
    expect(placedIn(entry('notes/old', 'folder'), '')).toBe('old')
  })

  it('is never in itself, nor where it was', () => {
    expect(canPlace(entry('content/posts/_index.md', 'section'), 'content/posts')).toBe(false)
    expect(canPlace(entry('content/posts/_index.md', 'section'), 'content/posts/deep')).toBe(false)
    expect(canPlace(entry('content/posts/_index.md', 'section'), 'content')).toBe(false)
    expect(canPlace(entry('content/trip/index.md'), 'content')).toBe(false)
    expect(canPlace(entry('content/a.md'), 'content/posts')).toBe(true)
    expect(canPlace(entry('index.md'), 'notes')).toBe(false)
    expect(canPlace(entry('zola.toml', 'file'), 'content')).toBe(false)
  })
})
