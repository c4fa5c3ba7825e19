// How many columns a text takes in a monospaced typeface: CJK and emoji take two. Pure.

const simple = /^[\x20-\x7e]*$/
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6\ufe0f]/u
const half = /^[\uff61-\uffdc]/
const nothing = /^[\p{M}\p{Cf}]*$/u
const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The columns of a text of one line (Unicode Standard Annex 11, counted by what is seen as one character). */
export function widthOf(text: string): number {
  if (simple.test(text)) return text.length
  let width = 0
  for (const { segment } of segments.segment(text)) {
    if (nothing.test(segment)) continue
    width += wide.test(segment) && !half.test(segment) ? 2 : 1
  }
  return width
}
