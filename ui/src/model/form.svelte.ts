// A source as a form sees it: its keys and values, and what may be done to them. Every change goes
// through the editor's buffer, so that it is undone, journaled and sent like what is typed.
import {
  addField,
  apply,
  editMaps,
  fieldAt,
  type Field,
  type FieldChange,
  type MapsEdit,
  frontMatterOf,
  newMatter,
  type Part,
  partOf,
  removeField,
  setField,
  type Wanted,
} from '../editor/fields'
import type { Problem } from '../ipc'
import type { OpenPage } from './openPage.svelte'

/** What part of a source the form is about. */
export type FormPart = 'frontMatter' | 'whole'

export class Form {
  private last: { text: string; part: Part | 'open' | null } | null = null
  /** Null where there is nothing yet, `open` where the block is not closed. */
  readonly part = $derived.by((): Part | 'open' | null => {
    return this.page.revision < 0 ? null : this.read()
  })
  readonly fields = $derived.by((): Field[] => {
    const { part } = this
    return part !== null && part !== 'open' && 'fields' in part.read ? part.read.fields : []
  })
  /** What is wrong where the keys cannot be read, and in which line. */
  readonly fault = $derived.by(() => {
    const { part } = this
    if (part === null || part === 'open' || !('fault' in part.read)) return null
    const { message, at } = part.read.fault
    return { message, line: this.page.buffer.doc.lineAt(Math.min(part.from + at, this.page.buffer.doc.length)).number }
  })

  constructor(
    readonly page: OpenPage,
    private readonly about: FormPart,
    /** What a source without a block gets. */
    private readonly kind: 'toml' | 'yaml',
  ) {}

  at(path: readonly string[]): Field | undefined {
    return fieldAt(this.fields, path)
  }

  /** Gives a field another value; false where that can only be done in the text. */
  set(field: Field, wanted: Wanted, typed = false): boolean {
    const now = this.read()
    const still = now !== null && now !== 'open' && 'fields' in now.read ? fresh(now.read.fields, field) : undefined
    if (now === null || now === 'open' || !still) return false
    return this.apply(setField(now, still, wanted), typed)
  }

  /** Sets what is at a path, put in where it is not there. */
  put(path: readonly string[], wanted: Wanted, typed = false): boolean {
    const field = this.at(path)
    return field ? this.set(field, wanted, typed) : this.add(path.slice(0, -1), path.at(-1) ?? '', wanted)
  }

  add(above: readonly string[], key: string, wanted: Wanted): boolean {
    const now = this.read()
    if (now === 'open') return false
    if (now !== null) return this.apply(addField(now, above, key, wanted), false)
    this.page.buffer.change([{ from: 0, to: 0, insert: newMatter(this.kind, above, key, wanted) }], false)
    return true
  }

  remove(field: Field): boolean {
    const now = this.read()
    const still = now !== null && now !== 'open' && 'fields' in now.read ? fresh(now.read.fields, field) : undefined
    return now !== null && now !== 'open' && still !== undefined && this.apply(removeField(now, still), false)
  }

  /** Changes a list of maps. */
  maps(path: readonly string[], edit: MapsEdit, typed = false): boolean {
    const now = this.read()
    const field = now !== null && now !== 'open' && 'fields' in now.read ? fieldAt(now.read.fields, path) : undefined
    return now !== null && now !== 'open' && field !== undefined && this.apply(editMaps(now, field, edit), typed)
  }

  /** The text as it would be with another value at a path; null where that cannot be said. */
  textWith(path: readonly string[], wanted: Wanted | null): string | null {
    const { part } = this
    if (part === null || part === 'open' || 'fault' in part.read) return null
    const field = fieldAt(part.read.fields, path)
    if (wanted === null) return field ? changed(part, removeField(part, field)) : part.text
    return changed(part, field ? setField(part, field, wanted) : addField(part, path.slice(0, -1), path.at(-1) ?? '', wanted))
  }

  /** Of these problems, those that lie on a field's lines. */
  problemsAt(problems: readonly Problem[], field: Field): Problem[] {
    const { part } = this
    if (part === null || part === 'open') return []
    const [from, to] = [part.from + field.lines.from, part.from + field.lines.to]
    return problems.filter((one) => one.line > 0 && one.from >= from && one.from < to)
  }

  /** The text a field is written as. */
  sourceOf(field: Field): string {
    const { part } = this
    return part === null || part === 'open' ? '' : part.text.slice(field.at.from, field.at.to)
  }

  /** Shows a field, or the block, in the text. */
  reveal(field?: Field): void {
    const { part } = this
    this.page.buffer.reveal(part === null || part === 'open' ? 0 : part.from + (field?.lines.from ?? 0))
  }

  private read(): Part | 'open' | null {
    const text = this.about === 'whole' ? this.page.buffer.doc.toString() : headOf(this.page)
    if (this.last?.text === text) return this.last.part
    const part = this.about === 'whole' ? partOf('toml', text) : frontMatterOf(text)
    this.last = { text, part }
    return part
  }

  private apply(changes: FieldChange[] | null, typed: boolean): boolean {
    if (changes && changes.length > 0) this.page.buffer.change(changes, typed)
    return changes !== null
  }
}

function changed(part: Part, changes: FieldChange[] | null): string | null {
  return changes && apply(part.text, changes)
}

/** The field in a newer reading: by its place where the key is there twice. */
function fresh(fields: readonly Field[], field: Field): Field | undefined {
  const twice = fields.filter((one) => one.key === field.path[0])
  if (field.path.length === 1 && twice.length > 1) return twice.find((one) => one.at.from === field.at.from)
  return fieldAt(fields, field.path)
}

/** As much of a text as its front matter can take: what is behind the second fence costs nothing. */
function headOf(page: OpenPage): string {
  const { doc } = page.buffer
  const fence = doc.lines > 0 ? firstFence(page) : null
  if (fence === null) return doc.sliceString(0, Math.min(doc.length, 2000))
  for (let number = fence.line + 1; number <= doc.lines; number += 1) {
    const line = doc.line(number)
    if (line.text.trimEnd() === fence.mark) return doc.sliceString(0, Math.min(doc.length, line.to + 1))
  }
  return doc.sliceString(0)
}

function firstFence(page: OpenPage): { line: number; mark: string } | null {
  const { doc } = page.buffer
  for (let number = 1; number <= Math.min(doc.lines, 20); number += 1) {
    const text = doc.line(number).text.trim()
    if (text === '') continue
    return text === '---' || text === '+++' ? { line: number, mark: text } : null
  }
  return null
}
