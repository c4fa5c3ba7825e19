//! The pauses that a host asks for, told while they last.
//! It never decides how long they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Until when requests rest. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    start: Instant,
    /// Milliseconds since `start`; 0 where nothing rests.
    until: Arc<AtomicU64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { start: Instant::now(), until: Arc::default() }
    }
}

impl Pace {
    /// Waits, and lets it be seen.
    pub async fn rest(&self, pause: Duration) {
        let end = Instant::now() + pause;
        self.until.fetch_max((end - self.start).as_millis() as u64, Ordering::Relaxed);
        tokio::time::sleep_until(end).await;
    }

    /// Seconds until requests go on; 0 where none waits.
    pub fn seconds(&self) -> u64 {
        let until = Duration::from_millis(self.until.load(Ordering::Relaxed));
        until.saturating_sub(self.start.elapsed()).as_millis().div_ceil(1000) as u64
    }
}
