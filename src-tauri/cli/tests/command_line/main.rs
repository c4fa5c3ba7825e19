//! The command line as scripts see it: exit codes, JSON lines, and what is left on disk.

mod bed;
mod external;
mod fetch;
mod server;
mod vault;

use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::bed::{Bed, CONFIG, PAGE, built, code, exists, keys, lines, site};

#[test]
fn build_says_what_it_did() {
    let bed = site();
    let output = bed.run(&["build", "--json"]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    let first = built(&output);
    let documented = [
        "event",
        "rev",
        "dialect",
        "output",
        "sources",
        "artifacts",
        "rendered",
        "why",
        "written",
        "removed",
        "problems",
        "ms",
    ];
    assert_eq!(keys(&first), documented.into());
    assert_eq!(keys(&first["ms"]), ["load", "build", "write", "total"].into());
    assert_eq!((&first["rev"], &first["sources"], &first["removed"]), (&1.into(), &2.into(), &0.into()));
    assert_eq!(first["written"], first["artifacts"]);
    assert!(exists(&bed, "public/one/index.html"));
}

#[test]
fn started_in_a_folder_of_a_site_it_takes_that_site() {
    let bed = site();
    bed.write("content/deep/er/two.md", PAGE);
    let below = |command: &str| {
        let mut command = bed.command(&[command, "--json"]);
        command.current_dir(bed.site().join("content/deep")).output().expect("galley runs")
    };
    assert_eq!(code(&below("check")), 0);
    let output = below("build");
    assert_eq!(built(&output)["sources"], 3);
    assert!(exists(&bed, "public/one/index.html") && !exists(&bed, "content/deep/public"));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let site = bed.site().canonicalize().expect("the site");
    assert!(told.contains(&format!("The site is {}, where `zola.toml` is.", site.display())), "{told}");
    assert!(bed.run(&["build"]).stderr.starts_with(b"Built"), "nothing to say of the current folder");
}

#[test]
fn a_folder_that_is_named_is_the_site() {
    let bed = site();
    bed.write("content/deep/two.md", PAGE);
    assert_eq!(built(&bed.run(&["build", "content/deep", "--json"]))["sources"], 1);
}

#[test]
fn the_configuration_of_another_program_makes_no_site() {
    let bed = Bed::with(&[("config.toml", "editor = \"ed\"\n"), ("notes/one.md", "Text.\n")]);
    let mut command = bed.command(&["build", "--json"]);
    let output = command.current_dir(bed.site().join("notes")).output().expect("galley runs");
    assert_eq!(built(&output)["sources"], 1);
    bed.write("config.toml", CONFIG);
    bed.write("content/two.md", PAGE);
    let mut command = bed.command(&["build", "--json"]);
    let output = command.current_dir(bed.site().join("notes")).output().expect("galley runs");
    assert!(exists(&bed, "public/two/index.html"), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A file of time zone data (RFC 8536, version 2) for a zone that is always nine hours ahead.
fn always_nine_ahead() -> Vec<u8> {
    let block =
        [b"TZif2".as_slice(), &[0; 15 + 5 * 4 - 1], &[1, 0, 0, 0, 4], &32_400_i32.to_be_bytes(), &[0, 0], b"JST\0"];
    [block.concat(), block.concat(), b"\nJST-9\n".to_vec()].concat()
}

#[test]
fn a_page_does_not_hang_on_what_the_machine_knows_of_time_zones() {
    let bed = site();
    let template = "{{ '2024-07-05T12:00:00Z' | date(format='%H:%M', timezone='Europe/Paris') }}";
    bed.write("templates/page.html", template);
    let zones = bed.home.path().join("zones/Europe");
    std::fs::create_dir_all(&zones).expect("a folder");
    std::fs::write(zones.join("Paris"), always_nine_ahead()).expect("write");
    let output = bed.command(&["build"]).env("TZDIR", bed.home.path().join("zones")).output().expect("galley runs");
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read_to_string(bed.site().join("public/one/index.html")).expect("the page"), "14:00");
}

#[test]
fn what_a_template_is_told_of_the_mode_is_the_same_for_every_command() {
    let bed = site();
    bed.write("templates/page.html", "{% if config.mode != \"build\" %}{{ throw(message=config.mode) }}{% endif %}x");
    for command in ["build", "check"] {
        let output = bed.run(&[command]);
        assert_eq!(code(&output), 0, "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_second_build_does_nothing_and_an_edit_costs_an_edit() {
    let bed = site();
    bed.write("content/two.md", "+++\ntitle = \"Two\"\n+++\nOther.\n");
    bed.run(&["build"]);
    let again = built(&bed.run(&["build", "--json"]));
    assert_eq!((&again["rendered"], &again["written"]), (&0.into(), &0.into()), "{again}");
    let other = || bed.site().join("public/two/index.html");
    let before = std::fs::metadata(other()).expect("two").modified().ok();
    bed.write("content/one.md", &PAGE.replace("Text", "More text"));
    let edited = built(&bed.run(&["build", "--json"]));
    let count = |key: &str| edited[key].as_u64().expect(key);
    assert!(count("written") >= 1 && count("rendered") < count("artifacts"), "{edited}");
    let page = serde_json::json!({"path": "one/index.html", "reason": "page `one.md` changed"});
    let why = edited["why"].as_array().expect("reasons");
    assert!(why.contains(&page) && why.len() as u64 == count("rendered"), "{edited}");
    assert_eq!(std::fs::metadata(other()).expect("two").modified().ok(), before, "two is as it was");
    let clean = built(&bed.run(&["build", "--json", "--clean"]));
    assert_eq!((&clean["rendered"], &clean["written"]), (&clean["artifacts"], &0.into()), "{clean}");
}

#[test]
fn a_site_that_stands_is_told_without_building() {
    let bed = site();
    bed.write("content/bad.md", "+++\ntitle = \"Bad\"\n+++\n[gone](@/gone.md)\n");
    // A file changed just now could change again without its time showing it.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let first = bed.run(&["build", "--json"]);
    // Without a trace a real build makes everything anew.
    assert!(bed.forget("trace"), "there was a trace");
    let again = bed.run(&["build", "--json"]);
    assert_eq!((code(&first), code(&again)), (1, 1));
    let told =
        |output: &Output| lines(output).into_iter().filter(|line| line["event"] == "problem").collect::<Vec<_>>();
    assert_eq!(told(&first), told(&again));
    let (first, again) = (built(&first), built(&again));
    assert_eq!((&again["rendered"], &again["written"]), (&0.into(), &0.into()), "{again}");
    for key in ["rev", "sources", "artifacts", "problems"] {
        assert_eq!(first[key], again[key], "{key}");
    }
    std::fs::remove_file(bed.site().join("public/one/index.html")).expect("remove");
    assert_eq!(built(&bed.run(&["build", "--json"]))["written"], 1, "what was removed is made again");
    bed.write("content/one.md", &PAGE.replace("Text", "More text"));
    assert_ne!(built(&bed.run(&["build", "--json"]))["written"], 0);
    assert_ne!(built(&bed.run(&["build", "--json", "-u", "https://other.example"]))["rendered"], 0);
}

#[test]
fn foreign_files_stay_and_ours_go() {
    let bed = site();
    bed.write("public/CNAME", "example.org");
    bed.write("public/deep/foreign.html", "mine");
    bed.run(&["build"]);
    assert!(exists(&bed, "public/one/index.html"));
    std::fs::remove_file(bed.site().join("content/one.md")).expect("remove");
    let output = built(&bed.run(&["build", "--json"]));
    assert_ne!(output["removed"], 0);
    assert!(!exists(&bed, "public/one/index.html"));
    assert!(exists(&bed, "public/CNAME") && exists(&bed, "public/deep/foreign.html"));
    bed.run(&["build", "--clean"]);
    assert!(exists(&bed, "public/CNAME") && exists(&bed, "public/deep/foreign.html"));
}

#[test]
fn errors_in_the_content_are_lines_and_exit_1() {
    let bed = site();
    bed.write("content/bad.md", "+++\ntitle = [\n+++\nx\n");
    for command in ["build", "check"] {
        let output = bed.run(&[command, "--json"]);
        assert_eq!(code(&output), 1, "{command}");
        let problems: Vec<Value> = lines(&output).into_iter().filter(|line| line["event"] == "problem").collect();
        let problem = problems.iter().find(|problem| problem["path"] == "content/bad.md").expect("the problem");
        let documented = ["event", "severity", "code", "message", "path", "line", "column", "help"];
        assert_eq!(keys(problem), documented.into());
        assert_eq!((&problem["severity"], &problem["line"]), (&"error".into(), &2.into()), "{problem}");
    }
    assert!(exists(&bed, "public/one/index.html"), "what could be built is built");
    let words = bed.run(&["build"]);
    assert!(words.stdout.is_empty());
    assert!(String::from_utf8_lossy(&words.stderr).contains("content/bad.md:2:"));
}

#[test]
fn check_writes_nothing() {
    let bed = site();
    assert_eq!(code(&bed.run(&["check"])), 0);
    assert!(!exists(&bed, "public"));
}

#[test]
fn what_cannot_be_carried_out_is_exit_2() {
    let bed = site();
    for args in [
        &["build", "no/such/folder"][..],
        &["build", "--no-such-flag"],
        &["frobnicate"],
        &["publish"],
        &["publish", "--to", "nowhere", "--yes"],
        &["new", "."],
        &["new", "fresh", "--theme", "no-such-theme"],
        &["build", "-o", "."],
        &["build", "-o", "content/out"],
    ] {
        let output = bed.run(args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
    assert_eq!(std::fs::read_to_string(bed.site().join("content/one.md")).expect("read"), PAGE);
}

#[test]
fn what_is_in_the_way_is_named_in_one_sentence() {
    let bed = site();
    for (args, said) in [
        (&["build", "no/such/folder"][..], "There is no folder `no/such/folder`."),
        (&["check", "zola.toml"], "`zola.toml` could not be opened: it is a file, not a folder."),
        (&["build", "-o", "zola.toml/out"], "zola.toml/out` could not be made the output folder:"),
    ] {
        let output = bed.run(args);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(code(&output), 2, "{words}");
        assert!(words.starts_with("error: ") && words.contains(said) && words.lines().count() == 2, "{words}");
    }
}

#[test]
fn a_site_is_built_where_nothing_can_be_kept() {
    let bed = site();
    std::fs::write(bed.home.path().join("galley"), "a file where the folder should be").expect("write");
    for _ in 0..2 {
        let output = bed.run(&["build"]);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(code(&output), 0, "{words}");
        assert!(exists(&bed, "public/one/index.html"), "{words}");
    }
}

#[test]
fn a_person_is_told_the_first_problems_and_a_script_all() {
    let bed = site();
    let links: Vec<_> = (0..30).map(|n| format!("[x](@/none-{n}.md)")).collect();
    bed.write("content/links.md", &format!("+++\ntitle = \"L\"\n+++\n{}\n", links.join("\n\n")));
    let count = built(&bed.run(&["build", "--json"]))["problems"].as_u64().expect("a number");
    assert!(count >= 30, "{count}");
    let words = |args: &[&str]| String::from_utf8_lossy(&bed.run(args).stderr).into_owned();
    let told = words(&["build"]);
    assert_eq!(told.matches("none-").count() as u64, 20, "{told}");
    assert!(told.contains(&format!("and {} more; `galley check` lists them all", count - 20)), "{told}");
    let all = words(&["check"]);
    assert!((0..30).all(|n| all.contains(&format!("none-{n}.md"))));
}

#[test]
fn options_lead_where_they_say() {
    let bed = site();
    bed.write("content/draft.md", "+++\ntitle = \"D\"\ndraft = true\n+++\nx\n");
    let out = bed.home.path().join("out");
    let out = out.to_str().expect("utf-8");
    bed.run(&["build", "-o", out, "-u", "https://other.example", "--drafts"]);
    assert!(!exists(&bed, "public"));
    assert!(Path::new(out).join("draft/index.html").exists());
    let sitemap = std::fs::read_to_string(Path::new(out).join("sitemap.xml")).expect("sitemap");
    assert!(sitemap.contains("https://other.example/one/") && !sitemap.contains("example.org"), "{sitemap}");
}

#[test]
fn a_plain_folder_is_a_site() {
    let bed = Bed::with(&[("Notes.md", "# Notes\n\nHello.\n")]);
    assert_eq!(code(&bed.run(&["build"])), 0);
    let again = built(&bed.run(&["build", "--json"]));
    assert_eq!(again["sources"], 1, "the output is no source: {again}");
}

#[test]
fn a_new_site_builds_without_a_problem() {
    let bed = Bed::with(&[]);
    assert_eq!(code(&bed.run(&["new", "fresh"])), 0);
    let output = bed.run(&["build", "fresh", "--json"]);
    assert_eq!(code(&output), 0);
    assert_eq!(built(&output)["problems"], 0);
    assert!(exists(&bed, "fresh/public/index.html"));
}

#[test]
fn a_new_site_can_have_any_theme_that_galley_brings() {
    let bed = Bed::with(&[]);
    for (theme, page) in [("galley", "first-page"), ("journal", "posts/first-post"), ("folio", "work/hills")] {
        assert_eq!(code(&bed.run(&["new", theme, "--theme", theme])), 0);
        let output = bed.run(&["build", theme, "--drafts", "--json"]);
        assert_eq!(code(&output), 0, "{theme}: {output:?}");
        assert_eq!(built(&output)["problems"], 0, "{theme}: {output:?}");
        assert!(exists(&bed, &format!("{theme}/public/{page}/index.html")), "{theme}");
    }
    let unknown = bed.run(&["new", "other", "--theme", "jurnal"]);
    assert_eq!(code(&unknown), 2);
    assert!(!exists(&bed, "other"));
}

#[test]
fn a_site_of_an_older_zola_is_shown_as_it_would_be_and_then_written() {
    let bed = Bed::with(&[
        ("config.toml", "base_url = \"https://example.org\"\n"),
        ("content/a.md", "+++\ntitle = \"A\"\n+++\n{{ box(text=\"in\") }}\n"),
        ("templates/index.html", "home"),
        ("templates/page.html", "{% import \"m.html\" as m %}{{ m::title(of=page.title) }}{{ page.content | safe }}"),
        ("templates/m.html", "{% macro title(of, level=1) %}<h{{ level }}>{{ of }}</h{{ level }}>{% endmacro title %}"),
        ("templates/shortcodes/box.html", "<b>{{ text }}</b>"),
    ]);
    assert_eq!(code(&bed.run(&["build"])), 1, "Galley names the old forms");
    let shown = bed.run(&["upgrade"]);
    let difference = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert_eq!(code(&shown), 0);
    assert!(difference.contains("-{{ box(text=\"in\") }}\n+{{ <box text=\"in\" /> }}\n"), "{difference}");
    assert!(exists(&bed, "templates/shortcodes/box.html"), "nothing is written yet");
    assert_eq!(code(&bed.run(&["upgrade", "--write"])), 0);
    assert!(!exists(&bed, "templates/shortcodes/box.html"));
    assert_eq!(code(&bed.run(&["build"])), 0);
    let page = std::fs::read_to_string(bed.site().join("public/a/index.html")).expect("page");
    assert_eq!(page, "<h1>A</h1><p><b>in</b></p>\n");
    let again = bed.run(&["upgrade"]);
    assert!(again.stdout.is_empty() && code(&again) == 0);
}

#[test]
fn watch_builds_again_after_a_change() {
    use std::io::{BufRead, BufReader};
    let bed = site();
    let mut child = bed.command(&["watch", "--json"]).stdout(Stdio::piped()).spawn().expect("watch");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let mut next = move || -> Value {
        let line = lines.next().expect("a line").expect("utf-8");
        serde_json::from_str(&line).expect("json")
    };
    assert_eq!(next()["rev"], 1);
    bed.write("content/one.md", &PAGE.replace("Text", "More"));
    let second = next();
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_eq!((&second["event"], &second["rev"]), (&"built".into(), &2.into()));
    assert!(std::fs::read_to_string(bed.site().join("public/one/index.html")).expect("page").contains("More"));
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let bed = site();
    let mut child =
        bed.command(&["build", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("build");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert_eq!(code(&output), 0);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
    assert!(exists(&bed, "public/one/index.html"));
}

#[test]
fn publish_asks_shows_and_takes_back() {
    let bed = site();
    let live = bed.home.path().join("live");
    bed.write("galley.toml", &format!("[hosts.live]\nkind = \"folder\"\npath = {:?}\n", live.display().to_string()));
    let plan = bed.run(&["publish", "--plan", "--json"]);
    assert_eq!(code(&plan), 0, "{}", String::from_utf8_lossy(&plan.stderr));
    let shown = lines(&plan).into_iter().find(|line| line["event"] == "plan").expect("a plan");
    assert!(shown["added"].as_array().is_some_and(|added| added.iter().any(|item| item["url"] == "/one/")), "{shown}");
    assert!(!live.join("one/index.html").exists());
    assert_eq!(code(&bed.run(&["publish"])), 2, "nobody can be asked");
    assert!(!live.join("one/index.html").exists());
    let done = bed.run(&["publish", "--yes", "--json"]);
    assert_eq!(code(&done), 0, "{}", String::from_utf8_lossy(&done.stderr));
    let first = lines(&done).into_iter().find(|line| line["event"] == "published").expect("published");
    let before = std::fs::read(live.join("one/index.html")).expect("live");
    bed.write("content/one.md", &PAGE.replace("Text", "More"));
    bed.run(&["publish", "--yes"]);
    assert_ne!(std::fs::read(live.join("one/index.html")).expect("live"), before);
    let releases = lines(&bed.run(&["releases", "--json"]));
    assert_eq!(releases.len(), 2);
    let id = first["release"].as_str().expect("an id");
    assert_eq!(code(&bed.run(&["rollback", id, "--yes"])), 0);
    assert_eq!(std::fs::read(live.join("one/index.html")).expect("live"), before);
}
