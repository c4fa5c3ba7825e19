// The law of the wire: whatever is typed here and changed elsewhere, in whatever order the answers
// come, editor and session end with the same text, and nothing typed is lost.
import { ChangeSet, Text } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { type Change, fromWire } from './diff'
import { type Sent, Sync, type Taken } from './sync'

const text = (value: string) => Text.of(value.split('\n'))

/** A session that takes edits one by one and refuses those made against an older text. */
class Session {
  version = 1
  calls = 0
  constructor(public doc: Text) {}

  edit(version: number, changes: Change[]): Sent<Taken> {
    this.calls += 1
    if (version !== this.version) return { stale: true }
    this.doc = fromWire(changes, this.doc.length).apply(this.doc)
    this.version += 1
    return { taken: { version: this.version } }
  }

  outside(change: Change): { version: number; changes: Change[] } {
    this.doc = fromWire([change], this.doc.length).apply(this.doc)
    this.version += 1
    return { version: this.version, changes: [change] }
  }
}

/** An editor, a session, and a queue of answers that the test lets through when it wants. */
class Desk {
  doc: Text
  readonly session: Session
  readonly sync: Sync<Taken>
  failures: unknown[] = []
  down = false
  private gates: (() => void)[] = []

  constructor(start: string) {
    this.doc = text(start)
    this.session = new Session(this.doc)
    this.sync = new Sync<Taken>(
      {
        send: async (version, changes) => {
          await this.gate()
          if (this.down) return { failed: new Error('down') }
          const answer = this.session.edit(version, changes)
          await this.gate()
          return answer
        },
        reopen: async () => {
          await this.gate()
          return { text: this.session.doc.toString(), version: this.session.version }
        },
        apply: (changes) => (this.doc = changes.apply(this.doc)),
        taken: () => undefined,
        failed: (thrown) => this.failures.push(thrown),
      },
      this.doc,
      1,
    )
  }

  type(change: Change): void {
    const set = ChangeSet.of(change, this.doc.length, '\n')
    this.doc = set.apply(this.doc)
    this.sync.changed(set)
  }

  /** Lets one waiting step of the wire happen. */
  async step(): Promise<void> {
    this.gates.shift()?.()
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 500 && (this.gates.length > 0 || !this.sync.clean); turn += 1) await this.step()
  }

  private gate(): Promise<void> {
    return new Promise((open) => this.gates.push(open))
  }
}

describe('sync', () => {
  it('sends at once, and composes what is typed while a call is on its way', async () => {
    const desk = new Desk('')
    for (const [at, letter] of Array.from('hello').entries()) desk.type({ from: at, to: at, insert: letter })
    await desk.settle()
    expect(desk.session.doc.toString()).toBe('hello')
    expect(desk.session.calls).toBe(2)
  })

  it('puts a change made elsewhere under what is not yet sent', async () => {
    const desk = new Desk('one two')
    desk.type({ from: 7, to: 7, insert: ' three' })
    const outside = desk.session.outside({ from: 0, to: 0, insert: 'zero ' })
    desk.sync.remote(outside.version, outside.changes)
    expect(desk.doc.toString()).toBe('zero one two three')
    await desk.settle()
    expect(desk.session.doc.toString()).toBe('zero one two three')
  })

  it('opens the text again when an edit is stale, and keeps what was typed', async () => {
    const desk = new Desk('one two')
    desk.session.outside({ from: 0, to: 3, insert: 'uno' })
    desk.type({ from: 7, to: 7, insert: '!' })
    await desk.settle()
    expect(desk.doc.toString()).toBe('uno two!')
    expect(desk.session.doc.toString()).toBe('uno two!')
  })

  it('says when a call fails, keeps the text, and rejects those who wait', async () => {
    const desk = new Desk('a')
    desk.down = true
    desk.type({ from: 1, to: 1, insert: 'b' })
    const settled = desk.sync.settled()
    const outcome = expect(settled).rejects.toThrow('down')
    await desk.step()
    await outcome
    expect(desk.failures).toHaveLength(1)
    expect(desk.doc.toString()).toBe('ab')
    expect(desk.sync.clean).toBe(false)
    desk.sync.close()
  })

  it('ends with one text, whatever happens in whatever order', async () => {
    for (let seed = 1; seed <= 150; seed += 1) await oneHistory(seed)
  })
})

async function oneHistory(seed: number): Promise<void> {
  const random = dice(seed)
  const desk = new Desk('The quick brown fox\njumps over\nthe lazy dog')
  let events: { version: number; changes: Change[] }[] = []
  const typed: string[] = []
  for (let turn = 0; turn < 40; turn += 1) {
    const choice = random(5)
    if (choice <= 1) {
      const mark = `<${turn}>`
      typed.push(mark)
      const from = random(desk.doc.length + 1)
      desk.type({ from, to: from, insert: mark })
    } else if (choice === 2) {
      events.push(desk.session.outside(outsideChange(desk.session.doc, turn, random)))
    } else if (choice === 3) {
      for (const event of events) desk.sync.remote(event.version, event.changes)
      events = []
    } else {
      await desk.step()
    }
  }
  for (const event of events) desk.sync.remote(event.version, event.changes)
  await desk.settle()
  expect(desk.doc.toString(), `seed ${seed}`).toBe(desk.session.doc.toString())
  for (const mark of typed) expect(countLetters(desk.doc.toString(), mark), `seed ${seed} ${mark}`).toBe(true)
}

/** Insertions only: so that everything typed must be there at the end. */
function outsideChange(doc: Text, turn: number, random: (below: number) => number): Change {
  const from = random(doc.length + 1)
  return { from, to: from, insert: `{${turn}}` }
}

/** Whether the letters of a mark are all there in order, even where something was typed into it. */
function countLetters(all: string, mark: string): boolean {
  let at = 0
  for (const letter of mark) {
    at = all.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** Small repeatable random numbers (mulberry32). */
function dice(seed: number): (below: number) => number {
  let state = seed * 0x9e3779b9
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) % 100_000) % below
  }
}
