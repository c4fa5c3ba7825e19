// The wire between the session and the window, made from src-tauri/ipc. Not edited by hand:
// GALLEY_REFRESH=1 cargo test -p galley-ipc

/**
 * What a build did.
 */
export type Built = { rev: number, sources: number, artifacts: number, rendered: number, written: number, removed: number, problems: number, 
/**
 * Milliseconds in all.
 */
ms: number, };

/**
 * How a file can be looked at.
 */
export type ChangeIs = "page" | "picture" | "text" | "bytes";

/**
 * What one address was and is.
 */
export type ChangeView = { is: ChangeIs, 
/**
 * Bytes; none where it was not there, or is not kept any more.
 */
before: number | null, after: number | null, 
/**
 * How the texts differ; none where one is no text, or too long to be shown so.
 */
hunks: Array<Hunk> | null, };

/**
 * Who changed a stretch of lines.
 */
export type Changed = "neither" | "mine" | "theirs" | "both";

/**
 * One request. Every request is answered by exactly one [`Reply`] or [`Failure`].
 */
export type Command = { "do": "start" } | { "do": "openSite", folder: string, } | { "do": "openGuide" } | { "do": "createSite", folder: string, title: string, theme: string | null, } | { "do": "closeSite" } | { "do": "site" } | { "do": "openPage", path: string, } | { "do": "closePage", path: string, } | { "do": "edit", path: string, version: number, changes: Array<TextChange>, } | { "do": "save", path: string, } | { "do": "saveAll" } | { "do": "newPage", folder: string, title: string, } | { "do": "renamePage", from: string, to: string, } | { "do": "move", moves: Array<PageMove>, aliases: boolean, } | { "do": "lookMove", moves: Array<PageMove>, aliases: boolean, } | { "do": "undoMove" } | { "do": "redoMove" } | { "do": "duplicatePage", path: string, } | { "do": "newSection", folder: string, title: string, } | { "do": "deletePage", path: string, } | { "do": "deletePages", paths: Array<string>, } | { "do": "resolve", path: string, keepMine: boolean, } | { "do": "lens", lens: Lens, } | { "do": "browse", url: string, } | { "do": "sides", path: string, } | { "do": "history", path: string, } | { "do": "compare", path: string, from: string, to: string | null, } | { "do": "deleted" } | { "do": "restore", path: string, state: string, } | { "do": "sourceOf", url: string, } | { "do": "vocabulary" } | { "do": "headings", path: string, } | { "do": "addImage", path: string, name: string, data: string, } | { "do": "find", query: string, how: FindHow, replace: string | null, } | { "do": "siteChoices" } | { "do": "codeSample", theme: string, } | { "do": "tryConfig", text: string | null, } | { "do": "makeConfig", text: string, } | { "do": "spell", path: string, words: Array<string>, } | { "do": "suggest", path: string, word: string, } | { "do": "ownWords" } | { "do": "learnWord", word: string, } | { "do": "forgetWord", word: string, } | { "do": "recover", accept: boolean, } | { "do": "hosts" } | { "do": "saveHost", host: HostView, secret: string | null, } | { "do": "removeHost", name: string, } | { "do": "testHost", name: string, } | { "do": "trustKey", name: string, fingerprint: string, } | { "do": "plan", host: string, repair: boolean, } | { "do": "addRedirect", from: string, to: string, } | { "do": "pending" } | { "do": "publish", plan: string, note: string, } | { "do": "cancelPublish" } | { "do": "releases", host: string, } | { "do": "change", host: string, from: string, to: string, url: string, } | { "do": "rollback", host: string, release: string, };

/**
 * A page that was deleted and can be brought back.
 */
export type DeletedPage = { path: string, title: string, 
/**
 * When it went, in seconds as in [`StateView::at`].
 */
at: number, states: number, };

/**
 * A publish that ended well.
 */
