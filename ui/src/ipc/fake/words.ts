// What the made-up site's session says of words, headings and matches. Never part of what ships.
import type { Command, HeadingView, Match, Reply, Vocabulary } from '../types'

export const vocabulary: Vocabulary = {
  taxonomies: [{ name: 'tags', terms: ['beginners', 'fibres', 'making', 'water', 'weather'] }],
  components: ['figure', 'note'],
  images: ['content/making/mould.jpg', 'content/notes/frost.webp', 'static/mill.svg'],
}

export function headingsOf(text: string): HeadingView[] {
  return [...text.matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks = '', title = '']) => ({
    level: marks.length,
    id: title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    title,
  }))
}

export function matchesOf(text: string, command: Extract<Command, { do: 'find' }>): Match[] {
  const { query, how, replace } = command
  if (query === '') return []
  const plain = how.regexp ? query : query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = new RegExp(how.wholeWord ? `\\b(?:${plain})\\b` : plain, how.matchCase ? 'gm' : 'gim')
  return [...text.matchAll(pattern)].map((found) => {
    const from = found.index
    const to = from + found[0].length
    const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from)
    const after = text.slice(to).split('\n')[0] ?? ''
    const line = text.slice(0, from).split('\n').length
    return { from, to, line, before: before.slice(-60), text: found[0], after: after.slice(0, 60), insert: replace }
  })
}

/** The made-up dictionary: it knows no British spelling. */
export class Spelt {
  private own: string[] = []

  check(words: string[]): Extract<Reply, { is: 'spelt' }> {
    const misspelt = words.filter((word) => british.has(word.toLowerCase()) && !this.own.includes(word))
    return { is: 'spelt', language: 'en', dictionary: 'en_US', misspelt }
  }

  suggest(word: string): string[] {
    return british.get(word.toLowerCase()) ?? []
  }

  change(command: Extract<Command, { do: 'ownWords' | 'learnWord' | 'forgetWord' }>): string[] {
    if (command.do === 'learnWord') this.own = [...this.own, command.word]
    if (command.do === 'forgetWord') this.own = this.own.filter((word) => word !== command.word)
    return this.own
  }
}

const british = new Map([
  ['mould', ['mold', 'would', 'could']],
  ['fibres', ['fibers', 'fibers’']],
  ['fibre', ['fiber']],
])
