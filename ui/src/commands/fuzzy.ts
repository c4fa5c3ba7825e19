// How well a few typed letters fit a title or a path. Pure.

/** A score, higher is better; null where the letters are not all there in order. */
export function fuzzy(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replace(/\s+/g, '')
  const given = text.toLowerCase()
  if (wanted === '') return 0
  const whole = given.indexOf(query.trim().toLowerCase())
  if (whole >= 0) return 1000 - whole - given.length / 100 + (starts(given, whole) ? 200 : 0)
  let score = 0
  let at = -1
  for (const letter of wanted) {
    const next = given.indexOf(letter, at + 1)
    if (next < 0) return null
    score += next === at + 1 ? 8 : starts(given, next) ? 6 : 1
    score -= Math.min(4, (next - at) / 8)
    at = next
  }
  return score - given.length / 100
}

function starts(text: string, at: number): boolean {
  return at === 0 || /[\s/_.-]/.test(text[at - 1] ?? '')
}

/** The entries that fit, best first; entries that fit alike keep their order. */
export function rank<T>(query: string, entries: readonly T[], texts: (entry: T) => string[]): T[] {
  if (query.trim() === '') return [...entries]
  const scored: { entry: T; score: number }[] = []
  for (const entry of entries) {
    const scores = texts(entry)
      .map((text) => fuzzy(query, text))
      .filter((score) => score !== null)
    if (scores.length > 0) scored.push({ entry, score: Math.max(...scores) })
  }
  return scored.sort((one, other) => other.score - one.score).map(({ entry }) => entry)
}
