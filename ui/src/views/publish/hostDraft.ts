// A host as the form holds it: every field a text, whichever kind it is. Pure.
import type { HostTarget, HostView, SftpMode } from '../../ipc'
import { type FieldName, factsOf, type HostKind } from './hostKinds'

export type HostDraft = {
  kind: HostKind
  name: string
  url: string
  texts: Record<FieldName, string>
  auth: 'key' | 'password'
  secret: string
  mode: SftpMode
  /** Whether everything may go over the line unencrypted. */
  plain: boolean
}

const blank: Record<FieldName, string> = {
  address: '',
  user: '',
  path: '',
  keyFile: '',
  endpoint: '',
  region: '',
  bucket: '',
  prefix: '',
  accessKeyId: '',
  site: '',
  account: '',
  project: '',
  remote: '',
  branch: '',
}

export function draftOf(host: HostView | null, kind: HostKind): HostDraft {
  const texts = { ...blank, branch: kind === 'git' ? 'gh-pages' : '' }
  const draft: HostDraft = {
    kind,
    name: host?.name ?? 'live',
    url: host?.url ?? '',
    texts,
    auth: 'key',
    secret: '',
    mode: 'symlink',
    plain: false,
  }
  if (!host) return draft
  for (const [key, value] of Object.entries(host.target)) {
    if (key in texts && typeof value === 'string') texts[key as FieldName] = value
  }
  const { target } = host
  if (target.kind === 'sftp') {
    draft.mode = target.mode
    draft.auth = target.keyFile === null ? 'password' : 'key'
  }
  if (target.kind === 'ftp') draft.plain = target.plain
  return draft
}

/** Names of the fields that must still be filled in; a word in capitals is still to be replaced. */
export function missing(draft: HostDraft): FieldName[] {
  const needed = factsOf(draft.kind).fields.filter((field) => field.optional !== true)
  const names = needed.map((field) => field.name)
  if (draft.kind === 'sftp' && draft.auth === 'key') names.push('keyFile')
  return names.filter((name) => draft.texts[name].trim() === '' || /\b(REGION|ACCOUNT|SERVER)\b/.test(draft.texts[name]))
}

export function isComplete(draft: HostDraft): boolean {
  return draft.name.trim() !== '' && missing(draft).length === 0
}

/** The host of a complete draft. */
export function hostOf(draft: HostDraft): HostView {
  return { name: draft.name.trim(), url: draft.url.trim(), hasSecret: false, target: targetOf(draft) }
}

function targetOf(draft: HostDraft): HostTarget {
  const text = (name: FieldName) => draft.texts[name].trim()
  const kind = draft.kind
  switch (kind) {
    case 'folder':
    case 'zip':
      return { kind, path: text('path') }
    case 'sftp': {
      const keyFile = draft.auth === 'key' ? text('keyFile') : null
      return { kind, address: withPort(text('address')), user: text('user'), path: text('path'), keyFile, mode: draft.mode }
    }
    case 's3':
      return {
        kind,
        endpoint: text('endpoint'),
        region: text('region'),
        bucket: text('bucket'),
        prefix: text('prefix'),
        accessKeyId: text('accessKeyId'),
      }
    case 'netlify':
    case 'neocities':
      return { kind, site: text('site') }
    case 'cloudflare':
      return { kind, account: text('account'), project: text('project') }
    case 'git': {
      const keyFile = text('keyFile') === '' ? null : text('keyFile')
      return { kind, remote: text('remote'), branch: text('branch'), user: text('user'), keyFile }
    }
    case 'ftp':
      return { kind, address: text('address'), user: text('user'), path: text('path'), plain: draft.plain }
    case 'webdav':
      return { kind, address: text('address'), user: text('user') }
  }
}

/** An address without a port means port 22. */
function withPort(address: string): string {
  return /:\d+$/.test(address) ? address : `${address}:22`
}

/** Where a host is, in one line. */
export function placeOf(target: HostTarget): string {
  switch (target.kind) {
    case 'folder':
    case 'zip':
      return target.path
    case 'sftp':
    case 'ftp':
      return `${target.user}@${target.address}:${target.path}`
    case 's3':
      return `${target.endpoint}/${target.bucket}`
    case 'netlify':
    case 'neocities':
      return target.site
    case 'cloudflare':
      return target.project
    case 'git':
      return `${target.remote} (${target.branch})`
    case 'webdav':
      return target.address
  }
}
