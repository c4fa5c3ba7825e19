// A language that nobody speaks, made of the catalogue: marked, accented and longer than English.
// Shows what is not translated and what has no room. Never part of what a writer sees.
import { catalogue, type Key } from './catalogue'
import type { Entry, Speech } from './text'

const from = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const to = 'åƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ'
const accents = new Map([...from].map((letter, at) => [letter, [...to][at] ?? letter]))

/** How much longer than English other languages get: short texts grow the most (W3C). */
function longer(length: number): number {
  return Math.ceil(length * (length <= 10 ? 1 : length <= 20 ? 0.7 : length <= 70 ? 0.4 : 0.3))
}

/** One text in it; what stands in braces is left as it is. */
export function pseudoText(text: string): string {
  const accented = text.replace(/\{\w+\}|[a-zA-Z]/g, (found) => accents.get(found) ?? found)
  // Words of vowels, so that lines can break as they do in a language.
  const more = longer(text.replace(/\{\w+\}/g, '').length)
  const tail = Array.from({ length: more }, (_, at) => (at % 7 === 0 ? ' ' : 'ö')).join('')
  return `⟦${accented}${tail}⟧`
}

function entry(text: Entry): Entry {
  if (typeof text === 'string') return pseudoText(text)
  return Object.fromEntries(Object.entries(text).map(([rule, one]) => [rule, pseudoText(one)]))
}

/** The whole catalogue in it, written from left to right or from right to left. */
export function pseudo(rtl: boolean): Speech {
  const texts = Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, entry(text)]))
  return { locale: 'en', rtl, texts: texts as Record<Key, Entry> }
}
