// Which lines of the tree are to be seen when some sections are closed. Pure.
import type { TreeEntry } from '../ipc'

/** `parent`: it holds other lines; `closed`: they are hidden now. */
export type Row = { entry: TreeEntry; parent: boolean; closed: boolean }

/** Translations stand with the page that they are of, not in a line of their own, unless `flat`. */
export function visibleRows(all: TreeEntry[], closed: ReadonlySet<string>, flat: boolean): Row[] {
  const entries = flat ? all : all.filter((entry) => entry.of === null)
  const rows: Row[] = []
  let hiddenBelow = Infinity
  entries.forEach((entry, index) => {
    if (!flat && entry.depth > hiddenBelow) return
    hiddenBelow = Infinity
    const parent = !flat && (entries[index + 1]?.depth ?? 0) > entry.depth
    const shut = parent && closed.has(entry.path)
    if (shut) hiddenBelow = entry.depth
    rows.push({ entry, parent, closed: shut })
  })
  return rows
}

/** The lines that `path` lies under, the topmost first. */
export function above(entries: TreeEntry[], path: string): string[] {
  const at = entries.findIndex((entry) => entry.path === path)
  const found: string[] = []
  let depth = entries[at]?.depth ?? 0
  for (let index = at - 1; index >= 0 && depth > 0; index -= 1) {
    const entry = entries[index]
    if (!entry || entry.depth >= depth) continue
    depth = entry.depth
    if (entry.of === null) found.unshift(entry.path)
  }
  return found
}
