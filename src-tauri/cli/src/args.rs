//! The command line as data: what can be asked for, and how it is spelt.
//! Scripts depend on it; nothing here is renamed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Galley builds a folder of Markdown into a site, and publishes it.
#[derive(Debug, Parser)]
#[command(name = "galley", version, about, disable_help_subcommand = true)]
pub struct Line {
    /// What to do; with nothing, the window opens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes a new site in an empty or new folder
    New {
        /// The folder
        dir: PathBuf,
        /// The theme
        #[arg(long, value_name = "NAME")]
        theme: Option<String>,
    },
    /// Builds the site
    Build {
        #[command(flatten)]
        site: Site,
        /// Where the output goes [default: SITE/public]
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
        /// The address to build for, in place of the configured one
        #[arg(short = 'u', long = "base-url", value_name = "URL")]
        base_url: Option<String>,
        /// Builds drafts too
        #[arg(long)]
        drafts: bool,
        /// Starts from nothing rather than from the last build
        #[arg(long)]
        clean: bool,
        #[command(flatten)]
        fetch: Fetch,
        #[command(flatten)]
        json: Json,
    },
    /// Builds the site, and again whenever something changes
    Watch {
        #[command(flatten)]
        site: Site,
        /// Where the output goes [default: SITE/public]
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
        #[command(flatten)]
        fetch: Fetch,
        #[command(flatten)]
        json: Json,
    },
    /// Lists the problems of the site and its links to other sites, and writes nothing
    Check {
        #[command(flatten)]
        site: Site,
        /// Builds drafts too
        #[arg(long)]
        drafts: bool,
        /// Asks no other site whether what is linked to is there
        #[arg(long)]
        skip_external_links: bool,
        #[command(flatten)]
        fetch: Fetch,
        #[command(flatten)]
        json: Json,
    },
    /// Publishes the site
    Publish {
        #[command(flatten)]
        site: Site,
        #[command(flatten)]
        to: To,
        /// Shows what would be done, and does nothing
        #[arg(long)]
        plan: bool,
        /// Looks at every file on the host, and puts right what was changed or lost there
        #[arg(long)]
        repair: bool,
        /// A word on the release, shown in the list of releases
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        /// Publishes what looks like a secret or tells where a photograph was taken
        #[arg(long)]
        allow_leaks: bool,
        /// Asks nothing
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        fetch: Fetch,
        #[command(flatten)]
        json: Json,
    },
    /// Lists earlier releases
    Releases {
        #[command(flatten)]
        site: Site,
        #[command(flatten)]
        to: To,
        #[command(flatten)]
        json: Json,
    },
    /// Makes an earlier release live again
    #[command(override_usage = "galley rollback [SITE] [--to HOST] ID [--yes]")]
    Rollback {
        /// The site's folder, if it is not that of the current folder, and the release
        #[arg(required = true, num_args = 1..=2, value_names = ["SITE", "ID"])]
        site_and_id: Vec<String>,
        #[command(flatten)]
        to: To,
        /// Asks nothing
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        json: Json,
    },
    /// Brings a site of Zola 0.22 to 0.23: shows what would change, or writes it
    Upgrade {
        #[command(flatten)]
        site: Site,
        /// Writes the changes; what a file held is kept in the history
        #[arg(long)]
        write: bool,
    },
    /// Opens the site in the window
    Open {
        #[command(flatten)]
        site: Site,
    },
}

/// Which site.
#[derive(Debug, Args)]
pub struct Site {
    /// The site's folder [default: the current one, or the nearest above with a `zola.toml`]
    #[arg(value_name = "SITE")]
    pub site: Option<PathBuf>,
}

/// What the site may do.
#[derive(Debug, Clone, Copy, Args)]
pub struct Fetch {
    /// Lets templates load data from other sites
    #[arg(long)]
    fetch: bool,
}

impl From<Fetch> for galley_session::headless::Fetch {
    fn from(fetch: Fetch) -> Self {
        fetch.fetch.into()
    }
}

/// Which host.
#[derive(Debug, Args)]
pub struct To {
    /// The host, where the site has more than one
    #[arg(long = "to", value_name = "HOST")]
    pub to: Option<String>,
}

/// For whom the output is.
#[derive(Debug, Clone, Copy, Args)]
pub struct Json {
    /// Prints one JSON object a line on standard output
    #[arg(long)]
    pub json: bool,
}
