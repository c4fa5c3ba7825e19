// Which words are right, page by page: asked of the session once, remembered here, never guessed.
// Knows no text, only words.
import type { SpellingHelp } from '../editor'
import type { Wire } from '../ipc'
import { languageName, t } from '../kit/text'
import type { Notices } from './notices.svelte'
import type { Settings } from './settings.svelte'
import type { Site } from './site.svelte'
import { keep, recall } from './store'

/** The most pages that words are left alone on, the oldest forgotten first. */
const mostPages = 400

/** What can be done about one misspelt word, and where on screen that is shown. */
export type SpellingMenu = { path: string; word: string; suggestions: string[]; x: number; y: number; replace: (text: string) => void }

export class Spelling implements SpellingHelp {
  shown = $state.raw<SpellingMenu | null>(null)
  /** The writer's own words, once they were asked for. */
  own = $state.raw<string[]>([])
  private readonly verdicts = new Map<string, Map<string, boolean>>()
  private readonly languages = new Map<string, string>()
  private readonly listeners = new Set<() => void>()
  private readonly told = new Set<string>()
  private ignored: Record<string, string[]> = recall('ignored', {})
  private asking = false

  constructor(
    private readonly wire: Wire,
    private readonly site: Site,
    private readonly settings: Settings,
    private readonly notices: Notices,
  ) {}

  on(): boolean {
    return this.settings.spelling
  }

  turn(on: boolean): void {
    this.settings.setSpelling(on)
    this.tell()
  }

  verdict(path: string, word: string): boolean | undefined {
    if (this.ignored[this.key(path)]?.includes(word) === true) return true
    const language = this.languages.get(path)
    return language === undefined ? undefined : this.verdicts.get(language)?.get(word)
  }

  ask(path: string, words: readonly string[]): void {
    // Whoever asks meanwhile is told to look again.
    if (!this.asking) void this.load(path, words)
  }

  async load(path: string, words: readonly string[]): Promise<void> {
    this.asking = true
    try {
      const { language, dictionary, misspelt } = await this.wire.call({ do: 'spell', path, words: [...words] })
      this.languages.set(path, language)
      const known = this.verdicts.get(language) ?? new Map<string, boolean>()
      this.verdicts.set(language, known)
      const wrong = new Set(misspelt)
      for (const word of words) known.set(word, !wrong.has(word))
      if (dictionary === null) this.tellNone(language)
      this.tell()
    } catch {
      // Without an answer nothing is marked, and nothing else is lost.
    }
    this.asking = false
  }

  changed(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  forget(path: string): void {
    this.languages.delete(path)
  }

  /** Forgets which language a page has, and what has no dictionary, when another site is opened. */
  clear(): void {
    this.languages.clear()
    this.shown = null
  }

  menu(path: string, word: string, x: number, y: number, replace: (text: string) => void): void {
    void this.suggest(path, word).then((suggestions) => {
      this.shown = { path, word, suggestions, x, y, replace }
    })
  }

  async suggest(path: string, word: string): Promise<string[]> {
    try {
      return (await this.wire.call({ do: 'suggest', path, word })).words
    } catch {
      return []
    }
  }

  /** Makes a word one of the writer's own. */
  async learn(word: string): Promise<void> {
    if (!(await this.change({ do: 'learnWord', word }, word))) return
    this.notices.info(t('spelling.learned', { word }), '', {
      name: t('app.takeBack'),
      run: () => void this.unlearn(word),
    })
  }

  async unlearn(word: string): Promise<void> {
    await this.change({ do: 'forgetWord', word }, word)
  }

  /** Asks for the writer's own words. */
  async list(): Promise<void> {
    await this.change({ do: 'ownWords' }, '')
  }

  /** Leaves a word alone on one page. */
  ignore(path: string, word: string): void {
    const key = this.key(path)
    const others = Object.entries(this.ignored).filter(([one]) => one !== key)
    const here: [string, string[]] = [key, [...(this.ignored[key] ?? []), word]]
    this.ignored = Object.fromEntries([...others, here].slice(-mostPages))
    keep('ignored', this.ignored)
    this.tell()
  }

  private async change(
    command: { do: 'learnWord' | 'forgetWord'; word: string } | { do: 'ownWords' },
    word: string,
  ): Promise<boolean> {
    try {
      this.own = (await this.wire.call(command)).words
    } catch (thrown) {
      this.notices.failed(thrown)
      return false
    }
    // It is asked about anew, however it is written.
    const same = word.toLowerCase()
    for (const known of this.verdicts.values()) {
      for (const one of known.keys()) if (one.toLowerCase() === same) known.delete(one)
    }
    this.tell()
    return true
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }

  private tellNone(language: string): void {
    if (this.told.has(language)) return
    this.told.add(language)
    const name = languageName(language)
    this.notices.info(t('spelling.none', { language: name }), t('spelling.none.help', { code: language.replace(/-.*/, '') }))
  }

  private key(path: string): string {
    return `${this.site.view?.folder ?? ''} ${path}`
  }
}
