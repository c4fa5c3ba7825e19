//! Globs, as the configuration's `ignored_*` keys use them.
//! A pattern is held against a whole path; no match may take more than a bounded number of steps.

/// Whether `pattern` matches all of `text`: `?` is one character, `*` any run, `**/` any folders or
/// none, `[a-z]` one of these, `[!a]` one that is not, `{a,b}` one of these patterns. As in Zola, a
/// `*` does not stop at a `/`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    expand(pattern).iter().any(|pattern| {
        let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
        run(&pattern, &text, &mut 0)
    })
}

/// Steps that one match may take, so that no pattern can stall a build.
const MAX_STEPS: usize = 100_000;

/// Choices that one pattern may have.
const MAX_CHOICES: usize = 1_000;

fn expand(pattern: &str) -> Vec<String> {
    let mut open = vec![pattern.to_owned()];
    let mut done = Vec::new();
    while let Some(pattern) = open.pop() {
        let braces = pattern.find('{').and_then(|from| Some((from, from + pattern[from..].find('}')?)));
        match braces {
            Some((from, to)) if done.len() + open.len() < MAX_CHOICES => open.extend(
                pattern[from + 1..to]
                    .split(',')
                    .map(|choice| format!("{}{choice}{}", &pattern[..from], &pattern[to + 1..])),
            ),
            _ => done.push(pattern),
        }
    }
    done
}

fn run(pattern: &[char], text: &[char], steps: &mut usize) -> bool {
    *steps += 1;
    if *steps > MAX_STEPS {
        return false;
    }
    match (pattern, text) {
        ([], []) => true,
        (['*', '*', '/', rest @ ..], _) => {
            let after = (0..text.len()).filter(|at| text[*at] == '/').map(|at| at + 1);
            std::iter::once(0).chain(after).any(|at| run(rest, &text[at..], steps))
        }
        (['*', rest @ ..], _) => (0..=text.len()).any(|at| run(rest, &text[at..], steps)),
        (['?', rest @ ..], [_, text @ ..]) => run(rest, text, steps),
        (['[', set @ ..], [c, text @ ..]) => match set.iter().skip(1).position(|c| *c == ']') {
            Some(close) => one_of(&set[..=close], *c) && run(&set[close + 2..], text, steps),
            None => false,
        },
        ([p, rest @ ..], [c, text @ ..]) if p == c => run(rest, text, steps),
        _ => false,
    }
}

/// Whether a set such as `a-z_` or `!0-9` has the character.
fn one_of(set: &[char], c: char) -> bool {
    let (wanted, mut rest) = match set {
        ['!' | '^', rest @ ..] => (false, rest),
        _ => (true, set),
    };
    while let Some(first) = rest.first() {
        let (low, high, len) = match rest {
            [low, '-', high, ..] => (*low, *high, 3),
            _ => (*first, *first, 1),
        };
        if (low..=high).contains(&c) {
            return wanted;
        }
        rest = &rest[len..];
    }
    !wanted
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        assert!(matches("*.{graphml,xlsx}", "a.xlsx") && matches("*.md", "a/b.md"));
        assert!(matches("**/*.md", "a/b.md") && matches("**/*.md", "b.md"));
        assert!(matches("**/b.md", "/a/b.md") && !matches("**/b.md", "/a/cb.md"));
        assert!(matches("temp?.[ch]", "temp1.c") && !matches("temp?.[ch]", "temp1.o"));
        assert!(matches("[a-c][!0-9]", "bx") && !matches("[a-c][!0-9]", "b5"));
        assert!(!matches("temp.*", "a/temp.txt") && !matches("folder", "folder/a"));
        assert!(matches("{a,b}/{c,d}", "b/c") && !matches("{a,b}/{c,d}", "c/c"));
    }

    #[test]
    fn no_pattern_stalls() {
        assert!(!matches(&"*a".repeat(40), &"a".repeat(39)));
        assert!(!matches(&"{a,b}".repeat(40), "c"));
    }
}
