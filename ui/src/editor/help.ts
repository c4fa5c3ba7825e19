// What the editor asks of the world around it, and what it is told. Plain data and a few functions.

/** A page that a text can link to. */
export type PageWord = { path: string; title: string }

/** A heading that a link can name. */
export type HeadingWord = { level: number; id: string; title: string }

/** What the site has that a text can name. */
export type SiteWords = {
  dialect: 'zola' | 'plain'
  /** Whether its pages link to each other as `[[page]]`. */
  vault: boolean
  /** The path of its address, without a slash at the end. */
  base: string
  pages: readonly PageWord[]
  taxonomies: readonly { name: string; terms: readonly string[] }[]
  components: readonly string[]
  images: readonly string[]
}

/** What knows which words are right. */
export type SpellingHelp = {
  /** Whether spelling is checked at all. */
  on(): boolean
  /** Whether a word is right on a page; undefined while that is not known. */
  verdict(path: string, word: string): boolean | undefined
  /** Asks about words. `changed` tells when there is an answer. */
  ask(path: string, words: readonly string[]): void
  /** Asks, and resolves when there is an answer. */
  load(path: string, words: readonly string[]): Promise<void>
  /** Tells when a verdict changed; gives how to stop. */
  changed(listener: () => void): () => void
  /** The language of a page may be another now. */
  forget(path: string): void
  /** Shows what can be done about a misspelt word, at a place on screen. */
  menu(path: string, word: string, x: number, y: number, replace: (text: string) => void): void
}

export type EditorHelp = {
  spelling: SpellingHelp
  words(): SiteWords
  headings(path: string): Promise<readonly HeadingWord[]>
  /** Asks about images that were pasted or dropped, and has them inserted. */
  images(files: File[]): void
  /** Whether the caret's line is kept in the middle. */
  typewriter(): boolean
  /** Makes the page that a link leads to. */
  create(path: string): void
}
