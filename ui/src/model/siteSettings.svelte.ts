// The settings of the open site: a form over its configuration, and themes that are tried in the
// preview. What is tried is not in the text until it is taken.
import { type Field, fieldAt, partOf, type Style } from '../editor/fields'
import type { SiteChoices, Wire } from '../ipc'
import { t } from '../kit/text'
import { Form } from './form.svelte'
import type { Notices } from './notices.svelte'
import type { Pages } from './pages.svelte'
import type { Preview } from './preview.svelte'
import type { Problems } from './problems.svelte'
import type { Site } from './site.svelte'

/** A theme that is tried; the built-in one has no name. */
export type Tried = { theme: string | null }

/** A menu that the theme reads, and whether the site has one of its own. */
export type Menu = { path: string[]; own: boolean; field: Field; name: string; url: string }

const nameKeys = ['name', 'title', 'label', 'text']
const urlKeys = ['url', 'link', 'href', 'path', 'permalink']

export class SiteSettings {
  shown = $state(false)
  /** Null while the site has no configuration. */
  form = $state.raw<Form | null>(null)
  choices = $state.raw<SiteChoices>({ themes: [], ownTemplates: false, codeThemes: [] })
  tried = $state.raw<Tried | null>(null)
  /** What the preview showed before it was asked to show the site's settings. */
  private stale = false
  readonly theme = $derived.by((): string | null => this.text(['theme']))
  readonly menus = $derived.by((): Menu[] => this.menusOf())

  constructor(
    private readonly wire: Wire,
    private readonly site: Site,
    private readonly pages: Pages,
    private readonly preview: Preview,
    private readonly problems: Problems,
    private readonly notices: Notices,
  ) {}

  async open(): Promise<void> {
    if (this.shown) return
    try {
      this.choices = (await this.wire.call({ do: 'siteChoices' })).choices
      await this.look()
      this.shown = true
      if (this.preview.load === null) this.preview.show('/')
    } catch (thrown) {
      this.notices.failed(thrown)
    }
  }

  async close(): Promise<void> {
    if (!this.shown) return
    this.shown = false
    await this.back()
    await this.form?.page.saveIfNeeded()
    this.pages.focus()
  }

  /** Another site is open, or none. */
  clear(): void {
    this.shown = false
    this.form = null
    this.tried = null
  }

  /** Shows the site in the preview with another theme. */
  async try(theme: string | null): Promise<void> {
    const { form } = this
    if (theme === this.theme) return this.back()
    const text = form?.textWith(['theme'], theme === null ? null : { is: 'text', text: theme }) ?? null
    if (form && text === null) return
    await this.attempt(async () => {
      await this.wire.call({ do: 'tryConfig', text: text ?? (theme === null ? '' : `theme = ${JSON.stringify(theme)}\n`) })
      this.tried = { theme }
      this.preview.reload()
    })
  }

  /** The preview shows the site as it is again. */
  async back(): Promise<void> {
    if (this.tried === null) return
    this.tried = null
    await this.attempt(async () => {
      await this.wire.call({ do: 'tryConfig', text: null })
      this.preview.reload()
    })
  }

  /** The theme that is tried becomes the site's. */
  async take(): Promise<void> {
    const { form, tried } = this
    if (!form || !tried) return
    const field = form.at(['theme'])
    if (tried.theme !== null) form.put(['theme'], { is: 'text', text: tried.theme })
    else if (field) form.remove(field)
    await form.page.save()
    await this.back()
  }

  /** Makes the file that a plain folder keeps its settings in. */
  async make(): Promise<void> {
    await this.attempt(async () => {
      const title = this.site.view?.title ?? ''
      const { site } = await this.wire.call({ do: 'makeConfig', text: `title = ${JSON.stringify(title)}\n` })
      this.site.show(site)
      await this.look()
    })
  }

  /** The settings were built: what the window itself shows of them is asked for again. */
  built(): void {
    if (!this.stale) return
    this.stale = false
    void this.attempt(async () => {
      const { site } = await this.wire.call({ do: 'site' })
      this.site.show(site)
    })
  }

  saved(path: string): void {
    if (path === this.form?.page.path) this.stale = true
  }

  /** The text at a path; null where there is none. */
  text(path: readonly string[]): string | null {
    const value = this.form?.at(path)?.value
    return value?.is === 'text' ? value.text : null
  }

  /** How the text at a path is quoted. */
  styleOf(path: readonly string[]): Style {
    const value = this.form?.at(path)?.value
    return value?.is === 'text' ? value.style : 'double'
  }

  flag(path: readonly string[], otherwise: boolean): boolean {
    const value = this.form?.at(path)?.value
    return value?.is === 'switch' ? value.on : otherwise
  }

  /** Sets a text; an empty one takes the key out. */
  setText(path: readonly string[], text: string, typed = false, style = this.styleOf(path)): void {
    const field = this.form?.at(path)
    const done = text === '' && field && !typed ? this.form?.remove(field) : this.form?.put(path, { is: 'text', text, style }, typed)
    if (done === false) this.refused()
  }

  setFlag(path: readonly string[], on: boolean): void {
    if (this.form?.put(path, { is: 'switch', on }) === false) this.refused()
  }

  remove(path: readonly string[]): void {
    const field = this.form?.at(path)
    if (field && this.form?.remove(field) === false) this.refused()
  }

  problemsAt(path: readonly string[]) {
    const field = this.form?.at(path)
    return field && this.form ? this.form.problemsAt(this.problems.of(this.form.page.path), field) : []
  }

  /** Shows the configuration as text. */
  async source(): Promise<void> {
    const path = this.form?.page.path
    await this.close()
    if (path !== undefined) await this.pages.show(path)
  }

  private refused(): void {
    this.notices.error(t('site.refused', { file: this.form?.page.path ?? '' }), t('site.refused.help'))
  }

  private async look(): Promise<void> {
    const config = this.site.view?.config ?? null
    const page = config === null ? null : await this.pages.obtain(config)
    this.form = page && new Form(page, 'whole', 'toml')
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (thrown) {
      this.notices.failed(thrown)
    }
  }

  private menusOf(): Menu[] {
    const own = this.form?.at(['extra'])
    const text = this.choices.themes.find((one) => one.name === this.theme)?.text
    const part = text === undefined ? null : partOf('toml', text)
    const theirs = part && 'fields' in part.read ? fieldAt(part.read.fields, ['extra']) : undefined
    const ours = menusIn(own, true)
    return [...ours, ...menusIn(theirs, false).filter((menu) => !this.form?.at(menu.path))]
  }
}

/** The lists of names with addresses in a table, which is what themes have for menus. */
function menusIn(extra: Field | undefined, own: boolean): Menu[] {
  if (extra?.value.is !== 'map') return []
  return extra.value.fields.flatMap((field) => {
    const first = field.value.is === 'maps' ? field.value.items[0] : undefined
    const name = nameKeys.find((key) => first?.some((one) => one.key === key && one.value.is === 'text'))
    const url = urlKeys.find((key) => first?.some((one) => one.key === key && one.value.is === 'text'))
    return name !== undefined && url !== undefined ? [{ path: field.path, own, field, name, url }] : []
  })
}
