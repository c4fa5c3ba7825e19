// Which of many names fit a few typed letters, best first. Pure, and quick: 10,000 names in a few
// milliseconds, so that typing never waits.

/** Something with a name and another text that it can be found by. */
export type Named = { title: string; path: string }

type Ready<T> = { entry: T; title: string; path: string }

const most = 50
const ready = new WeakMap<readonly Named[], Ready<Named>[]>()

/** The entries that fit, best first, and no more than can be looked at. */
export function find<T extends Named>(query: string, entries: readonly T[]): T[] {
  const wanted = plain(query).trim()
  if (wanted === '') return entries.slice(0, most)
  const prepared = prepare(entries)
  const parts = wanted.split(/\s+/)
  const buckets: T[][] = [[], [], [], [], []]
  for (const one of prepared) {
    const score = rate(wanted, parts, one)
    const bucket = buckets[score]
    if (bucket && bucket.length < most) bucket.push(one.entry)
    if (score === 0 && (buckets[0]?.length ?? 0) >= most) break
  }
  const found = buckets.flat()
  return (found.length > 0 ? found : scattered(wanted, prepared)).slice(0, most)
}

function prepare<T extends Named>(entries: readonly T[]): Ready<T>[] {
  const known = ready.get(entries)
  if (known) return known as Ready<T>[]
  const made = entries.map((entry) => ({ entry, title: plain(entry.title), path: plain(entry.path) }))
  ready.set(entries, made)
  return made
}

/** Lower case without accents. */
function plain(text: string): string {
  const lower = text.toLowerCase()
  return /^[\x20-\x7e]*$/.test(lower) ? lower : lower.normalize('NFKD').replace(/\p{M}/gu, '')
}

/** 0 is best; 5 does not fit. */
function rate(wanted: string, parts: string[], one: Ready<unknown>): number {
  const at = one.title.indexOf(wanted)
  if (at === 0) return 0
  if (at > 0) return /[\s\-_/]/.test(one.title[at - 1] ?? '') ? 1 : 2
  if (one.path.includes(wanted)) return 3
  if (parts.length === 1) return 5
  return parts.every((part) => one.title.includes(part) || one.path.includes(part)) ? 4 : 5
}

/** Where nothing has the letters together: those that have them in order. */
function scattered<T>(wanted: string, prepared: Ready<T>[]): T[] {
  const letters = wanted.replace(/\s+/g, '')
  const found: T[] = []
  for (const one of prepared) {
    let at = -1
    let fits = true
    for (const letter of letters) {
      at = one.title.indexOf(letter, at + 1)
      if (at < 0) {
        fits = false
        break
      }
    }
    if (fits) found.push(one.entry)
    if (found.length >= most) break
  }
  return found
}
