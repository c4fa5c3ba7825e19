// Every word of the interface comes through here: looked up, filled in, in the right plural.
// Knows no sentence itself; those are in the catalogue.
import { catalogue, type Key } from './catalogue'

/** A text, or one for each plural that the language has. */
export type Entry = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>

/** A language of the interface: all texts of the catalogue in it. */
export type Speech = { locale: string; rtl: boolean; texts: Readonly<Record<Key, Entry>> }

let texts: Readonly<Record<Key, Entry>> = catalogue
let plural = new Intl.PluralRules('en')
const numbers = new Intl.NumberFormat('en')
const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** What fills the braces of a text; `n` also chooses the plural. */
export type Fill = Record<string, string | number>

/** From here on the interface speaks this language; before anything is drawn. */
export function speak(speech: Speech): void {
  texts = speech.texts
  plural = new Intl.PluralRules(speech.locale)
  document.documentElement.lang = speech.locale
  document.documentElement.dir = speech.rtl ? 'rtl' : 'ltr'
}

/** The text named `key`. */
export function t(key: Key, fill: Fill = {}): string {
  const entry: Entry = texts[key]
  const text =
    typeof entry === 'string' ? entry : (entry[plural.select(Number(fill['n'] ?? 0))] ?? entry.other ?? '')
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = fill[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? numbers.format(value) : value
  })
}

/** A language by its name, of a tag as `pt-BR`. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([document.documentElement.lang || 'en'], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

/** A size in bytes, for people. */
export function bytes(size: number): string {
  if (size < 1000) return t('size.bytes', { n: Math.round(size) })
  const units = ['size.kb', 'size.mb', 'size.gb'] as const
  const step = Math.min(units.length - 1, Math.floor(Math.log10(size) / 3) - 1)
  const value = size / 1000 ** (step + 1)
  return t(units[step] ?? 'size.kb', { size: value < 10 ? value.toFixed(1) : String(Math.round(value)) })
}

const days = new Intl.DateTimeFormat('en', { dateStyle: 'full' })
const clocks = new Intl.DateTimeFormat('en', { timeStyle: 'short' })

/** The day of a moment in seconds since 1970, in the person's time. */
export function day(at: number): string {
  return days.format(at * 1000)
}

/** Its time of day. */
export function clock(at: number): string {
  return clocks.format(at * 1000)
}

/** A moment of RFC 3339, in the person's time. */
export function moment(time: string): string {
  const date = new Date(time)
  return Number.isNaN(date.valueOf()) ? time : moments.format(date)
}

export type { Key }
