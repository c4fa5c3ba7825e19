//! Style sheets out of Sass: which sources make one, what they may load, and what stops them.
//! Expected values are what Zola's program writes for the same sources.

use galley_engine::{Cancel, Memo, Options, Scope, SitePath, Snapshot, Source, build};

use crate::site::{CONFIG, Site};

fn site(files: &[(&str, &str)]) -> Site {
    let config = format!("{CONFIG}compile_sass = true\n");
    let mut all = vec![("zola.toml", config.as_str()), ("templates/index.html", "")];
    all.extend_from_slice(files);
    Site::of(&all)
}

#[test]
fn every_sheet_but_partials_makes_a_css_file_of_the_same_path() {
    let site = site(&[
        ("sass/main.scss", "@use \"part\";\n@import \"sub/other\";\n@import \"sub\";\n.a { color: part.$c; b { d: e } &:hover { x: \"é\" } }\n"),
        ("sass/_part.scss", "$c: red;\n"),
        ("sass/sub/_other.scss", ".o{p:q}\n"),
        ("sass/sub/_index.scss", ".idx{p:q}\n"),
        ("sass/sub/named.scss", ".n{o:p}\n"),
        ("sass/_hidden/x.scss", ".h{i:j}\n"),
        ("sass/ind.sass", ".s\n  color: blue\n"),
        ("sass/notes.txt", "not a sheet"),
    ])
    .clean();
    // A byte order mark says that the compressed sheet is not ASCII.
    assert_eq!(site.text("main.css"), "\u{feff}.o{p:q}.idx{p:q}.a{color:red}.a b{d:e}.a:hover{x:\"é\"}");
    assert_eq!(site.text("sub/named.css"), ".n{o:p}");
    assert_eq!(site.text("ind.css"), ".s{color:blue}");
    let sheets: Vec<&str> =
        site.paths().into_iter().filter(|path| path.rsplit_once('.').is_some_and(|(_, kind)| kind == "css")).collect();
    assert_eq!(sheets, ["ind.css", "main.css", "sub/named.css"]);
}

#[test]
fn nothing_is_compiled_unless_the_site_asks() {
    let site = Site::of(&[("zola.toml", CONFIG), ("sass/a.scss", "a{b:c}")]).clean();
    assert!(!site.has("a.css"));
}

#[test]
fn the_sheets_of_a_theme_are_always_compiled_and_the_site_goes_first() {
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}theme = \"t\"\ncompile_sass = true\n")),
        ("themes/t/theme.toml", ""),
        ("themes/t/templates/index.html", ""),
        ("themes/t/sass/main.scss", "@import \"vars\"; a{b:$v}"),
        ("themes/t/sass/_vars.scss", "$v: theme;"),
        ("themes/t/sass/both.scss", "a{b:theme}"),
        ("sass/both.scss", "a{b:site}"),
    ])
    .clean();
    assert_eq!(site.text("main.css"), "a{b:theme}");
    assert_eq!(site.text("both.css"), "a{b:site}");

    let alone = Site::of(&[
        ("zola.toml", &format!("{CONFIG}theme = \"t\"\n")),
        ("themes/t/theme.toml", ""),
        ("themes/t/sass/both.scss", "a{b:theme}"),
        ("sass/both.scss", "a{b:site}"),
    ])
    .clean();
    assert_eq!(alone.text("both.css"), "a{b:theme}");
}

#[test]
fn a_static_file_replaces_a_sheet_of_the_same_name() {
    let site = site(&[("sass/a.scss", "a{b:c}"), ("static/a.css", "static")]).clean();
    assert!(
        matches!(&site.build.artifacts["a.css"].content, galley_engine::Content::Copy(path) if path.as_str() == "static/a.css")
    );
}

#[test]
fn two_sources_of_one_sheet_are_a_problem() {
    let site = site(&[("sass/a.sass", "a\n  b: c\n"), ("sass/a.scss", "a{b:c}")]);
    assert_eq!(site.codes(), ["sass.twice"]);
    assert_eq!(site.build.problems[0].path.as_deref(), Some("sass/a.scss"));
    assert_eq!(site.text("a.css"), "a{b:c}");
}

