// How a text names pages and images, in the dialect of its site; and the way back. Pure.
import type { PageWord, SiteWords } from '../help'

const content = 'content/'

/** What a link in the source `from` names the page `to` by. */
export function linkTo(words: SiteWords, from: string, to: string): string {
  if (words.dialect === 'zola') return `@/${escape(strip(to, content))}`
  return escape(relative(from, to))
}

/** What an image in the source `from` names the file `to` by. */
export function imageTo(words: SiteWords, from: string, to: string): string {
  if (words.dialect === 'plain') return escape(relative(from, to))
  const folder = folderOf(from)
  if (/(^|\/)_?index(\.[\w-]+)?\.md$/.test(from) && to.startsWith(`${folder}/`)) return escape(to.slice(folder.length + 1))
  return `${words.base}/${escape(strip(strip(to, 'static/'), content))}`
}

/** The name of a page in double brackets: its file's, with folders only where two share it. */
export function wikiName(pages: readonly PageWord[], to: string): string {
  const name = stem(to)
  const same = pages.filter((page) => stem(page.path) === name)
  return same.length > 1 ? to.replace(/\.md$/, '') : name
}

/** The path of the page that a target in the source `from` leads to; null where it leads elsewhere. */
export function pathOf(words: SiteWords, from: string, target: string): string | null {
  const page = decode(target.replace(/[#?].*$/, ''))
  if (page === '') return from
  if (page.startsWith('@/')) return content + page.slice(2)
  if (/^[a-z][a-z0-9+.-]*:/i.test(page) || page.startsWith('/')) return null
  const path = join(folderOf(from), page)
  if (path === null) return null
  const known = [path, `${path}.md`, `${path}/_index.md`, `${path}/index.md`]
  return known.find((one) => words.pages.some((other) => other.path === one)) ?? path
}

/** The path of the page that a name in double brackets means. */
export function wikiPath(words: SiteWords, name: string): string | null {
  const wanted = name.toLowerCase()
  const fits = (page: PageWord) =>
    page.path.replace(/\.md$/, '').toLowerCase() === wanted || stem(page.path).toLowerCase() === wanted
  return words.pages.find(fits)?.path ?? null
}

/** A path as it is written from another file's folder. */
export function relative(from: string, to: string): string {
  const here = folderOf(from).split('/').filter(Boolean)
  const there = to.split('/')
  let same = 0
  while (same < here.length && same < there.length - 1 && here[same] === there[same]) same += 1
  return [...here.slice(same).map(() => '..'), ...there.slice(same)].join('/')
}

function join(folder: string, path: string): string | null {
  const parts = folder.split('/').filter(Boolean)
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

function stem(path: string): string {
  const name = path.replace(/\/(_?index|README)\.md$/, '').replace(/\.md$/, '')
  return name.slice(name.lastIndexOf('/') + 1)
}

function strip(path: string, prefix: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : path
}

/** What would end a target before its end. */
function escape(path: string): string {
  return path.replace(/[ ()<>%]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
