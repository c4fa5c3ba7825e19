//! How the window is started: its command line, and the graphics of the machine it runs on.
//! Must never open a site or touch the writer's files.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
Galley: write pages, see them as they will be published, publish them.

  galley-desktop             opens the window on its first screen
  galley-desktop FOLDER      opens the site in FOLDER
  galley-desktop --guide     opens the guide
  galley-desktop --version   prints the version

The headless commands are in `galley --help`.
";

/// What to open first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launch {
    /// The first screen, with the sites opened before.
    Welcome,
    /// The folder, absolute.
    Folder(PathBuf),
    /// The writer's copy of the guide.
    Guide,
}

/// Why the window does not open.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// Was asked for this text.
    Text(String),
    /// The command line cannot be carried out.
    Mistake(String),
}

impl Stop {
    /// Tells the person at the terminal, and gives the exit code: 0 for a text that was asked
    /// for, 2 for a mistake.
    pub fn say(self) -> ExitCode {
        match self {
            Self::Text(text) => {
                let _ = std::io::stdout().write_all(text.as_bytes());
                ExitCode::SUCCESS
            }
            Self::Mistake(text) => {
                eprintln!("galley-desktop: {text}");
                ExitCode::from(2)
            }
        }
    }
}

/// Reads this process's command line.
pub fn read() -> Result<Launch, Stop> {
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    parse(std::env::args_os().skip(1), &here)
}

fn parse(arguments: impl Iterator<Item = OsString>, here: &Path) -> Result<Launch, Stop> {
    let mut launch = Launch::Welcome;
    for argument in arguments {
        let next = match argument.to_str() {
            Some("--help" | "-h") => return Err(Stop::Text(USAGE.to_owned())),
            Some("--version" | "-V") => {
                return Err(Stop::Text(format!("galley-desktop {}\n", env!("CARGO_PKG_VERSION"))));
            }
            Some("--guide") => Launch::Guide,
            Some(option) if option.starts_with('-') => {
                let text = format!("unknown option `{option}`. See `galley-desktop --help`.");
                return Err(Stop::Mistake(text));
            }
            _ => Launch::Folder(folder(here, &argument)?),
        };
        if launch != Launch::Welcome {
            let text = "one site at a time. Give one folder, or `--guide`.";
            return Err(Stop::Mistake(text.to_owned()));
        }
        launch = next;
    }
    Ok(launch)
}

fn folder(here: &Path, argument: &OsString) -> Result<PathBuf, Stop> {
    let path = here.join(argument);
    path.canonicalize().ok().filter(|path| path.is_dir()).ok_or_else(|| {
        Stop::Mistake(format!("cannot open folder `{}`: there is no such folder. Check the path.", path.display()))
    })
}

/// The switch that lets the web view paint without a graphics chip: with software rendering the
/// compositor only costs, and typing is twice as fast without it.
const NO_COMPOSITING: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Starts this program once more with compositing switched off where the machine has no graphics
/// chip. The web view reads the switch from its environment, so it must be there from the start.
pub fn settle_graphics() {
    if std::env::var_os(NO_COMPOSITING).is_some() || has_render_node(Path::new("/dev/dri")) {
        return;
    }
    let Ok(me) = std::env::current_exe() else { return };
    // On success this never returns; on failure the window still opens, only slower.
    let _ = Command::new(me).args(std::env::args_os().skip(1)).env(NO_COMPOSITING, "1").exec();
}

fn has_render_node(folder: &Path) -> bool {
    std::fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Launch, Stop> {
        parse(arguments.iter().map(OsString::from), Path::new("/"))
    }

    #[test]
    fn nothing_opens_the_first_screen_and_the_guide_is_an_option() {
        assert_eq!(read(&[]), Ok(Launch::Welcome));
        assert_eq!(read(&["--guide"]), Ok(Launch::Guide));
    }

    #[test]
    fn a_folder_becomes_absolute() {
        assert_eq!(read(&["tmp/../tmp"]), Ok(Launch::Folder(PathBuf::from("/tmp"))));
    }

    #[test]
    fn mistakes_name_what_is_wrong() {
        for (arguments, word) in [
            (&["--gide"][..], "--gide"),
            (&["/no/such/folder"][..], "/no/such/folder"),
            (&["--guide", "/tmp"][..], "one site"),
            (&["/tmp", "--guide"][..], "one site"),
        ] {
            match read(arguments) {
                Err(Stop::Mistake(text)) => assert!(text.contains(word), "{text}"),
                other => panic!("{arguments:?} gave {other:?}"),
            }
        }
    }

    #[test]
    fn a_render_node_is_what_counts_as_a_graphics_chip() {
        let folder = std::env::temp_dir().join(format!("galley-dri-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("card0"), "").unwrap();
        assert!(!has_render_node(&folder));
        std::fs::write(folder.join("renderD128"), "").unwrap();
        assert!(has_render_node(&folder));
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(!has_render_node(&folder));
    }
}
