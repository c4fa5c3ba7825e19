// How the languages of a page are named. It knows nothing of which there are.
import type { TreeEntry } from '../ipc'

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' })

function language(code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

/** A page's title behind the name of its language. */
export function titleIn(entry: TreeEntry): string {
  return `${language(entry.lang)}: ${entry.title}`
}
