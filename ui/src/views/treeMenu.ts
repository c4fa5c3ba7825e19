// What can be done with a row of the tree, or with all that is chosen there. Commands only.
import type { MenuEntry } from '../kit/entries'
import type { TreeEntry } from '../ipc'
import type { Desk } from '../model/desk.svelte'
import { folderOf } from '../model/site.svelte'
import { entryFor } from './entries'
import { titleIn } from './languages'

export function menuOf(desk: Desk, entry: TreeEntry): MenuEntry[] {
  const about = (id: string, path = entry.path) => entryFor(desk, id, path)
  if (desk.structure.meant(entry.path).length > 1) return [about('page.move'), about('page.delete')]
  const made = [about('page.new', folderOf(entry)), about('page.newSection', folderOf(entry))]
  if (entry.kind === 'file') return made
  const copied = entry.kind === 'page' ? [about('page.duplicate')] : []
  return [...made, about('page.rename'), about('page.move'), ...copied, about('page.delete'), ...languagesOf(desk, entry)]
}

/** The page in each of its languages, where it has several. */
function languagesOf(desk: Desk, entry: TreeEntry): MenuEntry[] {
  const all = desk.site.languagesOf(entry.path)
  if (all.length < 2) return []
  return all.map((one) => ({ id: `language.${one.path}`, title: titleIn(one), run: () => void desk.pages.show(one.path) }))
}

/** What concerns the sidebar as a whole. */
export function sidebarMenu(desk: Desk): MenuEntry[] {
  const ids = ['page.new', 'page.newSection', 'view.fileNames', 'view.reveal', 'page.undoMove', 'page.redoMove']
  return ids.map((id) => entryFor(desk, id))
}
