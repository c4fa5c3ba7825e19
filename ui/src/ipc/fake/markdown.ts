// Just enough Markdown to look at the window without the engine: paragraphs, headings, lists, quotes.
import type { PreviewBlock } from '../types'

/** The front matter's length and fields, and the blocks of the rest. */
export function blocksOf(text: string): PreviewBlock[] {
  const matter = /^(---|\+\+\+)\n[\s\S]*?\n\1\n/.exec(text)?.[0].length ?? 0
  const blocks: PreviewBlock[] = []
  const block = /```[\s\S]*?(?:\n```(?=\n|$)|$)|[^\n]+(?:\n(?!#|```)[^\n]+)*/g
  block.lastIndex = matter
  for (let found = block.exec(text); found !== null; found = block.exec(text)) {
    const from = found.index
    blocks.push({ from, to: from + found[0].length, html: render(found[0]) })
  }
  return blocks
}

export function titleOf(path: string, text: string): string {
  return /^title\s*[:=]\s*"?(.*?)"?$/m.exec(text)?.[1] ?? path
}

function render(source: string): string {
  const heading = /^(#{1,6}) (.*)/.exec(source)
  if (heading) {
    const level = heading[1]?.length ?? 1
    return `<h${level}>${inline(heading[2] ?? '')}</h${level}>`
  }
  if (source.startsWith('```')) {
    return `<pre><code>${escape(source.replace(/^```.*\n?|\n?```$/g, ''))}</code></pre>`
  }
  if (source.startsWith('>')) return `<blockquote><p>${inline(source.replace(/^> ?/gm, ''))}</p></blockquote>`
  if (source.startsWith('|')) return table(source)
  if (/^[-*] /.test(source)) return `<ul>${items(source, /^[-*] /)}</ul>`
  if (/^\d+\. /.test(source)) return `<ol>${items(source, /^\d+\. /)}</ol>`
  return `<p>${inline(source)}</p>`
}

function items(source: string, mark: RegExp): string {
  return source
    .split('\n')
    .map((line) => {
      const text = inline(line.replace(mark, ''))
      return `<li>${text.replace(/^\[([ x])\]/, (_, on) => `<input type="checkbox" disabled${on === 'x' ? ' checked' : ''}>`)}</li>`
    })
    .join('')
}

function table(source: string): string {
  const rows = source.split('\n').filter((line) => !/^[|\s:-]+$/.test(line))
  const cells = (line: string, tag: string) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`)
      .join('')
  const body = rows.slice(1).map((line) => `<tr>${cells(line, 'td')}</tr>`)
  return `<table><thead><tr>${cells(rows[0] ?? '', 'th')}</tr></thead><tbody>${body.join('')}</tbody></table>`
}

function inline(text: string): string {
  return escape(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>')
    .replace(/\[([^\]]*)\]\(([^)\s]*)\)/g, '<a href="$2">$1</a>')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
