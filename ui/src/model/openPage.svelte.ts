// One source open in the window: its buffer, how far the session has it, and whether it is saved.
// Never loses text: what cannot be sent or saved stays here and is tried again.
import { Buffer, type EditorHelp, type EditorTexts, type Sent, Sync, toWire } from '../editor'
import { type Edited, failureOf, type PageView, type TextChange, type Wire } from '../ipc'
import { Reading } from './reading.svelte'

export type Status = 'saved' | 'unsaved' | 'saving' | 'failed'

/** What a page tells the desk. */
export type PageHooks = {
  edited(page: OpenPage, edited: Edited): void
  moved(page: OpenPage): void
  failed(thrown: unknown): void
}

const autosaveAfter = 1000

export class OpenPage {
  path = $state.raw('')
  title = $state.raw('')
  url = $state.raw<string | null>(null)
  status = $state<Status>('saved')
  /** The text on disk, where it conflicts with the buffer's. */
  conflict = $state.raw<string | null>(null)
  gone = $state(false)
  /** How long the last build of the page took, in milliseconds. */
  ms = $state.raw<number | null>(null)
  /** Counts the changes of the text, whoever made them. */
  revision = $state(0)
  readonly buffer: Buffer
  readonly reading = new Reading()
  private readonly sync: Sync<Edited>
  private autosave = 0
  private saving: Promise<void> | null = null

  constructor(
    private readonly wire: Wire,
    private readonly hooks: PageHooks,
    page: PageView,
    texts: EditorTexts,
    help: EditorHelp,
  ) {
    this.adopt(page)
    this.status = page.dirty ? 'unsaved' : 'saved'
    this.buffer = new Buffer(
      page.path,
      page.text,
      {
        changed: (changes) => {
          this.touched()
          this.sync.changed(changes)
        },
        moved: () => {
          this.reading.moved(this.buffer)
          if (this.sync.clean) hooks.moved(this)
        },
        blurred: () => void this.saveIfNeeded(),
      },
      texts,
      help,
    )
    this.sync = new Sync<Edited>(
      {
        send: (version, changes) => this.send(version, changes),
        reopen: () => this.reopen(),
        apply: (changes) => {
          this.buffer.applyTheirs(changes)
          this.revision += 1
        },
        taken: (edited, more) => {
          if (!more) this.ms = edited.ms
          if (this.status === 'failed') this.touched()
          hooks.edited(this, edited)
        },
        failed: (thrown) => this.failed(thrown),
      },
      this.buffer.doc,
      page.version,
    )
    this.reading.read(this.buffer)
  }

  get dirty(): boolean {
    return this.status !== 'saved' || !this.sync.clean
  }

  /** Writes the page now; resolves when it is on disk or the failure is shown. */
  save(): Promise<void> {
    if (this.conflict !== null) return Promise.resolve()
    this.saving ??= this.write().finally(() => (this.saving = null))
    return this.saving
  }

  async saveIfNeeded(): Promise<void> {
    if (this.saving) await this.saving
    if (this.dirty && this.conflict === null && !this.gone) await this.save()
  }

  /** Resolves when the session has every keystroke. */
  settled(): Promise<void> {
    return this.sync.settled()
  }

  /** Another program changed the file. */
  changedOutside(version: number, changes: TextChange[]): void {
    this.sync.remote(version, changes)
    this.gone = false
    this.reading.changed(this.buffer)
  }

  /** The session says that this version is on disk. */
  savedAt(version: number): void {
    if (this.sync.clean && this.sync.version === version) this.status = 'saved'
  }

  saveFailed(): void {
    this.status = 'failed'
  }

  /** Keeps one of the two texts of a conflict. */
  async resolve(keepMine: boolean): Promise<void> {
    await this.sync.settled()
    const { page } = await this.wire.call({ do: 'resolve', path: this.path, keepMine })
    this.adopt(page)
    await this.sync.resync()
    this.status = page.dirty ? 'unsaved' : 'saved'
  }

  /** Ends a conflict with a text made of both; a step that can be undone. */
  async settle(text: string): Promise<void> {
    await this.resolve(true)
    this.buffer.become(text)
  }

  /** Takes title, address and conflict from the session, the text excepted. */
  adopt(page: PageView): void {
    this.path = page.path
    this.title = page.title
    this.url = page.url
    this.conflict = page.conflict
    if (page.conflict !== null) this.status = 'unsaved'
  }

  /** Brings the text in step with the session's, keeping what is not sent. */
  resync(): Promise<void> {
    return this.sync.resync()
  }

  close(): void {
    window.clearTimeout(this.autosave)
    this.reading.close()
    this.sync.close()
  }

  private touched(): void {
    this.revision += 1
    if (this.status !== 'unsaved') this.status = 'unsaved'
    window.clearTimeout(this.autosave)
    this.autosave = window.setTimeout(() => void this.saveIfNeeded(), autosaveAfter)
    this.reading.changed(this.buffer)
  }

  private async send(version: number, changes: ReturnType<typeof toWire>): Promise<Sent<Edited>> {
    try {
      const { edited } = await this.wire.call({ do: 'edit', path: this.path, version, changes })
      return { taken: edited }
    } catch (thrown) {
      return failureOf(thrown).code === 'edit.stale' ? { stale: true } : { failed: thrown }
    }
  }

  private async reopen(): Promise<{ text: string; version: number }> {
    const { page } = await this.wire.call({ do: 'openPage', path: this.path })
    this.adopt(page)
    if (page.dirty) this.touched()
    return page
  }

  private async write(): Promise<void> {
    window.clearTimeout(this.autosave)
    this.status = 'saving'
    try {
      await this.sync.settled()
      const version = this.sync.version
      const { built } = await this.wire.call({ do: 'save', path: this.path })
      this.gone = false
      this.ms = built.ms
      const still = this.sync.clean && this.sync.version === version
      this.status = still ? 'saved' : 'unsaved'
    } catch (thrown) {
      this.failed(thrown)
    }
  }

  private failed(thrown: unknown): void {
    this.status = 'failed'
    this.hooks.failed(thrown)
  }
}
