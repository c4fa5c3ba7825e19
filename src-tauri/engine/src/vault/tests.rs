//! Texts of notes, and the Markdown that they are.

use super::Dialect;
use super::rewrite::{Manner, rewrite};

fn markdown(text: &str, dialect: Dialect) -> String {
    let said = |name: &str| (name == "desc").then(|| "A *desc*".to_owned());
    let manner = Manner { dialect, embedded: false, front_matter: &said };
    rewrite(text, &manner).map_or_else(|| text.to_owned(), |rewritten| rewritten.text)
}

fn obsidian(text: &str) -> String {
    markdown(text, Dialect::Obsidian)
}

#[test]
fn obsidian_links() {
    assert_eq!(obsidian("[[Note]]"), "[Note](<[[Note>)");
    assert_eq!(obsidian("[[ Note |a **b**]]"), "[a **b**](<[[Note>)");
    assert_eq!(obsidian("[[_n#A|b]] [[x#A#B]]"), "[b](<[[_n#A>) [x \\> A \\> B](<[[x#A#B>)");
    assert_eq!(obsidian("[[_n]]"), "[\\_n](<[[_n>)");
    assert_eq!(obsidian("[[#^abc]]"), "[\\^abc](<[[#^abc>)");
    assert_eq!(obsidian("| [[a\\|b]] |"), "| [b](<[[a>) |");
    assert_eq!(obsidian("![[p.png|300x200]] ![[N]]"), "![300x200](<[[p.png>) ![](<[[N>)");
    for kept in
        ["`[[a]]`", "```\n[[a]]\n```", "[[open", "[[]]", "\\[[a]]", "$[[a]]$", "<a href=\"[[x]]\">", "    [[code]]\n"]
    {
        assert_eq!(obsidian(kept), kept);
    }
}

#[test]
fn obsidian_signs() {
    assert_eq!(obsidian("a %%hidden [[x]]%% b"), "a  b");
    assert_eq!(obsidian("%%\nhidden\n\n`code`\n%%\nshown"), "\nshown");
    assert_eq!(obsidian("a ==b [[c]]== d == e"), "a <mark>b [c](<[[c>)</mark> d == e");
    assert_eq!(obsidian("text ^id-1\n\nnext"), "text<span id=\"^id-1\"></span>\n\nnext");
    assert_eq!(obsidian("| a |\n\n^t\n"), "| a |\n\n<div id=\"^t\"></div>\n");
    assert_eq!(obsidian("a ^x y, 2^10"), "a ^x y, 2^10");
    assert_eq!(obsidian("a^[note [b](c)] d"), "a[^inline-1] d\n\n[^inline-1]: note [b](c)\n");
    assert_eq!(obsidian("#tag/sub and a#b #1 #2x"), "[#tag\\/sub](<[#]tag/sub>) and a#b #1 [#2x](<[#]2x>)");
    assert_eq!(obsidian("# Heading\n\n#日本 x"), "# Heading\n\n[#日本](<[#]日本>) x");
    assert_eq!(
        obsidian("- [/] half\n- [x] done\n1. [-] no\n"),
        "- <input disabled=\"\" type=\"checkbox\" checked=\"\" data-task=\"/\"/> half\n- [x] done\n1. <input disabled=\"\" type=\"checkbox\" checked=\"\" data-task=\"-\"/> no\n"
    );
    assert_eq!(obsidian("[a](b.md#c) `#x`"), "[a](b.md#c) `#x`");
}

#[test]
fn dendron_signs() {
    let dendron = |text| markdown(text, Dialect::Dendron);
    assert_eq!(dendron("[[Alias|a.b]] [[a.b]] [[#x]]"), "[Alias](<[[a.b>) [](<[[a.b>) [](<[[#x>)");
    assert_eq!(dendron("![[a.b#c,1:#*]]"), "![](<[[a.b#c,1:#*>)");
    assert_eq!(dendron("{{fm.desc}} {{fm.none}}"), "A *desc* {{fm.none}}");
    assert_eq!(dendron("@jane.doe, me@x.org #a.b."), "[@jane\\.doe](<[@]jane.doe>), me@x.org [#a\\.b](<[#]a.b>).");
    assert_eq!(dendron("==a== %%b%%"), "==a== %%b%%");
}

#[test]
fn places_are_those_of_the_source() {
    let text = "one [[Two]] three\n\n%%x%% four [[Five]]\n";
    let manner = Manner { dialect: Dialect::Obsidian, embedded: false, front_matter: &|_| None };
    let rewritten = rewrite(text, &manner).expect("links");
    for word in ["three", "four", "one"] {
        let at = rewritten.text.find(word).expect("word");
        assert_eq!(&text[rewritten.source(at)..][..word.len()], word);
    }
    let link = rewritten.text.find("[Five").expect("link");
    assert_eq!(rewritten.source(link), text.find("[[Five").expect("link"));
}
