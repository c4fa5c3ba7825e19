// The open site as the sidebar and quick open see it. Replaced whole, never edited here.
import type { SiteView, TreeEntry } from '../ipc'

export class Site {
  view = $state.raw<SiteView | null>(null)
  tree = $state.raw<TreeEntry[]>([])
  recovered = $state.raw<string[]>([])
  readonly byPath = $derived(new Map(this.tree.map((entry) => [entry.path, entry])))
  readonly pages = $derived(this.tree.filter((entry) => entry.kind !== 'folder'))
  readonly folders = $derived(foldersOf(this.tree))
  /** The translations of each entry that has some, the entry itself first. */
  private readonly languages = $derived(grouped(this.tree))

  /** The folder that pages are kept in. */
  get root(): string {
    return this.view?.dialect === 'zola' ? 'content' : ''
  }

  show(view: SiteView | null): void {
    this.view = view
    this.tree = view?.tree ?? []
    this.recovered = view?.recovered ?? []
  }

  /** The same page in all languages, the first one first; one alone where there is no other. */
  languagesOf(path: string): readonly TreeEntry[] {
    const entry = this.byPath.get(path)
    if (!entry) return []
    return this.languages.get(entry.of ?? path) ?? [entry]
  }

  titleOf(path: string): string {
    return this.byPath.get(path)?.title ?? path.replace(/^.*\//, '')
  }
}

function grouped(tree: TreeEntry[]): Map<string, TreeEntry[]> {
  const groups = new Map<string, TreeEntry[]>()
  tree.forEach((entry, index) => {
    if (entry.of === null) return
    const group = groups.get(entry.of)
    if (group) group.push(entry)
    else groups.set(entry.of, [...original(tree, index), entry])
  })
  return groups
}

/** The entry that the translation at `index` follows. */
function original(tree: TreeEntry[], index: number): TreeEntry[] {
  for (let at = index - 1; at >= 0; at -= 1) {
    const entry = tree[at]
    if (entry?.of === null) return [entry]
  }
  return []
}

/** A folder that a new page can go into. */
export type Folder = { path: string; title: string; depth: number }

function foldersOf(tree: TreeEntry[]): Folder[] {
  return tree
    .filter((entry) => (entry.kind === 'section' || entry.kind === 'folder') && entry.of === null)
    .map((entry) => ({ path: folderOf(entry), title: entry.title, depth: entry.depth }))
}

/** The folder that an entry is, or is in. */
export function folderOf(entry: TreeEntry): string {
  return entry.kind === 'folder' ? entry.path : parentOf(entry.path)
}

/** The folder of a path, empty at the top. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}
