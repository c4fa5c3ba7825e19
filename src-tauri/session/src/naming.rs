//! Names and first lines of new pages and sites.
//! It writes nothing; what it names may exist, and then the next name is tried.

use galley_engine::{SitePath, Snapshot};

/// The path of a new page titled `title` in `folder`: the first that no source has.
pub fn page_path(snapshot: &Snapshot, folder: &SitePath, title: &str) -> Option<SitePath> {
    let slug = match slug::slugify(title) {
        slug if slug.is_empty() => "page".to_owned(),
        slug => slug,
    };
    let names = std::iter::once(slug.clone()).chain((2..1000).map(|number| format!("{slug}-{number}")));
    names
        .filter_map(|name| Some((folder.join(&format!("{name}.md")).ok()?, folder.join(&name).ok()?)))
        .find(|(file, own)| snapshot.get(file).is_none() && snapshot.below(own).next().is_none())
        .map(|(file, _)| file)
}

/// The text of a new page: front matter in a Zola site, a heading in a plain folder. `now` is
/// seconds since 1970.
pub fn page_text(title: &str, is_zola: bool, now: u64) -> String {
    let title = title.trim();
    if is_zola {
        format!("+++\ntitle = {}\ndate = {}\n+++\n\n", quoted(title), day(now))
    } else {
        format!("# {title}\n\n")
    }
}

/// The text of a new section's page.
pub fn section_text(title: &str, is_zola: bool) -> String {
    let title = title.trim();
    if is_zola {
        format!("+++\ntitle = {}\nsort_by = \"date\"\n+++\n\n", quoted(title))
    } else {
        format!("# {title}\n\n")
    }
}

/// The text of a page's copy: what says where the page is, or was, stays with the page itself.
pub fn copied_text(text: &str) -> String {
    let is_fence = |line: &str| matches!(line.trim_end(), "+++" | "---");
    let mut lines = text.split_inclusive('\n').peekable();
    let Some(fence) = lines.peek().filter(|line| is_fence(line.trim_start_matches('\u{feff}'))).copied() else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(text.len());
    let mut depth = 0;
    let mut is_left = false;
    let mut is_top = true;
    let mut is_head = true;
    out.push_str(fence);
    for line in lines.skip(1) {
        if !is_head || is_fence(line) {
            is_head = false;
            out.push_str(line);
            continue;
        }
        let goes_on = is_left && (depth > 0 || line.starts_with([' ', '\t', '-']));
        if !goes_on {
            is_top &= !line.starts_with('[');
            is_left = is_top
                && line
                    .split(['=', ':'])
                    .next()
                    .is_some_and(|key| line.contains(['=', ':']) && matches!(key.trim(), "aliases" | "slug" | "path"));
        }
        if is_left {
            depth += line.matches('[').count();
            depth = depth.saturating_sub(line.matches(']').count());
        } else {
            out.push_str(line);
        }
    }
    out
}

/// The first name like `stem` in a folder, with this ending, that no source has.
pub fn free(snapshot: &Snapshot, folder: &SitePath, stem: &str, ending: &str) -> Option<SitePath> {
    let plain = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = plain.strip_suffix('-').filter(|_| plain.len() < stem.len()).unwrap_or(stem);
    (2..1000)
        .filter_map(|number| folder.join(&format!("{stem}-{number}{ending}")).ok())
        .find(|path| snapshot.get(path).is_none() && snapshot.below(path).next().is_none())
}

/// The files of a new site.
pub fn site_files(title: &str, now: u64) -> Vec<(&'static str, String)> {
    let title = title.trim();
    vec![
        ("zola.toml", format!("title = {}\nbase_url = \"/\"\n", quoted(title))),
        ("content/_index.md", format!("+++\ntitle = {}\nsort_by = \"date\"\n+++\n\nWelcome.\n", quoted(title))),
        (
            "content/first-page.md",
            format!(
                "{}Write here. The page beside the text is the page as it will be published.\n",
                page_text("First page", true, now)
            ),
        ),
    ]
}

/// The first free path beside `path`: `posts/one-2.md` for `posts/one.md`.
pub fn beside(snapshot: &Snapshot, path: &SitePath) -> Option<SitePath> {
    let folder = path.parent();
    let extension = path.extension().map(|extension| format!(".{extension}")).unwrap_or_default();
    let mut names = (2..1000).map(|number| format!("{}-{number}{extension}", path.stem()));
    names.find_map(|name| folder.join(&name).ok().filter(|place| snapshot.get(place).is_none()))
}

