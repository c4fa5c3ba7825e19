//! Hostile sites: each costs a problem or nothing at all, never the program.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop where a fixture is wrong, and measures how long a build takes"
)]

use std::sync::Arc;

use galley_engine::{Build, Cancel, Memo, MemoryFiles, Options, Scope, SitePath, Snapshot, Source, SourceBody, build};

fn built(files: &[(&str, String)]) -> Build {
    let mut snapshot = Snapshot::new();
    snapshot.put(SitePath::new("zola.toml").unwrap(), Source::text("base_url = \"https://example.org\"\n"));
    snapshot.put(SitePath::new("content/good.md").unwrap(), Source::text("+++\ntitle = \"Good\"\n+++\nGood\n"));
    for (path, text) in files {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text.as_str()));
    }
    let build = build(&snapshot, &mut Memo::new(), &Scope::Whole, &Options::default(), &Cancel::new());
    assert!(build.is_whole());
    build
}

fn has(build: &Build, code: &str) -> bool {
    build.problems.iter().any(|problem| problem.code == code)
}

#[test]
fn a_component_that_calls_itself() {
    let build = built(&[
        ("templates/page.html", "{{ <again /> }}".into()),
        ("templates/c.html", "{% component again() %}{{ <again /> }}{% endcomponent again %}".into()),
    ]);
    assert!(has(&build, "template.error"), "{:?}", build.problems);
}

#[test]
fn templates_that_include_each_other() {
    let build = built(&[
        ("templates/page.html", "{% include \"a.html\" %}".into()),
        ("templates/a.html", "{% include \"b.html\" %}".into()),
        ("templates/b.html", "{% include \"a.html\" %}".into()),
    ]);
    assert!(has(&build, "template.error"), "{:?}", build.problems);
}

#[test]
fn loops_in_loops() {
    let inner = "{% for a in range(end=100000) %}{% for b in range(end=100000) %}x{% endfor %}{% endfor %}";
    let build = built(&[("templates/page.html", inner.into())]);
    assert!(has(&build, "template.error"), "{:?}", build.problems);
}

#[test]
fn deep_nesting_in_a_page() {
    for text in [
        "> ".repeat(10_000) + "x",
        "- ".repeat(10_000) + "x",
        "[".repeat(50_000),
        "*".repeat(100_000) + "x",
        "(".repeat(10_000),
    ] {
        let build = built(&[("content/deep.md", format!("+++\ntitle = \"Deep\"\n+++\n{text}\n"))]);
        assert!(build.artifacts.contains_key("deep/index.html"));
    }
}

/// A whole build may use so much of a second for each megabyte of text; far more than it does.
fn in_time(megabytes: u64, make: impl FnOnce() -> Build) -> Build {
    let start = std::time::Instant::now();
    let build = make();
    let seconds = start.elapsed().as_secs();
    assert!(seconds < 20 + 4 * megabytes, "{megabytes} MB took {seconds} s");
    build
}

#[test]
fn texts_that_are_too_large_are_refused() {
    let line = "Words, words and words.\n";
    let hundred = |before: &str, after: &str| format!("{before}{}{after}", line.repeat(100 * 1024 * 1024 / line.len()));
    let files = [
        ("content/large.md", hundred("+++\ntitle = \"Large\"\n+++\n", "")),
        ("content/front.md", hundred("+++\ntitle = \"\"\"", "\"\"\"\n+++\n")),
        ("content/data.json", hundred("[\"", "\"]")),
        ("templates/page.html", "{{ load_data(path=\"content/data.json\")[0] }}".to_owned()),
    ];
    let build = in_time(0, || built(&files));
    for path in ["content/large.md", "content/front.md", "content/data.json"] {
        let told = |problem: &galley_engine::Problem| {
            problem.code == "text.too-large" && problem.path.as_deref() == Some(path)
        };
        assert!(build.problems.iter().any(told), "{path}: {:?}", build.problems);
    }
    assert!(has(&build, "template.error"), "the data is missed: {:?}", build.problems);
    assert!(build.artifacts.contains_key("index.html") && !build.artifacts.contains_key("large/index.html"));
}

