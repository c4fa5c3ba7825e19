// One publish from the choice of a host to the live address, as stages of a sheet.
// Carries out nothing that was not confirmed.
import {
  type ChangeView,
  type DeployView,
  type Failure,
  failureOf,
  type HostTarget,
  type HostView,
  type PendingView,
  type PlanItem,
  type PlanView,
  type PublishProgress,
  type ReleaseView,
  type TestStep,
  type Wire,
} from '../ipc'
import { t } from '../kit/text'
import type { Notices } from './notices.svelte'

export type Stage =
  | { at: 'hosts' }
  | { at: 'host'; host: HostView | null; kind: HostTarget['kind'] }
  | { at: 'planning'; host: string }
  | { at: 'plan'; plan: PlanView }
  | { at: 'running'; host: string }
  | { at: 'done'; deploy: DeployView; host: string; rolled: boolean }
  | { at: 'releases'; host: string; releases: ReleaseView[] }
  /** One address before and after the plan. */
  | { at: 'change'; plan: PlanView; item: PlanItem; change: ChangeView | null }
  /** A release as readers saw it. */
  | { at: 'asItWas'; host: string; releases: ReleaseView[]; release: ReleaseView }

/** What must be answered before a command can be tried again. */
export type Question =
  | { ask: 'secret'; host: string; again: () => Promise<void> }
  | { ask: 'key'; host: string; fingerprint: string; again: () => Promise<void> }
  | { ask: 'changedKey'; host: string; fingerprint: string | null; failure: Failure }

export type Tested = { host: string; steps: TestStep[] | null }

export class Publishing {
  stage = $state.raw<Stage>({ at: 'hosts' })
  hosts = $state.raw<HostView[]>([])
  failure = $state.raw<Failure | null>(null)
  question = $state.raw<Question | null>(null)
  progress = $state.raw<PublishProgress | null>(null)
  tested = $state.raw<Tested | null>(null)
  /** What there is to publish to each host, as far as it is known here. */
  pending = $state.raw<PendingView[]>([])
  /** Why secrets are forgotten when Galley closes; null where they are kept. */
  forgets = $state.raw<string | null>(null)
  /** The writer's own word on the next release. */
  note = $state('')
  stopping = $state(false)
  busy = $state(false)
  private round = 0
  /** Hosts whose unfinished publish was told. */
  private readonly told = new Set<string>()

  constructor(
    private readonly wire: Wire,
    private readonly notices: Notices,
  ) {}

  /** Opens the sheet: with one host the plan is made at once. */
  async open(): Promise<void> {
    if (this.stage.at === 'running') return
    this.go({ at: 'hosts' })
    await this.attempt('', async () => {
      this.know(await this.wire.call({ do: 'hosts' }))
    })
    const only = this.hosts.length === 1 ? this.hosts[0] : undefined
    if (only && !this.failure) await this.plan(only.name)
  }

  async manage(): Promise<void> {
    if (this.stage.at === 'running') return
    this.go({ at: 'hosts' })
    await this.attempt('', async () => {
      this.know(await this.wire.call({ do: 'hosts' }))
    })
  }

  go(stage: Stage): void {
    this.round += 1
    this.failure = null
    this.question = null
    this.tested = null
    this.busy = false
    this.stage = stage
  }

  private know(reply: { hosts: HostView[]; forgets: string | null }): void {
    this.hosts = reply.hosts
    this.forgets = reply.forgets
  }

  async saveHost(host: HostView, secret: string | null): Promise<boolean> {
    return this.attempt(host.name, async () => {
      this.know(await this.wire.call({ do: 'saveHost', host, secret }))
    })
  }

  async removeHost(name: string): Promise<void> {
    await this.attempt(name, async () => {
      this.know(await this.wire.call({ do: 'removeHost', name }))
      this.go({ at: 'hosts' })
    })
  }

  async test(name: string): Promise<void> {
    this.tested = { host: name, steps: null }
    const done = await this.attempt(
      name,
      async () => {
        this.tested = { host: name, steps: (await this.wire.call({ do: 'testHost', name })).steps }
      },
      () => this.test(name),
    )
    if (!done) this.tested = null
  }

  /** Compares with the host; with `repair` every file there is looked at. */
  async plan(host: string, repair = false): Promise<void> {
    this.go({ at: 'planning', host })
    const round = this.round
    const done = await this.attempt(
      host,
      async () => {
        const { plan } = await this.wire.call({ do: 'plan', host, repair })
        if (round === this.round) this.stage = { at: 'plan', plan }
      },
      () => this.plan(host, repair),
    )
    if (!done && round === this.round && !this.question) this.stage = { at: 'hosts' }
  }

