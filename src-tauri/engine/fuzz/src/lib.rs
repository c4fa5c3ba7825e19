//! What must hold of every build, whatever was written: the checks that all targets share.
//! It must look at the engine only as every caller does, through what is public.

#![allow(clippy::missing_panics_doc, reason = "to panic is how a target says that something does not hold")]

use std::sync::OnceLock;

use galley_engine::{Build, Cancel, Content, Hash, Memo, Options, Problem, Scope, SitePath, Snapshot, Source, build};

/// The first of these characters in an input parts one file from the next.
pub const NEXT_FILE: char = '\u{1f}';

/// The sound site that an input is put into, and that is there again when it is taken out.
const SITE: &[(&str, &str)] = &[
    ("zola.toml", include_str!("../site/zola.toml")),
    ("content/_index.md", "+++\ntitle = \"Home\"\nsort_by = \"title\"\n+++\n[good](@/good.md)\n"),
    ("content/good.md", include_str!("../site/good.md")),
    ("content/tried.md", "+++\ntitle = \"Tried\"\n+++\nNothing yet.\n"),
    ("content/tried.fr.md", "+++\ntitle = \"Essayé\"\n+++\nRien.\n"),
    ("templates/page.html", include_str!("../site/page.html")),
    ("templates/section.html", include_str!("../site/section.html")),
    ("templates/parts.html", "{% component note(x=\"\") %}<b>{{ x }}</b>{{ body or '' }}{% endcomponent note %}"),
    ("templates/taxonomy_list.html", "{% for term in terms %}{{ term.name }}{{ term.page_count }}{% endfor %}"),
    ("templates/taxonomy_single.html", "{% for page in paginator.pages %}{{ page.title }}{% endfor %}"),
    ("sass/main.scss", "$c: red;\n.a { .b { color: $c } }\n"),
];

/// Builds the sound site with these files in it, and checks all that must hold.
pub fn check(files: &[(&str, &str)]) {
    let before = site(&[]);
    let after = site(files);
    let mut clean_memo = Memo::new();
    let clean = whole(&after, &mut clean_memo);
    is_sound(&after, &clean);
    blocks_are_sound(&after, &clean_memo);
    let mut memo = Memo::new();
    whole(&before, &mut memo);
    is_same(&whole(&after, &mut memo), &clean);
    let again = whole(&after, &mut memo);
    assert!(again.why.is_empty(), "made anew though nothing changed: {:?}", again.why);
    assert_eq!(again.problems, clean.problems, "told otherwise the second time");
    let mut memo = Memo::load(&memo.save()).expect("what was saved loads");
    let back = whole(&before, &mut memo);
    let sound = sound();
    assert_eq!(back.problems, sound.problems, "a problem stays when its cause is gone");
    let paths = |build: &Build| build.artifacts.iter().map(|(path, made)| (path.clone(), made.hash)).collect::<Vec<_>>();
    assert_eq!(paths(&back), paths(sound), "something stays when its cause is gone");
}

/// The parts of an input, as many as there are files; those that are not there are empty.
pub fn parts<const N: usize>(data: &[u8]) -> Option<[&str; N]> {
    let mut parts = std::str::from_utf8(data).ok()?.splitn(N, NEXT_FILE);
    Some(std::array::from_fn(|_| parts.next().unwrap_or("")))
}

fn site(files: &[(&str, &str)]) -> Snapshot {
    let mut snapshot = Snapshot::new();
    for (path, text) in SITE.iter().chain(files) {
        snapshot.put(SitePath::new(path).expect("a path"), Source::text(*text));
    }
    snapshot
}

fn sound() -> &'static Build {
    static SOUND: OnceLock<Build> = OnceLock::new();
    SOUND.get_or_init(|| {
        let build = whole(&site(&[]), &mut Memo::new());
        assert_eq!(build.problems, [], "the site that inputs are put into is sound");
        build
    })
}

fn whole(snapshot: &Snapshot, memo: &mut Memo) -> Build {
    let build = build(snapshot, memo, &Scope::Whole, &Options::default(), &Cancel::new());
    assert!(build.is_whole(), "left over after a whole build: {:?}", build.stale);
    build
}

fn is_sound(snapshot: &Snapshot, build: &Build) {
    for (path, artifact) in &build.artifacts {
        let leaves = path.split('/').any(|part| part.is_empty() || part == "." || part == "..");
        assert!(!leaves && !path.contains('\0'), "a path that leads elsewhere: {path:?}");
        let Content::Bytes(bytes) = &artifact.content else { panic!("`{path}` has no bytes") };
        assert_eq!((artifact.len, artifact.hash), (bytes.len() as u64, Hash::of(bytes)), "`{path}`");
        assert!(std::str::from_utf8(bytes).is_ok(), "`{path}` is not UTF-8");
    }
    build.problems.iter().for_each(|problem| has_its_place(snapshot, problem));
}

fn has_its_place(snapshot: &Snapshot, problem: &Problem) {
    assert!(!problem.message.trim().is_empty() && !problem.code.is_empty(), "{problem:?}");
    let Some(span) = problem.span else { return };
    let path = problem.path.as_ref().unwrap_or_else(|| panic!("a place in no file: {problem:?}"));
    let Some(text) = snapshot.text(path) else { panic!("a place in a file that is not there: {problem:?}") };
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end), "{problem:?}");
    let line = text[..start].matches('\n').count() + 1;
    assert!(span.line as usize == line && span.column >= 1, "line {line} is meant: {problem:?}");
}

/// That the blocks of every page cover its content in order, and come from places in its source.
fn blocks_are_sound(snapshot: &Snapshot, memo: &Memo) {
    for (path, source) in snapshot.below("content") {
        let (Some(view), Some(text)) = (memo.page_view(path), source.as_text()) else { continue };
        let mut last = 0;
        for block in view.blocks.iter() {
            let (from, to) = (block.source.start as usize, block.source.end as usize);
            assert!(from <= to && text.is_char_boundary(from) && text.is_char_boundary(to), "`{path}`: {block:?}");
            let (start, end) = (block.html.start as usize, block.html.end as usize);
            assert!(start == last && start <= end && view.content.is_char_boundary(end), "`{path}`: {block:?}");
            last = end;
        }
        assert!(view.blocks.is_empty() || last == view.content.len(), "`{path}`: blocks end at {last}");
    }
}

/// The law of the house: what was built step by step is what is built at once.
fn is_same(step_by_step: &Build, clean: &Build) {
    let broken = |problem: &Problem| problem.code.starts_with("template.");
    // A page that cannot be made keeps its last good version; a clean build has none.
    let keeps = clean.problems.iter().any(broken);
    for (path, made) in &step_by_step.artifacts {
        match clean.artifacts.get(path) {
            Some(other) => assert_eq!(made.content, other.content, "`{path}` differs from a clean build"),
            None => assert!(keeps, "`{path}` is not in a clean build"),
        }
    }
    let lost = clean.artifacts.keys().find(|path| !step_by_step.artifacts.contains_key(*path));
    assert_eq!(lost, None, "only in a clean build");
    assert_eq!(step_by_step.problems, clean.problems, "told otherwise than by a clean build");
}
