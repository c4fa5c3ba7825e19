//! The command line as scripts see it: exit codes, JSON lines, and what is left on disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct Bed {
    home: tempfile::TempDir,
}

impl Bed {
    fn with(files: &[(&str, &str)]) -> Self {
        let bed = Self { home: tempfile::tempdir().expect("a folder") };
        std::fs::create_dir(bed.site()).expect("the site");
        for (path, text) in files {
            bed.write(path, text);
        }
        bed
    }

    fn site(&self) -> PathBuf {
        self.home.path().join("site")
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.site().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        std::fs::write(file, text).expect("write");
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galley"));
        command.args(args).current_dir(self.site()).env("GALLEY_HOME", self.home.path().join("galley"));
        command.env_remove("GALLEY_LIVE_SECRET").stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("galley runs")
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("utf-8");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn built(output: &Output) -> Value {
    let all = lines(output);
    all.into_iter().find(|line| line["event"] == "built").expect("a built event")
}

const CONFIG: &str = "title = \"T\"\nbase_url = \"https://example.org\"\n";
const PAGE: &str = "+++\ntitle = \"One\"\n+++\nText.\n";

fn site() -> Bed {
    Bed::with(&[("zola.toml", CONFIG), ("content/one.md", PAGE)])
}

fn exists(bed: &Bed, path: &str) -> bool {
    bed.site().join(path).exists()
}

#[test]
fn build_says_what_it_did() {
    let bed = site();
    let output = bed.run(&["build", "--json"]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    let first = built(&output);
    let documented = ["event", "rev", "sources", "artifacts", "rendered", "written", "removed", "problems", "ms", "why"];
    assert_eq!(keys(&first), documented.into());
    assert_eq!(keys(&first["ms"]), ["load", "build", "write", "total"].into());
    assert_eq!((&first["rev"], &first["sources"], &first["removed"]), (&1.into(), &2.into(), &0.into()));
    assert_eq!(first["written"], first["artifacts"]);
    assert!(exists(&bed, "public/one/index.html"));
}

#[test]
fn a_second_build_does_nothing_and_an_edit_costs_an_edit() {
    let bed = site();
    bed.write("content/two.md", "+++\ntitle = \"Two\"\n+++\nOther.\n");
    bed.run(&["build"]);
    let again = built(&bed.run(&["build", "--json"]));
    assert_eq!((&again["rendered"], &again["written"]), (&0.into(), &0.into()), "{again}");
    bed.write("content/one.md", &PAGE.replace("Text", "More text"));
    let edited = built(&bed.run(&["build", "--json"]));
    let why = edited["why"].as_array().expect("why");
    assert!(why.iter().any(|one| one["path"] == "one/index.html" && one["reason"].as_str().is_some_and(|why| why.contains("one.md"))), "{edited}");
    assert!(why.iter().all(|one| one["path"] != "two/index.html"), "{edited}");
    let clean = built(&bed.run(&["build", "--json", "--clean"]));
    assert_eq!((&clean["rendered"], &clean["written"]), (&clean["artifacts"], &0.into()), "{clean}");
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
    let mut child = bed.command(&["build", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("build");
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
