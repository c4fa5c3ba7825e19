// The past of one page: its states, the one looked at, and how it differs. Changes no text itself;
// what is brought back goes through the page's buffer, where it can be undone.
import { failureOf, type Hunk, type StateView, type Wire } from '../ipc'
import type { Notices } from './notices.svelte'
import type { OpenPage } from './openPage.svelte'

/** Saves that followed each other without a rest, told as one. */
export type Sitting = { state: StateView; added: number; removed: number; saves: number }

/** What a state is compared with: the text as it is now, or the state before it. */
export type Against = 'now' | 'before'
export type Look = 'text' | 'page'

/** Two saves further apart than this, in seconds, are two sittings. */
const rest = 300

/** The states, newest first, as sittings; each is told by its last state. */
export function sittings(states: readonly StateView[]): Sitting[] {
  const list: Sitting[] = []
  let before: StateView | null = null
  for (const state of states) {
    const last = list.at(-1)
    const joins = last && before && before.at - state.at <= rest && state.by === 'saved' && before.by === 'saved'
    if (joins) {
      last.added += state.added
      last.removed += state.removed
      last.saves += 1
    } else {
      list.push({ state, added: state.added, removed: state.removed, saves: 1 })
    }
    before = state
  }
  return list
}

export class Past {
  states = $state.raw<StateView[]>([])
  /** Null while it is asked for, and where there is nothing. */
  hunks = $state.raw<Hunk[] | null>(null)
  chosen = $state(0)
  against = $state<Against>('now')
  look = $state<Look>('text')
  every = $state(false)
  /** The states are known. */
  ready = $state(false)
  readonly list = $derived(
    this.every
      ? this.states.map((state) => ({ state, added: state.added, removed: state.removed, saves: 1 }))
      : sittings(this.states),
  )
  readonly current = $derived(this.list[this.chosen]?.state ?? null)
  private asked = 0

  constructor(
    private readonly wire: Wire,
    private readonly notices: Notices,
    readonly path: string,
    /** None where the page was deleted. */
    readonly page: OpenPage | null,
  ) {
    if (!page) this.against = 'before'
  }

  async load(): Promise<void> {
    try {
      await this.page?.settled()
      this.states = (await this.wire.call({ do: 'history', path: this.path })).states
    } catch (thrown) {
      this.notices.failed(thrown)
    }
    // The newest is mostly what the page holds now: the one before it is what is looked for.
    this.chosen = this.page && this.list.length > 1 ? 1 : 0
    this.ready = true
    await this.compare()
  }

  async choose(index: number): Promise<void> {
    this.chosen = Math.min(Math.max(0, index), this.list.length - 1)
    await this.compare()
  }

  async compareWith(against: Against): Promise<void> {
    this.against = against
    await this.compare()
  }

  async showEvery(every: boolean): Promise<void> {
    const id = this.current?.id
    this.every = every
    this.chosen = Math.max(0, this.list.findIndex((one) => one.state.id === id))
    await this.compare()
  }

  /** Puts one stretch of the text back as it was; says whether it could. */
  async restore(hunks: readonly Hunk[]): Promise<boolean> {
    if (!this.page) return false
    const stretches = hunks.filter((hunk) => !hunk.same)
    const done = this.page.buffer.putBack(
      stretches.map((hunk) => ({ from: hunk.from, to: hunk.to, was: hunk.new, insert: hunk.old })),
    )
    try {
      await this.page.settled()
    } catch (thrown) {
      this.notices.failed(thrown)
    }
    await this.compare()
    return done
  }

  /** What the page as it was is found by. */
  get state(): { state: string; of: string } | null {
    return this.current ? { state: this.current.id, of: this.path } : null
  }

  private async compare(): Promise<void> {
    const asked = (this.asked += 1)
    const ids = this.ids()
    let hunks: Hunk[] | null = null
    if (ids) {
      try {
        hunks = (await this.wire.call({ do: 'compare', path: this.path, ...ids })).hunks
      } catch (thrown) {
        if (failureOf(thrown).code !== 'history.gone') this.notices.failed(thrown)
      }
    }
    if (asked === this.asked) this.hunks = hunks
  }

  /** The two states to be compared; where there is none before, the state is compared with itself. */
  private ids(): { from: string; to: string | null } | null {
    const current = this.current
    if (!current) return null
    if (this.against === 'now') return { from: current.id, to: null }
    return { from: this.list[this.chosen + 1]?.state.id ?? current.id, to: current.id }
  }
}