  /** Asks what differs from what is live; quiet where it is not known. */
  async look(): Promise<void> {
    try {
      this.pending = (await this.wire.call({ do: 'pending' })).hosts
      for (const { host, unfinished } of this.pending) {
        if (!unfinished || this.told.has(host) || this.stage.at === 'running') continue
        this.told.add(host)
        const { done, files } = unfinished
        this.notices.error(t('publish.unfinished'), t('publish.unfinished.text', { done, of: files, host }))
      }
    } catch {
      this.pending = []
    }
  }

  /** Keeps an address that would be gone, and makes the plan anew. */
  async redirect(host: string, from: string, to: string): Promise<void> {
    const done = await this.attempt(host, async () => {
      await this.wire.call({ do: 'addRedirect', from, to })
    })
    if (done) await this.plan(host)
  }

  async publish(plan: PlanView): Promise<void> {
    await this.run(plan.host, false, { at: 'plan', plan }, async () => {
      const { deploy } = await this.wire.call({ do: 'publish', plan: plan.id, note: this.note })
      this.note = ''
      return deploy
    })
  }

  /** Shows what one address was and will be. */
  async change(plan: PlanView, item: PlanItem): Promise<void> {
    this.go({ at: 'change', plan, item, change: null })
    const round = this.round
    await this.attempt(plan.host, async () => {
      const asked = { host: plan.host, from: plan.base ?? '', to: plan.id, url: item.url }
      const { change } = await this.wire.call({ do: 'change', ...asked })
      if (round === this.round) this.stage = { at: 'change', plan, item, change }
    })
  }

  /** The address before or after the one that is looked at, in the order of the plan. */
  beside(step: 1 | -1): PlanItem | null {
    if (this.stage.at !== 'change') return null
    const { plan, item } = this.stage
    const items = [...plan.added, ...plan.changed, ...plan.removed]
    return items[items.indexOf(item) + step] ?? null
  }

  async releases(host: string): Promise<void> {
    await this.attempt(
      host,
      async () => {
        const { releases } = await this.wire.call({ do: 'releases', host })
        this.go({ at: 'releases', host, releases })
      },
      () => this.releases(host),
    )
  }

  async rollback(host: string, release: string): Promise<void> {
    await this.run(host, true, this.stage, async () => {
      return (await this.wire.call({ do: 'rollback', host, release })).deploy
    })
  }

  async cancel(): Promise<void> {
    this.stopping = true
    try {
      await this.wire.call({ do: 'cancelPublish' })
    } catch (thrown) {
      this.stopping = false
      this.failure = failureOf(thrown)
    }
  }

  /** Where the running publish is. */
  progressed(progress: PublishProgress): void {
    this.progress = progress
    const tenth = Math.max(1, Math.round(progress.ofFiles / 10))
    if (progress.files % tenth === 0) {
      this.notices.say(t('live.publishing', { done: progress.files, of: progress.ofFiles }))
    }
  }

  async answerSecret(host: string, secret: string, again: () => Promise<void>): Promise<void> {
    const kept = this.hosts.find((one) => one.name === host)
    if (kept && (await this.saveHost(kept, secret))) {
      this.question = null
      await again()
    }
  }

  async trust(host: string, fingerprint: string, again: () => Promise<void>): Promise<void> {
    const done = await this.attempt(host, async () => {
      await this.wire.call({ do: 'trustKey', name: host, fingerprint })
    })
    if (!done) return
    this.question = null
    await again()
  }

  private async run(host: string, rolled: boolean, before: Stage, work: () => Promise<DeployView>) {
    this.go({ at: 'running', host })
    this.progress = null
    this.stopping = false
    const again = () => this.run(host, rolled, before, work)
    const done = await this.attempt(
      host,
      async () => {
        const deploy = await work()
        this.stage = { at: 'done', deploy, host, rolled }
        void this.look()
        this.notices.say(t('live.published'))
      },
      again,
    )
    if (!done) this.stage = before
  }

  /** Tries something; a failure is shown, or becomes the question that it really is. */
  private async attempt(host: string, work: () => Promise<void>, again = work): Promise<boolean> {
    this.busy = true
    this.failure = null
    try {
      await work()
      return true
    } catch (thrown) {
      const failure = failureOf(thrown)
      this.question = question(failure, host, again)
      this.failure = this.question ? null : failure
      return false
    } finally {
      this.busy = false
    }
  }
}

function question(failure: Failure, host: string, again: () => Promise<void>): Question | null {
  switch (failure.code) {
    case 'host.secretNeeded':
      return { ask: 'secret', host, again }
    case 'host.unknownKey':
      return { ask: 'key', host, fingerprint: failure.fingerprint ?? '', again }
    case 'host.changedKey':
      return { ask: 'changedKey', host, fingerprint: failure.fingerprint, failure }
    default:
      return null
  }
}
