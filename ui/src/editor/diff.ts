// The smallest single replacement that turns one text into another. Pure.
import { ChangeSet, type Text } from '@codemirror/state'

/** One replacement, offsets in UTF-16 units, as on the wire. */
export type Change = { from: number; to: number; insert: string }

/** What differs between the common start and the common end of two texts. */
export function difference(before: Text, after: Text): ChangeSet {
  const old = before.toString()
  const fresh = after.toString()
  const most = Math.min(old.length, fresh.length)
  let start = 0
  while (start < most && old.charCodeAt(start) === fresh.charCodeAt(start)) start += 1
  let end = 0
  while (
    end < most - start &&
    old.charCodeAt(old.length - 1 - end) === fresh.charCodeAt(fresh.length - 1 - end)
  ) {
    end += 1
  }
  if (start === old.length && start === fresh.length) return ChangeSet.empty(old.length)
  const change = { from: start, to: old.length - end, insert: fresh.slice(start, fresh.length - end) }
  return ChangeSet.of(change, old.length, '\n')
}

/** A change set as it goes over the wire. */
export function toWire(changes: ChangeSet): Change[] {
  const list: Change[] = []
  changes.iterChanges((from, to, _start, _end, inserted) => {
    list.push({ from, to, insert: inserted.toString() })
  }, true)
  return list
}

/** A change set from the wire, for a text of this length. */
export function fromWire(changes: Change[], length: number): ChangeSet {
  return ChangeSet.of(changes, length, '\n')
}
