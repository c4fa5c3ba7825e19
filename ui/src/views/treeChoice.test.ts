import { describe, expect, it } from 'vitest'
import { choose } from './treeChoice'

const order = ['a', 'b', 'c', 'd']
const none = { paths: [], anchor: 'b' }

describe('choosing rows', () => {
  it('one after the other with Ctrl, the first one too', () => {
    const two = choose(order, none, 'd', { shift: false, mod: true })
    expect(two).toEqual({ paths: ['b', 'd'], anchor: 'd' })
    const three = choose(order, two, 'a', { shift: false, mod: true })
    expect(three.paths).toEqual(['a', 'b', 'd'])
    expect(choose(order, three, 'b', { shift: false, mod: true }).paths).toEqual(['a', 'd'])
  })

  it('a row of them with Shift, from where it began, either way', () => {
    const down = choose(order, none, 'd', { shift: true, mod: false })
    expect(down).toEqual({ paths: ['b', 'c', 'd'], anchor: 'b' })
    expect(choose(order, down, 'a', { shift: true, mod: false }).paths).toEqual(['a', 'b'])
  })

  it('is one again with a plain click', () => {
    expect(choose(order, { paths: ['a', 'b'], anchor: 'a' }, 'c', { shift: false, mod: false })).toEqual({
      paths: [],
      anchor: 'c',
    })
  })
})
