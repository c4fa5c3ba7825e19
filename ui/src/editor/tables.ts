// Tables as data: read from the lines of a text, and written again with their columns aligned. Pure.
import { widthOf } from './width'

export type Align = 'none' | 'left' | 'center' | 'right'

/** One cell: its text, and where that is in its line. */
export type Cell = { text: string; from: number; to: number }

export type Table = {
  /** What stands before each row, such as the marks of a quote. */
  prefix: string
  aligns: Align[]
  /** The head, then the rows; the line of dashes is none of them. */
  rows: string[][]
}

/** Columns wider than this are not filled up: a long text in one cell would stretch all others. */
const widest = 60

const lead = /^(?:[ \t]*>)*[ \t]*/
const dashes = /^:?-+:?$/

/** The cells of a row; a bar after a backslash is part of the text (GFM, 4.10). */
export function cellsOf(line: string): Cell[] {
  const start = lead.exec(line)?.[0].length ?? 0
  const bars: number[] = []
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1
    else if (line[at] === '|') bars.push(at)
  }
  const end = line.trimEnd().length
  const opens = bars[0] === start
  const closes = bars.length > (opens ? 1 : 0) && bars.at(-1) === end - 1
  const edges = [opens ? start : start - 1, ...bars.slice(opens ? 1 : 0, closes ? -1 : undefined)]
  const last = closes ? end - 1 : Math.max(end, (edges.at(-1) ?? 0) + 1)
  return edges.map((edge, index) => trimmed(line, edge + 1, edges[index + 1] ?? last))
}

function trimmed(line: string, from: number, to: number): Cell {
  const raw = line.slice(from, to)
  const text = raw.trim()
  if (text === '') {
    const at = from + Math.min(1, raw.length)
    return { text, from: at, to: at }
  }
  const start = from + raw.indexOf(text)
  return { text, from: start, to: start + text.length }
}

/** Whether a line is the line of dashes under a table's head. */
export function isRule(line: string): boolean {
  const cells = cellsOf(line)
  return line.includes('-') && cells.every((cell) => dashes.test(cell.text))
}

/** The lines of a table, read; the second must be its line of dashes. */
export function readTable(lines: string[]): Table {
  const [head = '', rule = '', ...rest] = lines
  const aligns = cellsOf(rule).map((cell) => alignOf(cell.text))
  return {
    prefix: lead.exec(head)?.[0] ?? '',
    aligns,
    rows: [head, ...rest].map((line) => cellsOf(line).map((cell) => cell.text)),
  }
}

function alignOf(text: string): Align {
  const left = text.startsWith(':')
  const right = text.endsWith(':')
  return left && right ? 'center' : left ? 'left' : right ? 'right' : 'none'
}

/** The lines of a table with its columns aligned. */
export function writeTable(table: Table): string[] {
  const columns = Math.max(table.aligns.length, ...table.rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(3, ...table.rows.map((row) => Math.min(widest, widthOf(row[at] ?? '')))),
  )
  const line = (cells: string[]) => `${table.prefix}| ${cells.join(' | ')} |`
  const rows = table.rows.map((row) =>
    line(widths.map((width, at) => fill(row[at] ?? '', width, table.aligns[at] ?? 'none'))),
  )
  const rule = line(widths.map((width, at) => ruleOf(width, table.aligns[at] ?? 'none')))
  return [rows[0] ?? line([]), rule, ...rows.slice(1)]
}

function fill(text: string, width: number, align: Align): string {
  const free = Math.max(0, width - widthOf(text))
  const before = align === 'right' ? free : align === 'center' ? Math.floor(free / 2) : 0
  return ' '.repeat(before) + text + ' '.repeat(free - before)
}

function ruleOf(width: number, align: Align): string {
  const left = align === 'left' || align === 'center' ? ':' : ''
  const right = align === 'right' || align === 'center' ? ':' : ''
  return left + '-'.repeat(width - left.length - right.length) + right
}

/** What a spreadsheet copies, as a table; null where it is a text like any other. */
export function tableOf(pasted: string): string | null {
  const lines = pasted.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n')
  const rows = lines.map((line) => line.split('\t'))
  const columns = rows[0]?.length ?? 0
  if (columns < 2 || rows.length < 2 || rows.some((row) => row.length !== columns)) return null
  const escaped = rows.map((row) => row.map((cell) => cell.trim().replace(/\|/g, '\\|')))
  return writeTable({ prefix: '', aligns: aligned(escaped), rows: escaped }).join('\n')
}

/** Columns of numbers stand to the right. */
function aligned(rows: string[][]): Align[] {
  const number = /^[-+]?[\d.,\s]*\d\s?[%€$£]?$/
  return (rows[0] ?? []).map((_, at) => (rows.slice(1).every((row) => number.test(row[at] ?? '')) ? 'right' : 'none'))
}
