//! Notes as other programs keep them: which dialect a folder is written in, and what of it is
//! published. A dialect turns files into what the engine knows already (pages, sections, links,
//! text to render); it never writes a file, and a Zola site never passes through here.

use serde::{Deserialize, Serialize};

use crate::datum::Datum;
use crate::front_matter::read_yaml;
use crate::layout::Layout;
use crate::snapshot::Snapshot;

pub(crate) mod choice;
pub(crate) mod names;
pub(crate) mod nav;
pub(crate) mod resolve;
pub(crate) mod rewrite;
pub(crate) mod scan;
pub(crate) mod slice;
pub(crate) mod tree;

#[cfg(test)]
mod tests;

/// How the pages of a folder are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum Dialect {
    /// A Zola site: `content/`, a configuration, `@/` links.
    Zola,
    /// A folder of Markdown with links from file to file.
    #[default]
    Plain,
    /// An Obsidian vault.
    Obsidian,
    /// A Dendron workspace or vault.
    Dendron,
}

impl Dialect {
    /// Its name, in the configuration and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zola => "zola",
            Self::Plain => "plain",
            Self::Obsidian => "obsidian",
            Self::Dendron => "dendron",
        }
    }

    /// Those that a folder without a Zola layout may be told to have.
    pub(crate) const CHOICES: [Self; 3] = [Self::Plain, Self::Obsidian, Self::Dendron];

    /// Whether it is one of a program for notes.
    pub(crate) fn is_vault(self) -> bool {
        matches!(self, Self::Obsidian | Self::Dendron)
    }
}

/// Files that decide on a folder's dialect or its order whatever their text is; [`recognise`] says of the others.
pub(crate) fn decides(path: &str) -> bool {
    matches!(path, "galley.toml" | "dendron.yml" | nav::MKDOCS) || path.starts_with(".obsidian/")
}

/// The dialect of a folder without a Zola layout: what its `galley.toml` says, or what is in it.
pub(crate) fn recognise(snapshot: &Snapshot) -> Dialect {
    if let Some(said) = said(snapshot) {
        return said;
    }
    if snapshot.get("dendron.yml").is_some() || snapshot.text("root.md").is_some_and(|text| is_dendron_note(text)) {
        return Dialect::Dendron;
    }
    if snapshot.below(".obsidian").next().is_some() { Dialect::Obsidian } else { Dialect::Plain }
}

fn said(snapshot: &Snapshot) -> Option<Dialect> {
    let table: toml::Table = snapshot.text("galley.toml").filter(|text| text.contains("dialect"))?.parse().ok()?;
    let name = table.get("vault")?.get("dialect")?.as_str()?;
    Dialect::CHOICES.into_iter().find(|dialect| dialect.name() == name)
}

/// Whether the front matter is what Dendron gives every note: an id, and a time in milliseconds.
fn is_dendron_note(text: &str) -> bool {
    let Some(block) = text.strip_prefix("---").and_then(|rest| rest.split("\n---").next()) else { return false };
    let millis = |line: &str| {
        let value = line.strip_prefix("created:").or_else(|| line.strip_prefix("updated:")).map(str::trim);
        value.is_some_and(|value| value.len() == 13 && value.bytes().all(|byte| byte.is_ascii_digit()))
    };
    block.lines().any(|line| line.starts_with("id:")) && block.lines().any(millis)
}

/// The vaults of a Dendron workspace: the folder of each, and its name. The first one is that of the
/// folder itself where nothing says otherwise.
pub(crate) fn dendron_vaults(snapshot: &Snapshot) -> Vec<(String, String)> {
    let mut vaults = listed_vaults(snapshot).unwrap_or_default();
    for (folder, _) in &mut vaults {
        // A vault of its own holds its notes in a folder.
        let notes = if folder.is_empty() { "notes".to_owned() } else { format!("{folder}/notes") };
        let own_root = if folder.is_empty() { "root.md".to_owned() } else { format!("{folder}/root.md") };
        if snapshot.get(own_root.as_str()).is_none() && snapshot.get(format!("{notes}/root.md").as_str()).is_some() {
            *folder = notes;
        }
    }
    if vaults.is_empty() {
        vaults.push((String::new(), String::new()));
    }
    vaults
}

fn listed_vaults(snapshot: &Snapshot) -> Option<Vec<(String, String)>> {
    let Datum::Map(file) = read_yaml(snapshot.text("dendron.yml")?).ok()? else { return None };
    let workspace = file.get("workspace").and_then(as_map);
    let list = workspace.and_then(|workspace| workspace.get("vaults")).or_else(|| file.get("vaults"))?;
    let Datum::List(list) = list else { return None };
    let vault = |vault: &Datum| {
        let vault = as_map(vault)?;
        let folder = vault.get("fsPath")?.as_text()?.trim_start_matches("./").trim_matches('/');
        let folder = if folder == "." { "" } else { folder };
        let name = vault.get("name").and_then(Datum::as_text).unwrap_or(folder);
        Some((folder.to_owned(), name.to_owned()))
    };
    Some(list.iter().filter_map(vault).collect())
}

/// The folders of a vault's templates, as the program that the vault is of knows them.
pub(crate) fn template_folders(snapshot: &Snapshot, layout: &Layout) -> Vec<String> {
    let settings = snapshot.text(".obsidian/templates.json").filter(|_| layout.dialect == Dialect::Obsidian);
    let settings = settings.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let folder = settings.as_ref().and_then(|settings| settings.get("folder")?.as_str());
    folder.map(|folder| folder.trim_matches('/').to_owned()).filter(|folder| !folder.is_empty()).into_iter().collect()
}

fn as_map(datum: &Datum) -> Option<&crate::datum::DatumMap> {
    match datum {
        Datum::Map(map) => Some(map),
        _ => None,
    }
}
