// The open pages: which one is on screen, which were, and the way back. Leaves no page unsaved.
import type { EditorHelp, EditorTexts, EditorView } from '../editor'
import { failureOf, type Edited, type PageMove, type PageView, type Wire } from '../ipc'
import type { Notices } from './notices.svelte'
import { OpenPage } from './openPage.svelte'
import type { Preview } from './preview.svelte'
import type { Problems } from './problems.svelte'
import { Tabs } from './tabs.svelte'

const mostRecent = 20

export class Pages {
  current = $state.raw<OpenPage | null>(null)
  /** Paths, the last opened first. */
  recent = $state.raw<string[]>([])
  readonly tabs = new Tabs()
  private trail = $state.raw<string[]>([])
  private at = $state(-1)
  private readonly open = new Map<string, OpenPage>()
  private view: EditorView | null = null

  constructor(
    private readonly wire: Wire,
    private readonly preview: Preview,
    private readonly problems: Problems,
    private readonly notices: Notices,
    private readonly texts: EditorTexts,
    private readonly help: EditorHelp,
  ) {}

  get canGoBack(): boolean {
    return this.at > 0 || this.isVisiting
  }

  /** Whether the preview shows another page than the one being written. */
  get isVisiting(): boolean {
    const { current, preview } = this
    return current !== null && current.url !== null && preview.load !== null && preview.load.url !== current.url
  }

  get canGoForward(): boolean {
    return this.at < this.trail.length - 1
  }

  /** The editor's view, once it is on screen; every page is shown in it. */
  mount(view: EditorView): void {
    this.view = view
    this.current?.buffer.attach(view)
  }

  unmount(): void {
    this.current?.buffer.detach()
    this.view = null
  }

  get(path: string): OpenPage | undefined {
    return this.open.get(path)
  }

  /** Opens a page and shows it; the one before is saved first. */
  async show(path: string, offset?: number): Promise<void> {
    if (await this.bring(path)) {
      this.follow(path)
      if (offset !== undefined) this.get(path)?.buffer.reveal(offset)
    }
  }

  /** Goes along the pages seen, by -1 or 1; from a page that a link led to, first back to the own. */
  async go(by: -1 | 1): Promise<void> {
    if (by === -1 && this.isVisiting) {
      this.preview.show(this.current?.url ?? null)
      return
    }
    const path = this.trail[this.at + by]
    if (path !== undefined && (await this.bring(path))) this.at += by
  }

  /** Takes a page from the row of tabs, saved; its neighbour takes its place on screen. */
  async close(path: string): Promise<void> {
    await this.get(path)?.saveIfNeeded()
    const wasCurrent = this.current?.path === path
    const next = this.tabs.close(path)
    if (!wasCurrent) return
    if (next !== null) await this.show(next)
    else this.leave()
  }

  /** Shows the page whose tab was closed last. */
  async reopen(): Promise<void> {
    const path = this.tabs.reopened()
    if (path === null) return
    await this.show(path)
    this.tabs.keep(path)
  }

  /** Goes to the next or previous tab. */
  async turn(by: 1 | -1): Promise<void> {
    const path = this.tabs.next(by)
    if (path !== null) await this.show(path)
  }

  /** A page to be changed without showing it; null where it cannot be opened. */
  async obtain(path: string): Promise<OpenPage | null> {
    try {
      if (!this.open.has(path)) this.put((await this.wire.call({ do: 'openPage', path })).page)
      return this.open.get(path) ?? null
    } catch (thrown) {
      this.notices.failed(thrown)
      return null
    }
  }

  /** Shows a page that the session has just opened. */
  async adopt(page: PageView): Promise<void> {
    await this.current?.saveIfNeeded()
    this.put(page)
    this.reveal(page.path)
    this.follow(page.path)
  }

  /** Sources have other paths now; what is open goes on under them, with its undo history. */
  moved(pages: PageMove[]): void {
    const to = new Map(pages.map((page) => [page.from, page.to]))
    const now = (path: string) => to.get(path) ?? path
    const open = [...this.open]
    this.open.clear()
    for (const [path, page] of open) {
      if (now(path) !== path) page.renamed(now(path))
      this.open.set(now(path), page)
    }
    this.trail = this.trail.map(now)
    this.recent = this.recent.map(now)
    this.tabs.moved(now)
  }

