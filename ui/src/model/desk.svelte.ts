// The desk: everything a window has, put together, and what the session says passed on to it.
// Each part keeps its own state; the desk only connects them.
import { type EditorHelp, fixesAt, type Offer } from '../editor'
import { type Event, type Problem, type RecentSite, type SiteView, sitePath, type Wire } from '../ipc'
import type { FramedKey } from '../ipc/port'
import { t } from '../kit/text'
import { editorTexts } from './editorTexts'
import { Finding } from './finding.svelte'
import { KeyChoice } from './keyChoice.svelte'
import { Layout } from './layout.svelte'
import { Notices } from './notices.svelte'
import { Pages } from './pages.svelte'
import { Preview } from './preview.svelte'
import { Problems } from './problems.svelte'
import { Properties } from './properties.svelte'
import { Publishing } from './publishing.svelte'
import { Settings } from './settings.svelte'
import { parentOf, Site } from './site.svelte'
import { SiteSettings } from './siteSettings.svelte'
import { Sitting } from './sitting.svelte'
import { Spelling } from './spelling.svelte'
import { Structure } from './structure.svelte'
import { Words } from './words.svelte'

/** Something that can be done, and what about. */
export type Fixing = { message: string; name: string; run: () => void }

/** The one dialog that can be open. */
export type Overlay =
  | { is: 'palette' }
  | { is: 'quickOpen' }
  | { is: 'newPage'; folder: string; title: string }
  | { is: 'newSection'; folder: string }
  | { is: 'rename'; path: string }
  | { is: 'move'; paths: string[] }
  | { is: 'delete'; paths: string[] }
  | { is: 'createSite' }
  | { is: 'settings' }
  /** The writer's own words. */
  | { is: 'ownWords' }
  | { is: 'keys' }
  /** Images to be described and copied beside the page; none where one is to be chosen. */
  | { is: 'image'; files: File[] }
  /** What can be done about the problems at the caret. */
  | { is: 'fixes'; fixes: Fixing[] }
  /** What an image without a text shows. */
  | { is: 'describe'; problem: Problem }
  | { is: 'publish' }
  | { is: 'external'; href: string }
  /** The past of a page that is there, or was. */
  | { is: 'history'; path: string; title: string }
  | { is: 'deleted' }

export type Busy = { what: string; done: number; of: number }

export class Desk {
  readonly settings: Settings
  readonly keys = new KeyChoice()
  readonly layout = new Layout()
  readonly notices = new Notices()
  readonly site = new Site()
  readonly problems = new Problems(this.notices)
  readonly preview: Preview
  readonly pages: Pages
  readonly publishing: Publishing
  readonly words: Words
  readonly spelling: Spelling
  readonly finding: Finding
  readonly structure: Structure
  readonly sitting: Sitting
  readonly properties: Properties
  readonly siteSettings: SiteSettings
  /** Counts how often find in site was asked for, so that its field takes the focus each time. */
  findAsked = $state(0)
  overlay = $state.raw<Overlay | null>(null)
  recent = $state.raw<RecentSite[]>([])
  busy = $state.raw<Busy | null>(null)
  opening = $state(false)
  /** False until the session has said what there is. */
  ready = $state(false)
  /** What handles a key pressed in the preview; set by the key map. */
  pressed: (key: FramedKey) => void = () => undefined

  constructor(readonly wire: Wire) {
    this.settings = new Settings((scale) => wire.zoom(scale))
    this.preview = new Preview(wire, {
      clicked: (offset) => {
        this.pages.current?.buffer.reveal(offset)
        this.pages.focus()
      },
      followed: (href) => void this.follow(href),
      pressed: (key) => this.pressed(key),
      shown: () => this.pages.followCaret(),
    })
    this.spelling = new Spelling(wire, this.site, this.settings, this.notices)
    this.pages = new Pages(wire, this.preview, this.problems, this.notices, editorTexts(), this.help())
    this.words = new Words(wire, this.site)
    this.finding = new Finding(wire, this.pages, this.notices)
    this.properties = new Properties(this.pages, this.words, this.problems, this.layout)
    this.siteSettings = new SiteSettings(wire, this.site, this.pages, this.preview, this.problems, this.notices)
    this.publishing = new Publishing(wire, this.notices)
    this.structure = new Structure(wire, this)
    this.sitting = new Sitting(this.site, this.pages)
  }

  async start(): Promise<void> {
    try {
      await this.wire.listen((event) => this.hear(event))
      const { recent, site } = await this.wire.call({ do: 'start' })
      this.recent = recent
      if (site) await this.enter(site)
      else await this.resume()
    } catch (thrown) {
      this.notices.failed(thrown)
    }
    this.ready = true
  }

  /** Opens the site that the last start ended with; where that cannot be, there is the first screen. */
  private async resume(): Promise<void> {
    const folder = this.sitting.lastFolder
    if (folder === null || !this.recent.some((one) => one.folder === folder)) return
    await this.openSite(() => this.wire.call({ do: 'openSite', folder }))
  }

