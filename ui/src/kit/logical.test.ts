// Every style follows the direction of writing: sides are named by start and end, never left and right.
import { describe, expect, it } from 'vitest'

const styles = import.meta.glob<string>(['../**/*.svelte', '../**/*.css', '../editor/theme.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** Sides that are right in both directions, with why. */
const exceptions: Record<string, RegExp> = {
  // The caret is drawn at a place that the editor measured.
  'editor/theme.ts': /cm-cursor/,
  // A menu opens where the pointer is.
  'kit/Menu.svelte': /menu\.style\.left/,
}

const sides = [
  /(?<![\w-])(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b/,
  /\b(?:margin|padding|border|inset)(?:Left|Right)\b/,
  /(?<![\w-])(?:left|right)\s*:/,
  /\bstyle\.(?:left|right)\b/,
  /(?:text-align|float|clear)\s*:\s*(?:left|right)\b/,
  /\b(?:textAlign|float)\s*:\s*['"](?:left|right)/,
  /border-(?:top|bottom)-(?:left|right)-radius/,
]

/** The lines of a file that name a side, as `file:line text`. */
function sided(path: string, text: string): string[] {
  const name = path.replace(/^\.\.\//, '').replace(/^\.\//, 'kit/')
  return text.split('\n').flatMap((line, at) => {
    const is = sides.some((side) => side.test(line)) && !exceptions[name]?.test(line)
    return is ? [`${name}:${at + 1} ${line.trim()}`] : []
  })
}

describe('styles', () => {
  it('name no side', () => {
    expect(Object.keys(styles).length).toBeGreaterThan(40)
    expect(Object.entries(styles).flatMap(([path, text]) => sided(path, text))).toEqual([])
  })

  it.each(['margin-left: 1px', '  left: 0', "  textAlign: 'right',", '  paddingRight: 0', 'float: left', 'text-align:right'])(
    'would be told of %s',
    (line) => expect(sided('../x.css', line)).toHaveLength(1),
  )

  it.each(['margin-inline: 1px', '--sign-left: url()', 'inset-inline-start: 0', 'text-align: start', 'class="left"'])(
    'may say %s',
    (line) => expect(sided('../x.css', line)).toEqual([]),
  )
})