export type DeployView = { release: string, url: string, sent: number, removed: number, 
/**
 * URLs read back over HTTP and found equal; 0 where nothing serves the host.
 */
verified: number, 
/**
 * URLs of removed files that serve them no more.
 */
gone: number, 
/**
 * Files that had arrived damaged, and were sent once more.
 */
resent: number, 
/**
 * URLs that still show the earlier release: a cache in front of the host has not caught up.
 */
stale: number, ms: number, };

/**
 * The answer to an edit.
 */
export type Edited = { path: string, version: number, 
/**
 * What changed in the preview.
 */
preview: PreviewUpdate, 
/**
 * The problems of this source.
 */
problems: Array<Problem>, 
/**
 * Build time in milliseconds.
 */
ms: number, };

/**
 * Everything that can arrive unasked, in one closed list.
 */
export type Event = { "event": "tree", tree: Array<TreeEntry>, } | { "event": "problems", problems: Array<Problem>, } | { "event": "built", built: Built, } | { "event": "saved", path: string, version: number, } | { "event": "saveFailed", path: string, message: string, help: string, } | { "event": "changed", path: string, version: number, changes: Array<TextChange>, merged: boolean, } | { "event": "moved", pages: Array<PageMove>, } | { "event": "relinked", path: string, version: number, changes: Array<TextChange>, } | { "event": "conflict", page: PageView, } | { "event": "gone", path: string, } | { "event": "previewStale", url: string, } | { "event": "publish", progress: PublishProgress, } | { "event": "busy", what: string, done: number, of: number, };

/**
 * A command that could not be carried out. Nothing was lost.
 */
export type Failure = { 
/**
 * A stable name where the window acts on it: `host.unknownKey`, `host.changedKey`,
 * `host.secretNeeded`, `host.partly`, `publish.cancelled`, `page.exists`, `page.gone`,
 * `disk.full`, `disk.denied`, `site.none`, `edit.stale`, or `failed`.
 */
code: string, 
/**
 * One sentence that stands alone.
 */
message: string, 
/**
 * What to do next.
 */
help: string, 
/**
 * For `host.unknownKey` and `host.changedKey`: the key the server shows now (SHA256:…).
 */
fingerprint: string | null, };

/**
 * How texts are looked through.
 */
export type FindHow = { matchCase: boolean, wholeWord: boolean, 
/**
 * Whether the query is a regular expression; it is held to single lines unless it names `\n`.
 */
regexp: boolean, };

/**
 * What was found in one source.
 */
export type FoundPage = { path: string, title: string, matches: Array<Match>, };

/**
 * One heading of a page.
 */
export type HeadingView = { level: number, 
/**
 * What a link names after `#`.
 */
id: string, title: string, };

export type HostTarget = { "kind": "folder", path: string, } | { "kind": "zip", path: string, } | { "kind": "sftp", address: string, user: string, path: string, keyFile: string | null, mode: SftpMode, } | { "kind": "s3", endpoint: string, region: string, bucket: string, prefix: string, accessKeyId: string, } | { "kind": "netlify", site: string, } | { "kind": "cloudflare", account: string, project: string, } | { "kind": "git", remote: string, branch: string, user: string, keyFile: string | null, } | { "kind": "ftp", address: string, user: string, path: string, plain: boolean, } | { "kind": "webdav", address: string, user: string, } | { "kind": "neocities", site: string, };

/**
 * A host's settings, without its secret.
 */
export type HostView = { 
/**
 * The name in `[hosts.NAME]`.
 */
name: string, 
/**
 * Where it can be read back: `https://example.org/`. Empty where nothing serves it.
 */
url: string, target: HostTarget, 
/**
 * Whether a secret is kept for it; ignored when sent.
 */
hasSecret: boolean, };

/**
 * One stretch of lines that two texts share or differ in.
 */
export type Hunk = { same: boolean, 
/**
 * Where `new` is in the new text, UTF-16 units.
 */
from: number, to: number, 
/**
 * Empty where it is the same as `new`.
 */
old: string, new: string, 
/**
 * What differs, word by word; none where nothing does.
 */
pieces: Array<Piece>, };