  /** Opens a site by whatever command gives one. */
  async openSite(ask: () => Promise<{ site: SiteView }>): Promise<void> {
    if (this.opening) return
    this.opening = true
    try {
      await this.pages.saveAll()
      this.sitting.note()
      const { site } = await ask()
      this.pages.clear()
      this.structure.clear()
      this.finding.clear()
      this.siteSettings.clear()
      this.spelling.clear()
      await this.enter(site)
    } catch (thrown) {
      this.notices.failed(thrown)
    }
    this.opening = false
  }

  async openFolder(folder: string | null): Promise<void> {
    const chosen = folder ?? (await this.wire.pickFolder())
    if (chosen !== null) await this.openSite(() => this.wire.call({ do: 'openSite', folder: chosen }))
  }

  /** Opens find in site with what is selected, or closes it where it has the focus. */
  findInSite(isThere: boolean): void {
    if (this.layout.find && isThere) {
      this.layout.find = false
      this.pages.focus()
      return
    }
    const selected = this.pages.current?.buffer.selected ?? ''
    if (selected !== '' && !selected.includes('\n')) this.finding.query = selected
    this.layout.find = true
    this.findAsked += 1
    this.finding.changed()
  }

  async closeSite(): Promise<void> {
    await this.try(async () => {
      await this.pages.saveAll()
      this.sitting.note()
      this.sitting.closed()
      await this.wire.call({ do: 'closeSite' })
      this.pages.clear()
      this.structure.clear()
      this.finding.clear()
      this.spelling.clear()
      this.site.show(null)
      this.siteSettings.clear()
      this.problems.replaceAll([])
      this.recent = (await this.wire.call({ do: 'start' })).recent
    })
  }

  async newPage(folder: string, title: string): Promise<boolean> {
    return this.try(async () => {
      const { page } = await this.wire.call({ do: 'newPage', folder, title })
      await this.pages.adopt(page)
    })
  }

  async recover(accept: boolean): Promise<void> {
    await this.try(async () => {
      const { site } = await this.wire.call({ do: 'recover', accept })
      const open = this.pages.current?.path ?? null
      this.site.show(site)
      this.site.recovered = []
      this.problems.replaceAll(site.problems)
      await this.pages.resync()
      if (open === null && site.home !== null) await this.pages.show(site.home)
      this.preview.reload()
    })
  }

  /** Opens the past of a page. */
  async showHistory(path: string): Promise<void> {
    const page = await this.pages.obtain(path)
    if (page) this.overlay = { is: 'history', path: page.path, title: page.title }
  }

  /** Writes a state of a deleted page to its file again, and opens it. */
  async bringBack(path: string, state: string): Promise<void> {
    await this.try(async () => {
      const { page } = await this.wire.call({ do: 'restore', path, state })
      await this.pages.adopt(page)
      this.notices.info(t('deleted.back', { title: page.title }))
    })
  }

  /** Goes where a link of the preview leads. */
  async follow(href: string): Promise<void> {
    const url = sitePath(href, this.site.view?.baseUrl ?? null)
    if (url === null) {
      if (/^(https?|mailto):/i.test(href)) this.overlay = { is: 'external', href }
      return
    }
    await this.try(async () => {
      const { path } = await this.wire.call({ do: 'sourceOf', url })
      const own = this.pages.current
      // A page that has no preview of its own gives way at once.
      if (path !== null && own !== null && own.url === null) await this.pages.show(path)
      else if (path !== null && path === own?.path) this.preview.show(own.url)
      else this.preview.show(url, path)
    })
  }

  /** Shows the page of the preview in the person's own browser. */
  async browse(): Promise<void> {
    const url = this.preview.load?.url
    if (url === undefined) return
    await this.try(async () => {
      const address = (await this.wire.call({ do: 'browse', url })).url
      await this.wire.openExternal(address)
    })
  }

  async openExternal(href: string): Promise<void> {
    await this.try(() => this.wire.openExternal(href))
  }

  /** Copies an image beside the page on screen and puts it into the text. */
  async addImage(name: string, data: string, alt: string): Promise<boolean> {
    const page = this.pages.current
    if (!page) return false
    return this.try(async () => {
      const { target } = await this.wire.call({ do: 'addImage', path: page.path, name, data })
      page.buffer.insertImage(target, alt)
      this.words.refresh()
    })
  }

  /** Shows what can be done about the misspelt word and the problems at the caret. */
  async fixHere(): Promise<void> {
    const page = this.pages.current
    const view = page?.buffer.shown
    if (!page || !view) return
    const wrong = page.buffer.misspelt
    const fixes = [...(wrong ? await this.spellingFixes(page.path, wrong.word, wrong.replace) : []), ...fixesAt(view)]
    if (fixes.length > 0) this.overlay = { is: 'fixes', fixes }
    else this.notices.info(t('fix.none'))
  }

