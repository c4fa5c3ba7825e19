//! What a writer can put at the top of a file, and what is said when it is wrong.

use super::*;
use crate::datum::Datum;

fn read(text: &str) -> Parsed {
    super::parse(&SitePath::new("a.md").expect("a path"), text)
}

fn clean(text: &str) -> DatumMap {
    let parsed = read(text);
    assert_eq!(parsed.problems, [], "{text}");
    assert!(parsed.present);
    parsed.data
}

fn only(text: &str) -> (Problem, Span) {
    let parsed = read(text);
    assert_eq!(parsed.problems.len(), 1, "{text}: {:?}", parsed.problems);
    let problem = parsed.problems[0].clone();
    assert_eq!(problem.path.as_deref(), Some("a.md"));
    let span = problem.span.expect("a place");
    (problem, span)
}

fn text(value: &str) -> Datum {
    Datum::Text(value.into())
}

#[test]
fn toml_keeps_order_and_dates() {
    let data = clean(
        "+++\ntitle = \"Z\"\ndate = 2015-10-27\nat = 1979-05-27 07:32:00Z\nb = [1, 2.5, true]\n[extra]\nz = 1\na = { y = 2, x = 3 }\n+++\n",
    );
    let keys: Vec<_> = data.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["title", "date", "at", "b", "extra"]);
    assert_eq!(data.get("date"), Some(&Datum::Date("2015-10-27".into())));
    assert_eq!(data.get("at"), Some(&Datum::Date("1979-05-27T07:32:00Z".into())));
    assert_eq!(data.get("b"), Some(&Datum::List(vec![Datum::Int(1), Datum::Float(2.5), Datum::Bool(true)])));
    let extra = data.get("extra").and_then(as_map).expect("a table");
    assert_eq!(extra.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["z", "a"]);
    let inner = extra.get("a").and_then(as_map).expect("a table");
    assert_eq!(inner.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["y", "x"]);
}

#[test]
fn yaml_keeps_order_and_dates() {
    let data = clean(
        "---\ntitle: Jamstack\ncreated: 1691240936258\ndate: 2015-10-27\nat: 2001-12-14 21:59:43\nshort: 2015-1-5\n\
         quoted: \"2015-10-27\"\nsingle: '2001-12-14 21:59:43'\ntags: [js, 'no', no, 007]\nnone:\nyes: true\n\
         extra:\n  z: 1\n  a: 2.5\nlong: >\n  folded\n  text\n---\n",
    );
    let expected = [
        ("title", text("Jamstack")),
        ("created", Datum::Int(1_691_240_936_258)),
        ("date", Datum::Date("2015-10-27".into())),
        ("at", Datum::Date("2001-12-14T21:59:43".into())),
        ("short", Datum::Date("2015-01-05T00:00:00Z".into())),
        ("quoted", text("2015-10-27")),
        ("single", text("2001-12-14 21:59:43")),
    ];
    for (at, (key, value)) in expected.iter().enumerate() {
        assert_eq!(data.0[at], ((*key).to_owned(), value.clone()));
    }
    assert_eq!(data.get("none"), Some(&Datum::Null));
    assert_eq!(data.get("yes"), Some(&Datum::Bool(true)));
    assert_eq!(data.get("long"), Some(&text("folded text\n")));
    let tags = data.get("tags").cloned();
    let Some(Datum::List(tags)) = tags else { panic!("a list: {tags:?}") };
    assert_eq!(tags[..3], [text("js"), text("no"), text("no")]);
    let extra = data.get("extra").and_then(as_map).expect("a table");
    assert_eq!(extra.0, [("z".to_owned(), Datum::Int(1)), ("a".to_owned(), Datum::Float(2.5))]);
}

#[test]
fn no_front_matter_is_fine() {
    for body in ["", "# Title\n", "---\n\nwords\n", "--- \n***\n", "+++x\n"] {
        let parsed = read(body);
        assert!(!parsed.present && parsed.problems.is_empty(), "{body:?}");
        assert_eq!(parsed.body, 0);
    }
}

#[test]
fn an_empty_block_is_a_block() {
    for source in ["+++\n+++\nbody", "---\n---\nbody", "---\n# only a comment\n---\nbody"] {
        let parsed = read(source);
        assert!(parsed.present && parsed.problems.is_empty() && parsed.data.0.is_empty(), "{source:?}");
        assert_eq!(&source[parsed.body..], "body");
    }
}

