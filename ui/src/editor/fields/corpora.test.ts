// Every key of every page that people wrote, changed: the lines of that key differ and no other. The
// fields are compared with what a plain reader of YAML makes of the same front matter.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { addField, apply, type Change, type Field, fieldAt, frontMatterOf, type Part, removeField, setField, type Wanted } from '.'

const folder = decodeURIComponent(new URL('../../../../../shared/corpora', import.meta.url).pathname)
const there = existsSync(folder)
if (!there) console.warn('skipped: corpora not found')

/** As the session gives a text to the editor. */
function textOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
}

function pages(): string[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return found.filter((path) => /\.(md|markdown)$/.test(path)).map((path) => `${folder}/${path}`)
}

/** Another value of the same kind; null for what a form leaves to the text. */
function another({ value }: Field): Wanted | null {
  switch (value.is) {
    case 'text':
      return { is: 'text', text: 'Changed: "here" #1' }
    case 'empty':
      return { is: 'text', text: 'changed' }
    case 'number':
      return { is: 'number', text: '4711' }
    case 'date':
      return { is: 'date', text: '2031-12-24' }
    case 'switch':
      return { is: 'switch', on: !value.on }
    case 'list': {
      const items = value.items.map((item) => (item.value.is === 'switch' ? '' : 'text' in item.value ? item.value.text : ''))
      return { is: 'list', items: [...items, 'changed: too'] }
    }
    default:
      return null
  }
}

function outside(text: string, field: Field, part: Part): [string, string] {
  return [text.slice(0, part.from + field.lines.from), text.slice(part.from + field.lines.to)]
}

function holds(text: string, changes: Change[], part: Part, field: Field, path: string): string {
  const after = apply(text, changes)
  const [before, behind] = outside(text, field, part)
  const kept = after.startsWith(before) && after.endsWith(behind) && after.length >= before.length + behind.length
  if (!kept) throw new Error(`${path}: ${field.path.join('.')} changed more than its lines`)
  return after
}

function all(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...(field.value.is === 'map' ? all(field.value.fields) : [])])
}

describe.runIf(there)('pages that people wrote', () => {
  it('changes the lines of one key', { timeout: 240_000 }, () => {
    let [changed, removed, added, left] = [0, 0, 0, 0]
    for (const path of pages()) {
      const text = textOf(path)
      const part = frontMatterOf(text)
      if (part === null || part === 'open' || 'fault' in part.read) continue
      const { fields } = part.read
      for (const field of all(fields).slice(0, 8)) {
        const wanted = another(field)
        const changes = wanted && setField(part, field, wanted)
        if (changes) {
          const after = holds(text, changes, part, field, path)
          const now = frontMatterOf(after)
          expect(now !== null && now !== 'open' && 'fields' in now.read && fieldAt(now.read.fields, field.path)).toBeTruthy()
          changed += 1
        } else if (wanted) {
          left += 1
        }
      }
      const first = fields[0]
      const gone = first && removeField(part, first)
      if (gone) {
        holds(text, gone, part, first, path)
        removed += 1
      }
      const more = addField(part, [], 'a-new-key', { is: 'text', text: 'new' })
      if (more) {
        expect(apply(text, more).length).toBeGreaterThan(text.length)
        added += 1
      }
    }
    console.info(`${changed} keys changed, ${removed} removed, ${added} added; ${left} left to the text`)
    expect(changed).toBeGreaterThan(5000)
    expect(left).toBe(0)
  })

  it('reads what a plain reader reads', { timeout: 60_000 }, () => {
    let compared = 0
    for (const path of pages()) {
      const part = frontMatterOf(textOf(path))
      if (part === null || part === 'open' || part.kind !== 'yaml' || 'fault' in part.read) continue
      const plain: unknown = parse(part.text, { uniqueKeys: false })
      const keys = typeof plain === 'object' && plain !== null ? Object.keys(plain) : []
      expect([...new Set(part.read.fields.map((field) => field.key))].sort(), path).toEqual(keys.sort())
      compared += 1
    }
    expect(compared).toBeGreaterThan(2000)
  })
})