#[test]
fn data_that_is_too_large_is_told_by_its_size() {
    let mut snapshot = Snapshot::new();
    for (path, text) in [
        ("zola.toml", "base_url = \"https://example.org\"\n"),
        ("templates/page.html", "{{ load_data(path=\"content/data.json\") }}"),
        ("content/page.md", "+++\n+++\n"),
    ] {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
    }
    let data = Source { hash: galley_engine::Hash::of(b"x"), body: SourceBody::Binary { len: 100 * 1024 * 1024 } };
    snapshot.put(SitePath::new("content/data.json").unwrap(), data);
    let build = build(&snapshot, &mut Memo::new(), &Scope::Whole, &Options::default(), &Cancel::new());
    let told = "`content/data.json` has 100 MB, and a data file can have up to 16 MB";
    assert!(build.problems.iter().any(|problem| problem.message.contains(told)), "{:?}", build.problems);
}

#[test]
fn the_largest_texts_are_built() {
    let mega = 1024 * 1024;
    let front = "+++\ntitle = \"T\"\n+++\n";
    for (name, text) in [
        ("one line", format!("{front}{}", "word ".repeat(2 * mega))),
        ("many lines", format!("{front}{}", "Words *and* words.\n\n".repeat(mega / 2))),
        ("brackets", format!("{front}{}", "[a](".repeat(2 * mega))),
        ("data", format!("+++\ntitle = \"T\"\n[extra]\nx = [{}]\n+++\nText\n", "1, ".repeat(3 * mega))),
        ("a line of it", format!("+++\ntitle = \"{}\"\n+++\nText\n", "x".repeat(10 * mega))),
        ("YAML", format!("---\ntitle: T\nextra:\n{}---\nText\n", "  - a: b\n".repeat(mega / 2))),
    ] {
        let megabytes = (text.len() / mega) as u64;
        let build = in_time(megabytes, || built(&[("content/large.md", text)]));
        assert!(build.artifacts.contains_key("large/index.html"), "{name}: {:?}", build.problems);
    }
}

#[test]
fn deep_nesting_in_front_matter_and_expressions() {
    let brackets = format!("---\ntitle: x\na: {}{}\n---\ntext\n", "[".repeat(10_000), "]".repeat(10_000));
    let toml = format!("+++\na = {}{}\n+++\ntext\n", "[".repeat(10_000), "]".repeat(10_000));
    let expression = format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000));
    let build = built(&[("content/a.md", brackets), ("content/b.md", toml), ("templates/page.html", expression)]);
    assert!(
        has(&build, "front-matter.syntax"),
        "{:?}",
        build.problems.iter().map(|problem| &problem.code).collect::<Vec<_>>()
    );
}

#[test]
fn yaml_aliases_that_multiply() {
    let mut text = "---\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let before = n - 1;
        let aliases = vec![format!("*a{before}"); 8].join(", ");
        text.push_str(&["a", &n.to_string(), ": &a", &n.to_string(), " [", &aliases, "]\n"].concat());
    }
    let build = built(&[("content/bomb.md", text + "---\ntext\n")]);
    assert!(has(&build, "front-matter.syntax"), "{:?}", build.problems);
    assert!(build.artifacts.contains_key("good/index.html"));
}

#[test]
fn paths_that_try_to_leave() {
    let page = |extra: &str| format!("+++\ntitle = \"X\"\n{extra}\n+++\n");
    let build = built(&[
        ("content/a.md", page("path = \"../../etc/a\"")),
        ("content/b.md", page("aliases = [\"../../etc/b\", \"/etc/c\"]")),
        ("content/c.md", page("slug = \"../../up\"")),
        ("templates/page.html", "{{ load_data(path=\"../../../../etc/passwd\", required=false) }}{{ load_data(path=\"/etc/passwd\", required=false) }}".into()),
    ]);
    for path in build.artifacts.keys() {
        assert!(!path.starts_with("..") && !path.starts_with('/'), "{path}");
    }
    let text = format!("{:?}", build.artifacts);
    assert!(!text.contains("root:"), "no file outside of the site is read");
}

