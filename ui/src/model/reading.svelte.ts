// What can be said of a text while it is written: its counts, those of the selection, its outline.
// Counts at a pause, so that typing never waits for it.
import { type Buffer, type Count, count, headingAt, type Heading, outlineOf } from '../editor'

const after = 250
const selectedAfter = 120

export class Reading {
  counts = $state.raw<Count>({ words: 0, characters: 0, minutes: 0 })
  /** Null where nothing is selected. */
  selected = $state.raw<Count | null>(null)
  outline = $state.raw<Heading[]>([])
  /** The heading that the caret is below; -1 before the first. */
  here = $state(-1)
  private timer = 0
  private selecting = 0

  /** Reads the text now. */
  read(buffer: Buffer): void {
    this.counts = count(buffer.doc.toString())
    this.outline = outlineOf(buffer.doc)
    this.here = headingAt(this.outline, buffer.caret)
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
      const text = buffer.selected
      this.selected = text === '' ? null : count(text)
    }, selectedAfter)
  }

  close(): void {
    window.clearTimeout(this.timer)
    window.clearTimeout(this.selecting)
  }
}
