//! What the window asks of the session, and what it answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Built, ChangeView, DeletedPage, DeployView, FindHow, FoundPage, HeadingView, HostView, Hunk, MoveLook, Moved,
    PageMove, PendingView, PlanView, Problem, ReleaseView, SidesRow, SiteChoices, StateView, TestStep, Vocabulary,
};

/// One request. Every request is answered by exactly one [`Reply`] or [`Failure`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Command {
    /// What the window shows first: recent sites, and the open one if there is one.
    Start,
    /// Opens the folder at an absolute path. Writes nothing to it. -> `Site`
    OpenSite { folder: String },
    /// Opens the writer's copy of the guide, made on first use. -> `Site`
    OpenGuide,
    /// Makes a new site in an empty or new folder and opens it, with a theme that Galley brings: the
    /// built-in one where none is named. -> `Site`
    CreateSite { folder: String, title: String, theme: Option<String> },
    /// Closes the open site after saving what is dirty. -> `Done`
    CloseSite,
    /// The open site: tree and problems. -> `Site`
    Site,
    /// Opens a source for editing. -> `Page`
    OpenPage { path: String },
    /// Forgets a clean buffer (a dirty one is saved first). -> `Done`
    ClosePage { path: String },
    /// Changes made in the editor, against `version`, in order of position, offsets into the
    /// text before the edit. -> `Edited`
    Edit { path: String, version: u32, changes: Vec<TextChange> },
    /// Writes one buffer and builds the output. -> `Saved`
    Save { path: String },
    /// Writes every dirty buffer and builds the output. -> `Saved`
    SaveAll,
    /// Makes a page titled `title` in `folder` (a site path) and opens it. -> `Page`
    NewPage { folder: String, title: String },
    /// Moves a page (a page with files of its own moves with them); links to it follow, and the
    /// old address of a published page stays alive. -> `Page`
    RenamePage { from: String, to: String },
    /// Moves pages, sections and folders in one step; every link to them follows. With `aliases`,
    /// their old addresses stay alive. -> `Moved`
    Move { moves: Vec<PageMove>, aliases: bool },
    /// What such a move would come to; nothing is changed. -> `MoveLook`
    LookMove { moves: Vec<PageMove>, aliases: bool },
    /// Takes the last move back: files, links and aliases. -> `Moved`
    UndoMove,
    /// Does again what was taken back. -> `Moved`
    RedoMove,
    /// Makes a copy of a page beside it, with the files of its own folder, and opens it. -> `Page`
    DuplicatePage { path: String },
    /// Makes a folder with a page of its own in `folder`. -> `Page`
    NewSection { folder: String, title: String },
    /// Moves a page to the system's trash. -> `Done`
    DeletePage { path: String },
    /// Moves pages, sections and folders to the system's trash. -> `Done`
    DeletePages { paths: Vec<String> },
    /// Settles a conflict: keep the text in the window (`true`) or the one on disk. -> `Page`
    Resolve { path: String, keep_mine: bool },
    /// Shows the preview as others will see it, until another lens is chosen. -> `Done`
    Lens { lens: Lens },
    /// An address by which the person's own browser shows the page at a preview address; it is
    /// good on this computer while the site is open. -> `Address`
    Browse { url: String },
    /// The two texts of a conflict beside each other. -> `Sides`
    Sides { path: String },
    /// What is kept of a page's past, the newest first. -> `History`
    History { path: String },
    /// How the state `from` of a page differs from the state `to`, or from the text as it is now.
    /// -> `Compared`
    Compare { path: String, from: String, to: Option<String> },
    /// Pages that were deleted and can be brought back. -> `Deleted`
    Deleted,
    /// Writes a state of a deleted page to its file, or to one beside it where there is another
    /// now, and opens it. -> `Page`
    Restore { path: String, state: String },
    /// The source behind a preview address (`/posts/one/`), for a followed link. -> `Source`
    SourceOf { url: String },
    /// What the site has that a text can name: terms, components, files. -> `Vocabulary`
    Vocabulary,
    /// The headings of a source's page. -> `Headings`
    Headings { path: String },
    /// Puts an image beside the page at `path`, or as near as it is published from, under `name` or
    /// the next name that is free; `data` is Base64. -> `Added`
    AddImage { path: String, name: String, data: String },
    /// Looks through the texts of the site, unsaved ones as they are typed. `replace` is what a
    /// match would give way to; with `regexp` it may name groups, such as `$1`. -> `Found`
    Find { query: String, how: FindHow, replace: Option<String> },
    /// What the site's settings can choose from. -> `SiteChoices`
    SiteChoices,
    /// A few lines of code in the colours of a theme. -> `CodeSample`
    CodeSample { theme: String },
    /// Shows the site in the preview as it were with this configuration, until `None` says that it
    /// is to be shown as it is. Nothing is written. -> `Done`
    TryConfig { text: Option<String> },
    /// Makes `galley.toml` in a folder that has no configuration. -> `Site`
    MakeConfig { text: String },
    /// Which of the words are misspelt in the language of the page at `path`. -> `Spelt`
    Spell { path: String, words: Vec<String> },
    /// What may have been meant by a misspelt word. -> `Words`
    Suggest { path: String, word: String },
    /// The writer's own words, which are right in every language and on every site. -> `Words`
    OwnWords,
    /// Adds a word to them. -> `Words`
    LearnWord { word: String },
    /// Takes a word from them. -> `Words`
    ForgetWord { word: String },
    /// Puts what the journal kept back into buffers, or forgets it. -> `Site`
    Recover { accept: bool },
    /// The hosts of the site. -> `Hosts`
    Hosts,
    /// Adds or changes a host; `secret` goes to the keychain, never to a file. -> `Hosts`
    SaveHost { host: HostView, secret: Option<String> },
    /// Removes a host's settings and secret. -> `Hosts`
    RemoveHost { name: String },
    /// Tries the host for real: write, read back, rename, delete. -> `Tested`
    TestHost { name: String },
    /// Accepts the server key that `Failure::unknown_key` showed. -> `Done`
    TrustKey { name: String, fingerprint: String },
    /// Saves all, builds the whole, compares with the host; `repair` also looks at every file there
    /// and puts right what was changed or lost. -> `Plan`
    Plan { host: String, repair: bool },
    /// Keeps an address that would be gone: it leads to another one from now on. -> `Done`
    AddRedirect { from: String, to: String },
    /// What there is to publish to each host, without asking it. -> `Pending`
    Pending,
    /// Carries out the plan with this id; progress comes as events. `note` is the writer's own word on
    /// the release. -> `Deployed`
    Publish { plan: String, note: String },
    /// Asks the running publish to stop at the next safe point. -> `Done`
    CancelPublish,
    /// Earlier releases, newest first. -> `Releases`
    Releases { host: String },
    /// What one address was in the release `from`, and is in the release `to`: of the plan that was
    /// shown, or kept. The pages themselves are in the preview, below `/.galley/release/HOST/ID/`.
    /// -> `Change`
    Change { host: String, from: String, to: String, url: String },
    /// Makes an earlier release live again. -> `Deployed`
    Rollback { host: String, release: String },
}

