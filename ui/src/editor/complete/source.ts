// Completion: from a place and the site's words to what can be chosen. Never waits while typing:
// what must be asked for comes when it comes.
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'
import type { EditorHelp, HeadingWord, SiteWords } from '../help'
import { find } from './find'
import { keys } from './keys'
import { type Place, placeAt } from './place'
import { imageTo, linkTo, pathOf, wikiName, wikiPath } from './targets'

/** Completes what is being named in the source at `path`. */
export function completing(help: EditorHelp, path: string) {
  return (context: CompletionContext): CompletionResult | Promise<CompletionResult | null> | null => {
    const place = placeAt(context.state, context.pos, path)
    if (!place) return null
    if (place.is === 'heading') return headings(help, path, place)
    const options = optionsFor(help.words(), path, place, today())
    return options.length === 0 ? null : { from: place.from, options, filter: false }
  }
}

function today(): string {
  const now = new Date()
  const two = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** What can be chosen at a place, best first. */
export function optionsFor(
  words: SiteWords,
  path: string,
  place: Exclude<Place, { is: 'heading' }>,
  day: string,
): Completion[] {
  switch (place.is) {
    case 'page':
      return find(place.query.replace(/^@\/|^(\.\.?\/)+/, '').replace(/\.md$/, ''), words.pages).map((page) => ({
        label: page.title,
        detail: page.path,
        type: 'page',
        apply: place.wiki
          ? brackets(words, path, page.path, page.title)
          : closing(linkTo(words, path, page.path), ')'),
      }))
    case 'image':
      return find(place.query.replace(/^(\.\.?)?\//, ''), named(words.images)).map(({ path: image, title }) => ({
        label: title,
        detail: image,
        type: 'image',
        apply: closing(imageTo(words, path, image), ')'),
      }))
    case 'component':
      return find(place.query, named(words.components)).map(({ title }) => ({
        label: title,
        type: 'component',
        apply: component(title),
      }))
    case 'key':
      return keyOptions(words, place)
    case 'value':
      return valueOptions(words, place, day)
  }
}

const names = new WeakMap<readonly string[], { title: string; path: string }[]>()

function named(list: readonly string[]): { title: string; path: string }[] {
  const known = names.get(list)
  if (known) return known
  const made = list.map((path) => ({ title: path.slice(path.lastIndexOf('/') + 1), path }))
  names.set(list, made)
  return made
}

function keyOptions(words: SiteWords, place: Extract<Place, { is: 'key' }>): Completion[] {
  const assign = (name: string, value: string) => (place.toml ? `${name} = ${value}` : `${name}: ${value}`)
  const fits = (name: string) => name.startsWith(place.query) && name !== place.query
  if (place.table === 'taxonomies' || (words.dialect === 'plain' && place.table === '')) {
    const taxonomies = words.taxonomies.map((one) => one.name).filter(fits)
    const options = taxonomies.map((name) => inserted(name, assign(name, '[]'), 1))
    if (place.table === 'taxonomies') return options
    return [...options, ...plainKeys(place, fits, assign)]
  }
  if (place.table !== '') return []
  const tables = ['taxonomies', 'extra'].filter(fits).map((name) => inserted(name, place.toml ? `[${name}]\n` : `${name}:\n  `, 0))
  return [...plainKeys(place, fits, assign), ...tables]
}

function plainKeys(
  place: Extract<Place, { is: 'key' }>,
  fits: (name: string) => boolean,
  assign: (name: string, value: string) => string,
): Completion[] {
  const known = keys.filter((key) => fits(key.name) && (key.for === 'both' || (key.for === 'section') === place.section))
  return known.map((key) => {
    const quoted = key.text && place.toml
    return inserted(key.name, assign(key.name, quoted ? '""' : ''), quoted ? 1 : 0)
  })
}

