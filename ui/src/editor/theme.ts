// How the text looks: a theme made of the kit's roles only, so that light and dark need no code.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-editor)',
    fontSize: 'var(--editor-size)',
    lineHeight: '1.65',
    overflowX: 'hidden',
  },
  '.cm-content': {
    boxSizing: 'border-box',
    maxWidth: 'var(--measure)',
    margin: '0 auto',
    padding: 'var(--space-5) var(--space-5) 40vh',
    caretColor: 'var(--caret)',
  },
  '.cm-line': { padding: '0' },
  '.cm-cursor, .cm-dropCursor': { borderLeft: '2px solid var(--caret)', marginLeft: '-1px' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--selection)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--found)', borderRadius: '2px' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--found-now)' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--text)', zIndex: 'var(--layer-panel)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-2)',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow-2)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete': { zIndex: 'var(--layer-float)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    minWidth: '280px',
    maxWidth: '460px',
    maxHeight: '312px',
    padding: '6px',
    fontFamily: 'var(--font-ui)',
    fontSize: 'var(--type-body)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'baseline',
    justifyContent: 'space-between',
    gap: 'var(--space-4)',
    height: 'var(--row)',
    padding: '0 var(--space-2)',
    borderRadius: 'var(--radius-2)',
    lineHeight: 'var(--row)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--chosen)',
    color: 'var(--text)',
  },
  '.cm-completionLabel': { overflow: 'hidden', textOverflow: 'ellipsis', flex: '0 1 auto' },
  '.cm-completionDetail': {
    flex: '0 2 auto',
    minWidth: '0',
    marginLeft: '0',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    fontStyle: 'normal',
    fontSize: 'var(--type-small)',
    color: 'var(--text-faint)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-diagnostic': {
    padding: 'var(--space-2) var(--space-3)',
    maxWidth: '44ch',
    fontFamily: 'var(--font-ui)',
    fontSize: 'var(--type-small)',
    borderLeft: 'none',
  },
  '.cm-help': { color: 'var(--text-quiet)', marginTop: 'var(--space-1)' },
  '.cm-lintRange': { backgroundImage: 'none', textDecoration: 'underline wavy', textUnderlineOffset: '4px' },
  '.cm-lintRange-error': { textDecorationColor: 'var(--error)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warning)' },
  '.cm-lintRange-active': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--chosen)', borderRadius: '2px' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent' },
  '.cm-placeholder': { color: 'var(--text-faint)' },
})

const heading = { fontWeight: '700', color: 'var(--text)' }

const highlight = HighlightStyle.define([
  { tag: tags.heading1, ...heading, fontSize: '1.4em' },
  { tag: tags.heading2, ...heading, fontSize: '1.18em' },
  { tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], ...heading },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through', color: 'var(--text-quiet)' },
  { tag: tags.processingInstruction, color: 'var(--text-faint)', fontWeight: '400' },
  { tag: [tags.contentSeparator, tags.labelName, tags.atom], color: 'var(--text-faint)' },
  { tag: tags.meta, color: 'var(--text-quiet)', fontFamily: 'var(--font-mono)', fontSize: '0.86em' },
  { tag: tags.quote, color: 'var(--text-quiet)' },
  { tag: tags.link, color: 'var(--accent-text)' },
  { tag: tags.url, color: 'var(--text-faint)' },
  { tag: tags.monospace, fontFamily: 'var(--font-mono)', fontSize: '0.9em' },
  { tag: [tags.comment], color: 'var(--text-faint)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.tagName], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool], color: 'var(--code-number)' },
  { tag: [tags.attributeName, tags.propertyName, tags.definition(tags.name)], color: 'var(--code-name)' },
])

/** The look of every editor. */
export const appearance: Extension = [look, syntaxHighlighting(highlight)]
