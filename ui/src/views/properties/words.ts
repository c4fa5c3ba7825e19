// What properties are called for a person.
import { catalogue } from '../../kit/catalogue'
import { type Key, t } from '../../kit/text'

/** The property's name in the window's words, or its key where the writer made it up. */
export function nameOf(path: readonly string[]): string {
  const key = `prop.${path.at(-1) ?? ''}`
  const isOurs = path.length === 1 || path[0] === 'taxonomies'
  return isOurs && key in catalogue ? t(key as Key) : (path.at(-1) ?? '')
}

/** One of the values that a property can have. */
export function choiceOf(name: string, value: string): string {
  const key = `choice.${name}.${value}`
  return key in catalogue ? t(key as Key) : value
}
