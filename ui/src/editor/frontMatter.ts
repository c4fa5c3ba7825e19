// Teaches the Markdown parser that a source may open with front matter (`---` or `+++`).
// Marks it as such and reads nothing in it.
import { foldNodeProp } from '@codemirror/language'
import { tags } from '@lezer/highlight'
import type { MarkdownConfig } from '@lezer/markdown'

export const frontMatter: MarkdownConfig = {
  defineNodes: [
    { name: 'FrontMatter', block: true, style: tags.meta },
    { name: 'FrontMatterMark', style: tags.processingInstruction },
  ],
  props: [
    foldNodeProp.add({ FrontMatter: (node, state) => ({ from: state.doc.lineAt(node.from).to, to: node.to }) }),
  ],
  parseBlock: [
    {
      name: 'FrontMatter',
      before: 'HorizontalRule',
      parse(context, line) {
        const fence = line.text.trimEnd()
        if (context.lineStart !== 0 || (fence !== '---' && fence !== '+++')) return false
        const marks = [context.elt('FrontMatterMark', 0, fence.length)]
        for (let lines = 0; lines < 400 && context.nextLine(); lines += 1) {
          if (line.text.trimEnd() !== fence) continue
          const end = context.lineStart + fence.length
          marks.push(context.elt('FrontMatterMark', context.lineStart, end))
          context.nextLine()
          context.addElement(context.elt('FrontMatter', 0, end, marks))
          return true
        }
        return false
      },
    },
  ],
}
