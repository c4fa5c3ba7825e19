// Lines of a text around a place. Pure.
import type { Change, Span } from './types'

/** The line of an offset; its end included. */
export function lineOf(text: string, at: number): Span {
  const end = text.indexOf('\n', at)
  return { from: lineStart(text, at), to: end < 0 ? text.length : end + 1 }
}

/** The lines that a span touches; the last one's end included. */
export function linesOf(text: string, span: Span): Span {
  const last = span.to > span.from && text[span.to - 1] === '\n' ? span.to - 1 : span.to
  return { from: lineOf(text, span.from).from, to: lineOf(text, last).to }
}

/** Where the line of an offset begins. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
}

/** A whole line at the start of a line, or after a last line that has no end. */
export function newLine(text: string, at: number, line: string): Change {
  const open = at > 0 && text[at - 1] !== '\n'
  return { from: at, to: at, insert: open ? `\n${line}` : `${line}\n` }
}
