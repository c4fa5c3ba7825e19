// The pieces that a text is made of, and what is known of each. A text shares all but a few pieces with
// what it was before a change, so that what is known of it costs what has changed. Changes nothing.
import type { Text } from '@codemirror/state'

/** The pieces of a text, in order: each is some whole lines. */
export function* leavesOf(doc: Text): Generator<Text> {
  if (doc.children === null) yield doc
  else for (const child of doc.children) yield* leavesOf(child)
}

/** Finds out something of a piece once. */
export class OfLeaf<T> {
  private readonly known = new WeakMap<Text, T>()

  constructor(private readonly find: (leaf: Text) => T) {}

  get(leaf: Text): T {
    const known = this.known.get(leaf)
    if (known !== undefined) return known
    const found = this.find(leaf)
    this.known.set(leaf, found)
    return found
  }
}
