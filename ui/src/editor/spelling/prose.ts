// Which words of a text are prose, and so can be misspelt: none of code, front matter, addresses,
// tags, names of pages, mathematics or the syntax of templates. Pure: reads a state, asks nothing.
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'

/** A word and where it stands. */
export type Word = { from: number; to: number; text: string }

/** What the parser knows to be no prose. */
const skippedNodes = new Set([
  'FrontMatter',
  'FencedCode',
  'CodeBlock',
  'InlineCode',
  'CommentBlock',
  'Comment',
  'ProcessingInstructionBlock',
  'ProcessingInstruction',
  'HTMLTag',
  'URL',
  'Autolink',
  'LinkLabel',
  'Entity',
  'Emoji',
])

/** What it does not know: templates, notes' links, footnotes, attributes, mathematics. */
const skippedTexts = [
  /\{\{[\s\S]{0,2000}?\}\}/g,
  /\{%[\s\S]{0,2000}?%\}/g,
  /\{#[\s\S]{0,2000}?#\}/g,
  /!?\[\[[^\]|\n]{0,500}(?:\||\]\])/g,
  /\[\^[^\]\n]{1,100}\]/g,
  /\$\$[\s\S]{0,2000}?\$\$/g,
  /\$(?=[^\s$])[^$\n]{0,300}?[^\s$]\$(?!\d)/g,
  // `# Heading {#name .class}`
  /\{[#.][\w-][^}\n]{0,200}\}$/gm,
]

/** Tags in a block of HTML, with all of what is no text. */
const htmlTags = /<(script|style|pre|code)\b[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)|<[^>]*(?:>|$)/gi

const word = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu

/** Scripts that write no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** What stands between runs of characters. */
const between = ' \t\n\u00a0()[]<>"“”«»|*,;—–'

/** Runs of characters that are names of things: addresses, paths, files, tags, handles, `e.g.`. */
const named = /[\\/@_=^]|^#|[\p{L}\p{N}]\.[\p{L}\p{N}]|::/u

/** The words of a range that can be checked, or null where the text is not parsed that far yet. */
export function wordsIn(state: EditorState, from: number, to: number, patience = 0): Word[] | null {
  const tree = patience > 0 ? ensureSyntaxTree(state, to, patience) : syntaxTree(state)
  if (!tree || (tree.length < to && tree.length < state.doc.length)) return null
  // A tag or a formula may have begun above.
  const start = tree.resolve(from, 1).parent === null ? from : topOf(state, from)
  const text = state.sliceDoc(start, to)
  const skipped = new Uint8Array(text.length)
  const skip = (first: number, last: number) => skipped.fill(1, Math.max(0, first - start), Math.max(0, last - start))
  tree.iterate({
    from: start,
    to,
    enter(node) {
      if (skippedNodes.has(node.name)) {
        skip(node.from, node.to)
        return false
      }
      if (node.name === 'HTMLBlock') {
        for (const found of state.sliceDoc(node.from, node.to).matchAll(htmlTags)) {
          skip(node.from + found.index, node.from + found.index + found[0].length)
        }
        return false
      }
      return true
    },
  })
  for (const pattern of skippedTexts) {
    for (const found of text.matchAll(pattern)) skipped.fill(1, found.index, found.index + found[0].length)
  }
  return pick(text, start, skipped).filter((one) => one.to > from && one.from < to)
}

/** The start of the block around a position. */
function topOf(state: EditorState, at: number): number {
  let node = syntaxTree(state).resolve(at, 1)
  while (node.parent?.parent) node = node.parent
  return Math.min(at, Math.max(node.from, at - 4000))
}

function pick(text: string, start: number, skipped: Uint8Array): Word[] {
  const words: Word[] = []
  for (const found of text.matchAll(word)) {
    const at = found.index
    const one = found[0]
    if (skipped[at] === 1 || skipped[at + one.length - 1] === 1) continue
    if (isChecked(one) && !isName(text, at, at + one.length)) {
      words.push({ from: start + at, to: start + at + one.length, text: one })
    }
  }
  return words
}

/** Whether a word can be misspelt: no single letter, no ACRONYM, no camelCase, no unspaced script. */
function isChecked(one: string): boolean {
  if (one.length < 2 || one.length > 60 || unspaced.test(one)) return false
  const rest = one.slice(1)
  return rest === rest.toLowerCase()
}

/** Whether a word is part of something that is spelt as it likes. */
function isName(text: string, from: number, to: number): boolean {
  if (/[\p{N}]/u.test(text.charAt(from - 1)) || /[\p{N}]/u.test(text.charAt(to))) return true
  let first = from
  let last = to
  while (first > 0 && from - first < 200 && !between.includes(text.charAt(first - 1))) first -= 1
  while (last < text.length && last - to < 200 && !between.includes(text.charAt(last))) last += 1
  const run = text.slice(first, last)
  // `_emphasis_` is no name.
  return named.test(run.replace(/^_+|_+[.:!?…]*$/g, '')) || /^:[\w+-]+:$/.test(run)
}
