// A transport without a shell: the made-up site in memory, so that the window can be looked at.
// Never part of what ships. `?state=` in the address chooses what there is to see.
import type {
  Command,
  Event,
  HostView,
  PageMove,
  PageView,
  PreviewUpdate,
  Problem,
  Reply,
  SiteView,
  TextChange,
  TreeEntry,
} from '../types'
import { Failed, type Transport } from '../wire'
import { blocksOf, titleOf } from './markdown'
import { pageOf } from './page'
import { choices, sampleOf } from './settings'
import { compared, deletedPages, pastStates, pastText, sidesOf } from './past'
import { exampleChange, examplePlan, exampleReleases, noKeychain, testSteps } from './published'
import { sources as initial } from './site'
import { headingsOf, matchesOf, Spelt, vocabulary } from './words'

type Open = { version: number; text: string; saved: string }

const states = new URLSearchParams(location.search).getAll('state')
const has = (state: string) => states.includes(state)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

class FakeSession {
  private readonly pages = new Map<string, Open>()
  private hear: (event: Event) => void = () => undefined
  private opened = !has('start')
  private cancelled = false
  private readonly settled = new Set<string>()
  private trusted = false
  private lastMove: PageMove[] = []
  private hosts: HostView[] = has('nohosts') ? [] : [exampleHost]
  private readonly spelt = new Spelt()
  private recovered = has('recovered') ? ['content/making/pressing.md', 'content/about.md'] : []

  constructor() {
    for (const [path, text] of Object.entries(initial)) this.pages.set(path, { version: 1, text, saved: text })
  }

  listen(handler: (event: Event) => void): void {
    this.hear = handler
    Object.assign(window, { fakeEvent: handler, fakeOutside: (path: string) => this.outside(path) })
  }

  document(url: string): string {
    const path = [...this.pages.keys()].find((one) => urlOf(one) === url)
    const script = new URL('frame.js', document.baseURI).href
    return path === undefined
      ? `<p>No page at ${url}</p>`
      : pageOf(path, this.pages.get(path)?.text ?? '', script)
  }

  pastDocument(past: { state: string; of: string }): string {
    const now = this.pages.get(past.of)?.text ?? ''
    return pageOf(past.of, pastText(past.state, now), new URL('frame.js', document.baseURI).href)
  }

