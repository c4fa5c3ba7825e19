// The kinds of host as a writer knows them: names, fields, and services that fill fields in. Pure.
import type { HostTarget } from '../../ipc'
import type { IconName } from '../../kit/icons'
import type { Key } from '../../kit/text'

export type HostKind = HostTarget['kind']
/** The texts that a form may ask for. */
export type FieldName =
  | 'address'
  | 'user'
  | 'path'
  | 'keyFile'
  | 'endpoint'
  | 'region'
  | 'bucket'
  | 'prefix'
  | 'accessKeyId'
  | 'site'
  | 'account'
  | 'project'
  | 'remote'
  | 'branch'

export type HostField = { name: FieldName; label: Key; hint?: Key; optional?: boolean; wide?: boolean }

export type KindFacts = {
  kind: HostKind
  icon: IconName
  name: Key
  text: Key
  fields: HostField[]
  /** How the secret is called; none where there is none. */
  secret?: { label: Key; hint: Key; optional?: boolean }
}

const keychain: Key = 'host.secret.hint'

export const kinds: KindFacts[] = [
  {
    kind: 'sftp',
    icon: 'server',
    name: 'publish.sftp',
    text: 'publish.sftp.text',
    fields: [
      { name: 'address', label: 'host.address', hint: 'host.address.hint' },
      { name: 'user', label: 'host.user' },
      { name: 'path', label: 'host.path', hint: 'host.path.hint', wide: true },
    ],
    secret: { label: 'host.password', hint: keychain, optional: true },
  },
  {
    kind: 'netlify',
    icon: 'cloud',
    name: 'kind.netlify',
    text: 'kind.netlify.text',
    fields: [{ name: 'site', label: 'host.netlify.site', hint: 'host.netlify.site.hint', wide: true }],
    secret: { label: 'host.token', hint: 'host.netlify.token.hint' },
  },
  {
    kind: 'cloudflare',
    icon: 'cloud',
    name: 'kind.cloudflare',
    text: 'kind.cloudflare.text',
    fields: [
      { name: 'account', label: 'host.account', hint: 'host.account.hint' },
      { name: 'project', label: 'host.project', hint: 'host.project.hint' },
    ],
    secret: { label: 'host.token', hint: 'host.cloudflare.token.hint' },
  },
  {
    kind: 'git',
    icon: 'branch',
    name: 'kind.git',
    text: 'kind.git.text',
    fields: [
      { name: 'remote', label: 'host.remote', hint: 'host.remote.hint', wide: true },
      { name: 'branch', label: 'host.branch', hint: 'host.branch.hint' },
      { name: 'user', label: 'host.user', optional: true },
      { name: 'keyFile', label: 'host.key', hint: 'host.git.key.hint', optional: true, wide: true },
    ],
    secret: { label: 'host.token', hint: 'host.git.token.hint', optional: true },
  },
  {
    kind: 's3',
    icon: 'bucket',
    name: 'kind.s3',
    text: 'kind.s3.text',
    fields: [
      { name: 'endpoint', label: 'host.endpoint', hint: 'host.endpoint.hint', wide: true },
      { name: 'bucket', label: 'host.bucket' },
      { name: 'region', label: 'host.region', hint: 'host.region.hint', optional: true },
      { name: 'accessKeyId', label: 'host.accessKeyId' },
      { name: 'prefix', label: 'host.prefix', hint: 'host.prefix.hint', optional: true },
    ],
    secret: { label: 'host.secretKey', hint: keychain },
  },
  {
    kind: 'neocities',
    icon: 'home',
    name: 'kind.neocities',
    text: 'kind.neocities.text',
    fields: [{ name: 'site', label: 'host.neocities.site', hint: 'host.neocities.site.hint', wide: true }],
    secret: { label: 'host.apiKey', hint: 'host.neocities.key.hint' },
  },
  {
    kind: 'webdav',
    icon: 'server',
    name: 'kind.webdav',
    text: 'kind.webdav.text',
    fields: [
      { name: 'address', label: 'host.dav', hint: 'host.dav.hint', wide: true },
      { name: 'user', label: 'host.user', optional: true },
    ],
    secret: { label: 'host.password', hint: 'host.dav.password.hint', optional: true },
  },
  {
    kind: 'ftp',
    icon: 'server',
    name: 'kind.ftp',
    text: 'kind.ftp.text',
    fields: [
      { name: 'address', label: 'host.address', hint: 'host.ftp.address.hint' },
      { name: 'user', label: 'host.user' },
      { name: 'path', label: 'host.path', hint: 'host.ftp.path.hint', wide: true },
    ],
    secret: { label: 'host.password', hint: keychain },
  },
  {
    kind: 'folder',
    icon: 'folder',
    name: 'publish.folder',
    text: 'publish.folder.text',
    fields: [{ name: 'path', label: 'host.path', wide: true }],
  },
  {
    kind: 'zip',
    icon: 'box',
    name: 'kind.zip',
    text: 'kind.zip.text',
    fields: [{ name: 'path', label: 'host.zip.path', hint: 'host.zip.path.hint', wide: true }],
  },
]

export function factsOf(kind: HostKind): KindFacts {
  const found = kinds.find((facts) => facts.kind === kind)
  if (!found) throw new Error(`no kind of host is called ${kind}`)
  return found
}

/** Services whose buckets speak S3: what to fill in, with a word in capitals where the writer must. */
export type Preset = { name: string; endpoint: string; region: string }

export const presets: Preset[] = [
  { name: 'Amazon S3', endpoint: 'https://s3.REGION.amazonaws.com', region: 'REGION' },
  { name: 'Cloudflare R2', endpoint: 'https://ACCOUNT.r2.cloudflarestorage.com', region: 'auto' },
  { name: 'Backblaze B2', endpoint: 'https://s3.REGION.backblazeb2.com', region: 'REGION' },
  { name: 'DigitalOcean Spaces', endpoint: 'https://REGION.digitaloceanspaces.com', region: 'REGION' },
  { name: 'Wasabi', endpoint: 'https://s3.REGION.wasabisys.com', region: 'REGION' },
  { name: 'MinIO', endpoint: 'https://SERVER:9000', region: 'us-east-1' },
  { name: 'Garage', endpoint: 'https://SERVER:3900', region: 'garage' },
]
