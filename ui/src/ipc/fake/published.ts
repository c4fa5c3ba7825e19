// A made-up host, its plan and releases. Never part of what ships.
import type { ChangeView, Hunk, PlanView, ReleaseView } from '../types'

export const testSteps = [
  { what: 'Connect', ok: true, message: '' },
  { what: 'Sign in', ok: true, message: 'with the key' },
  { what: 'Write and read back', ok: true, message: '' },
  { what: 'Rename and delete', ok: true, message: '' },
]

export const examplePlan: PlanView = {
  id: 'plan-1',
  base: 'c',
  host: 'live',
  url: 'https://mill.example/',
  added: [
    { url: '/making/forming/', bytes: 8_412, reason: 'new page' },
    { url: '/making/forming/mould.webp', bytes: 214_000, reason: 'new file' },
  ],
  changed: [
    { url: '/', bytes: 5_120, reason: 'the list of notes changed' },
    { url: '/making/', bytes: 4_210, reason: 'a page was added to the section' },
    { url: '/making/pressing/', bytes: 3_904, reason: 'text changed' },
    { url: '/atom.xml', bytes: 18_300, reason: 'a page was added' },
  ],
  removed: [{ url: '/notes/old-felts/', bytes: 0, reason: 'the page was deleted' }],
  unchanged: 41,
  bytes: 253_946,
  warnings: ['One link leads nowhere: /making/loft/.'],
  largeDeletion: false,
  leaks: [],
  brokenLinks: 0,
  vanished: [{ address: '/notes/old-felts/', moved: null }],
}

export const noKeychain =
  'No keychain answers on this machine. Install and start one, such as GNOME Keyring or KWallet. Until then secrets are asked for, and forgotten when Galley closes.'

export function exampleChange(url: string): ChangeView {
  const added = examplePlan.added.some((item) => item.url === url)
  const removed = examplePlan.removed.some((item) => item.url === url)
  if (url.endsWith('.webp')) return { is: 'picture', before: null, after: 214_000, hunks: null }
  const head = '<!doctype html>\n<html lang="en">\n<title>Pressing</title>\n<main>\n'
  const [was, is] = ['<p>Felts are changed every week.</p>\n', '<p>Felts are changed every second week.</p>\n']
  const same = (text: string, from: number): Hunk => ({ same: true, from, to: from + text.length, old: '', new: text, pieces: [] })
  const hunk: Hunk = {
    same: false,
    from: head.length,
    to: head.length + is.length,
    old: added ? '' : was,
    new: removed ? '' : is,
    pieces: [
      { is: 'same', text: '<p>Felts are changed every ' },
      { is: 'added', text: 'second ' },
      { is: 'same', text: 'week.</p>\n' },
    ],
  }
  const hunks = [same(head, 0), hunk, same('</main>\n</html>\n', head.length + is.length)]
  return { is: 'page', before: added ? null : 3_870, after: removed ? null : 3_904, hunks }
}

export const exampleReleases: ReleaseView[] = [
  { id: 'c', time: '2026-11-20T16:04:00Z', files: 47, live: true, note: 'The mould and the vat' },
  { id: 'b', time: '2026-11-12T08:30:00Z', files: 45, live: false, note: '' },
  { id: 'a', time: '2026-10-30T19:12:00Z', files: 44, live: false, note: 'First' },
]
