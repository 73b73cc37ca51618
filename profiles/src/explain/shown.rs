//! What an issue takes over from an instance, made fit to be shown: no control characters, and of bounded length.

use crate::assertion;
use crate::issue::Issue;

/// The most characters of a value (in backticks) that a text repeats.
const VALUE: usize = 300;
/// The most characters of a text, a path or a piece of evidence.
const TEXT: usize = 4_000;
/// What stands for the rest.
const MORE: char = '…';

/// An issue without control characters in what it took over from the instance, and with long values cut.
pub(super) fn printable(mut issue: Issue) -> Issue {
    for text in [&mut issue.text].into_iter().chain(issue.evidence.iter_mut().flat_map(|e| [&mut e.about, &mut e.says]))
    {
        *text = assertion::escaped(cut(std::mem::take(text)));
    }
    issue.expression = assertion::escaped(start(&issue.expression, TEXT).unwrap_or(issue.expression));
    issue
}

/// A text whose values are at most `VALUE` characters long, and which is itself at most `TEXT`.
fn cut(text: String) -> String {
    if text.len() <= VALUE {
        return text;
    }
    let parts = text.split('`').enumerate();
    let parts =
        parts.map(|(i, part)| if i % 2 == 1 { start(part, VALUE) } else { None }.unwrap_or_else(|| part.into()));
    let text = parts.collect::<Vec<String>>().join("`");
    start(&text, TEXT).unwrap_or(text)
}

/// The start of a text that is longer than this many characters, and the mark that it goes on; `None` for a shorter
/// one.
fn start(text: &str, most: usize) -> Option<String> {
    let (end, _) = text.char_indices().nth(most).filter(|_| text.len() > most)?;
    let mut start = text.get(..end)?.to_owned();
    start.push(MORE);
    Some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_texts_are_cut() {
        let long = "é".repeat(VALUE + 1);
        let kept = "é".repeat(VALUE);
        assert_eq!(
            cut(format!("unknown `{long}` and `{kept}`: {long}")),
            format!("unknown `{kept}…` and `{kept}`: {long}")
        );
        assert_eq!(cut("x".repeat(TEXT + 1)), "x".repeat(TEXT) + "…");
        assert_eq!(cut("`".repeat(TEXT)), "`".repeat(TEXT));
        assert_eq!(cut(format!("`{long}")), format!("`{kept}…"));
    }
}
