// Where an entry of the sidebar is when it is put into a folder. Pure.
import type { TreeEntry } from '../ipc'

/** Whether a source speaks for its folder: a section's page, or that of a page with files. */
export function speaks(path: string): boolean {
  return /(^|\/)_?index(\.[\w-]+)?\.md$/.test(path)
}

/** The path of what moves with an entry: its folder, where it speaks for one. */
export function unitOf(entry: TreeEntry): string {
  return entry.kind !== 'folder' && speaks(entry.path) ? parent(entry.path) : entry.path
}

/** The path that an entry has in `folder`. */
export function placedIn(entry: TreeEntry, folder: string): string {
  const unit = unitOf(entry)
  const there = join(folder, name(unit))
  return unit === entry.path ? there : `${there}/${name(entry.path)}`
}

/** Whether an entry can be put into a folder: not into itself, and not where it is. */
export function canPlace(entry: TreeEntry, folder: string): boolean {
  const unit = unitOf(entry)
  const isInside = folder === unit || folder.startsWith(`${unit}/`)
  return entry.kind !== 'file' && !isInside && parent(unit) !== folder && name(unit) !== ''
}

function name(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function parent(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

function join(folder: string, rest: string): string {
  return folder === '' ? rest : `${folder}/${rest}`
}
