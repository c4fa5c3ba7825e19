// The made-up past of the made-up pages: enough to look at every state of the history's views.
// Compares line by line and word by word in the simplest way; the engine's own way is finer.
import type { DeletedPage, Hunk, Piece, SidesRow, StateView } from '../types'

const now = Math.floor(Date.now() / 1000)
const state = (id: string, ago: number, by: StateView['by'], added: number, removed: number): StateView => ({
  id,
  at: now - ago,
  by,
  added,
  removed,
})

export const pastStates: StateView[] = [
  state('0', 40, 'saved', 2, 0),
  state('1', 90, 'saved', 14, 3),
  state('2', 150, 'saved', 31, 0),
  state('3', 4_000, 'other', 6, 9),
  state('4', 90_000, 'saved', 120, 44),
  state('5', 400_000, 'unsaved', 0, 12),
  state('6', 2_000_000, 'found', 260, 0),
]

export const deletedPages: DeletedPage[] = [
  { path: 'content/notes/old-felts.md', title: 'Old felts', at: now - 90_000, states: 4 },
  { path: 'content/making/sizing.md', title: 'Sizing with gelatine', at: now - 4_000_000, states: 12 },
]

/** The text of a state: the further back, the less of it there was. */
export function pastText(id: string, text: string): string {
  const back = Number(id)
  if (back === 0) return text
  const base = text === '' ? '---\ntitle: Old felts\n---\n\nFelts are washed when they no longer give water.\n' : text
  const lines = base.split('\n')
  const kept = lines.slice(0, Math.max(6, lines.length - back * 2))
  return kept.join('\n').replace('eleven seconds', `${back + 11} seconds`).replace(/water/g, 'the water')
}

/** Two texts as hunks. */
export function compared(old: string, fresh: string): Hunk[] {
  let at = 0
  return blocks(old, fresh).map(({ gone, come }) => {
    const from = at
    at += come.length
    const same = gone === come
    return { same, from, to: at, old: same ? '' : gone, new: come, pieces: same ? [] : pieces(gone, come) }
  })
}

/** Two texts beside each other; the last difference is theirs alone. */
export function sidesOf(mine: string, theirs: string): SidesRow[] {
  let at = 0
  const found = blocks(mine, theirs)
  return found.map(({ gone, come }, index) => {
    const from = at
    at += gone.length
    const changed = gone === come ? 'neither' : index === found.length - 1 ? 'theirs' : 'both'
    return { changed, mine: gone, from, to: at, theirs: come, pieces: gone === come ? [] : pieces(gone, come) }
  })
}

type Pair = { gone: string; come: string }

function blocks(old: string, fresh: string): Pair[] {
  const [one, other] = [old, fresh].map((text) => text.split(/(?<=\n)/))
  const pairs: Pair[] = []
  for (const [gone, come] of aligned(one ?? [], other ?? [])) {
    const last = pairs.at(-1)
    if (last && (last.gone === last.come) === (gone === come)) {
      last.gone += gone
      last.come += come
    } else pairs.push({ gone, come })
  }
  return pairs
}

function pieces(gone: string, come: string): Piece[] {
  const [one, other] = [gone, come].map((text) => text.split(/(?<=\s)/))
  const list: Piece[] = []
  for (const [old, fresh] of aligned(one ?? [], other ?? [])) {
    if (old === fresh) list.push({ is: 'same', text: old })
    else {
      if (old !== '') list.push({ is: 'removed', text: old })
      if (fresh !== '') list.push({ is: 'added', text: fresh })
    }
  }
  return list
}

/** Pairs of equal parts, and of parts that one side has alone, by the longest common subsequence. */
function aligned(one: string[], other: string[]): [string, string][] {
  const width = other.length + 1
  const long = new Uint16Array((one.length + 1) * width)
  const at = (x: number, y: number) => long[x * width + y] ?? 0
  for (let x = one.length - 1; x >= 0; x -= 1) {
    for (let y = other.length - 1; y >= 0; y -= 1) {
      long[x * width + y] = one[x] === other[y] ? at(x + 1, y + 1) + 1 : Math.max(at(x + 1, y), at(x, y + 1))
    }
  }
  const pairs: [string, string][] = []
  let [x, y] = [0, 0]
  while (x < one.length || y < other.length) {
    const [old, fresh] = [one[x], other[y]]
    if (old !== undefined && old === fresh) {
      pairs.push([old, old])
      x += 1
      y += 1
    } else if (fresh === undefined || (old !== undefined && at(x + 1, y) >= at(x, y + 1))) {
      pairs.push([old ?? '', ''])
      x += 1
    } else {
      pairs.push(['', fresh])
      y += 1
    }
  }
  return pairs
}