/// What a [`Command`] gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Reply {
    /// Nothing more to say.
    Done,
    Start {
        recent: Vec<RecentSite>,
        site: Option<SiteView>,
    },
    Site {
        site: SiteView,
    },
    Page {
        page: PageView,
    },
    Moved {
        moved: Moved,
    },
    MoveLook {
        look: MoveLook,
    },
    Edited {
        edited: Edited,
    },
    Saved {
        built: Built,
    },
    Source {
        path: Option<String>,
    },
    Address {
        url: String,
    },
    Vocabulary {
        vocabulary: Vocabulary,
    },
    Headings {
        headings: Vec<HeadingView>,
    },
    Added {
        /// The new file's path in the site.
        path: String,
        /// What an image in the page's text names it by.
        target: String,
    },
    Found {
        pages: Vec<FoundPage>,
        /// Whether there was more than is listed.
        more: bool,
    },
    SiteChoices {
        choices: SiteChoices,
    },
    CodeSample {
        /// A `<pre>` element with styles of its own.
        html: String,
    },
    Spelt {
        /// The language that was asked about, as in BCP 47: `en`, `pt-BR`.
        language: String,
        /// The dictionary that was asked; `null` where there is none for the language.
        dictionary: Option<String>,
        /// Those of the words that are misspelt.
        misspelt: Vec<String>,
    },
    Words {
        words: Vec<String>,
    },
    Sides {
        rows: Vec<SidesRow>,
    },
    History {
        states: Vec<StateView>,
    },
    Compared {
        hunks: Vec<Hunk>,
    },
    Deleted {
        pages: Vec<DeletedPage>,
    },
    Hosts {
        hosts: Vec<HostView>,
        /// Why secrets are forgotten when Galley closes; none where a keychain keeps them.
        forgets: Option<String>,
    },
    Tested {
        steps: Vec<TestStep>,
    },
    Plan {
        plan: PlanView,
    },
    Deployed {
        deploy: DeployView,
    },
    Releases {
        releases: Vec<ReleaseView>,
    },
    Change {
        change: ChangeView,
    },
    Pending {
        hosts: Vec<PendingView>,
    },
}

