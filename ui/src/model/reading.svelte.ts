// What can be said of a text while it is written: its counts, those of the selection, its outline.
// Counts at a pause and a little at a time, so that typing never waits for it.
import { type Buffer, type Count, count, countAhead, countSource, headingAt, type Heading, outlineOf } from '../editor'

const after = 250
const selectedAfter = 120
/** So long, in milliseconds, is counted at once before keys have their turn. */
const atOnce = 6

export class Reading {
  counts = $state.raw<Count>({ words: 0, characters: 0, minutes: 0 })
  /** Null where nothing is selected. */
  selected = $state.raw<Count | null>(null)
  outline = $state.raw<Heading[]>([])
  /** The heading that the caret is below; -1 before the first. */
  here = $state(-1)
  private timer = 0
  private selecting = 0

  /** Reads the text now; a long one is counted in the moments between keys. */
  read(buffer: Buffer): void {
    window.clearTimeout(this.timer)
    this.outline = outlineOf(buffer.doc)
    this.here = headingAt(this.outline, buffer.caret)
    this.count(buffer, countAhead(buffer.doc))
  }

  /** The text changed: it is read at the next pause. */
  changed(buffer: Buffer): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.read(buffer), after)
    this.moved(buffer)
  }

  /** The caret or the selection moved. */
  moved(buffer: Buffer): void {
    this.here = headingAt(this.outline, buffer.caret)
    window.clearTimeout(this.selecting)
    this.selecting = window.setTimeout(() => {
      const counts = buffer.selectedTexts.map(count)
      this.selected = counts.length === 0 ? null : counts.reduce(sum)
    }, selectedAfter)
  }

  close(): void {
    window.clearTimeout(this.timer)
    window.clearTimeout(this.selecting)
  }

  private count(buffer: Buffer, ahead: Generator<void>): void {
    const stop = performance.now() + atOnce
    while (performance.now() < stop) {
      if (ahead.next().done === true) {
        this.counts = countSource(buffer.doc)
        return
      }
    }
    this.timer = window.setTimeout(() => this.count(buffer, ahead), 0)
  }
}

function sum(one: Count, other: Count): Count {
  const [words, characters] = [one.words + other.words, one.characters + other.characters]
  return { words, characters, minutes: one.minutes + other.minutes }
}
