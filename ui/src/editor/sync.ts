// Keeps the session's buffer and the editor's text the same: one call on its way at a time, what is
// typed meanwhile composed and sent after it. Never changes what the writer typed, never drops it.
import { ChangeSet, Text } from '@codemirror/state'
import { type Change, difference, fromWire, toWire } from './diff'

/** What the session answers to an edit that it took. */
export type Taken = { version: number }

/** How an edit can end. `stale`: the session's text has moved on; `failed`: try again later. */
export type Sent<T extends Taken> = { taken: T } | { stale: true } | { failed: unknown }

/** What a [`Sync`] needs from outside. */
export type Wires<T extends Taken> = {
  send(version: number, changes: Change[]): Promise<Sent<T>>
  reopen(): Promise<{ text: string; version: number }>
  /** Applies changes made elsewhere to the editor; they fit the text that it has now. */
  apply(changes: ChangeSet): void
  taken(answer: T, more: boolean): void
  failed(thrown: unknown): void
}

type Remote = { version: number; changes: Change[] }

const retryAfter = 1000

export class Sync<T extends Taken> {
  private base: Text
  private sent: ChangeSet | null = null
  private unsent: ChangeSet | null = null
  private calling = false
  private closed = false
  private waiting: Remote[] = []
  private listeners: { done: () => void; failed: (thrown: unknown) => void }[] = []

  constructor(
    private readonly wires: Wires<T>,
    text: Text,
    public version: number,
  ) {
    this.base = text
  }

  /** Whether the session has everything. */
  get clean(): boolean {
    return !this.sent && !this.unsent
  }

  /** The writer changed the text. */
  changed(changes: ChangeSet): void {
    this.unsent = this.unsent ? this.unsent.compose(changes) : changes
    void this.pump()
  }

  /** Another program changed the text: `changes` fit version `version - 1`. */
  remote(version: number, changes: Change[]): void {
    if (version <= this.version) return
    if (version === this.version + 1) {
      this.moveTo(version, fromWire(changes, this.base.length))
      if (!this.calling) void this.pump()
    } else if (this.calling) {
      this.waiting.push({ version, changes })
    } else {
      void this.resync()
    }
  }

  /** Takes the session's text as it is now, with what is not yet sent on top. */
  async resync(): Promise<void> {
    if (this.closed) return
    this.calling = true
    try {
      const page = await this.wires.reopen()
      const fresh = Text.of(page.text.split('\n'))
      if (this.sent && fresh.eq(this.sent.apply(this.base))) {
        this.base = fresh
        this.sent = null
        this.version = page.version
      } else {
        this.moveTo(page.version, difference(this.base, fresh))
      }
      this.calling = false
    } catch (thrown) {
      this.calling = false
      this.fail(thrown)
      return
    }
    await this.pump()
  }

  /** Resolves when the session has everything; rejects when a call fails. */
  settled(): Promise<void> {
    if (this.clean) return Promise.resolve()
    return new Promise((done, failed) => this.listeners.push({ done, failed }))
  }

  /** The page is closed: nothing more is sent. */
  close(): void {
    this.closed = true
    this.release((listener) => listener.done())
  }

  private async pump(): Promise<void> {
    if (this.calling || this.closed) return
    if (!this.unsent) {
      if (this.clean) this.release((listener) => listener.done())
      return
    }
    const changes = this.unsent
    this.sent = changes
    this.unsent = null
    this.calling = true
    const answer = await this.wires.send(this.version, toWire(changes))
    this.calling = false
    await this.answered(changes, answer)
  }

  private async answered(changes: ChangeSet, answer: Sent<T>): Promise<void> {
    if (this.sent !== changes) {
      await this.overtaken(answer)
    } else if ('taken' in answer) {
      this.base = changes.apply(this.base)
      this.version = answer.taken.version
      this.sent = null
      this.deliver()
      this.wires.taken(answer.taken, !this.clean)
      await this.pump()
    } else if ('stale' in answer) {
      await this.resync()
    } else {
      this.unsend()
      this.fail(answer.failed)
    }
  }

  /** The answer to an edit that another program's change went before. */
  private async overtaken(answer: Sent<T>): Promise<void> {
    if ('stale' in answer) await this.pump()
    else if ('taken' in answer) await this.resync()
    else this.fail(answer.failed)
  }

  /** Applies what waited for the answer to the edit before it. */
  private deliver(): void {
    const waiting = this.waiting
    this.waiting = []
    for (const { version, changes } of waiting) this.remote(version, changes)
  }

  /** Puts another's changes under what the session does not have yet. */
  private moveTo(version: number, theirs: ChangeSet): void {
    this.unsend()
    const ours = this.unsent
    this.base = theirs.apply(this.base)
    this.version = version
    if (!ours) {
      if (!theirs.empty) this.wires.apply(theirs)
      return
    }
    this.unsent = ours.map(theirs, true)
    const mapped = theirs.map(ours)
    if (!mapped.empty) this.wires.apply(mapped)
  }

  private unsend(): void {
    if (!this.sent) return
    this.unsent = this.unsent ? this.sent.compose(this.unsent) : this.sent
    this.sent = null
  }

  private fail(thrown: unknown): void {
    if (this.closed) return
    this.wires.failed(thrown)
    this.release((listener) => listener.failed(thrown))
    setTimeout(() => void this.pump(), retryAfter)
  }

  private release(how: (listener: { done: () => void; failed: (thrown: unknown) => void }) => void) {
    const listeners = this.listeners
    this.listeners = []
    listeners.forEach(how)
  }
}
