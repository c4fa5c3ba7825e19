// The desk: everything a window has, put together, and what the session says passed on to it.
// Each part keeps its own state; the desk only connects them.
import type { EditorHelp } from '../editor'
import { type Event, type RecentSite, type SiteView, sitePath, type Wire } from '../ipc'
import type { FramedKey } from '../ipc/port'
import { t } from '../kit/text'
import { editorTexts } from './editorTexts'
import { Finding } from './finding.svelte'
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
import { Words } from './words.svelte'

/** The one dialog that can be open. */
export type Overlay =
  | { is: 'palette' }
  | { is: 'quickOpen' }
  | { is: 'newPage'; folder: string; title: string }
  | { is: 'rename'; path: string }
  | { is: 'delete'; path: string }
  | { is: 'createSite' }
  | { is: 'settings' }
  | { is: 'keys' }
  /** Images to be described and copied beside the page; none where one is to be chosen. */
  | { is: 'image'; files: File[] }
  /** What can be done about the problems at the caret. */
  | { is: 'fixes'; fixes: { message: string; name: string; run: () => void }[] }
  | { is: 'publish' }
  | { is: 'external'; href: string }
  /** The text that a settled conflict did not keep. */
  | { is: 'kept'; text: string }

export type Busy = { what: string; done: number; of: number }

export class Desk {
  readonly settings = new Settings()
  readonly layout = new Layout()
  readonly notices = new Notices()
  readonly site = new Site()
  readonly problems = new Problems(this.notices)
  readonly preview: Preview
  readonly pages: Pages
  readonly publishing: Publishing
  readonly words: Words
  readonly finding: Finding
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
    this.preview = new Preview(wire, {
      clicked: (offset) => {
        this.pages.current?.buffer.reveal(offset)
        this.pages.focus()
      },
      followed: (href) => void this.follow(href),
      pressed: (key) => this.pressed(key),
      shown: () => this.pages.followCaret(),
    })
    this.pages = new Pages(wire, this.preview, this.problems, this.notices, editorTexts(), this.help())
    this.words = new Words(wire, this.site)
    this.finding = new Finding(wire, this.pages, this.notices)
    this.properties = new Properties(this.pages, this.words, this.problems, this.layout)
    this.siteSettings = new SiteSettings(wire, this.site, this.pages, this.preview, this.problems, this.notices)
    this.publishing = new Publishing(wire, this.notices)
  }

  async start(): Promise<void> {
    try {
      await this.wire.listen((event) => this.hear(event))
      const { recent, site } = await this.wire.call({ do: 'start' })
      this.recent = recent
      if (site) await this.enter(site)
    } catch (thrown) {
      this.notices.failed(thrown)
    }
    this.ready = true
  }

  /** Opens a site by whatever command gives one. */
  async openSite(ask: () => Promise<{ site: SiteView }>): Promise<void> {
    if (this.opening) return
    this.opening = true
    try {
      await this.pages.saveAll()
      const { site } = await ask()
      this.pages.clear()
      this.finding.clear()
      this.siteSettings.clear()
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
      await this.wire.call({ do: 'closeSite' })
      this.pages.clear()
      this.finding.clear()
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

  async rename(from: string, to: string): Promise<boolean> {
    return this.try(async () => {
      await this.pages.get(from)?.saveIfNeeded()
      const wasCurrent = this.pages.current?.path === from
      const { page } = await this.wire.call({ do: 'renamePage', from, to })
      if (wasCurrent) await this.pages.moved(from, page)
      else this.pages.forget(from)
    })
  }

  async remove(path: string): Promise<boolean> {
    return this.try(async () => {
      const wasCurrent = this.pages.current?.path === path
      await this.wire.call({ do: 'deletePage', path })
      this.pages.forget(path)
      const next = this.pages.recent[0] ?? this.site.view?.home
      if (wasCurrent && next !== undefined && next !== null && next !== path) await this.pages.show(next)
      else if (wasCurrent) this.preview.show(null)
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

  /** Goes where a link of the preview leads. */
  async follow(href: string): Promise<void> {
    const url = sitePath(href, this.site.view?.baseUrl ?? null)
    if (url === null) {
      if (/^(https?|mailto):/i.test(href)) this.overlay = { is: 'external', href }
      return
    }
    await this.try(async () => {
      const { path } = await this.wire.call({ do: 'sourceOf', url })
      if (path === null) this.preview.show(url)
      else await this.pages.show(path)
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
      words: () => this.words.all,
      headings: (path) => this.words.headings(path),
      typewriter: () => this.layout.typewriter,
      images: (files) => (this.overlay = { is: 'image', files }),
      create: (path) => {
        const name = path.replace(/^.*\//, '').replace(/\.\w+$/, '').replaceAll('-', ' ')
        const title = name.charAt(0).toUpperCase() + name.slice(1)
        this.overlay = { is: 'newPage', folder: parentOf(path), title }
      },
    }
  }

  private async enter(site: SiteView): Promise<void> {
    this.site.show(site)
    this.words.refresh()
    this.problems.replaceAll(site.problems)
    const first = site.home ?? site.tree.find((entry) => entry.kind === 'page')?.path
    if (first !== undefined) await this.pages.show(first)
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