/**
 * Something that should perhaps not be public.
 */
export type LeakView = { 
/**
 * The output path.
 */
path: string, 
/**
 * What it looks like: `text that looks like a token for GitHub`.
 */
what: string, help: string, };

/**
 * What a page is seen through; nothing is changed where all is as it is by default.
 */
export type Lens = { 
/**
 * The colour scheme that the page is told the person prefers; the system's where none.
 */
scheme: Scheme | null, 
/**
 * As it is printed.
 */
print: boolean, 
/**
 * As it is where no script runs.
 */
noscript: boolean, };

/**
 * One match.
 */
export type Match = { 
/**
 * UTF-16 offsets in the text.
 */
from: number, to: number, 
/**
 * From 1.
 */
line: number, 
/**
 * The rest of its line, shortened: what is before it, itself, and what comes after.
 */
before: string, text: string, after: string, 
/**
 * What it would give way to, where that was asked.
 */
insert: string | null, };

/**
 * What a move would come to.
 */
export type MoveLook = { 
/**
 * Links that follow, and the pages that they are in.
 */
links: number, pages: number, 
/**
 * Addresses that change: the old one and the new one, a few of them.
 */
addresses: Array<PageMove>, 
/**
 * How many change in all.
 */
changed: number, 
/**
 * Translations that move along.
 */
along: Array<PageMove>, };

/**
 * What a move did.
 */
export type Moved = { 
/**
 * The sources that moved, as they were asked for first.
 */
pages: Array<PageMove>, 
/**
 * Those of them that are open, at their new paths.
 */
open: Array<PageView>, 
/**
 * Links that followed, and the pages that they are in.
 */
links: number, changed: number, 
/**
 * Old addresses that stay alive.
 */
kept: number, 
/**
 * What could not be done; it was left as it was.
 */
notes: Array<Problem>, canUndo: boolean, canRedo: boolean, };

/**
 * One page, section or folder, and where it is to be.
 */
export type PageMove = { from: string, to: string, };

/**
 * A source opened in the editor.
 */
export type PageView = { path: string, title: string, 
/**
 * The text with `\n` line ends; the file's own line ends and byte order mark are kept on
 * save.
 */
text: string, 
/**
 * Counts the edits of this buffer; an edit names the version it was made against.
 */
version: number, dirty: boolean, 
/**
 * The preview address, if the source makes a page.
 */
url: string | null, 
/**
 * The text on disk, where it conflicts with `text`.
 */
conflict: string | null, };

/**
 * What there is to publish to a host, as far as it is known without asking it.
 */
export type PendingView = { host: string, 
/**
 * Pages that differ from what is live; none where that is not known.
 */
pages: number | null, 
/**
 * A publish that was cut short and can go on.
 */
unfinished: UnfinishedView | null, };

/**
 * Words that both texts have, or one of them.
 */
export type Piece = { is: PieceIs, text: string, };

export type PieceIs = "same" | "added" | "removed";

export type PlanItem = { 
/**
 * The address path, such as `/posts/one/`.
 */
url: string, bytes: number, reason: string, };

/**
 * What a publish would do. Nothing has left the machine yet.
 */
export type PlanView = { id: string, 
/**
 * The release it replaces; none where there was none.
 */
base: string | null, host: string, url: string, added: Array<PlanItem>, changed: Array<PlanItem>, removed: Array<PlanItem>, unchanged: number, 
/**
 * Bytes to send.
 */
bytes: number, 
/**
 * Said before the button: a large deletion, a host without an atomic switch, a release made
 * elsewhere, problems of the build.
 */
warnings: Array<string>, 
/**
 * Whether the confirmation must be explicit about deletions.
 */
largeDeletion: boolean, 
/**
 * What should perhaps not be public: the confirmation must be explicit.
 */
leaks: Array<LeakView>, 
/**
 * Links of the site that lead nowhere: the confirmation must be explicit.
 */
brokenLinks: number, 
/**
 * Addresses that were live and would be gone, without a redirect.
 */
vanished: Array<VanishedView>, };

