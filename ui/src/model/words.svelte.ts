// What the site has that a text can name, kept so that completion never waits. Asks the session
// when the site has changed; makes up nothing.
import type { HeadingWord, SiteWords } from '../editor'
import type { Vocabulary, Wire } from '../ipc'
import type { Site } from './site.svelte'

const refreshAfter = 400
const nothing: Vocabulary = { taxonomies: [], components: [], images: [] }

export class Words {
  private vocabulary = $state.raw<Vocabulary>(nothing)
  private timer = 0
  readonly all = $derived.by((): SiteWords => {
    const dialect = this.site.view?.dialect ?? 'plain'
    const pages = this.site.tree.filter((entry) => entry.kind === 'page' || entry.kind === 'section')
    return {
      dialect: dialect === 'zola' ? 'zola' : 'plain',
      vault: dialect !== 'zola' && dialect !== 'plain',
      base: basePath(this.site.view?.baseUrl ?? null),
      pages: pages.map(({ path, title }) => ({ path, title })),
      ...this.vocabulary,
    }
  })

  constructor(
    private readonly wire: Wire,
    private readonly site: Site,
  ) {}

  /** Asks for the words anew, soon. */
  refresh(): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.ask(), refreshAfter)
  }

  /** The headings of a page as it is now; none where it cannot be read. */
  async headings(path: string): Promise<readonly HeadingWord[]> {
    try {
      return (await this.wire.call({ do: 'headings', path })).headings
    } catch {
      return []
    }
  }

  /** Without words there is no completion, and nothing else is lost. */
  private async ask(): Promise<void> {
    try {
      this.vocabulary = (await this.wire.call({ do: 'vocabulary' })).vocabulary
    } catch {
      this.vocabulary = nothing
    }
  }
}

function basePath(address: string | null): string {
  return (address ?? '').replace(/^https?:\/\/[^/]*/i, '').replace(/\/+$/, '')
}
