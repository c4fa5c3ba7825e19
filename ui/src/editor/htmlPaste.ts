// HTML from a clipboard made Markdown. The HTML is parsed into a document of its own, where nothing
// runs or loads; what comes out is text in which no markup of the page's can hide.
import Turndown from 'turndown'
import { type Align, writeTable } from './tables'

/** Elements that say more than plain text does. */
const meaning = 'a[href],strong,b,em,i,h1,h2,h3,h4,h5,h6,ul,ol,table,blockquote,pre,code,img,del,s,hr,span[style]'

/** Elements that no page gets from a clipboard. */
const banned =
  'script,style,meta,link,title,template,noscript,iframe,frame,object,embed,applet,form,input:not([type=checkbox]),button,select,textarea,svg,math,canvas,audio,video'

const safe = /^(https?:|mailto:|tel:)/i

/** The Markdown of a clipboard's HTML; null where its plain text says as much. */
export function markdownOf(html: string): string | null {
  const document = new DOMParser().parseFromString(html, 'text/html')
  clean(document)
  if (!document.body.querySelector(meaning)) return null
  const text = service.turndown(document.body).trim()
  return text === '' ? null : text
}

function clean(document: Document): void {
  document.querySelectorAll(banned).forEach((element) => element.remove())
  for (const element of document.querySelectorAll<HTMLElement>('[style]')) restyle(document, element)
  for (const link of document.querySelectorAll('a')) {
    if (!safe.test(link.getAttribute('href') ?? '')) link.replaceWith(...link.childNodes)
  }
  for (const image of document.querySelectorAll('img')) {
    if (!/^https?:/i.test(image.getAttribute('src') ?? '')) image.remove()
  }
}

/** Word processors say with styles what Markdown says with marks, and the other way round. */
function restyle(document: Document, element: HTMLElement): void {
  const { fontWeight, fontStyle } = element.style
  const name = element.localName
  if (/^(b|strong)$/.test(name) && /^(normal|400)$/.test(fontWeight)) element.replaceWith(...element.childNodes)
  else if (name === 'span') {
    if (/^(bold|[6-9]00)$/.test(fontWeight)) wrap(document, element, 'strong')
    if (fontStyle === 'italic') wrap(document, element, 'em')
  }
}

function wrap(document: Document, element: Element, name: string): void {
  if (element.closest('h1,h2,h3,h4,h5,h6,th') && name === 'strong') return
  const made = document.createElement(name)
  made.append(...element.childNodes)
  element.append(made)
}

const service = new Turndown({
  headingStyle: 'atx',
  hr: '---',
  bulletListMarker: '-',
  codeBlockStyle: 'fenced',
  emDelimiter: '*',
})

/** Angle brackets and entities in a text are text; they must not become markup. */
const escape = service.escape.bind(service)
service.escape = (text) => escape(text).replace(/</g, '\\<').replace(/&(?=#?\w+;)/g, '\\&')

service.addRule('strike', {
  filter: ['del', 's'],
  replacement: (content) => (content.trim() === '' ? content : `~~${content}~~`),
})

service.addRule('item', {
  filter: 'li',
  replacement(content, node) {
    const list = node.parentElement
    const mark = list?.localName === 'ol' ? `${numberOf(list, node)}. ` : '- '
    const lines = content.trim().replace(/^(\[[ x]\]) +/, '$1 ').split('\n')
    const text = lines.map((line, at) => (at === 0 || line === '' ? line : ' '.repeat(mark.length) + line)).join('\n')
    return `${mark}${text}${node.nextElementSibling ? '\n' : ''}`
  },
})

function numberOf(list: Element, item: Node): number {
  const start = Number(list.getAttribute('start') ?? '1')
  return (Number.isInteger(start) ? start : 1) + [...list.children].indexOf(item as Element)
}

service.addRule('task', {
  filter: (node) => node.localName === 'input' && node.closest('li') !== null,
  replacement: (_content, node) => ((node as Element).hasAttribute('checked') ? '[x] ' : '[ ] '),
})

service.addRule('table', {
  filter: 'table',
  replacement(_content, node) {
    const rows = [...node.querySelectorAll('tr')].filter((row) => row.closest('table') === node)
    const cells = rows.map((row) => [...row.querySelectorAll<HTMLElement>(':scope > th, :scope > td')])
    const texts = cells.map((row) => row.map(cellText)).filter((row) => row.length > 0)
    if (texts.length === 0) return ''
    const aligns = (cells[0] ?? []).map(alignOf)
    return `\n\n${writeTable({ prefix: '', aligns, rows: texts }).join('\n')}\n\n`
  },
})

function cellText(cell: Element): string {
  return service.turndown(cell as HTMLElement).replace(/\s*\n+\s*/g, ' ').replace(/(?<!\\)\|/g, '\\|').trim()
}

function alignOf(cell: HTMLElement): Align {
  const align = cell.style.textAlign || cell.getAttribute('align')
  return align === 'left' || align === 'center' || align === 'right' ? align : 'none'
}