  /** A page as a release had it: the text of now, under another heading. */
  publishedDocument(url: string, release: string): string {
    const path = [...this.pages.keys()].find((one) => urlOf(one) === url) ?? 'content/_index.md'
    const text = (this.pages.get(path)?.text ?? '').replace(/^# .*/m, `# As of release ${release}`)
    return pageOf(path, text, new URL('frame.js', document.baseURI).href)
  }

  async call(command: Command): Promise<Reply> {
    await pause(command.do === 'edit' ? 12 : 60)
    switch (command.do) {
      case 'start':
        return {
          is: 'start',
          site: this.opened ? this.site() : null,
          recent: [
            { folder: '/home/ada/sites/mill', title: 'Paper Mill Notes' },
            { folder: '/home/ada/garden', title: 'A garden, in progress' },
          ],
        }
      case 'openSite':
      case 'openGuide':
      case 'createSite':
      case 'site':
        this.opened = true
        return { is: 'site', site: this.site() }
      case 'recover':
        this.recovered = []
        return { is: 'site', site: this.site() }
      case 'openPage':
        return { is: 'page', page: this.page(command.path) }
      case 'edit':
        return this.edit(command.path, command.version, command.changes)
      case 'save':
        return this.save(command.path)
      case 'saveAll':
        return { is: 'saved', built: this.built() }
      case 'newPage':
        return this.create(command.folder, command.title)
      case 'renamePage':
        return this.rename(command.from, command.to)
      case 'move':
        return this.move(command.moves)
      case 'lookMove':
        return this.lookMove(command.moves)
      case 'undoMove':
      case 'redoMove':
        return this.turnMove()
      case 'duplicatePage':
        return this.create(command.path.replace(/\/[^/]*$/, ''), `${titleOf(command.path, this.open(command.path).text)} 2`)
      case 'newSection':
        return this.create(command.folder, command.title)
      case 'deletePages':
        for (const path of [...this.pages.keys()]) {
          if (command.paths.some((one) => path === one || path.startsWith(`${one}/`))) this.pages.delete(path)
        }
        this.hear({ event: 'tree', tree: this.tree() })
        return { is: 'done' }
      case 'deletePage':
        this.pages.delete(command.path)
        this.hear({ event: 'tree', tree: this.tree() })
        return { is: 'done' }
      case 'resolve':
        this.settled.add(command.path)
        return { is: 'page', page: this.page(command.path) }
      case 'lens':
        return { is: 'done' }
      case 'browse':
        return { is: 'address', url: `http://127.0.0.1:1/x${command.url}` }
      case 'sides':
        return { is: 'sides', rows: sidesOf(this.open(command.path).text, conflicting(this.open(command.path).text)) }
      case 'history':
        return { is: 'history', states: has('nohistory') ? [] : pastStates }
      case 'compare': {
        const now = this.pages.get(command.path)?.text ?? ''
        const to = command.to === null ? now : pastText(command.to, now)
        return { is: 'compared', hunks: compared(pastText(command.from, now), to) }
      }
      case 'deleted':
        return { is: 'deleted', pages: has('nohistory') ? [] : deletedPages }
      case 'restore':
        return this.create('content/notes', 'Old felts')
      case 'sourceOf':
        return { is: 'source', path: [...this.pages.keys()].find((one) => urlOf(one) === command.url) ?? null }
      case 'vocabulary':
        return { is: 'vocabulary', vocabulary }
      case 'headings':
        return { is: 'headings', headings: headingsOf(this.pages.get(command.path)?.text ?? '') }
      case 'addImage':
        return { is: 'added', path: `content/${command.name}`, target: `/${command.name}` }
      case 'spell':
        return this.spelt.check(command.words)
      case 'suggest':
        return { is: 'words', words: this.spelt.suggest(command.word) }
      case 'ownWords':
      case 'learnWord':
      case 'forgetWord':
        return { is: 'words', words: this.spelt.change(command) }
      case 'find':
        return this.find(command)
      case 'pending':
        return { is: 'pending', hosts: this.hosts.map((host) => ({ host: host.name, pages: 5, unfinished: null })) }
      case 'addRedirect':
        return { is: 'done' }
      case 'siteChoices':
        return { is: 'siteChoices', choices }
      case 'codeSample':
        return { is: 'codeSample', html: sampleOf(command.theme) }
      case 'tryConfig':
        return { is: 'done' }
      case 'makeConfig':
        this.pages.set('galley.toml', { version: 1, text: command.text, saved: command.text })
        return { is: 'site', site: this.site() }
      case 'hosts':
        return { is: 'hosts', hosts: this.hosts, forgets: has('nokeychain') ? noKeychain : null }
      case 'saveHost':
        this.hosts = [...this.hosts.filter((one) => one.name !== command.host.name), command.host]
        return { is: 'hosts', hosts: this.hosts, forgets: null }
      case 'removeHost':
        this.hosts = this.hosts.filter((one) => one.name !== command.name)
        return { is: 'hosts', hosts: this.hosts, forgets: null }
      case 'testHost':
        await pause(400)
        return { is: 'tested', steps: testSteps }
      case 'trustKey':
        this.trusted = true
        return { is: 'done' }
      case 'plan':
        return this.plan(command.host)
      case 'publish':
      case 'rollback':
        return this.publish()
      case 'cancelPublish':
        this.cancelled = true
        return { is: 'done' }
      case 'releases':
        return { is: 'releases', releases: exampleReleases }
      case 'change':
        return { is: 'change', change: exampleChange(command.url) }
      case 'closeSite':
        this.opened = false
        return { is: 'done' }
      case 'closePage':
        return { is: 'done' }
    }
  }

  private find(command: Extract<Command, { do: 'find' }>): Reply {
    const pages = [...this.pages].flatMap(([path, page]) => {
      const matches = matchesOf(page.text, command)
      return matches.length === 0 ? [] : [{ path, title: titleOf(path, page.text), matches }]
    })
    return { is: 'found', pages, more: false }
  }

  private open(path: string): Open {
    const page = this.pages.get(path)
    if (!page) throw failed('page.gone', `cannot find ${path}`, 'It may have been moved or deleted.')
    return page
  }

  private page(path: string): PageView {
    const { text, version, saved } = this.open(path)
    const conflict = has('conflict') && !this.settled.has(path) ? conflicting(text) : null
    const title = titleOf(path, text)
    return { path, title, text, version, dirty: text !== saved, url: urlOf(path), conflict }
  }

  private edit(path: string, version: number, changes: TextChange[]): Reply {
    const page = this.open(path)
    if (version !== page.version) throw failed('edit.stale', 'the text has moved on', '')
    const before = page.text
    page.text = apply(before, changes)
    page.version += 1
    const preview = update(before, page.text)
    const problems = problemsOf(path, page.text)
    return { is: 'edited', edited: { path, version: page.version, preview, problems, ms: 1.4 } }
  }

  private async save(path: string): Promise<Reply> {
    await pause(80)
    if (has('diskfull')) throw failed('disk.full', `${path} could not be saved: the disk is full.`, 'Make room, then press save. The text is kept here until then.')
    const page = this.open(path)
    page.saved = page.text
    this.hear({ event: 'tree', tree: this.tree() })
    return { is: 'saved', built: this.built() }
  }

  private create(folder: string, title: string): Reply {
    const name = title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    const path = `${folder === '' ? 'content' : folder}/${name}.md`
    if (this.pages.has(path)) throw failed('page.exists', `${path} exists already.`, 'Choose another title.')
    const text = `---\ntitle: ${title}\n---\n\n`
    this.pages.set(path, { version: 1, text, saved: text })
    this.hear({ event: 'tree', tree: this.tree() })
    return { is: 'page', page: this.page(path) }
  }

  private rename(from: string, to: string): Reply {
    this.pages.set(to, this.open(from))
    this.pages.delete(from)
    this.hear({ event: 'tree', tree: this.tree() })
    return { is: 'page', page: this.page(to) }
  }

  private move(moves: PageMove[]): Reply {
    for (const { from, to } of moves) {
      if (this.pages.has(to)) throw failed('page.exists', `There is already something at \`${to}\`.`, 'Choose another name.')
      this.pages.set(to, this.open(from))
      this.pages.delete(from)
    }
    this.lastMove = moves
    this.hear({ event: 'moved', pages: moves })
    this.hear({ event: 'tree', tree: this.tree() })
    const open = moves.map((move) => this.page(move.to))
    const moved = { pages: moves, open, links: 3, changed: 2, kept: 1, notes: [], canUndo: true, canRedo: false }
    return { is: 'moved', moved }
  }

  private turnMove(): Reply {
    return this.move(this.lastMove.map(({ from, to }) => ({ from: to, to: from })))
  }

  private lookMove(moves: PageMove[]): Reply {
    const taken = moves.find((move) => this.pages.has(move.to))
    if (taken) throw failed('page.exists', `There is already something at \`${taken.to}\`.`, 'Choose another name.')
    const addresses = moves.map(({ from, to }) => ({ from: urlOf(from) ?? '', to: urlOf(to) ?? '' }))
    return { is: 'moveLook', look: { links: 3, pages: 2, addresses, changed: moves.length, along: [] } }
  }

  private plan(host: string): Reply {
    if (has('unknownkey') && !this.trusted) {
      throw failed('host.unknownKey', 'The server is not known yet.', '', 'SHA256:Qk3v0uI8kXWm1bqTy6ZrHn2cJfLw9sPz5eRgVaD4oYx')
    }
    if (has('unreachable')) {
      throw failed('failed', `${host} does not answer.`, 'Check the address and that this computer is online. Nothing was sent.')
    }
    return { is: 'plan', plan: has('large') ? { ...examplePlan, largeDeletion: true } : examplePlan }
  }

  private async publish(): Promise<Reply> {
    this.cancelled = false
    for (const [phase, files] of phases) {
      for (let at = 0; at <= files; at += 1) {
        if (this.isCancelled()) throw failed('publish.cancelled', 'Publishing was stopped. The live site is as it was.', '')
        const share = at / Math.max(1, files)
        this.hear({
          event: 'publish',
          progress: { phase, files: at, ofFiles: files, bytes: share * 482_000, ofBytes: 482_000, waits: 0 },
        })
        await pause(has('slow') ? 400 : 60)
      }
    }
    const url = 'https://mill.example/'
    return { is: 'deployed', deploy: { release: '20261122', url, sent: 14, removed: 1, verified: 12, gone: 1, resent: 0, stale: 0, ms: 2100 } }
  }

  private isCancelled(): boolean {
    return this.cancelled
  }

  private outside(path: string): void {
    const page = this.open(path)
    const insert = 'Someone else was here. '
    const from = page.text.indexOf('A sheet')
    page.text = page.text.slice(0, from) + insert + page.text.slice(from)
    page.version += 1
    this.hear({ event: 'changed', path, version: page.version, changes: [{ from, to: from, insert }], merged: false })
    this.hear({ event: 'previewStale', url: urlOf(path) ?? '' })
  }

  private built() {
    return { rev: 1, sources: 9, artifacts: 14, rendered: 2, written: 2, removed: 0, problems: 1, ms: 6.2 }
  }

  private site(): SiteView {
    const problems = has('clean')
      ? []
      : [...this.pages].flatMap(([path, page]) => problemsOf(path, page.text))
    return {
      folder: '/home/ada/sites/mill',
      title: 'Paper Mill Notes',
      dialect: 'zola',
      config: has('plain') && !this.pages.has('galley.toml') ? null : has('plain') ? 'galley.toml' : 'config.toml',
      baseUrl: 'https://mill.example',
      output: '/home/ada/sites/mill/public',
      tree: has('empty') ? [] : this.tree(),
      problems,
      recovered: this.recovered,
      home: has('empty') ? null : 'content/making/forming.md',
    }
  }

  private tree(): TreeEntry[] {
    if (has('big')) return bigTree()
    const order = [...this.pages.keys()].sort(bySection)
    const entries: TreeEntry[] = []
    let folder = 'content'
    for (const path of order) {
      const text = this.pages.get(path)?.text ?? ''
      const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
      const section = path.endsWith('_index.md')
      const depth = Math.max(0, path.split('/').length - (section ? 3 : 2))
      if (parent !== folder && parent !== '' && !section && parent !== 'content') {
        entries.push({ path: parent, title: 'Notes', kind: 'folder', depth: depth - 1, draft: false, url: null, lang: '', of: null })
      }
      folder = parent
      const kind = section ? 'section' : path.endsWith('.md') ? 'page' : 'file'
      const draft = /^draft: true/m.test(text)
      entries.push({ path, title: titleIn(path, text), kind, depth, draft, url: urlOf(path), lang: '', of: null })
    }
    return entries
  }
}

function conflicting(text: string): string {
  return text.replace('eleven seconds', 'nine seconds').replace(/\n*$/, '\n\nA closing line from elsewhere.\n')
}

function titleIn(path: string, text: string): string {
  return path.endsWith('.md') ? titleOf(path, text) : path
}

function bySection(one: string, other: string): number {
  const key = (path: string) => {
    if (!path.startsWith('content/')) return `z${path}`
    return path.includes('/', 8) ? `b${path}` : `a${path}`
  }
  return key(one).localeCompare(key(other))
}

function bigTree(): TreeEntry[] {
  return Array.from({ length: 10_000 }, (_, index) => ({
    path: `content/page-${index}.md`,
    title: `Page number ${index}`,
    kind: 'page',
    depth: 0,
    draft: index % 17 === 0,
    url: `/page-${index}/`,
    lang: '',
    of: null,
  }))
}

function urlOf(path: string): string | null {
  if (!path.endsWith('.md')) return null
  const url = path.replace(/^content/, '').replace(/_index\.md$/, '').replace(/\.md$/, '/')
  return url === '' ? '/' : url
}

function problemsOf(path: string, text: string): Problem[] {
  const missing = /\[the drying loft\]\(@\/making\/loft\.md\)/.exec(text)
  if (!missing) return []
  const from = missing.index
  const before = text.slice(0, from).split('\n')
  return [
    {
      path,
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      from,
      to: from + missing[0].length,
      severity: 'warning',
      code: 'link.missing',
      message: 'cannot find page `@/making/loft.md`',
      help: 'did you mean `@/making/forming.md`?',
    },
  ]
}

function apply(text: string, changes: TextChange[]): string {
  let result = ''
  let at = 0
  for (const change of changes) {
    result += text.slice(at, change.from) + change.insert
    at = change.to
  }
  return result + text.slice(at)
}

/** What changed between two texts, as the engine would say it. */
function update(before: string, after: string): PreviewUpdate {
  const old = blocksOf(before)
  const fresh = blocksOf(after)
  const shift = after.length - before.length
  let start = 0
  while (start < Math.min(old.length, fresh.length) && same(old[start], fresh[start], 0)) start += 1
  let end = 0
  while (
    end < Math.min(old.length, fresh.length) - start &&
    same(old[old.length - 1 - end], fresh[fresh.length - 1 - end], shift)
  ) {
    end += 1
  }
  if (titleOf('', before) !== titleOf('', after)) return { how: 'document', html: pageOf('', after, '') }
  return {
    how: 'blocks',
    start,
    remove: old.length - start - end,
    insert: fresh.slice(start, fresh.length - end),
    shift,
  }
}

type Block = { from: number; html: string } | undefined

function same(one: Block, other: Block, shift: number): boolean {
  return one?.html === other?.html && (one?.from ?? 0) + shift === other?.from
}

function failed(code: string, message: string, help: string, fingerprint: string | null = null): Failed {
  return new Failed({ code, message, help, fingerprint })
}

const phases: [string, number][] = [
  ['connect', 1],
  ['assets', 6],
  ['pages', 14],
  ['switch', 1],
  ['verify', 12],
]

const exampleHost: HostView = {
  name: 'live',
  url: 'https://mill.example/',
  hasSecret: true,
  target: {
    kind: 'sftp',
    address: 'mill.example:22',
    user: 'ada',
    path: '/srv/www/mill',
    keyFile: '~/.ssh/id_ed25519',
    mode: 'symlink',
  },
}

export function fake(): Transport {
  const session = new FakeSession()
  return {
    call: (command) => session.call(command),
    listen(handler) {
      session.listen(handler)
      return Promise.resolve()
    },
    pickFolder: () => Promise.resolve('/home/ada/sites/new'),
    openExternal: () => Promise.resolve(),
    zoom: (scale) => {
      document.documentElement.style.setProperty('zoom', String(scale))
      return Promise.resolve()
    },
    frameSource: (url, _stamp, past) => {
      if (past && 'release' in past) return { srcdoc: session.publishedDocument(url, past.release) }
      return { srcdoc: past ? session.pastDocument(past) : session.document(url) }
    },
  }
}
