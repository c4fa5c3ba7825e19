// The keys that this person gave to commands, in the place of those that commands come with. Kept on
// this machine; knows no command and handles no key.
import { keep, recall } from './store'

/** Commands by name, each with the keys it has now; none is a command without a key. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>

export class KeyChoice {
  own = $state.raw<OwnKeys>({})
  /** A key is being chosen: until then no key does anything. */
  choosing = $state(false)

  constructor() {
    const kept = Object.entries(recall<Record<string, unknown>>('keys', {}))
    this.own = Object.fromEntries(kept.filter((one): one is [string, string[]] => isKeys(one[1])))
  }

  /** Gives these commands these keys. */
  set(keys: OwnKeys): void {
    this.own = { ...this.own, ...keys }
    keep('keys', this.own)
  }

  /** These commands have the keys again that they come with. */
  reset(ids: readonly string[]): void {
    this.own = Object.fromEntries(Object.entries(this.own).filter(([id]) => !ids.includes(id)))
    keep('keys', this.own)
  }
}

/** What was kept may be from another version, or written by hand. */
function isKeys(value: unknown): boolean {
  return Array.isArray(value) && value.every((key) => typeof key === 'string' && key !== '')
}
