// What can be done about a problem where it stands: take the near match, make the page, name a target.
// Reads what the engine said; finds no problem itself.
import type { ChangeSpec, EditorState } from '@codemirror/state'
import type { Problem } from '../ipc/types'
import { linkTo } from './complete/targets'
import type { SiteWords } from './help'

export type Fix =
  | { is: 'near'; name: string; changes: ChangeSpec }
  | { is: 'create'; name: string; path: string }
  /** Puts the caret where a target is to be named. */
  | { is: 'choose'; at: number }
  /** Says what an image shows; with nothing said, `at` is where it is to be written. */
  | { is: 'describe'; at: number; write: (text: string) => ChangeSpec }
  /** Says that an image shows nothing that matters. */
  | { is: 'decorate'; changes: ChangeSpec }

/** What can be done about a problem, as far as it says so itself. */
export type Offer =
  | { is: 'near'; name: string }
  | { is: 'create'; name: string; path: string }
  | { is: 'choose' | 'describe' | 'decorate' }

const quoted = /`([^`]+)`/

/** What can be done about a problem, the likeliest first, without a look at the text. */
export function offersFor(problem: Problem, words: SiteWords): Offer[] {
  switch (problem.code) {
    case 'link.missing':
      return [...nearName(problem), ...create(problem, words)]
    case 'image.missing':
    case 'link.fragment':
      return nearName(problem)
    case 'link.empty':
    case 'image.empty':
      return [{ is: 'choose' }]
    case 'image.alt':
      return [{ is: 'describe' }, { is: 'decorate' }]
    default:
      return []
  }
}

/** The fixes for a problem of the source at `path`, the likeliest first. */
export function fixesFor(state: EditorState, problem: Problem, words: SiteWords, path: string): Fix[] {
  if (problem.code === 'image.alt') return alternatives(state, problem)
  const target = targetIn(state, problem)
  if (!target) return []
  return offersFor(problem, words).flatMap((offer): Fix[] => {
    switch (offer.is) {
      case 'near':
        return [near(problem, offer.name, target, words, path)]
      case 'create':
        return [offer]
      case 'choose':
        return [{ is: 'choose', at: target.from }]
      case 'describe':
      case 'decorate':
        return []
    }
  })
}

/** An image of Markdown that nothing but its target is said of. */
const bare = /^!\[\s*\]\(\s*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)\s*\)$/

function alternatives(state: EditorState, problem: Problem): Fix[] {
  const { from } = problem
  const source = state.sliceDoc(from, Math.min(problem.to, state.doc.length))
  const open = /^!\[\s*\]/.exec(source)?.[0]
  if (open !== undefined) {
    const write = (text: string) => ({ from: from + 2, to: from + open.length - 1, insert: text.replace(/([\\[\]])/g, '\\$1') })
    const end = from + source.length - 1
    const decorate: Fix[] = bare.test(source) ? [{ is: 'decorate', changes: { from: end, insert: ' ""' } }] : []
    return [{ is: 'describe', at: from + 2, write }, ...decorate]
  }
  if (!/^<img\b/i.test(source)) return []
  const write = (text: string) => ({ from: from + 4, insert: ` alt="${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"` })
  return [
    { is: 'describe', at: from + 4 + ' alt="'.length, write },
    { is: 'decorate', changes: write('') },
  ]
}

type Target = { from: number; to: number; text: string }

/** Where the target of the link stands that a problem is about. */
function targetIn(state: EditorState, problem: Problem): Target | null {
  const from = Math.min(problem.from, state.doc.length)
  const text = state.sliceDoc(from, Math.min(Math.max(problem.to, from), state.doc.length))
  const found = /\]\(\s*<?([^)\s>]*)/.exec(text)
  if (!found) return null
  const target = found[1] ?? ''
  const start = from + found.index + found[0].length - target.length
  return { from: start, to: start + target.length, text: target }
}

function nearName(problem: Problem): Offer[] {
  const name = /^did you mean/i.test(problem.help) ? quoted.exec(problem.help)?.[1] : undefined
  return name === undefined ? [] : [{ is: 'near', name }]
}

function near(problem: Problem, name: string, target: Target, words: SiteWords, path: string): Fix {
  const fragment = /#.*$/.exec(target.text)?.[0] ?? ''
  const page = target.text.slice(0, target.text.length - fragment.length)
  let insert = page + name
  if (!name.startsWith('#')) {
    const site = name.startsWith('@/') ? `content/${name.slice(2)}` : name
    insert = (problem.code === 'image.missing' ? name : linkTo(words, path, site)) + fragment
  }
  return { is: 'near', name, changes: { from: target.from, to: target.to, insert } }
}

/** A page is made only where its title would give it the very name that the link has. */
function create(problem: Problem, words: SiteWords): { is: 'create'; name: string; path: string }[] {
  const named = quoted.exec(problem.message)?.[1]
  if (named === undefined) return []
  const below = named.replace(/^@\//, '')
  const path = (words.dialect === 'zola' ? `content/${below}` : below).replace(/(\.md)?$/, '.md')
  return /(^|\/)[a-z0-9]+(-[a-z0-9]+)*\.md$/.test(path) ? [{ is: 'create', name: named, path }] : []
}
