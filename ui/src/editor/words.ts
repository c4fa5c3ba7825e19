// Counts as a reader would: runs of letters are words, and so is every CJK character by itself. Pure.
import type { Text } from '@codemirror/state'
import { leavesOf, OfLeaf } from './leaves'

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu
const words = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]*/gu
const fence = /^(---|\+\+\+)$/

/** Words and CJK characters that are read in a minute. */
const perMinute = { words: 230, cjk: 450 }

export type Count = { words: number; characters: number; minutes: number }

type Sum = { runs: number; single: number; characters: number }

/** No word reaches over a line end, so that counts of pieces add up. */
const ofLeaf = new OfLeaf<Sum>((leaf) => sumOf(leaf.toString()))

/** Words, characters without line ends, and the minutes that reading takes. */
export function count(text: Text): Count {
  return counted(sumOfAll(text))
}

/** The same of a source, without its front matter. A text that was counted before it was changed is
    counted at the cost of the change. */
export function countSource(doc: Text): Count {
  const sum = sumOfAll(doc)
  const matter = matterEnd(doc)
  if (matter > 0) add(sum, sumOf(doc.sliceString(0, matter)), -1)
  return counted(sum)
}

/** Counts a source ahead, piece by piece: `countSource` need not do it at once then. */
export function* countAhead(doc: Text): Generator<void> {
  for (const leaf of leavesOf(doc)) {
    ofLeaf.get(leaf)
    yield
  }
}

function sumOfAll(text: Text): Sum {
  const sum: Sum = { runs: 0, single: 0, characters: 0 }
  for (const leaf of leavesOf(text)) add(sum, ofLeaf.get(leaf), 1)
  return sum
}

function counted({ runs, single, characters }: Sum): Count {
  const minutes = runs / perMinute.words + single / perMinute.cjk
  return { words: single + runs, characters, minutes: runs + single === 0 ? 0 : Math.max(1, Math.round(minutes)) }
}

function add(sum: Sum, more: Sum, by: 1 | -1): void {
  sum.runs += by * more.runs
  sum.single += by * more.single
  sum.characters += by * more.characters
}

function sumOf(text: string): Sum {
  const single = text.match(cjk)?.length ?? 0
  const runs = (single === 0 ? text : text.replace(cjk, ' ')).match(words)?.length ?? 0
  return { runs, single, characters: characters(text) }
}

/** Where the front matter ends, its last line end included; 0 where there is none. */
function matterEnd(doc: Text): number {
  const mark = doc.line(1).text
  if (!fence.test(mark)) return 0
  for (let number = 2; number <= doc.lines; number += 1) {
    const line = doc.line(number)
    if (line.text.trimEnd() === mark) return Math.min(doc.length, line.to + 1)
  }
  return 0
}

function characters(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    // Line ends are none, and the second half of a pair belongs to the first.
    if (unit !== 10 && (unit < 0xdc00 || unit > 0xdfff)) sum += 1
  }
  return sum
}
