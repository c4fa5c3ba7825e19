// Which rows of the tree are chosen after a click or a key. Pure.

export type Choice = {
  /** Chosen rows, in the order of the tree; fewer than two is none. */
  paths: string[]
  /** From where Shift reaches. */
  anchor: string
}

export type Held = { shift: boolean; mod: boolean }

/** After a row was clicked, or gone to by key. */
export function choose(order: readonly string[], before: Choice, at: string, held: Held): Choice {
  if (held.shift) return { paths: many(between(order, before.anchor, at)), anchor: before.anchor }
  if (!held.mod) return { paths: [], anchor: at }
  const chosen = new Set(before.paths.length === 0 ? [before.anchor] : before.paths)
  if (!chosen.delete(at)) chosen.add(at)
  return { paths: many(order.filter((path) => chosen.has(path))), anchor: at }
}

function between(order: readonly string[], one: string, other: string): string[] {
  const [from, to] = [order.indexOf(one), order.indexOf(other)]
  if (from < 0) return [other]
  return order.slice(Math.min(from, to), Math.max(from, to) + 1)
}

function many(paths: string[]): string[] {
  return paths.length > 1 ? paths : []
}
