// The pages that are at hand, in a row. One that was only looked at gives its place to the next.
// Knows paths only; shows and closes nothing itself.

export type Tab = {
  path: string
  /** Whether it stays when another page is opened: it was written in, or asked to stay. */
  kept: boolean
}

const mostClosed = 20

export class Tabs {
  list = $state.raw<Tab[]>([])
  private current = ''
  private closed: string[] = []

  /** A page is on screen: it has a tab now. */
  show(path: string): void {
    if (!this.has(path)) this.list = this.withNew({ path, kept: false })
    this.current = path
    this.closed = this.closed.filter((one) => one !== path)
  }

  /** Tabs of an earlier start. */
  restore(paths: readonly string[]): void {
    this.list = paths.map((path) => ({ path, kept: true }))
  }

  /** The page was written in, or is to stay. */
  keep(path: string): void {
    if (this.list.some((tab) => tab.path === path && !tab.kept)) {
      this.list = this.list.map((tab) => (tab.path === path ? { ...tab, kept: true } : tab))
    }
  }

  /** Takes a tab away; gives the page to show in its place, null where none is left. */
  close(path: string): string | null {
    const at = this.list.findIndex((tab) => tab.path === path)
    if (at < 0) return this.current === '' ? null : this.current
    this.closed = [path, ...this.closed].slice(0, mostClosed)
    this.remove(path)
    if (this.current !== path) return this.current
    this.current = (this.list[at] ?? this.list[at - 1])?.path ?? ''
    return this.current === '' ? null : this.current
  }

  /** The page whose tab was closed last. */
  reopened(): string | null {
    return this.closed[0] ?? null
  }

  /** The page of the next or previous tab, round about. */
  next(by: 1 | -1): string | null {
    const { length } = this.list
    const at = this.list.findIndex((tab) => tab.path === this.current)
    return length < 2 ? null : (this.list[(at + by + length) % length]?.path ?? null)
  }

  /** Pages go on under other paths. */
  moved(now: (path: string) => string): void {
    this.list = this.list.map((tab) => ({ ...tab, path: now(tab.path) }))
    this.closed = this.closed.map(now)
    this.current = now(this.current)
  }

  /** A page is gone; its tab is not brought back. */
  remove(path: string): void {
    this.list = this.list.filter((tab) => tab.path !== path)
  }

  clear(): void {
    this.list = []
    this.current = ''
    this.closed = []
  }

  private has(path: string): boolean {
    return this.list.some((tab) => tab.path === path)
  }

  /** In the place of the one that is not kept, else after the current one. */
  private withNew(tab: Tab): Tab[] {
    const passing = this.list.findIndex((one) => !one.kept)
    if (passing >= 0) return this.list.map((one, at) => (at === passing ? tab : one))
    const at = this.list.findIndex((one) => one.path === this.current) + 1
    return [...this.list.slice(0, at), tab, ...this.list.slice(at)]
  }
}
