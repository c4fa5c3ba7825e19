//! How the program asks the system for memory.
//! It changes nothing but speed, and where the system knows no such wish, nothing at all.

/// Asks for pages of the ordinary size. A build touches much memory once and little of it twice:
/// clearing two megabytes for every first touch costs more than it saves (a seventh of the CPU of a
/// clean build, and a sixth of its memory, by `make bench`). Programs started from here inherit it.
pub fn ordinary_pages() {
    #[cfg(target_os = "linux")]
    {
        // An old kernel may refuse; it is only slower then.
        let _ = rustix::thread::disable_transparent_huge_pages(true);
    }
}
