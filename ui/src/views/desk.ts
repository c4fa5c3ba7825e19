// How a view reaches the desk that it stands on.
import { getContext, setContext } from 'svelte'
import type { Desk } from '../model/desk.svelte'

const key = Symbol('desk')

export function provideDesk(desk: Desk): void {
  setContext(key, desk)
}

export function useDesk(): Desk {
  return getContext<Desk>(key)
}