/// Builds a page that shows this file three times smaller.
fn with_image(name: &str, bytes: Vec<u8>) -> Build {
    let mut files = MemoryFiles::default();
    let mut snapshot = Snapshot::new();
    let at = SitePath::new(&format!("static/{name}")).unwrap();
    snapshot.put(at.clone(), files.put(at, bytes));
    snapshot.set_files(Arc::new(files));
    let template = format!(
        "{{% set i = resize_image(path=\"{name}\", width=30, height=30) %}}<img src=\"{{{{ i.url }}}}\">{{{{ get_image_metadata(path=\"{name}\") }}}}"
    );
    for (path, text) in [
        ("zola.toml", "base_url = \"https://example.org\"\n"),
        ("templates/page.html", template.as_str()),
        ("content/page.md", "+++\ntitle = \"Page\"\n+++\n"),
    ] {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
    }
    let build = build(&snapshot, &mut Memo::new(), &Scope::Whole, &Options::default(), &Cancel::new());
    assert!(build.is_whole() && build.artifacts.contains_key("page/index.html"), "{name}: {:?}", build.problems);
    build
}

/// That the page which shows the image has the problem.
fn is_told(build: &Build) {
    let told = |problem: &galley_engine::Problem| {
        problem.code == "image.unusable" && problem.path.as_deref() == Some("content/page.md")
    };
    assert!(build.problems.iter().any(told), "{:?}", build.problems);
}

fn picture(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x * y) as u8]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = image::DynamicImage::ImageRgb8(pixels);
    // The pictures in an icon are transparent or none.
    let pixels = if format == image::ImageFormat::Ico { pixels.into_rgba8().into() } else { pixels };
    pixels.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The checksum of PNG chunks (PNG specification, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut crc: u32, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        }
        crc
    })
}

/// A PNG whose header claims another size than its pixels have.
fn lying_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = picture(20, 20, image::ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

#[test]
fn images_with_lying_sizes() {
    for (width, height) in [(50_000, 50_000), (1, 0x7fff_ffff), (2_000_000, 60), (4_000, 4_000), (20, 21)] {
        is_told(&with_image("a.png", lying_png(width, height)));
    }
    // Start of image, then a frame of 65,500 by 65,500 pixels with three components.
    let mut jpeg =
        vec![0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xdc, 0xff, 0xdc, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    jpeg.extend([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0, 1, 2, 3]);
    is_told(&with_image("a.jpg", jpeg));
    let mut gif = picture(20, 20, image::ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    is_told(&with_image("a.gif", gif));
}

#[test]
fn images_that_end_too_early_or_are_damaged() {
    use image::ImageFormat::{Bmp, Gif, Ico, Jpeg, Png, Pnm, Qoi, Tga, Tiff, WebP};
    for format in [Bmp, Gif, Ico, Jpeg, Png, Pnm, Qoi, Tga, Tiff, WebP] {
        let name = format!("a.{}", format.extensions_str()[0]);
        let whole = picture(60, 60, format);
        assert!(with_image(&name, whole.clone()).problems.is_empty(), "{name}");
        for at in (0..whole.len()).step_by(whole.len() / 12) {
            with_image(&name, whole[..at].to_vec());
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            with_image(&name, damaged);
        }
    }
    is_told(&with_image("a.png", picture(60, 60, image::ImageFormat::Png)[..200].to_vec()));
    is_told(&with_image("a.png", b"no picture".to_vec()));
    is_told(&with_image("a.jpg", Vec::new()));
}

#[test]
fn drawings_and_containers_that_never_end() {
    let deep = format!("<svg>{}{}</svg>", "<g>".repeat(100_000), "</g>".repeat(100_000));
    with_image("a.svg", deep.into_bytes());
    with_image("a.svg", "<svg>".repeat(100_000).into_bytes());
    // A first box that says AVIF, then one that claims four gigabytes.
    let avif = b"\0\0\0\x10ftypavif\0\0\0\0\xff\xff\xff\xffmeta";
    is_told(&with_image("a.avif", avif.to_vec()));
}
