//! What Galley cannot do for the open site at the moment, said among its problems.
//! Nothing here stops the work: the site stays open, and what can be done is done.

use galley_disk::DiskError;
use galley_engine::Problem;
use galley_ipc::Event;

use crate::run::Loop;

const JOURNAL: &str = "journal.off";
const HISTORY: &str = "history.off";
const WATCH: &str = "disk.watch";

/// There is no journal, for this reason.
pub fn no_journal(why: &str) -> Problem {
    Problem::warning(JOURNAL, format!("Text that is not saved is not kept at the moment. {why}"))
        .help("Save often, and make sure that Galley's own folder can be written to and that its disk is not full.")
}

/// States of pages are not kept, for this reason.
fn no_history(why: &str) -> Problem {
    Problem::warning(HISTORY, format!("What is saved is not kept in the history at the moment. {why}")).help(
        "Saving works as ever. Make sure that Galley's own folder can be written to and that its disk is not full.",
    )
}

/// What other programs do to the folder is not seen.
pub fn no_watch(error: &DiskError) -> Problem {
    Problem::warning(WATCH, format!("Changes by other programs are not seen. {}", error.message()))
        .help("Open the site again to see what they changed.")
}

/// What other programs do to the folder is seen late.
pub fn polling(why: &str) -> Problem {
    Problem::warning(WATCH, format!("Changes by other programs are seen a little later than usual: {why}."))
        .help("Nothing is lost. Close other programs that watch many folders, then open the site again.")
}

impl Loop {
    /// The journal cannot keep what is typed, or it can again.
    pub fn journal_is(&mut self, words: Option<String>) {
        match words {
            Some(why) => self.trouble(no_journal(&why)),
            None => self.settled(JOURNAL),
        }
    }

    /// States of pages cannot be kept, or they can again.
    pub fn history_is(&mut self, words: Option<String>) {
        match words {
            Some(why) => self.trouble(no_history(&why)),
            None => self.settled(HISTORY),
        }
    }

    /// Says it, in place of what was said about the same before.
    pub fn trouble(&mut self, problem: Problem) {
        if let Some(site) = &mut self.site {
            site.troubles.retain(|known| known.code != problem.code);
            site.troubles.push(problem);
        }
        self.tell_problems();
    }

    fn settled(&mut self, code: &str) {
        if let Some(site) = &mut self.site {
            site.troubles.retain(|known| known.code != code);
        }
        self.tell_problems();
    }

    fn tell_problems(&self) {
        if let Some(site) = &self.site {
            self.events.send(Event::Problems { problems: site.shown_problems() }).ok();
        }
    }
}