/// A command that could not be carried out. Nothing was lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// A stable name where the window acts on it: `host.unknownKey`, `host.changedKey`,
    /// `host.secretNeeded`, `host.partly`, `publish.cancelled`, `page.exists`, `page.gone`,
    /// `disk.full`, `disk.denied`, `site.none`, `edit.stale`, or `failed`.
    pub code: String,
    /// One sentence that stands alone.
    pub message: String,
    /// What to do next.
    pub help: String,
    /// For `host.unknownKey` and `host.changedKey`: the key the server shows now (SHA256:…).
    pub fingerprint: Option<String>,
}

/// A site opened before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecentSite {
    pub folder: String,
    pub title: String,
}

/// The open site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SiteView {
    /// The folder, absolute.
    pub folder: String,
    pub title: String,
    /// `zola` or `plain`.
    pub dialect: String,
    /// The path of its configuration; none where it has none.
    pub config: Option<String>,
    /// The address it is published under, if the configuration says one.
    pub base_url: Option<String>,
    /// Where the output is written, absolute.
    pub output: String,
    /// Pages and sections in sidebar order: a section is followed by what it holds.
    pub tree: Vec<TreeEntry>,
    pub problems: Vec<Problem>,
    /// Sources the journal holds unsaved text for, from a session that ended unexpectedly.
    pub recovered: Vec<String>,
    /// The page to show first.
    pub home: Option<String>,
}

/// One line of the sidebar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TreeEntry {
    /// The source's path; for a folder without an `_index.md`, the folder's.
    pub path: String,
    pub title: String,
    pub kind: TreeKind,
    /// 0 at the top.
    pub depth: u32,
    pub draft: bool,
    /// The preview address, such as `/posts/one/`; none for what is not published.
    pub url: Option<String>,
    /// The code of its language; empty in a site of one language.
    pub lang: String,
    /// The path of the entry that this one is a translation of; that one comes before it.
    pub of: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TreeKind {
    /// A section with a source of its own.
    Section,
    /// A folder without one.
    Folder,
    Page,
    /// A configuration file, template or style sheet that can be edited as text.
    File,
}

/// A source opened in the editor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PageView {
    pub path: String,
    pub title: String,
    /// The text with `\n` line ends; the file's own line ends and byte order mark are kept on
    /// save.
    pub text: String,
    /// Counts the edits of this buffer; an edit names the version it was made against.
    pub version: u32,
    pub dirty: bool,
    /// The preview address, if the source makes a page.
    pub url: Option<String>,
    /// The text on disk, where it conflicts with `text`.
    pub conflict: Option<String>,
}

/// One replacement, offsets in UTF-16 code units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextChange {
    pub from: u32,
    pub to: u32,
    pub insert: String,
}

/// The answer to an edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Edited {
    pub path: String,
    pub version: u32,
    /// What changed in the preview.
    pub preview: PreviewUpdate,
    /// The problems of this source.
    pub problems: Vec<Problem>,
    /// Build time in milliseconds.
    pub ms: f64,
}

/// What a page is seen through; nothing is changed where all is as it is by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lens {
    /// The colour scheme that the page is told the person prefers; the system's where none.
    pub scheme: Option<Scheme>,
    /// As it is printed.
    pub print: bool,
    /// As it is where no script runs.
    pub noscript: bool,
}

/// A colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Scheme {
    Dark,
    Light,
}

/// How the preview frame catches up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "how", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PreviewUpdate {
    /// Nothing visible changed. Block positions after `from` still move by `shift`.
    Same { from: u32, shift: i32 },
    /// Blocks `start .. start + remove` of the content give way to `insert`; the positions of
    /// all blocks after them move by `shift` UTF-16 units.
    Blocks { start: u32, remove: u32, insert: Vec<PreviewBlock>, shift: i32 },
    /// The page changed outside its content: morph into this whole document.
    Document { html: String },
    /// The page cannot be built now; the last good view stays, with the problem on top.
    Broken,
    /// The source makes no page.
    Nothing,
}

/// One top-level block of the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewBlock {
    /// Where it is in the source, UTF-16 units.
    pub from: u32,
    pub to: u32,
    pub html: String,
}
