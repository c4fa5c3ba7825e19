// What a form sees of front matter or of a configuration: keys with typed values, and where in the
// text each stands. Plain data; offsets are those of the whole text, in UTF-16 units.

export type Span = { from: number; to: number }

/** How a piece of text is written, so that a change keeps it. */
export type Style = 'plain' | 'single' | 'double' | 'multiline'

/** What a value is. */
export type Value =
  | { is: 'text'; text: string; style: Style }
  | { is: 'number'; text: string }
  /** As it is written: `2026-03-14`, perhaps with a time. */
  | { is: 'date'; text: string }
  | { is: 'switch'; on: boolean }
  /** A key without a value. */
  | { is: 'empty' }
  /** A list of texts, numbers, dates and switches. */
  | { is: 'list'; items: Item[] }
  | { is: 'map'; fields: Field[] }
  /** A list of maps. */
  | { is: 'maps'; items: Field[][] }
  /** Anything else: it can be changed where it is written. */
  | { is: 'other' }

export type Scalar = Extract<Value, { is: 'text' | 'number' | 'date' | 'switch' | 'empty' }>

/** One element of a list. */
export type Item = Span & { value: Scalar }

/** One key. */
export type Field = {
  key: string
  /** The keys that lead to it, itself included. */
  path: string[]
  value: Value
  /** Where the value is written; empty where it has none. */
  at: Span
  /** The lines that it takes, for problems that lie on them. */
  lines: Span
}

/** What is wrong with a text that cannot be read. */
export type Fault = { message: string; at: number }

export type Kind = 'toml' | 'yaml'

/** A text read as keys and values. */
export type Read = { fields: Field[] } | { fault: Fault }

/** What a form can make a value. */
export type Wanted =
  | { is: 'text'; text: string; style?: Style | undefined }
  | { is: 'number'; text: string }
  | { is: 'date'; text: string }
  | { is: 'switch'; on: boolean }
  | { is: 'list'; items: string[] }
  /** As it is to be written, in the format of the text. */
  | { is: 'source'; text: string }

/** One replacement in a text. */
export type Change = Span & { insert: string }
