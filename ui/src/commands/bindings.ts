// Which key runs which command now: the table's keys, or those that the person chose in their place.
// Pure but for what it is given; no key is handled here.
import type { OwnKeys } from '../model/keyChoice.svelte'
import { type Command, commands } from './table'

/** The keys of a command; the first is the one shown. */
export function keysOf(one: Command, own: OwnKeys): readonly string[] {
  return own[one.id] ?? one.keys
}

const made = new WeakMap<OwnKeys, ReadonlyMap<string, string>>()

/** Every key with the name of its command. */
export function bindings(own: OwnKeys): ReadonlyMap<string, string> {
  const known = made.get(own)
  if (known) return known
  const map = new Map<string, string>()
  for (const one of commands) {
    for (const key of keysOf(one, own)) if (!map.has(key)) map.set(key, one.id)
  }
  made.set(own, map)
  return map
}

/** Keys that write, select or leave a place, and those of the clipboard, which are no command's. */
const kept = new Set(['Mod-a', 'Mod-c', 'Mod-x', 'Mod-v', 'Alt-F4', 'Alt-Tab', 'Mod-Alt-Delete'])

/** Whether a command may have this key: it writes nothing and belongs to nobody else. */
export function mayBeGiven(spelled: string): boolean {
  const key = spelled.split(/-(?=.)/).at(-1) ?? ''
  if (kept.has(spelled) || /^(Escape|Backspace|Delete|Dead|Unidentified|Process)$/.test(key)) return false
  return /^F\d{1,2}$/.test(key) || /^(Mod|Alt)-/.test(spelled)
}

/** What it comes to when a command gets `key` as its `at`-th; `from` is who had it and has it no more. */
export function given(own: OwnKeys, one: Command, at: number, key: string, from: Command | null): OwnKeys {
  const keys = keysOf(one, own)
  const now = [...new Set([...keys.slice(0, at), key, ...keys.slice(at + 1)])]
  if (!from || from.id === one.id) return { [one.id]: now }
  return { [one.id]: now, [from.id]: keysOf(from, own).filter((other) => other !== key) }
}

/** What it comes to when a command loses a key. */
export function taken(own: OwnKeys, one: Command, key: string): OwnKeys {
  return { [one.id]: keysOf(one, own).filter((other) => other !== key) }
}
