// The marks that the preview's pages carry, as comments. Knows how they are written and nothing else.

const part = /^galley\+(-?\d+)\+(\d+)$/

/** Where a part of a block is, counted from where its block begins, and how long it is; null where a node
    is no mark of one. */
export function partMark(node: Node): { from: number; length: number } | null {
  const found = node.nodeType === Node.COMMENT_NODE ? part.exec(node.nodeValue ?? '') : null
  return found && { from: Number(found[1]), length: Number(found[2]) }
}
