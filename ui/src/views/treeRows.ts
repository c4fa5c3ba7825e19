// Which lines of the tree are to be seen when some sections are closed. Pure.
import type { TreeEntry } from '../ipc'

/** `parent`: it holds other lines; `closed`: they are hidden now. */
export type Row = { entry: TreeEntry; parent: boolean; closed: boolean }

export function visibleRows(entries: TreeEntry[], closed: ReadonlySet<string>, flat: boolean): Row[] {
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
