// The editor's words, from the catalogue: the editor itself knows no language.
import type { EditorTexts, FixTexts } from '../editor'
import { t } from '../kit/text'

export function editorTexts(): EditorTexts {
  return {
    label: t('editor.label'),
    folded: t('editor.folded'),
    tab: t('keys.editor'),
    misspelt: (word) => t('spelling.wrong', { word }),
    fixes: fixTexts(),
    search: {
      find: t('find.find'),
      replace: t('find.replace'),
      replaceWith: t('find.replaceWith'),
      replaceAll: t('find.replaceAll'),
      next: t('find.next'),
      previous: t('find.previous'),
      close: t('find.close'),
      matchCase: t('find.case'),
      wholeWord: t('find.word'),
      regexp: t('find.regexp'),
      none: t('find.none'),
      count(now, of, more) {
        const all = more ? t('find.more', { of }) : t('find.total', { of })
        return now === 0 ? all : t('find.count', { now, of: all })
      },
    },
  }
}

/** The names of what can be done about problems. */
export function fixTexts(): FixTexts {
  return {
    near: (name) => t('fix.near', { name }),
    create: (name) => t('fix.create', { name }),
    choose: t('fix.choose'),
    describe: t('fix.describe'),
    decorate: t('fix.decorate'),
  }
}
