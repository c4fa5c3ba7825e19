// The keys of a front matter that the engine knows, and the values that they can have. Plain data.

/** A key with what it is for. */
export type KeyWord = { name: string; for: 'page' | 'section' | 'both'; text: boolean; values?: readonly string[] }

const yesNo = ['true', 'false'] as const

export const keys: readonly KeyWord[] = [
  { name: 'title', for: 'both', text: true },
  { name: 'description', for: 'both', text: true },
  { name: 'date', for: 'page', text: false },
  { name: 'updated', for: 'page', text: false },
  { name: 'draft', for: 'both', text: false, values: yesNo },
  { name: 'weight', for: 'both', text: false },
  { name: 'slug', for: 'page', text: true },
  { name: 'path', for: 'page', text: true },
  { name: 'aliases', for: 'both', text: false },
  { name: 'authors', for: 'page', text: false },
  { name: 'template', for: 'both', text: true },
  { name: 'in_search_index', for: 'both', text: false, values: yesNo },
  { name: 'render', for: 'both', text: false, values: yesNo },
  { name: 'sort_by', for: 'section', text: true, values: ['date', 'update_date', 'title', 'title_bytes', 'weight', 'slug', 'none'] },
  { name: 'paginate_by', for: 'section', text: false },
  { name: 'paginate_path', for: 'section', text: true },
  { name: 'paginate_reversed', for: 'section', text: false, values: yesNo },
  { name: 'insert_anchor_links', for: 'section', text: true, values: ['none', 'left', 'right', 'heading'] },
  { name: 'page_template', for: 'section', text: true },
  { name: 'transparent', for: 'section', text: false, values: yesNo },
  { name: 'redirect_to', for: 'section', text: true },
  { name: 'generate_feeds', for: 'section', text: false, values: yesNo },
]
