// Counts as a reader would: runs of letters are words, and so is every CJK character by itself. Pure.

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu
const words = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]*/gu
const frontMatter = /^(---|\+\+\+)\n[\s\S]*?\n\1[ \t]*(\n|$)/

/** Words and CJK characters that are read in a minute. */
const perMinute = { words: 230, cjk: 450 }

export type Count = { words: number; characters: number; minutes: number }

/** The words of a source, without its front matter. */
export function countWords(text: string): number {
  return count(text).words
}

/** Words, characters without line ends, and the minutes that reading takes, of a source without its
    front matter. */
export function count(text: string): Count {
  const body = text.replace(frontMatter, '')
  const single = body.match(cjk)?.length ?? 0
  const runs = body.replace(cjk, ' ').match(words)?.length ?? 0
  const minutes = runs / perMinute.words + single / perMinute.cjk
  return { words: single + runs, characters: characters(body), minutes: runs + single === 0 ? 0 : Math.max(1, Math.round(minutes)) }
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
