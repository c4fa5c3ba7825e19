//! Moves over small sites: each case names the files before, what moves, and the files after.

use super::{Moves, Relinked};
use crate::build::{Cancel, Options, Scope};
use crate::memo::{Memo, build};
use crate::path::SitePath;
use crate::snapshot::{Snapshot, Source};

const ZOLA: (&str, &str) = ("zola.toml", "base_url = \"https://example.org/blog\"\ntitle = \"T\"\n");

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("path")
}

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let mut snapshot = Snapshot::new();
    for (name, text) in files {
        let text_file = ["md", "toml", "html", "yml"].iter().any(|end| name.ends_with(end));
        let source = Source::text(*text);
        let source = if text_file {
            source
        } else {
            Source { hash: source.hash, body: crate::snapshot::SourceBody::Binary { len: 1 } }
        };
        snapshot.put(path(name), source);
    }
    snapshot
}

/// The texts that change, at their new places.
fn moved(files: &[(&str, &str)], moves: &[(&str, &str)], aliases: bool) -> (Relinked, Vec<(String, String)>) {
    let snapshot = snapshot(files);
    let mut memo = Memo::new();
    build(&snapshot, &mut memo, &Scope::Paths(Vec::new()), &Options::default(), &Cancel::new());
    let moves: Moves = moves.iter().map(|(from, to)| (path(from), path(to))).collect();
    let relinked = memo.relink(&moves, aliases);
    let after = relinked
        .sources
        .iter()
        .map(|one| {
            let there = moves.get(&one.path).unwrap_or(&one.path).to_string();
            (there, one.apply(snapshot.text(&one.path).expect("text")))
        })
        .collect();
    (relinked, after)
}

fn check(files: &[(&str, &str)], moves: &[(&str, &str)], wanted: &[(&str, &str)]) {
    let (relinked, after) = moved(files, moves, false);
    let mut after: Vec<(&str, &str)> = after.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let mut wanted = wanted.to_vec();
    after.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(after, wanted);
    assert_eq!(relinked.problems, [], "every link follows");
}

#[test]
fn links_of_a_zola_site_follow_in_every_form() {
    let body = "\u{feff}+++\r\ntitle = \"A\"\r\n[extra]\r\nnext = \"@/one.md\" # c\r\n+++\r\n\
        [a](@/one.md#part \"t\") [b](</blog/one/?x#y>) [c](https://example.org/blog/one) [d](../one/index.html)\r\n\
        <a class=x href='/blog/one/'>e</a> {{ card(to=\"@/one.md\") }} [f][r] `[g](@/one.md)` [h](@/once.md)\r\n\r\n\
        [r]: @/one.md 'T'\r\n";
    let wanted = "\u{feff}+++\r\ntitle = \"A\"\r\n[extra]\r\nnext = \"@/posts/two words.md\" # c\r\n+++\r\n\
        [a](@/posts/two%20words.md#part \"t\") [b](</blog/posts/two-words/?x#y>) [c](https://example.org/blog/posts/two-words) [d](../posts/two-words/index.html)\r\n\
        <a class=x href='/blog/posts/two-words/'>e</a> {{ card(to=\"@/posts/two words.md\") }} [f][r] `[g](@/one.md)` [h](@/once.md)\r\n\r\n\
        [r]: @/posts/two%20words.md 'T'\r\n";
    let one = "+++\ntitle = \"1\"\n+++\n";
    let card = "{% component card(to: string) %}<a href=\"{{ get_url(path=to) }}\">x</a>{% endcomponent %}";
    check(
        &[
            ZOLA,
            ("content/a.md", body),
            ("content/one.md", one),
            ("content/once.md", one),
            ("templates/components.html", card),
            ("templates/page.html", "{% set p = get_page(path=\"one.md\") %}<a href=\"/blog/one/\">{{ p.title }}</a>"),
        ],
        &[("content/one.md", "content/posts/two words.md")],
        &[
            ("content/a.md", wanted),
            (
                "templates/page.html",
                "{% set p = get_page(path=\"posts/two words.md\") %}<a href=\"/blog/posts/two-words/\">{{ p.title }}</a>",
            ),
        ],
    );
}

#[test]
fn a_page_takes_its_files_along() {
    let trip = "+++\ntitle = \"T\"\n+++\n![p](p.png) ![q](./q/r.png) [x](@/b.md) [self](#here)\n";
    let other = "+++\ntitle = \"B\"\n+++\n![far](/blog/trip/p.png) [near](../trip/) {{ thumb(path=\"trip/p.png\") }}\n";
    let wanted = "+++\ntitle = \"B\"\n+++\n![far](/blog/far/journey/p.png) [near](../far/journey/) {{ thumb(path=\"far/journey/p.png\") }}\n";
    check(
        &[
            ZOLA,
            ("content/trip/index.md", trip),
            ("content/trip/p.png", "p"),
            ("content/trip/q/r.png", "r"),
            ("content/b.md", other),
            ("templates/components.html", "{% component thumb(path: string) %}{{ path }}{% endcomponent %}"),
        ],
        &[
            ("content/trip/index.md", "content/far/journey/index.md"),
            ("content/trip/p.png", "content/far/journey/p.png"),
            ("content/trip/q/r.png", "content/far/journey/q/r.png"),
        ],
        &[("content/b.md", wanted)],
    );
}

