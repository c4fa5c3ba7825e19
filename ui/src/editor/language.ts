// Which language a source is edited in, by the end of its name. Loads nothing from anywhere.
import { css, cssLanguage } from '@codemirror/lang-css'
import { html, htmlLanguage } from '@codemirror/lang-html'
import { javascript, javascriptLanguage, typescriptLanguage } from '@codemirror/lang-javascript'
import { markdown, markdownLanguage } from '@codemirror/lang-markdown'
import { type Language, StreamLanguage } from '@codemirror/language'
import { properties } from '@codemirror/legacy-modes/mode/properties'
import { shell } from '@codemirror/legacy-modes/mode/shell'
import { toml } from '@codemirror/legacy-modes/mode/toml'
import { yaml } from '@codemirror/legacy-modes/mode/yaml'
import type { Extension } from '@codemirror/state'
import { frontMatter } from './frontMatter'
import { proseKeys } from './proseKeys'
import { tables } from './tableKeys'
import { tableLook } from './tableLook'

const tomlLanguage = StreamLanguage.define(toml)
const yamlLanguage = StreamLanguage.define(yaml)
const shellLanguage = StreamLanguage.define(shell)

const fenced: Record<string, Language> = {
  html: htmlLanguage,
  xml: htmlLanguage,
  css: cssLanguage,
  scss: cssLanguage,
  js: javascriptLanguage,
  javascript: javascriptLanguage,
  json: javascriptLanguage,
  ts: typescriptLanguage,
  typescript: typescriptLanguage,
  toml: tomlLanguage,
  yaml: yamlLanguage,
  yml: yamlLanguage,
  ini: StreamLanguage.define(properties),
  sh: shellLanguage,
  bash: shellLanguage,
  shell: shellLanguage,
}

function codeLanguage(info: string): Language | null {
  return fenced[/^[\w+-]*/.exec(info)?.[0].toLowerCase() ?? ''] ?? null
}

/** Whether a source is prose. */
export function isProse(path: string): boolean {
  return /\.(md|markdown)$/i.test(path)
}

/** The language of the source at `path`. */
export function languageFor(path: string): Extension {
  if (isProse(path)) {
    return [
      markdown({
        base: markdownLanguage,
        codeLanguages: codeLanguage,
        extensions: frontMatter,
        completeHTMLTags: false,
        addKeymap: false,
        pasteURLAsLink: false,
      }),
      tables,
      tableLook,
      proseKeys,
    ]
  }
  switch (/\.(\w+)$/.exec(path)?.[1]?.toLowerCase()) {
    case 'html':
    case 'xml':
    case 'svg':
      return html()
    case 'css':
    case 'scss':
      return css()
    case 'js':
    case 'json':
      return javascript()
    case 'toml':
      return tomlLanguage
    case 'yaml':
    case 'yml':
      return yamlLanguage
    default:
      return []
  }
}
