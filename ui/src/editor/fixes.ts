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

const quoted = /`([^`]+)`/

/** The fixes for a problem of the source at `path`, the likeliest first. */
export function fixesFor(state: EditorState, problem: Problem, words: SiteWords, path: string): Fix[] {
  const target = targetIn(state, problem)
  if (!target) return []
  switch (problem.code) {
    case 'link.missing':
      return [...near(problem, target, words, path), ...create(problem, words)]
    case 'image.missing':
    case 'link.fragment':
      return near(problem, target, words, path)
    case 'link.empty':
    case 'image.empty':
      return [{ is: 'choose', at: target.from }]
    default:
      return []
  }
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

function near(problem: Problem, target: Target, words: SiteWords, path: string): Fix[] {
  const name = /^did you mean/i.test(problem.help) ? quoted.exec(problem.help)?.[1] : undefined
  if (name === undefined) return []
  const fragment = /#.*$/.exec(target.text)?.[0] ?? ''
  const page = target.text.slice(0, target.text.length - fragment.length)
  let insert = page + name
  if (!name.startsWith('#')) {
    const site = name.startsWith('@/') ? `content/${name.slice(2)}` : name
    insert = (problem.code === 'image.missing' ? name : linkTo(words, path, site)) + fragment
  }
  return [{ is: 'near', name, changes: { from: target.from, to: target.to, insert } }]
}

/** A page is made only where its title would give it the very name that the link has. */
function create(problem: Problem, words: SiteWords): Fix[] {
  const named = quoted.exec(problem.message)?.[1]
  if (named === undefined) return []
  const below = named.replace(/^@\//, '')
  const path = (words.dialect === 'zola' ? `content/${below}` : below).replace(/(\.md)?$/, '.md')
  return /(^|\/)[a-z0-9]+(-[a-z0-9]+)*\.md$/.test(path) ? [{ is: 'create', name: named, path }] : []
}
