//! What the names of files tell, and what a draft keeps of them.

use super::super::inputs::Input;
use super::super::set::Draft;

/// Notes in a draft that it was read from a file.
pub(super) fn from(draft: &mut Draft, input: &Input) {
    draft.meta.sources.push(input.file_name().to_owned());
}

/// The last number of a text with this many digits that stands by itself, such as a year or a date.
pub(super) fn digits(text: &str, count: usize) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_digit()).rfind(|part| part.len() == count)
}