#[test]
fn links_of_a_plain_folder_follow() {
    check(
        &[
            ("a.md", "# A\n[x](notes/n.md) [y](./notes/n) [z](notes/n.md#h?) [w](notes/)\n"),
            ("notes/n.md", "# N\n[a](../a.md) ![i](i.png) <img src=\"i.png\"> [m](m%20m.md)\n"),
            ("notes/m m.md", "# M\n[n](n.md) [n](<n.md>)\n"),
            ("notes/i.png", "i"),
            ("notes/index.md", "# Notes\n"),
        ],
        &[("notes/n.md", "deep/er/o.md")],
        &[
            ("a.md", "# A\n[x](deep/er/o.md) [y](./deep/er/o) [z](deep/er/o.md#h?) [w](notes/)\n"),
            (
                "deep/er/o.md",
                "# N\n[a](../../a.md) ![i](../../notes/i.png) <img src=\"../../notes/i.png\"> [m](../../notes/m%20m.md)\n",
            ),
            ("notes/m m.md", "# M\n[n](../deep/er/o.md) [n](<../deep/er/o.md>)\n"),
        ],
    );
}

#[test]
fn double_brackets_follow_with_name_and_heading() {
    check(
        &[
            (
                "Home.md",
                "---\nup: \"[[Old name]]\"\n---\n[[Old name]] [[old name#A b|seen]] ![[Old name#^x]] [[b/Old name]] [[Old name.md]] [[Other]] `[[Old name]]`\n\n| t |\n|---|\n| [[Old name\\|x]] |\n",
            ),
            ("b/Old name.md", "![[p.png]] [[Home]]\n"),
            ("b/p.png", "p"),
            ("Other.md", "x\n"),
        ],
        &[("b/Old name.md", "c/New name.md")],
        &[(
            "Home.md",
            "---\nup: \"[[New name]]\"\n---\n[[New name]] [[New name#A b|seen]] ![[New name#^x]] [[c/New name]] [[New name.md]] [[Other]] `[[Old name]]`\n\n| t |\n|---|\n| [[New name\\|x]] |\n",
        )],
    );
}

#[test]
fn a_name_that_two_files_have_is_written_whole() {
    check(
        &[("Home.md", "[[n]] [[m]]\n"), ("a/n.md", "\n"), ("b/m.md", "\n")],
        &[("b/m.md", "b/n.md")],
        &[("Home.md", "[[n]] [[b/n]]\n")],
    );
    // The new page would take the place of the one that was meant.
    check(
        &[("Home.md", "[[n]]\n"), ("a/b/n.md", "\n"), ("x.md", "\n")],
        &[("x.md", "n.md")],
        &[("Home.md", "[[a/b/n]]\n")],
    );
}

#[test]
fn dendron_names_stand_after_the_bar() {
    check(
        &[
            ("dendron.yml", "version: 5\n"),
            ("root.md", "[[Alias|proj.one]] [[proj.one]] [[proj.one#x]] ![[proj.one]]\n"),
            ("proj.one.md", "[[root]]\n"),
            ("Alias.md", "\n"),
        ],
        &[("proj.one.md", "area.two.md")],
        &[("root.md", "[[Alias|area.two]] [[area.two]] [[area.two#x]] ![[area.two]]\n")],
    );
}

#[test]
fn a_section_moves_with_all_below_it() {
    check(
        &[
            ZOLA,
            ("content/posts/_index.md", "+++\ntitle = \"P\"\n+++\n[one](@/posts/one.md)\n"),
            (
                "content/posts/one.md",
                "+++\ntitle = \"1\"\n+++\n[up](@/posts/_index.md) [web](https://e.org/posts/one/)\n",
            ),
        ],
        &[("content/posts/_index.md", "content/notes/_index.md"), ("content/posts/one.md", "content/notes/one.md")],
        &[
            ("content/notes/_index.md", "+++\ntitle = \"P\"\n+++\n[one](@/notes/one.md)\n"),
            (
                "content/notes/one.md",
                "+++\ntitle = \"1\"\n+++\n[up](@/notes/_index.md) [web](https://e.org/posts/one/)\n",
            ),
        ],
    );
}

#[test]
fn the_old_address_becomes_an_alias_unless_it_is_a_drafts() {
    let page = |draft: &str| format!("+++\ntitle = \"1\"\n{draft}+++\n");
    let files = [ZOLA, ("content/one.md", &page("")), ("content/two.md", &page("draft = true\n"))];
    let moves = [("content/one.md", "content/x/one.md"), ("content/two.md", "content/x/two.md")];
    let (relinked, after) = moved(&files, &moves, true);
    let wanted = "+++\ntitle = \"1\"\naliases = [\"/one/\"]\n+++\n".to_owned();
    assert_eq!(after, [("content/x/one.md".to_owned(), wanted)]);
    assert_eq!(relinked.addresses, [(path("content/one.md"), "/one/".to_owned(), "/x/one/".to_owned())]);
}

#[test]
fn pages_that_change_places_need_no_alias() {
    let page = "+++\ntitle = \"1\"\n+++\n[a](@/a.md) [b](@/b.md)\n";
    let moves = [("content/a.md", "content/b.md"), ("content/b.md", "content/a.md")];
    let (_, after) = moved(&[ZOLA, ("content/a.md", page), ("content/b.md", page)], &moves, true);
    let swapped = "+++\ntitle = \"1\"\n+++\n[a](@/b.md) [b](@/a.md)\n".to_owned();
    assert_eq!(after, [("content/b.md".to_owned(), swapped.clone()), ("content/a.md".to_owned(), swapped)]);
}

#[test]
fn nothing_changes_where_nothing_leads_there() {
    let files = [
        ZOLA,
        ("content/a.md", "+++\n+++\n[x](@/b.md)"),
        ("content/b.md", "+++\n+++\n"),
        ("content/c.md", "+++\n+++\n"),
    ];
    let (relinked, _) = moved(&files, &[("content/c.md", "content/d.md")], false);
    assert_eq!((relinked.sources, relinked.problems), (vec![], vec![]));
}
