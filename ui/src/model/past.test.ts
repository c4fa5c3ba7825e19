// @vitest-environment jsdom
// Saves as sittings. What the session keeps is its own affair.
import { expect, test } from 'vitest'
import type { StateView } from '../ipc'
import { sittings } from './past.svelte'

function state(at: number, by: StateView['by'] = 'saved', added = 1, removed = 0): StateView {
  return { id: String(at), at, by, added, removed }
}

test('saves that follow each other are one sitting, told by the last', () => {
  const list = sittings([state(1000, 'saved', 2, 1), state(900), state(601, 'saved', 0, 4), state(300)])
  expect(list.map((one) => [one.state.id, one.added, one.removed, one.saves])).toEqual([
    ['1000', 3, 5, 3],
    ['300', 1, 0, 1],
  ])
})

test('what another program wrote, and what was found, stand by themselves', () => {
  const list = sittings([state(30), state(20, 'other'), state(10), state(5, 'found')])
  expect(list.map((one) => one.state.id)).toEqual(['30', '20', '10', '5'])
})