function valueOptions(words: SiteWords, place: Extract<Place, { is: 'value' }>, day: string): Completion[] {
  const key = keys.find((one) => one.name === place.key)
  const terms = words.taxonomies.find((one) => one.name === place.key)?.terms
  const values = terms ?? key?.values ?? (place.key === 'date' || place.key === 'updated' ? [day] : [])
  const wanted = place.query.trim().toLowerCase()
  const fitting = values.filter((value) => value.toLowerCase().includes(wanted) && value !== place.query)
  const quotes = place.quote === '' && place.toml && (terms !== undefined || key?.text === true)
  const needs = (value: string) => place.quote === '' && !place.toml && /[:#,[\]{}"']|^\s|\s$/.test(value)
  return fitting.slice(0, 50).map((value) => ({
    label: value,
    type: 'value',
    apply: quotes || needs(value) ? JSON.stringify(value) : place.quote === '' ? value : closing(value, place.quote),
  }))
}

/** Inserts a text and leaves the caret so many signs before its end. */
function inserted(label: string, text: string, back: number): Completion {
  return {
    label,
    type: 'key',
    apply(view: EditorView, _completion: Completion, from: number, to: number) {
      view.dispatch({
        changes: { from, to, insert: text },
        selection: { anchor: from + text.length - back },
        userEvent: 'input.complete',
      })
    },
  }
}

type Apply = (view: EditorView, completion: Completion, from: number, to: number) => void

/** Inserts a text, and goes behind the sign that closes it, which is added where it is missing. */
function closing(text: string, close: string): Apply {
  return (view, _completion, from, to) => {
    const rest = new RegExp(`^[^\\s()"'\\]]*`).exec(view.state.sliceDoc(to, to + 200))?.[0].length ?? 0
    const end = view.state.sliceDoc(to + rest, to + rest + close.length) === close ? to + rest : to
    const has = end > to || view.state.sliceDoc(to, to + close.length) === close
    const hasTitle = /^ ["'(]/.test(view.state.sliceDoc(to, to + 2))
    const insert = text + (has || hasTitle ? '' : close)
    const anchor = from + text.length + (hasTitle ? 0 : close.length)
    view.dispatch({ changes: { from, to: end, insert }, selection: { anchor }, userEvent: 'input.complete' })
  }
}

/** From `[[words` to a link, in double brackets only where the site's pages link so. */
function brackets(words: SiteWords, path: string, to: string, title: string): Apply {
  return (view, _completion, from, end) => {
    const closed = view.state.sliceDoc(end, end + 2) === ']]' ? 2 : view.state.sliceDoc(end, end + 1) === ']' ? 1 : 0
    const insert = words.vault
      ? `[[${wikiName(words.pages, to)}]]`
      : `[${title.replace(/([\\[\]])/g, '\\$1')}](${linkTo(words, path, to)})`
    view.dispatch({
      changes: { from: from - 2, to: end + closed, insert },
      selection: { anchor: from - 2 + insert.length },
      userEvent: 'input.complete',
    })
  }
}

function component(name: string): Apply {
  return (view, _completion, from, to) => {
    const open = /^\s*\/?>/.test(view.state.doc.lineAt(to).text.slice(to - view.state.doc.lineAt(to).from))
    const insert = open ? name : `${name}  /> }}`
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + name.length + 1 }, userEvent: 'input.complete' })
  }
}

async function headings(
  help: EditorHelp,
  path: string,
  place: Extract<Place, { is: 'heading' }>,
): Promise<CompletionResult | null> {
  const words = help.words()
  const page = place.wiki && place.target !== '' ? wikiPath(words, place.target) : pathOf(words, path, place.target)
  const found = page === null ? [] : await help.headings(page)
  const options = headingOptions(found, place.query, place.wiki)
  return options.length === 0 ? null : { from: place.from, options, filter: false }
}

/** The headings that fit, in the order of the page. */
export function headingOptions(all: readonly HeadingWord[], query: string, wiki: boolean): Completion[] {
  const wanted = query.toLowerCase()
  const fits = (one: HeadingWord) => one.id.includes(wanted) || one.title.toLowerCase().includes(wanted)
  return all.filter(fits).map((one) => ({
    label: one.title,
    detail: `#${one.id}`,
    type: `heading${one.level}`,
    apply: wiki ? closing(one.title, ']]') : closing(one.id, ')'),
  }))
}
