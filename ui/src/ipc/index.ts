// What the other rooms see of the wire.
import { tauri } from './tauri'
import { Wire } from './wire'

export * from './types'
export { type PastState, releasePath, sitePath } from './address'
export { Failed, failureOf, Wire, type FrameSource, type Transport } from './wire'

/** Connects to the session: the shell's, or in the look-at build a made-up one. */
export async function connect(): Promise<Wire> {
  if (__FAKE__) {
    const { fake } = await import('./fake')
    return new Wire(fake())
  }
  return new Wire(tauri)
}