  /** Does what a problem offers, on whatever page it is. */
  async mend(problem: Problem, offer: Offer): Promise<void> {
    if (offer.is === 'create') this.create(offer.path)
    else if (offer.is === 'describe') this.overlay = { is: 'describe', problem }
    else if (offer.is === 'choose') await this.goTo(problem).then(() => this.fixHere())
    else await this.mendText(problem, offer.is, '')
  }

  /** Changes the text that a problem is in, saved at once; the notice has the way back. */
  async mendText(problem: Problem, is: Offer['is'], text: string): Promise<void> {
    const page = problem.path === null ? null : await this.pages.obtain(problem.path)
    const back = page?.buffer.mend(problem, is, text) ?? null
    if (!page || !back) {
      this.notices.info(t('fix.moved'))
      return
    }
    const after = page.buffer.doc
    const undo = () => {
      if (page.buffer.doc.eq(after)) page.buffer.applyOurs(back)
      else this.notices.info(t('fix.moved'))
    }
    this.notices.info(t('fix.done', { title: page.title }), '', { name: t('app.takeBack'), run: undo })
    await this.try(() => page.saveIfNeeded())
  }

  /** Goes to where a problem is. */
  async goTo(problem: Problem): Promise<void> {
    if (problem.path === null) return
    await this.pages.show(problem.path, problem.line > 0 ? problem.from : undefined)
    this.pages.focus()
  }

  /** Goes to the next or previous problem or misspelt word of the page. */
  async seek(by: 1 | -1): Promise<void> {
    const found = await this.pages.current?.buffer.seek(by)
    if (found === null) this.notices.info(t('spelling.nothing'))
    else this.pages.focus()
  }

  /** What can be done about one misspelt word. */
  async spellingFixes(path: string, word: string, replace: (text: string) => void): Promise<Fixing[]> {
    const message = t('spelling.wrong', { word })
    const suggestions = await this.spelling.suggest(path, word)
    return [
      ...suggestions.map((one) => ({ message, name: t('spelling.use', { word: one }), run: () => replace(one) })),
      { message, name: t('spelling.learn', { word }), run: () => void this.spelling.learn(word) },
      { message, name: t('spelling.ignore'), run: () => this.spelling.ignore(path, word) },
    ]
  }

  /** Pastes what the clipboard holds as plain text. */
  async pastePlain(): Promise<void> {
    try {
      this.pages.current?.buffer.insertText(await navigator.clipboard.readText())
    } catch {
      this.notices.error(t('paste.denied'), t('paste.denied.help'))
    }
  }

  /** Tries something and shows why it failed. */
  async try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (thrown) {
      this.notices.failed(thrown)
      return false
    }
  }

  private help(): EditorHelp {
    return {
      spelling: this.spelling,
      words: () => this.words.all,
      headings: (path) => this.words.headings(path),
      typewriter: () => this.layout.typewriter,
      images: (files) => (this.overlay = { is: 'image', files }),
      create: (path) => this.create(path),
    }
  }

  /** Asks for the page that a link leads to. */
  private create(path: string): void {
    const name = path.replace(/^.*\//, '').replace(/\.\w+$/, '').replaceAll('-', ' ')
    const title = name.charAt(0).toUpperCase() + name.slice(1)
    this.overlay = { is: 'newPage', folder: parentOf(path), title }
  }

  private async enter(site: SiteView): Promise<void> {
    this.site.show(site)
    this.words.refresh()
    this.problems.replaceAll(site.problems)
    const first = site.home ?? site.tree.find((entry) => entry.kind === 'page')?.path
    const resumed = await this.sitting.resume()
    if (!resumed && first !== undefined) await this.pages.show(first)
    setTimeout(() => this.pages.focus(), 0)
  }

  private hear(event: Event): void {
    switch (event.event) {
      case 'tree':
        this.site.tree = event.tree
        this.words.refresh()
        return
      case 'problems':
        this.problems.replaceAll(event.problems)
        this.pages.markAll()
        return
      case 'built':
        this.busy = null
        void this.publishing.look()
        this.siteSettings.built()
        return
      case 'saved':
        this.siteSettings.saved(event.path)
        this.pages.get(event.path)?.savedAt(event.version)
        return
      case 'saveFailed':
        this.pages.get(event.path)?.saveFailed()
        this.notices.error(event.message, event.help)
        return
      case 'changed':
        this.pages.get(event.path)?.changedOutside(event.version, event.changes)
        if (event.path === this.pages.current?.path) {
          this.notices.info(event.merged ? t('live.merged') : t('live.changed'))
        }
        return
      case 'moved':
        this.structure.moved(event.pages)
        return
      case 'relinked':
        this.pages.get(event.path)?.changedOutside(event.version, event.changes)
        return
      case 'conflict':
        this.pages.get(event.page.path)?.adopt(event.page)
        return
      case 'gone':
        this.gone(event.path)
        return
      case 'previewStale':
        this.preview.stale(event.url)
        return
      case 'publish':
        this.publishing.progressed(event.progress)
        return
      case 'busy':
        this.busy = event.done < event.of ? event : null
    }
  }

  private gone(path: string): void {
    const page = this.pages.get(path)
    if (page) page.gone = true
  }
}
