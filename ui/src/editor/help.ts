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

export type EditorHelp = {
  words(): SiteWords
  headings(path: string): Promise<readonly HeadingWord[]>
  /** Asks about images that were pasted or dropped, and has them inserted. */
  images(files: File[]): void
  /** Whether the caret's line is kept in the middle. */
  typewriter(): boolean
  /** Makes the page that a link leads to. */
  create(path: string): void
}
