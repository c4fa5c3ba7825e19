//! Addresses of a site as links write them: encoded, relative to each other, below a base.
//! It knows no page; it only joins and takes apart.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a link's path may not hold as it is, in Markdown or in HTML.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'%')
    .add(b'(')
    .add(b')')
    .add(b'\\')
    .add(b'&');

/// Percent-encodes a path for a link.
pub(super) fn encode(path: &str) -> String {
    utf8_percent_encode(path, UNSAFE).to_string()
}

/// The path of a base address, without a slash at its end: `/blog` of `https://example.org/blog/`.
pub(super) fn base_path(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.find('/').map_or("", |at| rest[at..].trim_end_matches('/'))
}

/// What a browser makes of `path` on the page at `url`, both without query and fragment.
pub(super) fn join(url: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let folder = &url[..=url.rfind('/').unwrap_or(0).min(url.len().saturating_sub(1))];
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let mut ends = path.ends_with('/');
    for part in path.split('/') {
        match part {
            "" => {}
            "." => ends = true,
            ".." => {
                parts.pop();
                ends = true;
            }
            part => {
                parts.push(part);
                ends = path.ends_with('/');
            }
        }
    }
    let joined = parts.join("/");
    if joined.is_empty() || !ends { format!("/{joined}") } else { format!("/{joined}/") }
}

/// `to` as it is written in `from`'s folder; both are paths from one root, folders end with a
/// slash.
pub(super) fn relative(from: &str, to: &str) -> String {
    let here: Vec<&str> = from.split('/').collect();
    let there: Vec<&str> = to.split('/').collect();
    let bound = (here.len() - 1).min(there.len() - 1);
    let same = (0..bound).take_while(|at| here[*at] == there[*at]).count();
    let mut parts: Vec<&str> = vec![".."; here.len() - 1 - same];
    parts.extend(&there[same..]);
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_from_one_place_to_another() {
        for (from, to, path) in [
            ("a.md", "b.md", "b.md"),
            ("x/a.md", "b.md", "../b.md"),
            ("x/a.md", "x/y/b.md", "y/b.md"),
            ("/one/", "/two/", "../two/"),
            ("/one/", "/one/p.png", "p.png"),
            ("/", "/two/", "two/"),
        ] {
            assert_eq!(relative(from, to), path, "{from} {to}");
        }
    }

    #[test]
    fn joined_as_a_browser_does() {
        for (url, path, whole) in [
            ("/one/", "../two/", "/two/"),
            ("/one/", "p.png", "/one/p.png"),
            ("/one/", "..", "/"),
            ("/a/b/", "../c", "/a/c"),
            ("/", "../../x/", "/x/"),
            ("/a/", "/b/", "/b/"),
        ] {
            assert_eq!(join(url, path), whole, "{url} {path}");
        }
    }

    #[test]
    fn bases() {
        assert_eq!(base_path("https://e.org/blog"), "/blog");
        assert_eq!(base_path("https://e.org"), "");
        assert_eq!(base_path("/"), "");
    }
}
