// The command table: the one place that says what the window can do, when, and by which key.
// Key map, palette, menus and the page of keys are all made from it.
import { expectPlain, type Format, formats, headingAt, neighbour, outlineOf } from '../editor'
import { type Key, t } from '../kit/text'
import type { Desk } from '../model/desk.svelte'
import { parentOf } from '../model/site.svelte'
import { focusPane } from './panes'

export type Group = 'site' | 'page' | 'format' | 'go' | 'view' | 'publish' | 'help'

export type Command = {
  id: string
  group: Group
  /** As in `Mod-Shift-p`; the first is the one shown. */
  keys: string[]
  /** Whether it can be run now. */
  when: (desk: Desk) => boolean
  /** `path` is the page meant, where it is not the one on screen. */
  run: (desk: Desk, path?: string) => unknown
  /** What its key does in the place of `run`, where the web view itself acts on the key. */
  pressed?: (desk: Desk) => void
}

const always = () => true
const free = (desk: Desk) => desk.overlay === null
const inSite = (desk: Desk) => free(desk) && desk.site.view !== null
const inPage = (desk: Desk) => free(desk) && desk.pages.current !== null

/** The page a command is about. */
function meant(desk: Desk, path?: string): string | undefined {
  return path ?? desk.pages.current?.path
}

function command(
  id: string,
  keys: string[],
  when: (desk: Desk) => boolean,
  run: (desk: Desk, path?: string) => unknown,
): Command {
  return { id, group: groupOf(id), keys, when, run }
}

function groupOf(id: string): Group {
  const prefix = id.slice(0, id.indexOf('.'))
  return prefix === 'edit' ? 'page' : (prefix as Group)
}

/** A command of the editor, on the page on screen. */
function inEditor(id: string, keys: string[], name: Format): Command {
  return command(id, keys, inPage, (desk) => {
    const view = desk.pages.current?.buffer.shown
    if (!view) return
    formats[name](view)
    if (name !== 'find' && name !== 'replace') view.focus()
  })
}

/** Takes the last step back or makes it again. A form over the text keeps the focus. */
function step(desk: Desk, by: 'undo' | 'redo'): void {
  const page = desk.siteSettings.shown ? desk.siteSettings.form?.page : desk.pages.current
  page?.buffer.undo(by)
  if (!document.activeElement?.closest('[data-form]')) page?.buffer.shown?.focus()
}

/** Shows or hides a pane; a focus that goes with it goes to the text. */
function pane(id: string, key: string, name: 'sidebar' | 'preview' | 'problems' | 'focus' | 'typewriter'): Command {
  return command(id, [key], inSite, (desk) => {
    desk.layout.toggle(name)
    setTimeout(() => {
      if (document.activeElement === document.body) desk.pages.focus()
    }, 0)
  })
}

/** Moves the section at the caret past its neighbour. */
function section(id: string, key: string, by: 1 | -1): Command {
  return command(id, [key], inPage, (desk) => {
    const page = desk.pages.current
    if (!page) return
    const headings = outlineOf(page.buffer.doc)
    const index = headingAt(headings, page.buffer.caret)
    const before = index < 0 ? null : neighbour(headings, index, by)
    if (before !== null) page.buffer.moveSection(index, before)
  })
}

