// Where the front matter of a text begins and ends, as the engine finds it. Looks at lines alone.
import type { Kind, Span } from './types'

export type Matter = {
  kind: Kind
  /** From the first fence to behind the second. */
  whole: Span
  /** What is between the fences, its last line end included. */
  block: Span
}

/** The front matter of a text; `open` where its second fence is missing. */
export function matterOf(text: string): Matter | 'open' | null {
  const start = text.length - text.trimStart().length
  const kind = opens(text, start, '+++') ? 'toml' : opens(text, start, '---') ? 'yaml' : null
  if (!kind) return null
  const mark = kind === 'toml' ? '+++' : '---'
  const from = lineEnd(text, start)
  for (let at = from; at < text.length; at = lineEnd(text, at)) {
    if (!opens(text, at, mark)) continue
    const block = { from, to: at }
    if (kind === 'yaml' && isProse(text.slice(from, at))) return null
    return { kind, block, whole: { from: start, to: lineEnd(text, at) } }
  }
  return kind === 'yaml' && !startsWithKey(text.slice(from)) ? null : 'open'
}

function opens(text: string, at: number, mark: string): boolean {
  return text.startsWith(mark, at) && text.slice(at + mark.length, lineEnd(text, at)).trim() === ''
}

/** Where the line after the one at `at` begins. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

/** Two thematic breaks with prose between them only look like fences. */
function isProse(block: string): boolean {
  const lines = block.split('\n')
  return lines[0]?.trim() === '' && block.trim() !== '' && !lines.some(isKey)
}

function startsWithKey(text: string): boolean {
  const first = text.split('\n').find((line) => !line.trimStart().startsWith('#'))
  return first !== undefined && isKey(first)
}

function isKey(line: string): boolean {
  return /^("[^":]+"|'[^':]+'|[\p{L}\p{N}_][\p{L}\p{N}_.'"-]*):([ \t]|$)/u.test(line.trimEnd())
}