/// The title that a text gives itself, by its front matter or its first heading; else its file's
/// name.
pub fn title_in(path: &SitePath, text: &str) -> String {
    let titled = |line: &str| {
        let value = line.strip_prefix("title")?.trim_start().strip_prefix(['=', ':'])?.trim();
        let value = value.trim_matches(['"', '\'']);
        (!value.is_empty()).then(|| value.to_owned())
    };
    let heading = |line: &str| line.strip_prefix("# ").map(|title| title.trim().to_owned());
    let name = || if path.stem() == "index" { path.parent().file_name().to_owned() } else { path.stem().to_owned() };
    text.lines().take(50).find_map(|line| titled(line).or_else(|| heading(line))).unwrap_or_else(name)
}

/// A text as TOML has it, in quotation marks.
pub fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// The day of a time in seconds since 1970: `2026-03-01`.
pub fn day(now: u64) -> String {
    galley_publish::rfc3339(now).chars().take(10).collect()
}

/// A page's own folder, if it has one: the page is its `index.md`.
pub fn own_folder(path: &SitePath) -> Option<SitePath> {
    let folder = path.parent();
    (path.file_name() == "index.md" && !folder.is_empty()).then_some(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use galley_engine::Source;

    fn path(text: &str) -> SitePath {
        SitePath::new(text).expect("path")
    }

    #[test]
    fn names_come_from_titles_and_take_no_place() {
        let mut snapshot = Snapshot::new();
        let posts = path("posts");
        assert_eq!(page_path(&snapshot, &posts, "Zürich, again!"), Some(path("posts/zurich-again.md")));
        snapshot.put(path("posts/one.md"), Source::text(""));
        snapshot.put(path("posts/one-2/index.md"), Source::text(""));
        assert_eq!(page_path(&snapshot, &posts, "One"), Some(path("posts/one-3.md")));
        assert_eq!(page_path(&snapshot, &posts, "…"), Some(path("posts/page.md")));
    }

    #[test]
    fn a_copy_says_nothing_of_where_the_page_is() {
        let text = "+++\r\ntitle = \"A\"\r\naliases = [\r\n  \"/b/\",\r\n]\r\nslug = \"c\"\r\n[extra]\r\npath = 1\r\n+++\r\nslug: x\r\n";
        let copy = "+++\r\ntitle = \"A\"\r\n[extra]\r\npath = 1\r\n+++\r\nslug: x\r\n";
        assert_eq!(copied_text(text), copy);
        assert_eq!(copied_text("---\naliases:\n  - /b/\n- /c/\nt: 1\n---\n"), "---\nt: 1\n---\n");
        assert_eq!(copied_text("# A\nslug: x\n"), "# A\nslug: x\n");
    }

    #[test]
    fn copies_are_counted() {
        let mut snapshot = Snapshot::new();
        assert_eq!(free(&snapshot, &path("a"), "one", ".md"), Some(path("a/one-2.md")));
        snapshot.put(path("a/one-2.md"), Source::text(""));
        assert_eq!(free(&snapshot, &path("a"), "one-2", ".md"), Some(path("a/one-3.md")));
    }

    #[test]
    fn a_text_says_what_it_is_called() {
        for (text, title) in [
            ("+++\ntitle = \"One: two\"\n+++\n# Three\n", "One: two"),
            ("---\nid: 1\ntitle: 'One'\n---\n", "One"),
            ("Words.\n\n# A heading\n", "A heading"),
            ("Words.\n", "a"),
        ] {
            assert_eq!(title_in(&path("posts/a.md"), text), title);
        }
        assert_eq!(title_in(&path("posts/own/index.md"), ""), "own");
        let mut snapshot = Snapshot::new();
        snapshot.put(path("posts/a-2.md"), Source::text(""));
        assert_eq!(beside(&snapshot, &path("posts/a.md")), Some(path("posts/a-3.md")));
    }

    #[test]
    fn titles_are_quoted_where_they_must_be() {
        // 2026-11-22T00:00:00Z
        let text = page_text(r#"Say "hi" \o/"#, true, 1_795_305_600);
        let front = text.split("+++").nth(1).expect("front matter");
        let table: toml::Table = front.parse().expect("toml");
        assert_eq!(table["title"].as_str(), Some(r#"Say "hi" \o/"#));
        assert_eq!(table["date"].to_string(), "2026-11-22");
        assert_eq!(page_text("Hi", false, 0), "# Hi\n\n");
    }
}
