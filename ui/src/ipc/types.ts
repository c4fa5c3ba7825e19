// The wire between the session and the window.

export type Command =
  | { do: 'start' }
  | { do: 'openSite'; folder: string }
  | { do: 'openGuide' }
  | { do: 'createSite'; folder: string; title: string }
  | { do: 'closeSite' }
  | { do: 'site' }
  | { do: 'openPage'; path: string }
  | { do: 'closePage'; path: string }
  | { do: 'edit'; path: string; version: number; changes: Array<TextChange> }
  | { do: 'save'; path: string }
  | { do: 'saveAll' }
  | { do: 'newPage'; folder: string; title: string }
  | { do: 'renamePage'; from: string; to: string }
  | { do: 'deletePage'; path: string }
  | { do: 'resolve'; path: string; keepMine: boolean }
  | { do: 'sourceOf'; url: string }
  | { do: 'recover'; accept: boolean }
  | { do: 'hosts' }
  | { do: 'saveHost'; host: HostView; secret: string | null }
  | { do: 'removeHost'; name: string }
  | { do: 'testHost'; name: string }
  | { do: 'trustKey'; name: string; fingerprint: string }
  | { do: 'plan'; host: string }
  | { do: 'publish'; plan: string }
  | { do: 'cancelPublish' }
  | { do: 'releases'; host: string }
  | { do: 'rollback'; host: string; release: string }

export type Reply =
  | { is: 'done' }
  | { is: 'start'; recent: Array<RecentSite>; site: SiteView | null }
  | { is: 'site'; site: SiteView }
  | { is: 'page'; page: PageView }
  | { is: 'edited'; edited: Edited }
  | { is: 'saved'; built: Built }
  | { is: 'source'; path: string | null }
  | { is: 'hosts'; hosts: Array<HostView> }
  | { is: 'tested'; steps: Array<TestStep> }
  | { is: 'plan'; plan: PlanView }
  | { is: 'deployed'; deploy: DeployView }
  | { is: 'releases'; releases: Array<ReleaseView> }

export type Failure = { code: string; message: string; help: string; fingerprint: string | null }

export type RecentSite = { folder: string; title: string }

export type SiteView = {
  folder: string
  title: string
  dialect: string
  baseUrl: string | null
  output: string
  tree: Array<TreeEntry>
  problems: Array<Problem>
  recovered: Array<string>
  home: string | null
}

export type TreeEntry = {
  path: string
  title: string
  kind: TreeKind
  depth: number
  draft: boolean
  url: string | null
}

export type TreeKind = 'section' | 'folder' | 'page' | 'file'

export type PageView = {
  path: string
  title: string
  text: string
  version: number
  dirty: boolean
  url: string | null
  conflict: string | null
}

export type TextChange = { from: number; to: number; insert: string }

export type Edited = {
  path: string
  version: number
  preview: PreviewUpdate
  problems: Array<Problem>
  ms: number
}

export type PreviewUpdate =
  | { how: 'same'; from: number; shift: number }
  | { how: 'blocks'; start: number; remove: number; insert: Array<PreviewBlock>; shift: number }
  | { how: 'document'; html: string }
  | { how: 'broken' }
  | { how: 'nothing' }

export type PreviewBlock = { from: number; to: number; html: string }

export type Event =
  | { event: 'tree'; tree: Array<TreeEntry> }
  | { event: 'problems'; problems: Array<Problem> }
  | { event: 'built'; built: Built }
  | { event: 'saved'; path: string; version: number }
  | { event: 'saveFailed'; path: string; message: string; help: string }
  | { event: 'changed'; path: string; version: number; changes: Array<TextChange>; merged: boolean }
  | { event: 'conflict'; page: PageView }
  | { event: 'gone'; path: string }
  | { event: 'previewStale'; url: string }
  | { event: 'publish'; progress: PublishProgress }
  | { event: 'busy'; what: string; done: number; of: number }

export type Built = {
  rev: number
  sources: number
  artifacts: number
  rendered: number
  written: number
  removed: number
  problems: number
  ms: number
}

export type Problem = {
  path: string | null
  line: number
  column: number
  from: number
  to: number
  severity: Severity
  code: string
  message: string
  help: string
}

export type Severity = 'error' | 'warning'

export type HostView = { name: string; url: string; target: HostTarget; hasSecret: boolean }

export type HostTarget =
  | { kind: 'folder'; path: string }
  | { kind: 'sftp'; address: string; user: string; path: string; keyFile: string | null; mode: SftpMode }

export type SftpMode = 'symlink' | 'inPlace'

export type PlanView = {
  id: string
  host: string
  url: string
  added: Array<PlanItem>
  changed: Array<PlanItem>
  removed: Array<PlanItem>
  unchanged: number
  bytes: number
  warnings: Array<string>
  largeDeletion: boolean
}

export type PlanItem = { url: string; bytes: number; reason: string }

export type PublishProgress = {
  phase: string
  files: number
  ofFiles: number
  bytes: number
  ofBytes: number
}

export type DeployView = {
  release: string
  url: string
  sent: number
  removed: number
  verified: number
  ms: number
}

export type ReleaseView = { id: string; time: string; files: number; live: boolean }

export type TestStep = { what: string; ok: boolean; message: string }
