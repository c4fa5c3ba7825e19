// The properties that the engine reads, what each holds, and where it belongs. Plain data.

/** What a property holds, where its value does not say it. */
export type Shape = 'text' | 'long' | 'date' | 'number' | 'switch' | 'list'

export type Known = {
  /** The keys that lead to it. */
  path: readonly string[]
  shape: Shape
  values?: readonly string[]
  /** The taxonomy whose terms complete it. */
  terms?: string
}

/** What decides which properties a page can have. */
export type PageKind = { dialect: 'zola' | 'plain'; vault: boolean; section: boolean; taxonomies: readonly string[] }

const one = (name: string, shape: Shape, values?: readonly string[]): Known =>
  values ? { path: [name], shape, values } : { path: [name], shape }

const both = [one('title', 'text'), one('description', 'long')]
const last = [one('template', 'text'), one('in_search_index', 'switch'), one('render', 'switch')]

const page = [
  one('date', 'date'),
  one('updated', 'date'),
  one('authors', 'list'),
  one('draft', 'switch'),
  one('slug', 'text'),
  one('path', 'text'),
  one('aliases', 'list'),
  one('weight', 'number'),
  ...last,
]

const section = [
  one('sort_by', 'text', ['none', 'date', 'update_date', 'title', 'title_bytes', 'weight', 'slug', 'permalink']),
  one('paginate_by', 'number'),
  one('paginate_path', 'text'),
  one('paginate_reversed', 'switch'),
  one('transparent', 'switch'),
  one('generate_feeds', 'switch'),
  one('insert_anchor_links', 'text', ['none', 'left', 'right', 'heading']),
  one('redirect_to', 'text'),
  one('page_template', 'text'),
  one('weight', 'number'),
  one('draft', 'switch'),
  one('aliases', 'list'),
  ...last,
]

/** A plain folder's own: vaults write some of them in other words. */
const plain = [
  one('date', 'date'),
  { ...one('tags', 'list'), terms: 'tags' },
  one('aliases', 'list'),
  one('draft', 'switch'),
  one('updated', 'date'),
  one('slug', 'text'),
  one('weight', 'number'),
]

const vaultsToo = [
  one('desc', 'long'),
  one('created', 'date'),
  one('modified', 'date'),
  one('lastmod', 'date'),
  one('author', 'text'),
  one('cssclasses', 'list'),
]

/** The properties to offer, the most used first. */
export function offered(kind: PageKind): Known[] {
  if (kind.dialect === 'plain') return [...both, ...plain]
  if (kind.section) return [...both, ...section]
  const terms = kind.taxonomies.map((name): Known => ({ path: ['taxonomies', name], shape: 'list', terms: name }))
  return [...both, ...page.slice(0, 2), ...terms, ...page.slice(2)]
}

/** What is known of the property at a path. */
export function knownAt(path: readonly string[], kind: PageKind): Known | null {
  const all = kind.dialect === 'plain' ? [...offered(kind), ...vaultsToo] : offered(kind)
  const found = all.find((known) => known.path.join('\n') === path.join('\n'))
  if (found) return found
  // Terms stand below `taxonomies`, and where a plain folder's pages have them, at the top.
  const name = path.length === 2 && path[0] === 'taxonomies' ? path[1] : path.length === 1 ? path[0] : undefined
  return name !== undefined && kind.taxonomies.includes(name) ? { path, shape: 'list', terms: name } : null
}
