// @vitest-environment jsdom
// Patches of the preview, on real nodes.
import { beforeEach, describe, expect, it } from 'vitest'
import { type Blocks, blockAt, blockOf, collect, replace, shiftFrom } from './blocks'

let blocks: Blocks

beforeEach(() => {
  document.body.innerHTML =
    '<article><!--galley:0-5--><h1>One</h1>\n<!--galley:7-10--><p>Two</p>\n' +
    '<!--galley:12-17--><p>Three</p>\n<!--galley:end--></article><footer>F</footer>'
  blocks = collect(document)
})

const places = () => blocks.list.map(({ from, to }) => [from, to])
const words = () => document.querySelector('article')?.textContent.replace(/\s+/g, ' ').trim()

describe('blocks', () => {
  it('are collected in order', () => {
    expect(places()).toEqual([
      [0, 5],
      [7, 10],
      [12, 17],
    ])
  })

  it('are morphed in place, and what follows moves', () => {
    const before = document.querySelector('p')
    expect(replace(blocks, 1, 1, [{ from: 7, to: 14, html: '<p>Two and</p>' }], 4)).toBe(true)
    expect(document.querySelector('p')).toBe(before)
    expect(before?.textContent).toBe('Two and')
    expect(places()).toEqual([
      [0, 5],
      [7, 14],
      [16, 21],
    ])
  })

  it('are inserted, at the end too', () => {
    expect(replace(blocks, 3, 0, [{ from: 19, to: 23, html: '<p>Four</p>' }], 0)).toBe(true)
    expect(words()).toBe('One Two ThreeFour'.replace('eF', 'e F'))
    expect(places()[3]).toEqual([19, 23])
    expect(document.querySelector('footer')?.textContent).toBe('F')
  })

  it('are removed with all their nodes', () => {
    expect(replace(blocks, 0, 2, [], -12)).toBe(true)
    expect(words()).toBe('Three')
    expect(places()).toEqual([[0, 5]])
    expect(collect(document).list).toHaveLength(1)
  })

  it('change kind', () => {
    expect(replace(blocks, 1, 1, [{ from: 7, to: 12, html: '<h2>Two</h2>' }], 2)).toBe(true)
    expect(document.querySelector('h2')?.textContent).toBe('Two')
    expect(document.querySelectorAll('p')).toHaveLength(1)
  })

  it('refuse what only the whole document can show', () => {
    const before = document.body.innerHTML
    expect(replace(blocks, 1, 1, [{ from: 7, to: 12, html: '<div><p>open' }], 2)).toBe(false)
    expect(replace(blocks, 1, 1, [{ from: 7, to: 12, html: '</div><p>shut</p>' }], 2)).toBe(false)
    expect(document.body.innerHTML).toBe(before)
  })

  it('refuse markers that are no siblings', () => {
    document.body.innerHTML = '<div><!--galley:0-5--><p>One</p><section><!--galley:7-9--><p>Two</p></section></div>'
    blocks = collect(document)
    expect(replace(blocks, 0, 1, [{ from: 0, to: 6, html: '<p>Uno</p>' }], 1)).toBe(false)
  })

  it('are found by place and by node', () => {
    expect(blockAt(blocks, 8)).toBe(1)
    expect(blockAt(blocks, 11)).toBe(1)
    const three = document.querySelectorAll('p')[1]
    expect(three && blockOf(blocks, three)).toBe(2)
    const footer = document.querySelector('footer')
    expect(footer && blockOf(blocks, footer)).toBe(-1)
  })

  it('move when the text before them does', () => {
    shiftFrom(blocks, 6, 3)
    expect(places()).toEqual([
      [0, 5],
      [10, 13],
      [15, 20],
    ])
  })
})
