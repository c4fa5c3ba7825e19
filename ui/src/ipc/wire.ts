// The one door between the window and the session: typed calls, events, dialogs.
// Nothing else may name the toolkit, and nothing here keeps state of its own.
import type { PastState } from './address'
import type { Command, Event, Failure, Reply } from './types'

/** What each command answers with. */
type Answers = {
  start: 'start'
  openSite: 'site'
  openGuide: 'site'
  createSite: 'site'
  closeSite: 'done'
  site: 'site'
  openPage: 'page'
  closePage: 'done'
  edit: 'edited'
  save: 'saved'
  saveAll: 'saved'
  newPage: 'page'
  renamePage: 'page'
  move: 'moved'
  lookMove: 'moveLook'
  undoMove: 'moved'
  redoMove: 'moved'
  duplicatePage: 'page'
  newSection: 'page'
  deletePage: 'done'
  deletePages: 'done'
  resolve: 'page'
  lens: 'done'
  browse: 'address'
  sides: 'sides'
  history: 'history'
  compare: 'compared'
  deleted: 'deleted'
  restore: 'page'
  sourceOf: 'source'
  recover: 'site'
  vocabulary: 'vocabulary'
  headings: 'headings'
  addImage: 'added'
  find: 'found'
  siteChoices: 'siteChoices'
  codeSample: 'codeSample'
  tryConfig: 'done'
  makeConfig: 'site'
  spell: 'spelt'
  suggest: 'words'
  ownWords: 'words'
  learnWord: 'words'
  forgetWord: 'words'
  hosts: 'hosts'
  pending: 'pending'
  addRedirect: 'done'
  saveHost: 'hosts'
  removeHost: 'hosts'
  testHost: 'tested'
  trustKey: 'done'
  plan: 'plan'
  publish: 'deployed'
  cancelPublish: 'done'
  releases: 'releases'
  rollback: 'deployed'
  change: 'change'
}

/** The reply to the command named `D`. */
export type ReplyTo<D extends Command['do']> = Extract<Reply, { is: Answers[D] }>

/** Where a preview frame finds its page. */
export type FrameSource = { src: string } | { srcdoc: string }

/** What a transport must do; the shell's is one, the made-up site's another. */
export type Transport = {
  call(command: Command): Promise<Reply>
  listen(handler: (event: Event) => void): Promise<void>
  pickFolder(): Promise<string | null>
  openExternal(url: string): Promise<void>
  /** Draws the whole window larger or smaller; 1 is as it is made. */
  zoom(scale: number): Promise<void>
  frameSource(url: string, stamp: number, past: PastState | null): FrameSource
}

/** The failure of a command, as something that can be thrown. */
export class Failed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message)
  }
}

/** Makes any thrown value a failure that can be shown. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failed) return thrown.failure
  if (isFailure(thrown)) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { code: 'failed', message, help: '', fingerprint: null }
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
}

/** A typed face for a transport. */
export class Wire {
  constructor(private readonly transport: Transport) {}

  /** Carries out one command; rejects with [`Failed`]. */
  async call<C extends Command>(command: C): Promise<ReplyTo<C['do']>> {
    try {
      return (await this.transport.call(command)) as ReplyTo<C['do']>
    } catch (thrown) {
      throw new Failed(failureOf(thrown))
    }
  }

  listen(handler: (event: Event) => void): Promise<void> {
    return this.transport.listen(handler)
  }

  pickFolder(): Promise<string | null> {
    return this.transport.pickFolder()
  }

  openExternal(url: string): Promise<void> {
    return this.transport.openExternal(url)
  }

  zoom(scale: number): Promise<void> {
    return this.transport.zoom(scale)
  }

  frameSource(url: string, stamp: number, past: PastState | null = null): FrameSource {
    return this.transport.frameSource(url, stamp, past)
  }
}
