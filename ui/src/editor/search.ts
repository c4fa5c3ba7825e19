// Find and replace, as a panel above the text. Finds in the open source only.
import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  openSearchPanel,
  replaceAll,
  replaceNext,
  search,
  SearchQuery,
  setSearchQuery,
} from '@codemirror/search'
import type { EditorState, Extension } from '@codemirror/state'
import { type Command, EditorView, type Panel, runScopeHandlers, type ViewUpdate } from '@codemirror/view'

const most = 2000

/** The panel's words, in the order of the interface's language. */
export type SearchTexts = {
  find: string
  replace: string
  replaceWith: string
  replaceAll: string
  next: string
  previous: string
  close: string
  matchCase: string
  wholeWord: string
  regexp: string
  none: string
  /** Such as "3 of 12"; `now` is 0 between matches, `more` says that there were too many to count. */
  count: (now: number, of: number, more: boolean) => string
}

/** Find and replace for an editor. */
export function searching(texts: SearchTexts): Extension {
  return search({ top: true, createPanel: (view) => new SearchPanel(view, texts) })
}

/** Opens the panel with the caret in *find*. */
export const openFind: Command = (view) => {
  showReplace(view, false)
  return true
}

/** Opens the panel with *replace* shown. */
export const openReplace: Command = (view) => {
  showReplace(view, true)
  return true
}

function showReplace(view: EditorView, replace: boolean): void {
  openSearchPanel(view)
  const panel = view.dom.querySelector<HTMLElement>('.cm-find')
  if (!panel) return
  if (replace) panel.dataset['replace'] = 'true'
  else delete panel.dataset['replace']
  panel.querySelector<HTMLInputElement>('input[main-field]')?.select()
}

class SearchPanel implements Panel {
  readonly dom = element('div', 'cm-find')
  readonly top = true
  private readonly find: HTMLInputElement
  private readonly replacement: HTMLInputElement
  private readonly count = element('output', 'cm-find-count')
  private readonly flags: Record<'caseSensitive' | 'wholeWord' | 'regexp', HTMLButtonElement>

  constructor(
    private readonly view: EditorView,
    private readonly texts: SearchTexts,
  ) {
    const query = getSearchQuery(view.state)
    this.find = input(texts.find, query.search)
    this.find.setAttribute('main-field', 'true')
    this.replacement = input(texts.replaceWith, query.replace)
    this.find.oninput = this.replacement.oninput = () => this.commit()
    this.flags = {
      caseSensitive: this.toggle('Aa', texts.matchCase, query.caseSensitive),
      wholeWord: this.toggle('W', texts.wholeWord, query.wholeWord),
      regexp: this.toggle('.*', texts.regexp, query.regexp),
    }
    const first = element('div', 'cm-find-row')
    const box = element('div', 'cm-find-box')
    box.append(this.find, this.count, ...Object.values(this.flags))
    first.append(
      box,
      this.button('↑', texts.previous, () => findPrevious(view)),
      this.button('↓', texts.next, () => findNext(view)),
      this.button('✕', texts.close, () => closeSearchPanel(view)),
    )
    const second = element('div', 'cm-find-row cm-find-replace')
    const other = element('div', 'cm-find-box')
    other.append(this.replacement)
    second.append(
      other,
      this.button(texts.replace, texts.replace, () => replaceNext(view), 'cm-find-wide'),
      this.button(texts.replaceAll, texts.replaceAll, () => replaceAll(view), 'cm-find-wide'),
    )
    this.dom.append(first, second)
    this.dom.setAttribute('role', 'search')
    this.dom.onkeydown = (event) => this.keydown(event)
    this.recount()
  }

  mount(): void {
    this.find.select()
  }

  update(update: ViewUpdate): void {
    const query = getSearchQuery(update.state)
    const fresh = !query.eq(getSearchQuery(update.startState))
    if (fresh && query.search !== this.find.value) this.find.value = query.search
    if (fresh || update.docChanged || update.selectionSet) this.recount()
  }

  private keydown(event: KeyboardEvent): void {
    if (runScopeHandlers(this.view, event, 'search-panel')) event.preventDefault()
    else if (event.key === 'Enter' && event.target === this.find) {
      event.preventDefault()
      const move = event.shiftKey ? findPrevious : findNext
      move(this.view)
    } else if (event.key === 'Enter' && event.target === this.replacement) {
      event.preventDefault()
      replaceNext(this.view)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      closeSearchPanel(this.view)
      this.view.focus()
    }
  }

  private commit(): void {
    const query = new SearchQuery({
      search: this.find.value,
      replace: this.replacement.value,
      caseSensitive: isPressed(this.flags.caseSensitive),
      wholeWord: isPressed(this.flags.wholeWord),
      regexp: isPressed(this.flags.regexp),
      literal: !isPressed(this.flags.regexp),
    })
    if (!query.eq(getSearchQuery(this.view.state))) {
      this.view.dispatch({ effects: setSearchQuery.of(query) })
      if (query.valid && query.search !== '') this.showNearest(query)
    }
    this.recount()
  }

  /** Selects the first match from where the selection begins. */
  private showNearest(query: SearchQuery): void {
    const from = this.view.state.selection.main.from
    let match = query.getCursor(this.view.state, from).next()
    if (match.done) match = query.getCursor(this.view.state).next()
    if (match.done) return
    const { from: anchor, to: head } = match.value
    this.view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
  }

  private recount(): void {
    const query = getSearchQuery(this.view.state)
    const empty = query.search === ''
    const { now, of, more } = empty || !query.valid ? none : countMatches(this.view.state, query)
    this.count.textContent = empty ? '' : of === 0 ? this.texts.none : this.texts.count(now, of, more)
    this.find.classList.toggle('cm-find-missing', !empty && of === 0)
  }

  private toggle(label: string, title: string, pressed: boolean): HTMLButtonElement {
    const button = this.button(label, title, () => {
      button.setAttribute('aria-pressed', String(!isPressed(button)))
      this.commit()
    })
    button.classList.add('cm-find-flag')
    button.setAttribute('aria-pressed', String(pressed))
    return button
  }

  private button(label: string, title: string, run: () => unknown, name = ''): HTMLButtonElement {
    const button = element('button', `cm-find-button ${name}`)
    button.type = 'button'
    // The sign is for the eye; the name says it in words.
    const sign = element('span', '')
    sign.textContent = label
    if (label !== title) sign.setAttribute('aria-hidden', 'true')
    button.append(sign)
    button.title = title
    button.setAttribute('aria-label', title)
    button.onclick = () => void run()
    return button
  }
}

type Matches = { now: number; of: number; more: boolean }
const none: Matches = { now: 0, of: 0, more: false }

function countMatches(state: EditorState, query: SearchQuery): Matches {
  const main = state.selection.main
  const matches = query.getCursor(state)
  let now = 0
  let of = 0
  for (let next = matches.next(); !next.done; next = matches.next()) {
    of += 1
    if (next.value.from === main.from && next.value.to === main.to) now = of
    if (of >= most) return { now, of, more: true }
  }
  return { now, of, more: false }
}

function isPressed(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-pressed') === 'true'
}

function input(label: string, value: string): HTMLInputElement {
  const field = element('input', 'cm-find-input')
  field.type = 'text'
  field.placeholder = label
  field.value = value
  field.spellcheck = false
  field.setAttribute('aria-label', label)
  return field
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, name: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  made.className = name.trim()
  return made
}
