// Where previewed pages live. Knows the scheme's spelling on each system, fetches nothing.

const windows = navigator.userAgent.includes('Windows')

/** The origin of the preview scheme: custom schemes are http hosts on Windows. */
export const previewBase = windows ? 'http://preview.localhost' : 'preview://localhost'

/** Names a page as it was: a state of its source, or what a release had at its address. */
export type PastState = { state: string; of: string } | { host: string; release: string }

/** Below this the preview has what was published. */
const releases = '/.galley/release'

/** The address of a page in the preview; the stamp makes each load a load of its own. */
export function previewAddress(url: string, stamp: number, past: PastState | null = null): string {
  const path = url.replace(/[?#]/g, encodeURIComponent)
  if (past && 'release' in past) {
    const below = `${releases}/${encodeURIComponent(past.host)}/${encodeURIComponent(past.release)}`
    return `${previewBase}${below}${path}?galley=${stamp}`
  }
  if (past) {
    return `${previewBase}${path}?galley=${stamp}&state=${past.state}&of=${encodeURIComponent(past.of)}`
  }
  return stamp === 0 ? previewBase + path : `${previewBase}${path}?galley=${stamp}`
}

/** The site's path behind a link followed in the preview, or null where it leads elsewhere. */
export function sitePath(href: string, baseUrl: string | null): string | null {
  for (const base of [previewBase, baseUrl ?? previewBase]) {
    const path = below(href, base)
    if (path !== null) return path
  }
  return null
}

/** The address behind a link that was followed in a release, or null where it leads out of it. */
export function releasePath(href: string, past: { host: string; release: string }): string | null {
  const path = below(href, previewBase)
  const prefix = `${releases}/${past.host}/${past.release}`
  return path?.startsWith(`${prefix}/`) ? path.slice(prefix.length) : null
}

function below(href: string, base: string): string | null {
  const trimmed = base.replace(/\/$/, '')
  if (href !== trimmed && !href.startsWith(`${trimmed}/`)) return null
  const path = href.slice(trimmed.length).replace(/[?#].*$/, '')
  return decode(path === '' ? '/' : path)
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