  /** Titles and addresses of open pages, as the session has them after a move. */
  settle(pages: PageView[]): void {
    for (const view of pages) {
      const page = this.open.get(view.path)
      if (!page) continue
      const old = page.url
      page.adopt(view)
      if (page === this.current && old !== page.url) this.preview.show(page.url)
    }
  }

  /** Lets a page go, after it was deleted. */
  drop(path: string): void {
    const page = this.open.get(path)
    if (!page) return
    this.open.delete(path)
    page.close()
    if (this.current !== page) return
    page.buffer.detach()
    this.current = null
  }

  forget(path: string): void {
    this.drop(path)
    this.tabs.remove(path)
    this.recent = this.recent.filter((one) => one !== path)
    this.trail = this.trail.filter((one) => one !== path)
    this.at = this.trail.length - 1
  }

  /** Closes everything, when the site is closed. */
  clear(): void {
    for (const path of [...this.open.keys()]) this.drop(path)
    this.recent = []
    this.trail = []
    this.at = -1
    this.tabs.clear()
    this.preview.show(null)
    this.preview.forget()
  }

  /** The paths of all pages that are open or were on screen. */
  known(): string[] {
    return [...new Set([...this.open.keys(), ...this.recent, ...this.trail])]
  }

  async saveAll(): Promise<void> {
    await Promise.all([...this.open.values()].map((page) => page.saveIfNeeded()))
  }

  /** Puts the keyboard into the text. */
  focus(): void {
    this.current?.buffer.shown?.focus()
  }

  /** Brings every open page in step with the session. */
  async resync(): Promise<void> {
    await Promise.all([...this.open.values()].map((page) => page.resync()))
  }

  /** Marks the problems of every open page. */
  markAll(): void {
    for (const page of this.open.values()) page.buffer.mark(this.problems.of(page.path))
  }

  /** Tells the preview where the caret is. */
  followCaret(): void {
    const page = this.current
    if (page) this.preview.caret(page.url, page.buffer.caret, page.buffer.height)
  }

  private async bring(path: string): Promise<boolean> {
    try {
      if (this.current && this.current.path !== path) await this.current.saveIfNeeded()
      if (!this.open.has(path)) this.put((await this.wire.call({ do: 'openPage', path })).page)
      this.reveal(path)
      return true
    } catch (thrown) {
      if (failureOf(thrown).code === 'page.gone') this.forget(path)
      this.notices.failed(thrown)
      return false
    }
  }

  private put(view: PageView): void {
    const page = new OpenPage(
      this.wire,
      {
        edited: (page, edited) => this.edited(page, edited),
        moved: (page) => page === this.current && this.followCaret(),
        failed: (thrown) => this.notices.failed(thrown),
      },
      view,
      this.texts,
      this.help,
    )
    this.open.set(view.path, page)
    page.buffer.mark(this.problems.of(view.path))
  }

  private reveal(path: string): void {
    const page = this.open.get(path)
    if (!page || page === this.current) return
    this.current?.buffer.detach()
    this.current = page
    this.tabs.show(path)
    if (this.view) page.buffer.attach(this.view)
    this.recent = [path, ...this.recent.filter((one) => one !== path)].slice(0, mostRecent)
    if (page.url !== null || /\.(md|markdown)$/.test(path)) this.preview.show(page.url)
  }

  /** No page is on screen. */
  private leave(): void {
    this.current?.buffer.detach()
    this.current = null
    this.preview.show(null)
  }

  private follow(path: string): void {
    if (this.trail[this.at] === path) return
    this.trail = [...this.trail.slice(0, this.at + 1), path]
    this.at = this.trail.length - 1
  }

  private edited(page: OpenPage, edited: Edited): void {
    this.tabs.keep(page.path)
    this.preview.update(page.url, edited.preview)
    const before = this.problems.of(page.path).length
    if (before > 0 || edited.problems.length > 0) {
      this.problems.replaceOf(page.path, edited.problems)
      page.buffer.mark(edited.problems)
    }
    if (page === this.current) this.followCaret()
  }
}
