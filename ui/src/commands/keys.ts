// Spelling of keys: `Mod-Shift-p` in the table, what a keyboard sends, what a person reads. Pure.

const mac = navigator.userAgent.includes('Macintosh')

/** A key with what was held down. */
export type Stroke = { key: string; code: string; mod: boolean; shift: boolean; alt: boolean }

/** What a keyboard event amounts to. */
export function strokeOf(event: KeyboardEvent): Stroke {
  // Tabs are turned with Ctrl on every system.
  const mod = mac && event.key !== 'Tab' ? event.metaKey : event.ctrlKey
  return { key: event.key, code: event.code, mod, shift: event.shiftKey, alt: event.altKey }
}

/** The table's spelling of a stroke: on a layout without Latin letters the key's place decides. */
export function spell(stroke: Stroke): string {
  const letter = /^Key([A-Z])$/.exec(stroke.code)?.[1]?.toLowerCase()
  const digit = /^Digit(\d)$/.exec(stroke.code)?.[1]
  const latin = /^[\x20-\x7e]$/.test(stroke.key)
  let key = stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key
  if (letter !== undefined && !/^[a-z]$/.test(key) && (!latin || stroke.alt)) key = letter
  if (digit !== undefined && stroke.mod && !/^\d$/.test(key)) key = digit
  const held = [stroke.mod && 'Mod', stroke.alt && 'Alt', stroke.shift && 'Shift'].filter(Boolean)
  return [...held, key].join('-')
}

const names: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
  Enter: mac ? '↩' : 'Enter',
  Mod: mac ? '⌘' : 'Ctrl',
  Shift: mac ? '⇧' : 'Shift',
  Alt: mac ? '⌥' : 'Alt',
}

/** How a key is shown to a person. */
export function readable(spelled: string): string {
  const parts = spelled.split(/-(?=.)/)
  return parts.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(mac ? '' : '+')
}
