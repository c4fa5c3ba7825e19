// What is chosen of two texts: nothing may be left out that nobody chose to leave out.
import { expect, test } from 'vitest'
import type { SidesRow } from '../ipc'
import { openChoices, settledText, suggested } from './sides'

function row(changed: SidesRow['changed'], mine: string, theirs: string): SidesRow {
  return { changed, mine, theirs, from: 0, to: mine.length, pieces: [] }
}

const rows = [row('neither', 'a\n', 'a\n'), row('mine', 'b\n', ''), row('theirs', '', 'c\n'), row('both', 'd', 'e')]

test('without a choice nothing that anyone wrote is left out', () => {
  expect(rows.map(suggested)).toEqual(['mine', 'mine', 'theirs', 'both'])
  expect(settledText(rows, [])).toBe('a\nb\nc\nd\ne')
  expect(openChoices(rows)).toBe(1)
})

test('one side as a whole is that text, byte for byte', () => {
  expect(settledText(rows, rows.map(() => 'mine'))).toBe('a\nb\nd')
  expect(settledText(rows, rows.map(() => 'theirs'))).toBe('a\nc\ne')
})