/**
 * One top-level block of the content.
 */
export type PreviewBlock = { 
/**
 * Where it is in the source, UTF-16 units.
 */
from: number, to: number, html: string, };

/**
 * How the preview frame catches up.
 */
export type PreviewUpdate = { "how": "same", from: number, shift: number, } | { "how": "blocks", start: number, remove: number, insert: Array<PreviewBlock>, shift: number, } | { "how": "document", html: string, } | { "how": "broken" } | { "how": "nothing" };

/**
 * One problem, as the window shows it.
 */
export type Problem = { path: string | null, 
/**
 * Line and column from 1; 0 where there is no place.
 */
line: number, column: number, 
/**
 * UTF-16 offsets in the text, for a mark in the editor; equal where there is no place.
 */
from: number, to: number, severity: Severity, code: string, message: string, help: string, };

/**
 * How far a publish is.
 */
export type PublishProgress = { 
/**
 * `connect`, `assets`, `pages`, `switch`, `remove`, `verify`.
 */
phase: string, files: number, ofFiles: number, bytes: number, ofBytes: number, 
/**
 * Seconds until it goes on, where the host asked for a pause; else 0.
 */
waits: number, };

/**
 * A site opened before.
 */
export type RecentSite = { folder: string, title: string, };

/**
 * What was live once and can be again.
 */
export type ReleaseView = { id: string, 
/**
 * RFC 3339, UTC.
 */
time: string, files: number, live: boolean, 
/**
 * What the writer noted of it; empty where nothing.
 */
note: string, };

/**
 * What a [`Command`] gives.
 */
export type Reply = { "is": "done" } | { "is": "start", recent: Array<RecentSite>, site: SiteView | null, } | { "is": "site", site: SiteView, } | { "is": "page", page: PageView, } | { "is": "moved", moved: Moved, } | { "is": "moveLook", look: MoveLook, } | { "is": "edited", edited: Edited, } | { "is": "saved", built: Built, } | { "is": "source", path: string | null, } | { "is": "address", url: string, } | { "is": "vocabulary", vocabulary: Vocabulary, } | { "is": "headings", headings: Array<HeadingView>, } | { "is": "added", 
/**
 * The new file's path in the site.
 */
path: string, 
/**
 * What an image in the page's text names it by.
 */
target: string, } | { "is": "found", pages: Array<FoundPage>, 
/**
 * Whether there was more than is listed.
 */
more: boolean, } | { "is": "siteChoices", choices: SiteChoices, } | { "is": "codeSample", 
/**
 * A `<pre>` element with styles of its own.
 */
html: string, } | { "is": "spelt", 
/**
 * The language that was asked about, as in BCP 47: `en`, `pt-BR`.
 */
language: string, 
/**
 * The dictionary that was asked; `null` where there is none for the language.
 */
dictionary: string | null, 
/**
 * Those of the words that are misspelt.
 */
misspelt: Array<string>, } | { "is": "words", words: Array<string>, } | { "is": "sides", rows: Array<SidesRow>, } | { "is": "history", states: Array<StateView>, } | { "is": "compared", hunks: Array<Hunk>, } | { "is": "deleted", pages: Array<DeletedPage>, } | { "is": "hosts", hosts: Array<HostView>, 
/**
 * Why secrets are forgotten when Galley closes; none where a keychain keeps them.
 */
forgets: string | null, } | { "is": "tested", steps: Array<TestStep>, } | { "is": "plan", plan: PlanView, } | { "is": "deployed", deploy: DeployView, } | { "is": "releases", releases: Array<ReleaseView>, } | { "is": "change", change: ChangeView, } | { "is": "pending", hosts: Array<PendingView>, };

/**
 * A colour scheme.
 */
export type Scheme = "dark" | "light";

export type Severity = "error" | "warning";

/**
 * How an SFTP host switches to a new release.
 */
export type SftpMode = "symlink" | "inPlace";

