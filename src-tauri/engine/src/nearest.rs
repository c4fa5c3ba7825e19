//! Near matches for names that were not found.
//! It only compares names; it never decides for anyone.

/// The candidate nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bound = (name.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= bound * 4)
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_probably_meant() {
        let pages = ["posts/hello.md", "posts/world.md"];
        assert_eq!(nearest("posts/helo.md", pages), Some("posts/hello.md"));
        assert_eq!(nearest("about.md", pages), None);
        assert_eq!(nearest("tilte", ["title", "date"]), Some("title"));
    }
}
