//! The source line of an issue, cut around its place.

use fhir_accord_profiles::instance::LineIndex;
use fhir_accord_profiles::issue::Issue;

/// How much of a long line is shown before and after the place, in characters.
const AROUND: usize = 60;
/// A line up to this long, in characters, is shown whole.
const WHOLE: usize = 140;

/// What is shown of a line: characters that show nothing, or turn the others around, are spaces.
#[derive(Debug)]
pub struct Excerpt {
    /// What stands before the place, with `…` where the line begins earlier.
    pub before: String,
    /// What the issue is about; empty at the end of the line.
    pub marked: String,
    /// What stands behind it, with `…` where the line goes on.
    pub after: String,
}

/// The characters of a text, those that show nothing, or turn the others around, as spaces.
fn chars(text: &[u8]) -> impl Iterator<Item = char> {
    let is_hidden = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown: Vec<char> = String::from_utf8_lossy(text).chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    shown.into_iter()
}

/// The source line of an issue; `None` where it is empty.
pub fn excerpt(i: &Issue, lines: &LineIndex<'_>) -> Option<Excerpt> {
    let whole = lines.line(i.place.line);
    let len = (i.span.end.saturating_sub(i.span.start) as usize).clamp(1, AROUND);
    // Of a long line only the part that is shown is read: a character has at most four bytes.
    let (at, cut) = match whole.len() > 8 * WHOLE {
        true => {
            let start = (i.span.start as usize).saturating_sub(lines.start(i.place.line)).min(whole.len());
            let first = start.saturating_sub(4 * (AROUND + 1));
            let last = start.saturating_add(4 * (AROUND + 1)).min(whole.len());
            let part = |from: usize, to: usize| whole.get(from..to).unwrap_or_default();
            (chars(part(first, start)).count(), (first > 0, part(first, last), last < whole.len()))
        }
        false => (i.place.column as usize - 1, (false, whole, false)),
    };
    let line: Vec<char> = chars(cut.1).collect();
    if line.is_empty() {
        return None;
    }
    let at = at.min(line.len());
    let is_whole = line.len() <= WHOLE && whole.len() == cut.1.len();
    let (from, to) =
        if is_whole { (0, line.len()) } else { (at.saturating_sub(AROUND), (at + len.max(AROUND)).min(line.len())) };
    let end = (at + len).min(to);
    let part = |from: usize, to: usize| line.get(from..to).unwrap_or_default().iter().collect::<String>();
    let (start, rest) = (if cut.0 || from > 0 { "…" } else { "" }, if cut.2 || to < line.len() { "…" } else { "" });
    Some(Excerpt {
        before: format!("{start}{}", part(from, at)),
        marked: part(at, end),
        after: format!("{}{rest}", part(end, to)),
    })
}
