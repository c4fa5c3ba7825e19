//! Vaults from a script: read and told, nothing written into them, nothing published by accident.

use std::collections::BTreeMap;
use std::path::Path;

use crate::bed::{Bed, built, code};

fn vault() -> Bed {
    Bed::with(&[
        (".obsidian/app.json", "{}"),
        (".obsidian/workspace.json", "{\"secret\": 1}"),
        ("Start.md", "---\r\ntags: [a]\r\n---\r\nTo [[Other note]] ![[pic.png]]\r\n"),
        ("Deep/Other note.md", "\u{feff}Text with `[[code]]`.  \n"),
        ("pic.png", "not text \u{0} at all"),
    ])
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(next) = todo.pop() {
        for entry in std::fs::read_dir(next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").display().to_string();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn a_vault_is_built_and_left_as_it_was() {
    let bed = vault();
    let before = files(&bed.site());
    for args in [&["build", "--json"][..], &["build", "--json"], &["build", "--json", "--clean"]] {
        let output = bed.run(args);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stdout));
        let built = built(&output);
        assert_eq!(built["dialect"], "obsidian");
        let out = Path::new(built["output"].as_str().expect("a path"));
        assert!(!out.starts_with(bed.site()) && out.join("deep/other-note/index.html").is_file(), "{out:?}");
        let start = std::fs::read_to_string(out.join("start/index.html")).expect("a page");
        assert!(start.contains("<a href=\"/deep/other-note/\">Other note</a>"), "{start}");
        assert!(!out.join(".obsidian").exists());
    }
    assert_eq!(files(&bed.site()), before);
}

/// What makes a vault of a folder may be in a note, or be said by the writer.
#[test]
fn nothing_is_written_into_a_vault_that_is_known_by_its_text() {
    let note =
        |id: &str| format!("---\nid: {id}\ntitle: T\ncreated: 1600000000000\nupdated: 1600000000000\n---\nText\n");
    let (root, other) = (note("root"), note("other"));
    for files_of in [
        &[("root.md", root.as_str()), ("a.b.md", other.as_str())][..],
        &[("galley.toml", "[vault]\ndialect = \"obsidian\"\n"), ("A.md", "Text\n")],
    ] {
        let bed = Bed::with(files_of);
        let before = files(&bed.site());
        let output = bed.run(&["build"]);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(files(&bed.site()), before);
    }
}

#[test]
fn a_vault_goes_where_it_is_told_to() {
    let bed = vault();
    let output = bed.run(&["build", "-o", "../out"]);
    assert_eq!(code(&output), 0);
    assert!(bed.home.path().join("out/start/index.html").is_file());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Obsidian vault"), "{said}");
}

#[test]
fn nothing_is_published_from_a_vault_before_that_is_chosen() {
    let bed = vault();
    let live = bed.home.path().join("live");
    std::fs::create_dir(&live).expect("a folder");
    let host = |settings: &str| {
        bed.write(
            "galley.toml",
            &format!("{settings}[hosts.live]\nkind = \"folder\"\npath = \"{}\"\nurl = \"\"\n", live.display()),
        );
        bed.run(&["publish", "--yes", "--json"])
    };
    let output = host("");
    assert_eq!(code(&output), 2, "{}", String::from_utf8_lossy(&output.stdout));
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("publish: true"), "{said}");
    assert_eq!(files(&live), BTreeMap::new());
    let output = host("[vault]\nnotes = [\"Start.md\"]\n");
    assert_eq!(
        code(&output),
        0,
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let published = files(&live);
    assert!(published.contains_key("start/index.html") && published.contains_key("pic.png"), "{:?}", published.keys());
    assert!(!published.keys().any(|path| path.contains("other")), "{:?}", published.keys());
}
