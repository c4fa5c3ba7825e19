// Find in site: the query, what was found, and what was replaced so that it can be taken back.
// The session finds; texts are changed through their buffers only, where each can be undone too.
import { type ChangeSet, type Text } from '../editor'
import type { FindHow, FoundPage, Wire } from '../ipc'
import type { Notices } from './notices.svelte'
import type { OpenPage } from './openPage.svelte'
import type { Pages } from './pages.svelte'

const askAfter = 140

type Replaced = { page: OpenPage; back: ChangeSet; after: Text }

export class Finding {
  query = $state('')
  insert = $state('')
  how = $state.raw<FindHow>({ matchCase: false, wholeWord: false, regexp: false })
  found = $state.raw<FoundPage[]>([])
  /** Whether there was more than is listed. */
  more = $state(false)
  /** The query that `found` answers; empty before the first. */
  answered = $state('')
  /** Why the query cannot be looked for. */
  wrong = $state('')
  busy = $state(false)
  /** How many matches were replaced last, where that can be taken back. */
  replaced = $state(0)
  readonly count = $derived(this.found.reduce((sum, page) => sum + page.matches.length, 0))
  private timer = 0
  private asked = 0
  private last: Replaced[] = []

  constructor(
    private readonly wire: Wire,
    private readonly pages: Pages,
    private readonly notices: Notices,
  ) {}

  /** The query, or how it is meant, changed: asks soon. */
  changed(): void {
    this.replaced = 0
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.ask(), askAfter)
  }

  toggle(flag: keyof FindHow): void {
    this.how = { ...this.how, [flag]: !this.how[flag] }
    this.changed()
  }

  /** Looks for the query in all texts. */
  async ask(): Promise<void> {
    this.asked += 1
    const mine = this.asked
    const query = this.query
    if (query === '') {
      this.show([], false, '')
      return
    }
    try {
      const { pages, more } = await this.wire.call({ do: 'find', query, how: this.how, replace: this.insert })
      if (mine === this.asked) this.show(pages, more, query)
    } catch (thrown) {
      if (mine !== this.asked) return
      this.show([], false, query)
      this.wrong = thrown instanceof Error ? thrown.message : String(thrown)
    }
  }

  /** Replaces the matches of one page, or of all that are listed, and saves them. */
  async replace(path?: string): Promise<void> {
    if (this.busy) return
    this.busy = true
    window.clearTimeout(this.timer)
    await this.ask()
    this.last = []
    let sum = 0
    for (const { path: at, matches } of this.found.filter((one) => path === undefined || one.path === path)) {
      const page = await this.pages.obtain(at)
      const done = page?.buffer.replaceAll(matches)
      if (!page || !done) continue
      sum += done.count
      this.last.push({ page, back: done.back, after: page.buffer.doc })
    }
    await this.settle()
    this.replaced = sum
  }

  /** Takes the last replacement back, in every page that was not written in since. */
  async undo(): Promise<void> {
    this.busy = true
    for (const { page, back, after } of this.last) {
      if (page.buffer.doc.eq(after)) page.buffer.applyOurs(back)
    }
    this.last = []
    await this.settle()
    this.replaced = 0
  }

  /** Forgets what was found, when the site is closed. */
  clear(): void {
    window.clearTimeout(this.timer)
    this.asked += 1
    this.last = []
    this.replaced = 0
    this.query = ''
    this.show([], false, '')
  }

  private async settle(): Promise<void> {
    try {
      await this.pages.saveAll()
      await this.ask()
    } catch (thrown) {
      this.notices.failed(thrown)
    }
    this.busy = false
  }

  private show(found: FoundPage[], more: boolean, query: string): void {
    this.found = found
    this.more = more
    this.answered = query
    this.wrong = ''
  }
}