#[test]
fn toml_errors_say_where() {
    let source = "\n+++\r\ntitle = \"a\"\r\ndate = 2023-99-01\r\n+++\r\nbody";
    let (problem, span) = only(source);
    assert_eq!(problem.code, "front-matter.syntax");
    assert_eq!((span.line, span.column), (4, 8));
    assert!(!problem.help.is_empty());
    assert_eq!(&source[read(source).body..], "body");
    let (problem, span) = only("+++\ntitle = Hello\n+++\n");
    assert_eq!((span.line, span.column), (2, 9), "{}", problem.message);
}

#[test]
fn yaml_errors_say_where() {
    let source = "---\ntitle: a\nlist: [1, 2\nnext: b\n---\nbody";
    let (problem, span) = only(source);
    assert_eq!(problem.code, "front-matter.syntax");
    assert!((3..=4).contains(&span.line), "line {} {}", span.line, problem.message);
    assert_eq!(&source[read(source).body..], "body");
    let (problem, span) = only("---\ntitle: one: two\n---\n");
    assert_eq!(span.line, 2, "{}", problem.message);
    assert!(!problem.message.contains("line"), "{}", problem.message);
    let (_, span) = only("---\nlist:\n\t- tab\n---\n");
    assert_eq!(span.line, 3);
}

#[test]
fn a_key_twice_keeps_the_first() {
    let source = "---\na: 1\nb: 2\na: 3\n---\n";
    let (problem, span) = only(source);
    assert_eq!((span.line, span.column), (4, 1));
    assert!(problem.message.contains("`a`"), "{}", problem.message);
    assert_eq!(read(source).data.0, [("a".to_owned(), Datum::Int(1)), ("b".to_owned(), Datum::Int(2))]);
    assert_eq!(only("+++\na = 1\na = 2\n+++\n").1.line, 3);
}

#[test]
fn what_is_not_keys_is_a_problem() {
    let (problem, _) = only("---\n- a\n- b\n---\n");
    assert!(problem.message.contains("a list"), "{}", problem.message);
    only("---\ntitle\n---\n");
}

#[test]
fn an_open_block_is_a_problem_and_never_shows() {
    let source = "---\ntitle: x\ndate: 2020-01-01\n\nThe body.\n";
    let (problem, span) = only(source);
    assert_eq!(problem.code, "front-matter.unclosed");
    assert_eq!((span.line, span.column), (1, 1));
    assert_eq!(source[read(source).body..].trim(), "The body.");
}

#[test]
fn hostile_blocks_cost_a_problem() {
    let mut bomb = String::from("---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        bomb.push_str(
            &["a", &level.to_string(), ": &a", &level.to_string(), " [", &vec![alias; 10].join(", "), "]\n"].concat(),
        );
    }
    bomb.push_str("---\n");
    only(&bomb);
    only(&format!("---\na: {}{}\n---\n", "[".repeat(10_000), "]".repeat(10_000)));
    only(&format!("---\na: {}\n---\n", "{a: ".repeat(10_000)));
    only(&format!("---\n{}\n---\n", "- ".repeat(10_000)));
    only(&format!("+++\na = {}\n+++\n", "[".repeat(100_000)));
    only(&format!("+++\na{} = 1\n+++\n", ".a".repeat(100_000)));
    only(&format!("+++\n[a{}]\n+++\n", ".a".repeat(100_000)));
    only(&format!("+++\na = {{ b{} = 1 }}\n+++\n", ".b".repeat(100_000)));
    only("---\na: &a [*a]\n---\n");
}

#[test]
fn keys_are_found() {
    let toml = "+++\ntitle = 1\n  \"date\" = 2\n[extra]\ntitle = 3\n[taxonomies]\ntags = []\n+++\ndraft = 1";
    let line = |text: &str, key: &str| key_span(text, key).map(|span| span.line);
    assert_eq!(line(toml, "title"), Some(2));
    assert_eq!(line(toml, "date"), Some(3));
    assert_eq!(line(toml, "taxonomies"), Some(6));
    assert_eq!(line(toml, "tags"), None);
    assert_eq!(line(toml, "draft"), None);
    let yaml = "---\ntitle: 1\nextra:\n  date: 2\n'date': 3\ndraft:\n---\n";
    assert_eq!(line(yaml, "date"), Some(5));
    assert_eq!(line(yaml, "draft"), Some(6));
    assert_eq!(line(yaml, "titl"), None);
    let span = key_span(yaml, "title").expect("a key");
    assert_eq!(&yaml[span.start as usize..span.end as usize], "title: 1");
}

fn as_map(value: &Datum) -> Option<&DatumMap> {
    match value {
        Datum::Map(map) => Some(map),
        _ => None,
    }
}
