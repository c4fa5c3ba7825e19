// What the preview frame and the window say to each other over their port.
// Plain data only; the window checks every message that comes from the frame.
import type { PreviewUpdate } from './types'

/** From the window to the frame. */
export type ToFrame =
  | { update: PreviewUpdate }
  | { caret: number; at: number }
  | { scroll: number }

/** From the frame to the window. */
export type FromFrame =
  /** `broken`: the page cannot be built now, and this is how it last looked. */
  | { ready: true; broken: boolean }
  | { need: 'document' }
  | { click: { offset: number } }
  | { follow: string }
  | { scroll: number }
  | { key: FramedKey }

/** A key pressed in the frame that may be one of the window's. */
export type FramedKey = { key: string; code: string; mod: boolean; shift: boolean; alt: boolean }

/** A message from the frame, or null where it is none: pages may bring scripts of their own. */
export function fromFrame(data: unknown): FromFrame | null {
  if (typeof data !== 'object' || data === null) return null
  if ('ready' in data) return { ready: true, broken: 'broken' in data && data.broken === true }
  if ('need' in data) return { need: 'document' }
  if ('follow' in data && typeof data.follow === 'string') return { follow: data.follow.slice(0, 4096) }
  if ('key' in data) return framedKey(data.key)
  if ('scroll' in data && isOffset(data.scroll)) return { scroll: data.scroll }
  if ('click' in data) {
    const click = data.click
    if (typeof click === 'object' && click !== null && 'offset' in click && isOffset(click.offset)) {
      return { click: { offset: Math.floor(click.offset) } }
    }
  }
  return null
}

function isOffset(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function framedKey(value: unknown): FromFrame | null {
  if (typeof value !== 'object' || value === null || !('key' in value) || !('code' in value)) return null
  const { key, code } = value
  if (typeof key !== 'string' || typeof code !== 'string') return null
  const flag = (name: string) => name in value && (value as Record<string, unknown>)[name] === true
  return { key: { key, code, mod: flag('mod'), shift: flag('shift'), alt: flag('alt') } }
}
