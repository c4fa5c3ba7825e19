//! Publishing over SFTP with 20 ms from question to answer, beside rsync and rclone.
//! It publishes made-up pages to a server of its own on this machine, and nothing anywhere else.

mod line;
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use galley_engine::{Cancel, Hash, SitePath};
use galley_publish::{Access, HostConfig, HostKind, ReleaseSource, Run, SftpHost, SftpMode, Store, Target};
use serde_json::{Value, json};

use crate::process::peak_mib;
use crate::report::{Outcome, Table, number};
use line::Line;
use server::Server;

/// One way of the line.
const DELAY: Duration = Duration::from_millis(10);
/// Another program that takes longer is not waited for.
const LONGEST: Duration = Duration::from_mins(2);
/// Bytes of a page, on the average of the sites that were measured first.
const PAGE: usize = 9_450;

/// One part in a process of its own: `files` pages published whole, then one changed, then none.
pub fn child(scratch: &Path, files: usize, in_place: bool) -> Outcome<Value> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(scratch, files, if in_place { SftpMode::InPlace } else { SftpMode::Symlink }))
}

async fn measure(scratch: &Path, files: usize, mode: SftpMode) -> Outcome<Value> {
    let folder = tempfile::Builder::new().prefix("publish-").tempdir_in(scratch)?;
    let server = Server::start(folder.path())?;
    let line = Line::to(server.port, DELAY).await?;
    let store = Store::open(folder.path().join("store")).map_err(|error| error.to_string())?;
    let target = target(folder.path(), line.port, mode)?;
    let out = folder.path().join("out");
    let mut source = ReleaseSource { folder: out.clone(), ..ReleaseSource::default() };
    for page in 0..files {
        write(&mut source, page, 0)?;
    }
    let first = publish(&line, &target, &source, &store).await?;
    write(&mut source, files / 2, 1)?;
    let one = publish(&line, &target, &source, &store).await?;
    line.reset();
    let start = Instant::now();
    let plan = galley_publish::prepare(&target, &source, &store, galley_publish::now()).await;
    let nothing = json!({ "s": start.elapsed().as_secs_f64(), "trips": line.trips() });
    if !plan.map_err(|error| error.to_string())?.is_empty() {
        return Err("there was something to publish where nothing had changed".into());
    }
    let peak = peak_mib();
    let peers = if files <= 2_000 { peers(folder.path(), &line, &out) } else { json!({}) };
    Ok(json!({ "files": files, "first": first, "one": one, "nothing": nothing, "peak_mib": peak, "peers": peers }))
}

/// A page that is like others and equal to none.
fn write(source: &mut ReleaseSource, page: usize, version: usize) -> Outcome<()> {
    let path = format!("s{}/p{page}/index.html", page % 50);
    let line = format!("<p>Page {page}, version {version}: words that are sent and compared.</p>\n");
    let text: String = line.chars().cycle().take(PAGE).collect();
    let file = source.folder.join(&path);
    fs::create_dir_all(file.parent().unwrap_or(&source.folder))?;
    fs::write(file, &text)?;
    source.files.insert(SitePath::new(&path)?, (Hash::of(text.as_bytes()), text.len() as u64));
    Ok(())
}

fn target(folder: &Path, port: u16, mode: SftpMode) -> Outcome<Target> {
    let known = folder.join("known");
    fs::write(&known, format!("[127.0.0.1]:{port} {}", fs::read_to_string(folder.join("host.pub"))?))?;
    let sftp = SftpHost {
        address: format!("127.0.0.1:{port}"),
        user: "root".into(),
        path: folder.join("srv/www").display().to_string(),
        key_file: Some(folder.join("user")),
        mode,
    };
    Ok(Target {
        config: HostConfig { url: String::new(), kind: HostKind::Sftp(sftp) },
        access: Access { known_hosts: known, by: "bench".into(), ..Access::default() },
    })
}

/// Plans and publishes; reading the output and packing the store count too.
async fn publish(line: &Line, target: &Target, source: &ReleaseSource, store: &Store) -> Outcome<Value> {
    line.reset();
    let start = Instant::now();
    let plan = galley_publish::prepare(target, source, store, galley_publish::now()).await;
    let plan = plan.map_err(|error| error.to_string())?;
    let (planned, plan_trips) = (start.elapsed().as_secs_f64(), line.trips());
    line.reset();
    let cancel = Cancel::new();
    let run = Run { progress: &|_| {}, cancel: &cancel, allows_large_deletion: true, allows_leaks: true };
    galley_publish::publish(target, &plan, source, store, &run).await.map_err(|error| error.to_string())?;
    Ok(json!({
        "s": start.elapsed().as_secs_f64(), "plan_s": planned, "plan_trips": plan_trips,
        "trips": line.trips(), "sent": line.sent(), "files": plan.put.len(),
    }))
}

/// The same files by other programs over the same line, where they are installed.
fn peers(folder: &Path, line: &Line, out: &Path) -> Value {
    let ssh = format!(
        "ssh -p {} -i {} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR",
        line.port,
        folder.join("user").display()
    );
    let mut all = BTreeMap::new();
    let mut rsync = Command::new("rsync");
    rsync.args(["-a", "--mkpath", "-e", &ssh]).arg(format!("{}/", out.display()));
    rsync.arg(format!("root@127.0.0.1:{}/srv/rsync/", folder.display()));
    all.insert("rsync", timed(&mut rsync));
    let rclone = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/servers/bin/rclone");
    let mut rclone = Command::new(if rclone.is_file() { rclone } else { PathBuf::from("rclone") });
    rclone.args(["copy", "--config", "/dev/null", "--transfers", "16"]).arg(out);
    let key = folder.join("user");
    rclone.arg(format!(
        ":sftp,host=127.0.0.1,port={},user=root,key_file=\"{}\":{}/srv/rclone",
        line.port,
        key.display(),
        folder.display()
    ));
    all.insert("rclone", timed(&mut rclone));
    json!(all)
}

/// Seconds; nothing where the program is not there, fails, or takes longer than is waited for.
fn timed(command: &mut Command) -> Option<f64> {
    let start = Instant::now();
    let mut program = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    loop {
        match program.try_wait().ok()? {
            Some(status) => return status.success().then(|| start.elapsed().as_secs_f64()),
            None if start.elapsed() < LONGEST => std::thread::sleep(Duration::from_millis(5)),
            None => {
                program.kill().ok()?;
                program.wait().ok()?;
                return None;
            }
        }
    }
}

/// The figures of all parts, as they are shown.
pub fn table(figures: &Value) -> Table {
    let columns = ["all s", "one changed s", "its trips", "nothing s", "its trips", "peak MiB", "rsync s", "rclone s"];
    let mut table = Table::new("Publishing over SFTP, 20 ms to and fro", &columns);
    for run in figures["publish"].as_array().into_iter().flatten() {
        let seconds = |value: &Value| value.as_f64().map_or("–".to_owned(), |value| format!("{value:.2}"));
        let trips = |part: &Value| format!("{}", number(part, "plan_trips") + number(part, "trips"));
        let cells = vec![
            seconds(&run["first"]["s"]),
            seconds(&run["one"]["s"]),
            trips(&run["one"]),
            seconds(&run["nothing"]["s"]),
            trips(&run["nothing"]),
            format!("{:.0}", number(run, "peak_mib")),
            seconds(&run["peers"]["rsync"]),
            seconds(&run["peers"]["rclone"]),
        ];
        table.row(run["name"].as_str().unwrap_or_default(), cells);
    }
    table
}
