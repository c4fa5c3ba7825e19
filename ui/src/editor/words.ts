// Counts words as a reader would: runs of letters, and every CJK character by itself. Pure.

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu
const words = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_-]*/gu
const frontMatter = /^(---|\+\+\+)\n[\s\S]*?\n\1[ \t]*(\n|$)/

/** The words of a source, without its front matter. */
export function countWords(text: string): number {
  const body = text.replace(frontMatter, '')
  const single = body.match(cjk)?.length ?? 0
  const runs = body.replace(cjk, ' ').match(words)?.length ?? 0
  return single + runs
}
