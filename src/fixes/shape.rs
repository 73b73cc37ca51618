//! Brackets around what repeats and what does not, and what is empty.

use std::ops::Range;

use super::context::Context;
use super::edit::{Edit, Fix};
use crate::cursor::{Level, value_end};

/// The entry of an array that the issue is about, where it is the only one: looked for around the issue, since an array
/// may be long and have an issue in each entry.
fn only_entry(c: &Context<'_>, array: &Range<usize>) -> Option<Range<usize>> {
    let start = c.quoted().map_or(c.span().start, |q| q.start);
    let before = c.text.get(array.start..start)?.strip_prefix('[')?;
    let end = value_end(c.text, start).min(array.end);
    let behind = c.text.get(end..array.end)?.strip_suffix(']')?;
    let is_gap = |text: &str| text.chars().all(|c| c.is_whitespace());
    (is_gap(before) && is_gap(behind) && end > start).then_some(start..end)
}

/// Puts a single value in brackets, or takes an only entry out of them.
pub(super) fn array(c: &Context<'_>) -> Option<Fix> {
    if c.is_xml() {
        return None;
    }
    let member = c.member()?;
    let range = member.value.clone();
    let name = &member.name;
    if !c.text.get(range.clone())?.starts_with('[') {
        let edits = vec![Edit::insert(range.start, "["), Edit::insert(range.end, "]")];
        return Some(Fix::safe(format!("put `{name}` in square brackets"), edits));
    }
    let entry = only_entry(c, &range)?;
    let edits = vec![Edit::remove(range.start..entry.start), Edit::remove(entry.end..range.end)];
    Some(Fix::safe(format!("take `{name}` out of the square brackets"), edits))
}

/// Takes a member without content out; of several entries of an array none, because the others would move.
pub(super) fn empty(c: &Context<'_>) -> Option<Fix> {
    if c.is_xml() {
        return None;
    }
    let level = c.level()?;
    let at = level.place_of(c.span().start)?;
    let member = level.members.get(at)?;
    let is_only = match only_entry(c, &member.value) {
        Some(entry) => is_empty(c.text.get(entry)?),
        None => is_empty(c.text.get(member.value.clone())?),
    };
    // The values of a primitive and its extensions belong together.
    let twin = match member.name.strip_prefix('_') {
        Some(plain) => plain.to_owned(),
        None => format!("_{}", member.name),
    };
    if !is_only || level.members.len() < 2 || level.members.iter().any(|m| m.name == twin) {
        return None;
    }
    let title = format!("remove `{}`, which is empty", member.name);
    Some(Fix::safe(title, vec![removal(c.text, level, at)?]))
}

/// Whether a value is `null`, or brackets with nothing between them.
fn is_empty(value: &str) -> bool {
    let inside = value.strip_prefix('{').and_then(|v| v.strip_suffix('}'));
    let inside = inside.or_else(|| value.strip_prefix('[')?.strip_suffix(']'));
    value == "null" || inside.is_some_and(|inside| inside.chars().all(char::is_whitespace))
}

/// Takes a member out, with its comma and the white space that sets it apart.
fn removal(text: &str, level: &Level, at: usize) -> Option<Edit> {
    let member = level.members.get(at)?;
    let before = at.checked_sub(1).and_then(|i| level.members.get(i));
    let range = match (before, level.members.get(at + 1)) {
        (Some(before), _) => before.value.end..member.value.end,
        (None, Some(next)) => member.key.start..next.key.start,
        (None, None) => return None,
    };
    // A comma that is missing, or one too many, is another fault: nothing is guessed then.
    let outside = [range.start..member.key.start, member.value.end..range.end];
    let commas = outside.into_iter().filter_map(|r| text.get(r)).map(|t| t.matches(',').count());
    (commas.sum::<usize>() == 1).then(|| Edit::remove(range))
}