export const commands: readonly Command[] = [
  command('site.create', [], free, (desk) => (desk.overlay = { is: 'createSite' })),
  command('site.open', ['Mod-o'], free, (desk) => desk.openFolder(null)),
  command('site.guide', [], free, (desk) => desk.openSite(() => desk.wire.call({ do: 'openGuide' }))),
  command('site.settings', [], inSite, (desk) => (desk.siteSettings.shown ? desk.siteSettings.close() : desk.siteSettings.open())),
  command('site.close', [], inSite, (desk) => desk.closeSite()),

  command('page.new', ['Mod-n'], inSite, (desk, path) => {
    desk.overlay = { is: 'newPage', folder: path ?? folderInUse(desk), title: '' }
  }),
  command('page.open', ['Mod-p'], inSite, (desk) => (desk.overlay = { is: 'quickOpen' })),
  command('page.save', ['Mod-s'], (desk) => desk.pages.current !== null, (desk) => desk.pages.current?.save()),
  command('page.newSection', [], inSite, (desk, path) => {
    desk.overlay = { is: 'newSection', folder: path ?? folderInUse(desk) }
  }),
  command('page.rename', ['F2'], inSite, (desk, path) => {
    const page = meant(desk, path)
    if (page !== undefined) desk.overlay = { is: 'rename', path: page }
  }),
  command('page.move', ['Shift-F2'], inSite, (desk, path) => {
    const paths = desk.structure.meant(meant(desk, path))
    if (paths.length > 0) desk.overlay = { is: 'move', paths }
  }),
  command('page.history', ['Mod-Shift-h'], inSite, (desk, path) => {
    const page = meant(desk, path)
    return page === undefined ? undefined : desk.showHistory(page)
  }),
  command('page.deleted', [], inSite, (desk) => (desk.overlay = { is: 'deleted' })),
  command('page.duplicate', [], inPage, (desk, path) => {
    const page = meant(desk, path)
    return page === undefined ? undefined : desk.structure.duplicate(page)
  }),
  command('page.undoMove', [], (desk) => inSite(desk) && desk.structure.canUndo, (desk) => desk.structure.undo()),
  command('page.redoMove', [], (desk) => inSite(desk) && desk.structure.canRedo, (desk) => desk.structure.redo()),
  command('page.delete', [], inSite, (desk, path) => {
    const paths = desk.structure.meant(meant(desk, path))
    if (paths.length > 0) desk.overlay = { is: 'delete', paths }
  }),
  command('page.properties', ['Mod-;'], inPage, (desk) =>
    desk.properties.toggle(document.activeElement?.closest('#properties') instanceof Element),
  ),
  command('edit.undo', ['Mod-z'], inPage, (desk) => step(desk, 'undo')),
  command('edit.redo', ['Mod-Shift-z', 'Mod-y'], inPage, (desk) => step(desk, 'redo')),
  {
    ...command('edit.pastePlain', ['Mod-Shift-v'], inPage, (desk) => desk.pastePlain()),
    pressed: (desk) => {
      const view = desk.pages.current?.buffer.shown
      if (view) expectPlain(view)
    },
  },
  inEditor('edit.nextOccurrence', ['Mod-d'], 'nextOccurrence'),
  section('edit.sectionUp', 'Mod-Shift-ArrowUp', -1),
  section('edit.sectionDown', 'Mod-Shift-ArrowDown', 1),
  inEditor('edit.fold', ['Mod-.'], 'fold'),
  inEditor('edit.foldAll', [], 'foldAll'),
  inEditor('edit.unfoldAll', [], 'unfoldAll'),
  command('edit.fix', ['Alt-Enter'], inPage, (desk) => desk.fixHere()),
  command('edit.nextProblem', ['F8'], inPage, (desk) => desk.seek(1)),
  command('edit.previousProblem', ['Shift-F8'], inPage, (desk) => desk.seek(-1)),
  inEditor('edit.complete', ['Mod- '], 'complete'),
  inEditor('edit.moveUp', ['Alt-ArrowUp'], 'moveUp'),
  inEditor('edit.moveDown', ['Alt-ArrowDown'], 'moveDown'),
  inEditor('edit.find', ['Mod-f'], 'find'),
  inEditor('edit.replace', ['Mod-h', 'Mod-Alt-f'], 'replace'),

  inEditor('format.bold', ['Mod-b'], 'bold'),
  inEditor('format.italic', ['Mod-i'], 'italic'),
  inEditor('format.link', ['Mod-k'], 'link'),
  inEditor('format.code', ['Mod-Shift-c'], 'code'),
  inEditor('format.heading1', ['Mod-1'], 'heading1'),
  inEditor('format.heading2', ['Mod-2'], 'heading2'),
  inEditor('format.heading3', ['Mod-3'], 'heading3'),
  inEditor('format.heading4', ['Mod-4'], 'heading4'),
  inEditor('format.heading5', ['Mod-5'], 'heading5'),
  inEditor('format.heading6', ['Mod-6'], 'heading6'),
  inEditor('format.paragraph', ['Mod-0'], 'paragraph'),
  inEditor('format.bullets', ['Mod-l'], 'bullets'),
  inEditor('format.numbers', ['Mod-Shift-l'], 'numbers'),
  inEditor('format.task', ['Mod-Enter'], 'task'),
  command('format.image', [], inPage, (desk) => {
    desk.pages.current?.buffer.placeImage()
    desk.overlay = { is: 'image', files: [] }
  }),
  inEditor('format.indent', [], 'indent'),
  inEditor('format.outdent', [], 'outdent'),
  inEditor('format.table', [], 'table'),

  command('go.back', ['Alt-ArrowLeft'], (desk) => inSite(desk) && desk.pages.canGoBack, (desk) => desk.pages.go(-1)),
  command('go.forward', ['Alt-ArrowRight'], (desk) => inSite(desk) && desk.pages.canGoForward, (desk) =>
    desk.pages.go(1),
  ),
  command('go.find', ['Mod-Shift-f'], inSite, (desk) =>
    desk.findInSite(document.activeElement?.closest('#find') instanceof Element),
  ),
  command('go.nextTab', ['Mod-Tab'], inSite, (desk) => desk.pages.turn(1)),
  command('go.previousTab', ['Mod-Shift-Tab'], inSite, (desk) => desk.pages.turn(-1)),
  command('go.closeTab', ['Mod-w'], inPage, (desk) => {
    const path = desk.pages.current?.path
    return path === undefined ? undefined : desk.pages.close(path)
  }),
  command('go.reopenTab', ['Mod-Shift-t'], (desk) => inSite(desk) && desk.pages.tabs.reopened() !== null, (desk) =>
    desk.pages.reopen(),
  ),
  command('go.language', [], (desk) => inPage(desk) && languages(desk) > 1, (desk) => desk.structure.nextLanguage()),
  command('go.nextPane', ['F6'], inSite, () => focusPane(1)),
  command('go.previousPane', ['Shift-F6'], inSite, () => focusPane(-1)),

  command('view.palette', ['Mod-Shift-p', 'F1'], free, (desk) => (desk.overlay = { is: 'palette' })),
  pane('view.sidebar', 'Mod-\\', 'sidebar'),
  pane('view.preview', 'Mod-e', 'preview'),
  pane('view.problems', 'Mod-Shift-m', 'problems'),
  command('view.outline', ['Mod-Shift-o'], inSite, (desk) => {
    desk.layout.toggle('outline')
    if (desk.layout.outline && !desk.layout.sidebar) desk.layout.toggle('sidebar')
  }),
  command('view.fileNames', [], inSite, (desk) => desk.layout.toggle('fileNames')),
  command('view.reveal', ['Mod-Shift-e'], inPage, (desk) => desk.structure.reveal()),
  pane('view.focus', 'Mod-Shift-j', 'focus'),
  pane('view.typewriter', 'Mod-Alt-t', 'typewriter'),
  command('view.spelling', [], always, (desk) => desk.spelling.turn(!desk.settings.spelling)),
  command('view.reload', ['Mod-r'], inSite, (desk) => desk.preview.reload()),
  command('view.zoomIn', ['Mod-=', 'Mod-+', 'Mod-Shift-+'], always, (desk) => desk.settings.setZoom(1)),
  command('view.zoomOut', ['Mod--'], always, (desk) => desk.settings.setZoom(-1)),
  command('view.zoomReset', [], always, (desk) => desk.settings.setZoom(0)),
  command('view.page', [], inSite, (desk) => {
    const { scheme } = desk.preview.lens
    const other = matchMedia('(prefers-color-scheme: dark)').matches ? 'light' : 'dark'
    return desk.preview.look({ ...desk.preview.lens, scheme: scheme === null ? other : null })
  }),
  command('view.print', [], inSite, (desk) => desk.preview.look({ ...desk.preview.lens, print: !desk.preview.lens.print })),
  command('view.noscript', [], inSite, (desk) =>
    desk.preview.look({ ...desk.preview.lens, noscript: !desk.preview.lens.noscript }),
  ),
  command('view.phone', [], inSite, (desk) => (desk.layout.lens = 'phone')),
  command('view.tablet', [], inSite, (desk) => (desk.layout.lens = 'tablet')),
  command('view.full', [], inSite, (desk) => (desk.layout.lens = 'full')),
  command('view.browser', [], (desk) => inSite(desk) && desk.preview.load !== null, (desk) => desk.browse()),
  command('view.edit', [], (desk) => inSite(desk) && desk.preview.visiting !== null, (desk) => {
    const path = desk.preview.visiting
    return path === null ? undefined : desk.pages.show(path).then(() => desk.pages.focus())
  }),
  command('view.light', [], always, (desk) => desk.settings.setTheme('light')),
  command('view.dark', [], always, (desk) => desk.settings.setTheme('dark')),
  command('view.system', [], always, (desk) => desk.settings.setTheme('system')),

  // In a text, GTK takes Ctrl+Shift+U for a character's number before the window sees it.
  command('publish.open', ['Mod-Shift-Enter', 'Mod-Shift-u'], inSite, (desk) => {
    desk.overlay = { is: 'publish' }
    return desk.publishing.open()
  }),
  command('publish.hosts', [], inSite, (desk) => {
    desk.overlay = { is: 'publish' }
    return desk.publishing.manage()
  }),

  command('help.settings', ['Mod-,'], free, (desk) => (desk.overlay = { is: 'settings' })),
  command('help.dictionary', [], free, (desk) => (desk.overlay = { is: 'ownWords' })),
  command('help.keys', ['Mod-/'], free, (desk) => (desk.overlay = { is: 'keys' })),
]

const byId = new Map(commands.map((one) => [one.id, one]))

/** The command named `id`; asking for one that is not in the table is a mistake in the code. */
export function commandOf(id: string): Command {
  const found = byId.get(id)
  if (!found) throw new Error(`no command is called ${id}`)
  return found
}

/** The command's name for a person. */
export function titleOf(one: Command): string {
  return t(`cmd.${one.id}` as Key)
}

/** Runs a command if it can be run now; says whether it could. */
export function run(desk: Desk, id: string, path?: string): boolean {
  const one = commandOf(id)
  if (!one.when(desk)) return false
  void one.run(desk, path)
  return true
}

/** In how many languages the page on screen is there. */
function languages(desk: Desk): number {
  const path = desk.pages.current?.path
  return path === undefined ? 0 : desk.site.languagesOf(path).length
}

function folderInUse(desk: Desk): string {
  const path = desk.pages.current?.path
  const entry = path === undefined ? undefined : desk.site.byPath.get(path)
  return entry && entry.kind !== 'file' ? parentOf(entry.path) : desk.site.root
}
