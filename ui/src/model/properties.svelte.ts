// The form over the front matter of the page on screen: whether it is shown, and what it is about.
// Holds no value of its own; all of them are in the text.
import { type Field, type Known, knownAt, offered, type PageKind, type Wanted } from '../editor/fields'
import { Form } from './form.svelte'
import type { Layout } from './layout.svelte'
import type { OpenPage } from './openPage.svelte'
import type { Pages } from './pages.svelte'
import type { Problems } from './problems.svelte'
import type { Words } from './words.svelte'

export class Properties {
  /** Counts how often the form was asked for, so that it takes the focus each time. */
  asked = $state(0)
  readonly kind = $derived.by((): PageKind => {
    const { dialect, vault, taxonomies } = this.words.all
    const section = /(^|\/)_index(\.[\w-]+)?\.md$/.test(this.pages.current?.path ?? '')
    return { dialect, vault, section, taxonomies: taxonomies.map((one) => one.name) }
  })
  readonly form = $derived.by((): Form | null => {
    const page = this.pages.current
    return page && isPage(page) ? new Form(page, 'frontMatter', this.kind.dialect === 'zola' ? 'toml' : 'yaml') : null
  })
  /** Those that the page could have and does not. */
  readonly missing = $derived.by((): Known[] => {
    const { form } = this
    return form ? offered(this.kind).filter((known) => !form.at(known.path)) : []
  })

  constructor(
    private readonly pages: Pages,
    private readonly words: Words,
    private readonly problems: Problems,
    private readonly layout: Layout,
  ) {}

  get shown(): boolean {
    return this.layout.properties
  }

  /** Opens the form, or closes it where it has the focus. */
  toggle(isThere: boolean): void {
    if (this.shown && isThere) {
      this.close()
      return
    }
    if (!this.shown) this.layout.toggle('properties')
    this.asked += 1
  }

  close(): void {
    if (this.shown) this.layout.toggle('properties')
    this.pages.focus()
  }

  /** Closes the form and shows its text. */
  source(field?: Field): void {
    this.form?.reveal(field)
    this.close()
  }

  known(field: Field): Known | null {
    return knownAt(field.path, this.kind)
  }

  /** What completes the elements of a list. */
  terms(field: Field): readonly string[] {
    const name = this.known(field)?.terms
    return this.words.all.taxonomies.find((one) => one.name === name)?.terms ?? []
  }

  problemsAt(field: Field) {
    const { form } = this
    return form ? form.problemsAt(this.problems.of(form.page.path), field) : []
  }

  /** Adds a property that is known, with a value to begin with. */
  addKnown(known: Known): boolean {
    return this.form?.add(known.path.slice(0, -1), known.path.at(-1) ?? '', begin(known.shape)) ?? false
  }
}

/** What a new property holds at first. */
export function begin(shape: Known['shape']): Wanted {
  switch (shape) {
    case 'date':
      return { is: 'date', text: today() }
    case 'number':
      return { is: 'number', text: '0' }
    case 'switch':
      return { is: 'switch', on: true }
    case 'list':
      return { is: 'list', items: [] }
    default:
      return { is: 'text', text: '' }
  }
}

/** The day, where the writer is. */
export function today(): string {
  const now = new Date()
  const two = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

function isPage(page: OpenPage): boolean {
  return /\.(md|markdown)$/i.test(page.path)
}