#[test]
fn what_is_wrong_is_said_at_its_place_even_in_a_partial() {
    let site = site(&[
        ("sass/a.scss", "@import \"part\";\n"),
        ("sass/_part.scss", "@mixin m { c: d }\na {\n  b: $nowhere;\n}\n"),
        ("sass/b.scss", "a { b: c }\n@import \"gone\";\n"),
        ("sass/c.scss", "a { b: c; } }"),
        ("sass/d.scss", "@function f($x) { @error \"not #{$x}\"; }\na { b: f(1) }"),
    ]);
    let told: Vec<(&str, u32, u32, &str)> = site
        .build
        .problems
        .iter()
        .map(|problem| {
            let span = problem.span.unwrap();
            (problem.path.as_deref().unwrap(), span.line, span.column, problem.message.as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("sass/_part.scss", 3, 6, "`sass/_part.scss`: Undefined variable"),
            ("sass/b.scss", 2, 9, "`sass/b.scss`: Can't find stylesheet to import"),
            ("sass/c.scss", 1, 13, "`sass/c.scss`: unmatched \"}\""),
            ("sass/d.scss", 1, 26, "`sass/d.scss`: not 1"),
        ]
    );
    assert!(site.build.problems.iter().all(|problem| problem.code == "sass.error" && !problem.help.is_empty()));
}

#[test]
fn a_warning_of_a_sheet_is_a_warning() {
    let site = site(&[("sass/a.scss", "@warn \"old\";\n@debug \"x\";\na{b:c}")]);
    assert_eq!(site.codes(), ["sass.warning"]);
    assert_eq!(site.build.problems[0].message, "the style sheet says: old");
    assert_eq!(site.text("a.css"), "a{b:c}");
}

#[test]
fn a_sheet_without_an_end_is_stopped() {
    for endless in [
        "@while true { a { b: c } }",
        "$i: 0;\n@while $i < 1 { $i: $i - 1; }",
        "@for $i from 1 through 1000000000 { $x: $i; }",
        "@function f($x) { @return f($x + 1) }\na { b: f(1) }",
        "@mixin m { a { @include m } }\n@include m;",
        "@mixin m { @content; }\n@function f($x) { @each $i in 1 2 { $x: f($x); } @return $x }\na { b: f(1) }",
    ] {
        let site = site(&[("sass/a.scss", endless), ("sass/good.scss", "a{b:c}")]);
        assert_eq!(site.codes(), ["sass.endless"], "{endless}");
        assert_eq!(site.text("good.css"), "a{b:c}");
    }
    let indented = site(&[("sass/a.sass", "=m\n  a\n    +m\n+m\n"), ("sass/b.sass", "@while true\n  a\n    b: c\n")]);
    assert_eq!(indented.codes(), ["sass.endless", "sass.endless"]);
}

#[test]
fn a_sheet_that_grows_without_an_end_is_stopped() {
    let doubled = (0..60).map(|n| format!("$a{}: $a{n} + $a{n};\n", n + 1)).collect::<Vec<_>>().concat();
    for grows in [
        "$s: \"x\";\n@for $i from 1 through 60 { $s: $s + $s; }\na { b: $s }",
        "$s: \"x\";\n@for $i from 1 through 60 { $s: \"#{$s}#{$s}\" }",
        "$l: a b;\n@for $i from 1 through 60 { $l: join($l, $l); }",
        "$l: a;\n@for $i from 1 through 60 { $l: $l $l; }",
        "$l: a;\n@for $i from 1 through 100000 { $l: ($l,); }",
        "$m: (a: b);\n@for $i from 1 through 60 { $m: (a: $m, b: $m); }",
        &format!("$a0: \"xxxx\";\n{doubled}"),
        "@function f($s, $n) { @if $n == 0 { @return $s } @return f($s + $s, $n - 1); }\na { b: f(\"x\", 60) }",
        "@function f($s...) { @return f($s $s...); }\na { b: f(x) }",
        "@mixin m($s) { @include m($s + $s) }\n@include m(\"x\");",
        "$s: \"x\";\n@for $i from 1 through 18 { $s: $s + $s; }\n@for $i from 1 through 100000 { a { b: $s } }",
        "@mixin m($n) { @if $n > 0 { a, b { @include m($n - 1) } } @else { c: d } }\n@include m(60);",
        "@mixin m { a, b { @content } }\n@include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { @include m { x: y } } } } } } } } } } } } } } } } } } } } } }",
    ] {
        let site = site(&[("sass/a.scss", grows), ("sass/good.scss", "a{b:c}")]);
        assert_eq!(site.codes(), ["sass.endless"], "{grows}");
        assert_eq!(site.text("good.css"), "a{b:c}");
    }
    let indented = site(&[
        ("sass/a.sass", "$s: \"x\"\n@for $i from 1 through 60\n  $s: $s + $s\n"),
        ("sass/b.sass", "=m($s)\n  +m($s + $s)\n+m(\"x\")\n"),
        ("sass/c.scss", &format!("{}b: c{}", "a, b, c, d { ".repeat(20), "}".repeat(20))),
    ]);
    assert_eq!(indented.codes(), ["sass.endless"; 3]);
}

#[test]
fn what_a_sheet_is_counted_by_changes_nothing() {
    let site = site(&[
        ("sass/a.scss", "@charset \"utf-8\";\n$-galley: 1;\n@use \"m\" as *;\n@use \"n\" as *;\n// c\n$x: 1px; $y: $x !default;\na { b: $x $y $z; @include w { c: d; &:e { $x: 2px; f: $x } } }\n@each $k, $v in (g: 1, h: 2) { #{$k} { i: $v } }\nj { k: f(3) $x; l: url(data:#{$x};base64,x) }"),
        ("sass/_m.scss", "$z: z;\n@mixin w { @content; }\n"),
        ("sass/_n.scss", "@function f($n, $m: $n) { $n: $n + $m; @return $n }\n"),
        ("sass/b.sass", "$x: 1px\n=w($y)\n  $z: $y\n  b: $z\na, c\n  +w(2px)\n  d: $x\n"),
    ])
    .clean();
    assert_eq!(site.text("a.css"), "a{b:1px 1px z;c:d}a:e{f:2px}g{i:1}h{i:2}j{k:6 1px;l:url(data:1px;base64,x)}");
    assert_eq!(site.text("b.css"), "a,c{b:2px;d:1px}");
}

#[test]
fn a_sheet_that_is_nested_without_an_end_is_refused() {
    let deep = format!("a {{ b: {}1{} }}", "(".repeat(100_000), ")".repeat(100_000));
    let site = site(&[("sass/a.scss", &deep), ("sass/b.scss", &"a{".repeat(100_000))]);
    assert_eq!(site.codes(), ["sass.endless", "sass.endless"]);
}

#[test]
fn chance_is_the_same_each_time() {
    let sheet = "a { b: random(10) random(10) unique-id(); }";
    let (one, two) = (site(&[("sass/a.scss", sheet)]).clean(), site(&[("sass/a.scss", sheet)]).clean());
    assert_eq!(one.text("a.css"), two.text("a.css"));
    assert!(!one.text("a.css").contains("random"), "{}", one.text("a.css"));
}

#[test]
fn an_edit_of_a_partial_makes_the_sheets_that_use_it_and_no_other() {
    let mut snapshot = Snapshot::new();
    let mut put = |path: &str, text: &str| snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
    put("zola.toml", &format!("{CONFIG}compile_sass = true\n"));
    put("sass/a.scss", "@use \"part\"; a{b:part.$c}");
    put("sass/b.scss", "a{b:c}");
    put("sass/c.scss", "@import \"d\"; a{b:$d}");
    put("sass/d.scss", "$d: e;");
    put("sass/_part.scss", "$c: red;");
    let mut memo = Memo::new();
    let mut made = |snapshot: &Snapshot| {
        let build = build(snapshot, &mut memo, &Scope::Whole, &Options::default(), &Cancel::new());
        build.why.into_iter().map(|rebuilt| (rebuilt.path.to_string(), rebuilt.reason)).collect::<Vec<_>>()
    };
    made(&snapshot);
    let mut edit = |path: &str, text: &str| {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
        made(&snapshot)
    };
    let reason = |path: &str| format!("text of `{path}` changed");
    assert_eq!(edit("sass/_part.scss", "$c: blue;"), [("a.css".to_owned(), reason("sass/_part.scss"))]);
    assert_eq!(
        edit("sass/d.scss", "$d: f;"),
        [("c.css".to_owned(), reason("sass/d.scss")), ("d.css".to_owned(), reason("sass/d.scss"))]
    );
    // A file that comes between is a file that was looked for.
    assert_eq!(edit("sass/d.sass", "$d: g\n")[0], ("c.css".to_owned(), reason("sass/d.sass")));
}

#[test]
fn a_template_may_ask_for_the_version_of_a_sheet() {
    let ask = "{{ get_url(path='named.css', cachebust=true) }}";
    let config = format!("{CONFIG}compile_sass = true\n");
    let files = |colour: &str| {
        let mut snapshot = Snapshot::new();
        let part = format!("$c: {colour};\n");
        for (path, text) in [
            ("zola.toml", config.as_str()),
            ("templates/index.html", ask),
            ("sass/named.scss", "@use \"part\";\n.n{o:part.$c}\n"),
            ("sass/_part.scss", part.as_str()),
        ] {
            snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
        }
        snapshot
    };
    let site = Site::built(files("p"), &Options::default()).clean();
    // The first 20 digits of what `sha256sum` says of `.n{o:p}`.
    assert_eq!(site.text("index.html"), "https://example.org/named.css?h=a8688367f70942e81bfb");
    let mut memo = Memo::new();
    for colour in ["p", "q", "p"] {
        let files = files(colour);
        let built = build(&files, &mut memo, &Scope::Whole, &Options::default(), &Cancel::new());
        let clean = Site::built(files, &Options::default());
        assert_eq!(built.artifacts.get("index.html"), clean.build.artifacts.get("index.html"), "{colour}");
    }
}

#[test]
fn a_variable_may_be_named_by_a_line_alone() {
    let sheet = "$m: (one: 1px, two: 2px);\n@each $language, $_ in $m { .l-#{$language} { a: $_; } }\n\
        @mixin x($-a, $_b-c: 2) { b: $-a $_b-c; }\n.q { @include x(1); }\n\
        @function f($__) { @return $__ + 1; }\n.r { c: f(2); }\n";
    assert_eq!(site(&[("sass/a.scss", sheet)]).clean().text("a.css"), ".l-one{a:1px}.l-two{a:2px}.q{b:1 2}.r{c:3}");
}
