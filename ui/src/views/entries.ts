// Commands as the entries of a menu.
import { keysOf } from '../commands/bindings'
import { readable } from '../commands/keys'
import { commandOf, commands, run, titleOf } from '../commands/table'
import type { MenuEntry } from '../kit/entries'
import { type Key, t } from '../kit/text'
import type { Desk } from '../model/desk.svelte'

/** One command as a menu entry, about the page at `path` where one is given. */
export function entryFor(desk: Desk, id: string, path?: string): MenuEntry {
  const one = commandOf(id)
  const key = keysOf(one, desk.keys.own)[0]
  return {
    id,
    title: titleOf(one),
    disabled: !one.when(desk),
    danger: id === 'page.delete',
    run: () => void run(desk, id, path),
    ...(key === undefined ? {} : { key: readable(key) }),
  }
}

/** The whole table, by groups. */
export function allEntries(desk: Desk): MenuEntry[] {
  return commands.map((one) => ({ ...entryFor(desk, one.id), group: t(`group.${one.group}` as Key) }))
}

/** The key of a command, to show after its name in a tooltip. */
export function tip(desk: Desk, id: string): string {
  const one = commandOf(id)
  const key = keysOf(one, desk.keys.own)[0]
  return key === undefined ? titleOf(one) : `${titleOf(one)}  ${readable(key)}`
}
