// What is chosen of two texts that cannot be merged. Pure; without a choice, nothing is left out.
import type { SidesRow } from '../ipc'

export type Chosen = 'mine' | 'theirs' | 'both'

/** Where one side alone changed, its text; where both did, both. */
export function suggested(row: SidesRow): Chosen {
  return row.changed === 'theirs' ? 'theirs' : row.changed === 'both' ? 'both' : 'mine'
}

/** How many passages were changed on both sides. */
export function openChoices(rows: readonly SidesRow[]): number {
  return rows.filter((row) => row.changed === 'both').length
}

/** The text that the choices come to. */
export function settledText(rows: readonly SidesRow[], chosen: readonly Chosen[]): string {
  return rows.map((row, index) => taken(row, chosen[index] ?? suggested(row))).join('')
}

function taken(row: SidesRow, take: Chosen): string {
  if (row.changed === 'neither' || take === 'mine') return row.mine
  if (take === 'theirs') return row.theirs
  // The second begins on a line of its own.
  const gap = row.mine === '' || row.mine.endsWith('\n') || row.theirs === '' ? '' : '\n'
  return row.mine + gap + row.theirs
}
