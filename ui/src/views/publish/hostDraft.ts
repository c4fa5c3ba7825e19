// A host as the form holds it: every field a text, whichever kind it is. Pure.
import type { HostView, SftpMode } from '../../ipc'

export type HostDraft = {
  kind: 'folder' | 'sftp'
  name: string
  url: string
  path: string
  address: string
  user: string
  auth: 'key' | 'password'
  keyFile: string
  secret: string
  mode: SftpMode
}

export function draftOf(host: HostView | null, kind: 'folder' | 'sftp'): HostDraft {
  const draft: HostDraft = {
    kind,
    name: host?.name ?? 'live',
    url: host?.url ?? '',
    path: host?.target.path ?? '',
    address: '',
    user: '',
    auth: 'key',
    keyFile: '',
    secret: '',
    mode: 'symlink',
  }
  if (host?.target.kind !== 'sftp') return draft
  const { address, user, keyFile, mode } = host.target
  return { ...draft, address, user, mode, keyFile: keyFile ?? '', auth: keyFile === null ? 'password' : 'key' }
}

export function isComplete(draft: HostDraft): boolean {
  const needed = [draft.name, draft.path]
  if (draft.kind === 'sftp') needed.push(draft.address, draft.user)
  if (draft.kind === 'sftp' && draft.auth === 'key') needed.push(draft.keyFile)
  return needed.every((text) => text.trim() !== '')
}

/** The host of a complete draft; an address without a port means port 22. */
export function hostOf(draft: HostDraft): HostView {
  const common = { name: draft.name.trim(), url: draft.url.trim(), hasSecret: false }
  const path = draft.path.trim()
  if (draft.kind === 'folder') return { ...common, target: { kind: 'folder', path } }
  const address = draft.address.trim()
  return {
    ...common,
    target: {
      kind: 'sftp',
      address: /:\d+$/.test(address) ? address : `${address}:22`,
      user: draft.user.trim(),
      path,
      keyFile: draft.auth === 'key' ? draft.keyFile.trim() : null,
      mode: draft.mode,
    },
  }
}
