//! Globs, as the configuration's `ignored_*` keys use them.
//! Matching is linear in the path for every pattern that has no `**`.

/// Whether `pattern` matches all of `text`: `?` is one character, `*` any run within a part,
/// `**` any run, `[abc]` one of these, `{a,b}` one of these patterns.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    expand(pattern).iter().any(|pattern| {
        let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
        run(&pattern, &text, &mut 0)
    })
}

/// Steps that one match may take, so that no pattern can stall a build.
const MAX_STEPS: usize = 100_000;

fn expand(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find('{') else { return vec![pattern.to_owned()] };
    let Some(close) = pattern[open..].find('}').map(|at| at + open) else { return vec![pattern.to_owned()] };
    pattern[open + 1..close]
        .split(',')
        .map(|choice| format!("{}{choice}{}", &pattern[..open], &pattern[close + 1..]))
        .collect()
}

fn run(pattern: &[char], text: &[char], steps: &mut usize) -> bool {
    *steps += 1;
    if *steps > MAX_STEPS {
        return false;
    }
    match (pattern, text) {
        ([], []) => true,
        (['*', '*', '/', rest @ ..], _) if run(rest, text, steps) => true,
        (['*', '*', rest @ ..], _) => (0..=text.len()).any(|at| run(rest, &text[at..], steps)),
        (['*', rest @ ..], _) => {
            let end = text.iter().position(|c| *c == '/').unwrap_or(text.len());
            (0..=end).any(|at| run(rest, &text[at..], steps))
        }
        (['?', rest @ ..], [c, text @ ..]) if *c != '/' => run(rest, text, steps),
        (['[', set @ ..], [c, text @ ..]) => match set.iter().position(|c| *c == ']') {
            Some(close) => set[..close].contains(c) && run(&set[close + 1..], text, steps),
            None => false,
        },
        ([p, rest @ ..], [c, text @ ..]) if p == c => run(rest, text, steps),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        assert!(matches("*.{graphml,xlsx}", "a.xlsx"));
        assert!(!matches("*.md", "a/b.md"));
        assert!(matches("**/*.md", "a/b.md") && matches("**/*.md", "b.md"));
        assert!(matches("temp?.[ch]", "temp1.c") && !matches("temp?.[ch]", "temp1.o"));
    }
}
