// What the sidebar does to the site: pages chosen, moved, copied, thrown away, and moves taken back.
// Decides nothing about links or files; the session does.
import type { Moved, MoveLook, PageMove, TreeEntry, Wire } from '../ipc'
import { t } from '../kit/text'
import type { Desk } from './desk.svelte'
import { placedIn } from './placing'
import { keep, recall } from './store'

export class Structure {
  /** Paths of the entries chosen in the sidebar, in its order; one alone is not listed. */
  chosen = $state.raw<string[]>([])
  canUndo = $state(false)
  canRedo = $state(false)
  /** Counts how often the open page was asked to be shown in the sidebar. */
  revealed = $state(0)
  /** Where nobody says, whether old addresses stay alive: as was chosen last. */
  private kept = $state.raw<{ zola: boolean; plain: boolean }>(recall('aliases', { zola: true, plain: false }))

  constructor(
    private readonly wire: Wire,
    private readonly desk: Desk,
  ) {}

  get aliases(): boolean {
    return this.desk.site.view?.dialect === 'zola' ? this.kept.zola : this.kept.plain
  }

  setAliases(on: boolean): void {
    const dialect = this.desk.site.view?.dialect === 'zola' ? 'zola' : 'plain'
    this.kept = { ...this.kept, [dialect]: on }
    keep('aliases', this.kept)
  }

  /** What a command is about: all that is chosen, where `path` is among it. */
  meant(path: string | undefined): string[] {
    if (path === undefined) return this.chosen
    return this.chosen.includes(path) ? this.chosen : [path]
  }

  clear(): void {
    this.chosen = []
    this.canUndo = this.canRedo = false
  }

  /** Moves entries into a folder. */
  into(paths: string[], folder: string): Promise<boolean> {
    const entries = paths.flatMap((path) => this.desk.site.byPath.get(path) ?? [])
    const moves = movesInto(entries, folder)
    return moves.length === 0 ? Promise.resolve(true) : this.move(moves)
  }

  /** Moves entries; links to them follow. */
  move(moves: PageMove[], aliases = this.aliases): Promise<boolean> {
    return this.desk.try(async () => {
      await this.desk.pages.saveAll()
      const { moved } = await this.wire.call({ do: 'move', moves, aliases })
      this.chosen = []
      this.settle(moved)
      this.desk.notices.done(this.told(moved), consequence(moved), {
        name: t('move.undo'),
        run: () => void this.undo(),
      })
    })
  }

  /** What a move would come to; null where it cannot be done. */
  async look(moves: PageMove[], aliases: boolean): Promise<{ look: MoveLook } | { refused: string }> {
    try {
      const { look } = await this.wire.call({ do: 'lookMove', moves, aliases })
      return { look }
    } catch (thrown) {
      return { refused: thrown instanceof Error ? thrown.message : String(thrown) }
    }
  }

  undo(): Promise<boolean> {
    return this.turn('undoMove')
  }

  redo(): Promise<boolean> {
    return this.turn('redoMove')
  }

  /** The session has renamed sources. */
  moved(pages: PageMove[]): void {
    this.desk.pages.moved(pages)
  }

  /** Copies a page and opens the copy. */
  duplicate(path: string): Promise<boolean> {
    return this.desk.try(async () => {
      await this.desk.pages.get(path)?.saveIfNeeded()
      const { page } = await this.wire.call({ do: 'duplicatePage', path })
      await this.desk.pages.adopt(page)
      this.desk.notices.say(t('duplicate.done', { title: page.title }))
    })
  }

  newSection(folder: string, title: string): Promise<boolean> {
    return this.desk.try(async () => {
      const { page } = await this.wire.call({ do: 'newSection', folder, title })
      await this.desk.pages.adopt(page)
    })
  }

  /** Moves entries to the trash, with all that lies in those that are folders. */
  remove(paths: string[]): Promise<boolean> {
    return this.desk.try(async () => {
      const { pages, preview, site } = this.desk
      const current = pages.current?.path
      await this.wire.call({ do: 'deletePages', paths })
      const gone = (path: string) => paths.some((one) => path === one || path.startsWith(`${one}/`))
      for (const path of pages.known()) if (gone(path)) pages.forget(path)
      this.chosen = []
      if (current === undefined || !gone(current)) return
      const next = pages.recent[0] ?? site.view?.home
      if (next !== undefined && next !== null && !gone(next)) await pages.show(next)
      else preview.show(null)
    })
  }

  /** Shows the open page in the sidebar. */
  reveal(): void {
    if (!this.desk.layout.sidebar) this.desk.layout.toggle('sidebar')
    this.revealed += 1
  }

  /** Opens the page on screen in its next language. */
  nextLanguage(): Promise<void> | undefined {
    const path = this.desk.pages.current?.path
    const all = path === undefined ? [] : this.desk.site.languagesOf(path)
    const at = all.findIndex((entry) => entry.path === path)
    const next = all[(at + 1) % all.length]
    return next === undefined || next.path === path ? undefined : this.desk.pages.show(next.path)
  }

  private turn(course: 'undoMove' | 'redoMove'): Promise<boolean> {
    return this.desk.try(async () => {
      await this.desk.pages.saveAll()
      const { moved } = await this.wire.call({ do: course })
      this.settle(moved)
      const message = course === 'undoMove' ? t('move.undone') : this.told(moved)
      const other = course === 'undoMove' ? t('move.redo') : t('move.undo')
      const run = () => void (course === 'undoMove' ? this.redo() : this.undo())
      this.desk.notices.done(message, '', { name: other, run })
    })
  }

  private settle(moved: Moved): void {
    this.canUndo = moved.canUndo
    this.canRedo = moved.canRedo
    this.desk.pages.settle(moved.open)
    for (const note of moved.notes) this.desk.notices.error(note.message, note.help)
  }

  private told(moved: Moved): string {
    const [first] = moved.pages
    if (moved.pages.length === 1 && first) return t('move.done.one', { path: first.to })
    return t('move.done', { n: moved.pages.length })
  }
}

/** The moves that bring entries into a folder; those that are there already need none. */
function movesInto(entries: TreeEntry[], folder: string): PageMove[] {
  return entries
    .filter((entry) => entry.kind !== 'file')
    .map((entry) => ({ from: entry.path, to: placedIn(entry, folder) }))
    .filter((move) => move.from !== move.to)
}

function consequence(moved: Moved): string {
  const parts = []
  if (moved.links > 0) parts.push(t('move.links', { n: moved.links }))
  if (moved.kept > 0) parts.push(t('move.kept', { n: moved.kept }))
  return parts.join(' ')
}
