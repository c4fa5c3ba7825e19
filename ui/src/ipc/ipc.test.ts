// @vitest-environment jsdom
// What comes from the frame, and where its links lead.
import { describe, expect, it } from 'vitest'
import { previewBase, sitePath } from './address'
import { fromFrame } from './port'

describe('messages of the frame', () => {
  it.each([
    [{ ready: true }, { ready: true, broken: false }],
    [{ need: 'anything' }, { need: 'document' }],
    [{ click: { offset: 12.7 } }, { click: { offset: 12 } }],
    [{ follow: 'https://a.org/' }, { follow: 'https://a.org/' }],
    [{ scroll: 40 }, { scroll: 40 }],
    [{ click: { offset: -1 } }, null],
    [{ click: { offset: Number.NaN } }, null],
    [{ click: 3 }, null],
    [{ follow: 3 }, null],
    [{ scroll: 'top' }, null],
    [{ key: { key: 1, code: 'KeyP' } }, null],
    [{ command: 'publish' }, null],
    ['ready', null],
    [null, null],
  ])('%j is %j', (data, message) => expect(fromFrame(data)).toEqual(message))
})

describe('links of the preview', () => {
  const base = 'https://mill.example/notes'
  it.each([
    [`${previewBase}/posts/one/`, '/posts/one/'],
    [`${previewBase}/posts/one/?galley=3#top`, '/posts/one/'],
    [`${previewBase}/caf%C3%A9/`, '/café/'],
    [previewBase, '/'],
    ['https://mill.example/notes/posts/', '/posts/'],
    ['https://mill.example/notesque/', null],
    ['https://elsewhere.example/', null],
    ['mailto:ada@mill.example', null],
  ])('%s leads to %s', (href, path) => expect(sitePath(href, base)).toBe(path))
})