/**
 * One stretch of lines of two texts that grew from one.
 */
export type SidesRow = { changed: Changed, 
/**
 * In the text of the window; where it is in it, UTF-16 units.
 */
mine: string, from: number, to: number, 
/**
 * In the file.
 */
theirs: string, 
/**
 * The way from `mine` to `theirs`, word by word; none where they are the same.
 */
pieces: Array<Piece>, };

/**
 * What a site has that its settings can choose from.
 */
export type SiteChoices = { 
/**
 * The themes in the site's `themes` folder.
 */
themes: Array<ThemeView>, 
/**
 * Whether the site has templates of its own, which go before those of any theme.
 */
ownTemplates: boolean, 
/**
 * The names of the colour themes for code.
 */
codeThemes: Array<string>, };

/**
 * The open site.
 */
export type SiteView = { 
/**
 * The folder, absolute.
 */
folder: string, title: string, 
/**
 * `zola` or `plain`.
 */
dialect: string, 
/**
 * The path of its configuration; none where it has none.
 */
config: string | null, 
/**
 * The address it is published under, if the configuration says one.
 */
baseUrl: string | null, 
/**
 * Where the output is written, absolute.
 */
output: string, 
/**
 * Pages and sections in sidebar order: a section is followed by what it holds.
 */
tree: Array<TreeEntry>, problems: Array<Problem>, 
/**
 * Sources the journal holds unsaved text for, from a session that ended unexpectedly.
 */
recovered: Array<string>, 
/**
 * The page to show first.
 */
home: string | null, };

/**
 * How a state came to be.
 */
export type StateBy = "found" | "saved" | "other" | "unsaved";

/**
 * One state of a page.
 */
export type StateView = { 
/**
 * Names its text.
 */
id: string, 
/**
 * Seconds since 1970-01-01T00:00:00Z.
 */
at: number, by: StateBy, 
/**
 * Words added and taken away since the state before.
 */
added: number, removed: number, };

/**
 * One taxonomy with the names of its terms.
 */
export type Terms = { name: string, terms: Array<string>, };

/**
 * One step of a host's test.
 */
export type TestStep = { what: string, ok: boolean, message: string, };

/**
 * One replacement, offsets in UTF-16 code units.
 */
export type TextChange = { from: number, to: number, insert: string, };

/**
 * One theme of a site.
 */
export type ThemeView = { 
/**
 * The folder below `themes`, which is what a configuration names it by.
 */
name: string, 
/**
 * What the theme calls itself.
 */
title: string, description: string, 
/**
 * The theme's `theme.toml`.
 */
text: string, };

/**
 * One line of the sidebar.
 */
export type TreeEntry = { 
/**
 * The source's path; for a folder without an `_index.md`, the folder's.
 */
path: string, title: string, kind: TreeKind, 
/**
 * 0 at the top.
 */
depth: number, draft: boolean, 
/**
 * The preview address, such as `/posts/one/`; none for what is not published.
 */
url: string | null, 
/**
 * The code of its language; empty in a site of one language.
 */
lang: string, 
/**
 * The path of the entry that this one is a translation of; that one comes before it.
 */
of: string | null, };

export type TreeKind = "section" | "folder" | "page" | "file";

/**
 * A publish that was cut short.
 */
export type UnfinishedView = { 
/**
 * RFC 3339, UTC.
 */
time: string, 
/**
 * Files that are known to be on the host.
 */
done: number, 
/**
 * Files to send in all.
 */
files: number, };

/**
 * An address that was live and would be gone.
 */
export type VanishedView = { 
/**
 * `/posts/one/`.
 */
address: string, 
/**
 * Where the page seems to be now.
 */
moved: string | null, };

/**
 * What the site has that a text can name.
 */
export type Vocabulary = { taxonomies: Array<Terms>, 
/**
 * The names of the components that the site's templates define.
 */
components: Array<string>, 
/**
 * Paths of the images of the site.
 */
images: Array<string>, };
