// Where the writer left off in each site: the tabs, the page on screen and the place in it.
// Remembered on this machine by the site's folder; holds paths, never text.
import type { Pages } from './pages.svelte'
import type { Site } from './site.svelte'
import { keep, recall } from './store'

type Left = { tabs: string[]; current: string | null; caret: number }
type Sites = { sites: { folder: string; left: Left }[] }

const mostSites = 20
const mostTabs = 30

export class Sitting {
  constructor(
    private readonly site: Site,
    private readonly pages: Pages,
  ) {}

  /** The folder of the site that was open when the window was closed. */
  get lastFolder(): string | null {
    const { folder } = recall<{ folder: string | null }>('last', { folder: null })
    return typeof folder === 'string' ? folder : null
  }

  /** The site was closed by hand: the next start shows none. */
  closed(): void {
    keep('last', { folder: null })
  }

  /** Notes what is on screen. */
  note(): void {
    const folder = this.site.view?.folder
    const { current, tabs } = this.pages
    if (folder === undefined || current === null) return
    const kept = tabs.list.filter((tab) => tab.kept || tab.path === current.path).map((tab) => tab.path)
    const left: Left = { tabs: kept.slice(-mostTabs), current: current.path, caret: current.buffer.caret }
    const others = this.all.filter((one) => one.folder !== folder)
    keep('sitting', { sites: [{ folder, left }, ...others].slice(0, mostSites) })
    keep('last', { folder })
  }

  /** Opens what was left, as far as it is still there; says whether a page is on screen now. */
  async resume(): Promise<boolean> {
    const left = this.all.find((one) => one.folder === this.site.view?.folder)?.left
    const current = left?.current
    if (!left || typeof current !== 'string' || !this.site.byPath.has(current)) return false
    this.pages.tabs.restore(left.tabs.filter((path) => this.site.byPath.has(path)))
    await this.pages.show(current)
    const buffer = this.pages.current?.buffer
    if (buffer && left.caret > 0) buffer.reveal(Math.min(left.caret, buffer.doc.length))
    return this.pages.current !== null
  }

  private get all(): Sites['sites'] {
    const { sites } = recall<Sites>('sitting', { sites: [] })
    return Array.isArray(sites) ? sites.filter(isWhole) : []
  }
}

/** What was kept may be from another version. */
function isWhole(one: unknown): one is Sites['sites'][number] {
  if (typeof one !== 'object' || one === null || !('folder' in one) || !('left' in one)) return false
  const { left } = one
  if (typeof left !== 'object' || left === null || !('tabs' in left) || !('caret' in left)) return false
  return Array.isArray(left.tabs) && typeof left.caret === 'number'
}
