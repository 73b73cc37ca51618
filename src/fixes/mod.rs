//! What can be done about an issue, as edits of the text: safe ones, which keep what is meant, and others, which the
//! author has to look at. No files, no engine: who validates comes in as a function (`mend.rs`).

mod add;
mod code;
mod context;
mod edit;
mod element;
mod lexeme;
mod mend;
mod rename;
mod shape;
mod syntax;
mod value;

pub use edit::{Edit, Fix, apply};
pub use mend::{Mended, mend};

use crate::cursor::cursors;
use crate::elements::Definitions;
use crate::profiles::instance::is_xml;
use crate::profiles::issue::{Issue, RuleId};
use context::Context;

/// The most fixes that are offered for one issue.
pub const MOST_FIXES: usize = 12;

/// What fixes are made with.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The loaded definitions; `None`: there are only fixes that need none.
    pub definitions: Option<&'a Definitions<'a>>,
    /// Profiles that the resource is held against beside those that it claims.
    pub asked: &'a [String],
    /// Whether only safe fixes are wanted.
    pub only_safe: bool,
}

/// The fixes of each of these issues in the text that they were found in, safe ones first; in one pass over the text.
pub fn fixes(text: &str, issues: &[&Issue], ground: Ground<'_>) -> Vec<Vec<Fix>> {
    let places: Vec<usize> = issues.iter().flat_map(|i| [i.span.start as usize, inside(text, i)]).collect();
    let mut found = cursors(text, &places).into_iter();
    let of = |issue: &&Issue| {
        let (around, within) = (found.next().unwrap_or_default(), found.next().unwrap_or_default());
        let Ground { definitions, asked, only_safe } = ground;
        let context = Context { text, issue, definitions, asked, around, within };
        let mut fixes = of_issue(&context, only_safe);
        fixes.sort_by_key(|f| !f.is_safe);
        fixes.truncate(MOST_FIXES);
        fixes
    };
    issues.iter().map(of).collect()
}

/// The first place in the object that an issue is about; of an element of XML behind its start tag.
fn inside(text: &str, issue: &Issue) -> usize {
    let start = issue.span.start as usize;
    let tag = text.get(start..).filter(|rest| rest.starts_with('<') && is_xml(text.as_bytes()));
    tag.and_then(element::tag_end).map_or(start + 1, |end| start + end)
}

fn of_issue(c: &Context<'_>, only_safe: bool) -> Vec<Fix> {
    let fix = match c.issue.rule {
        RuleId::ELEMENT_ARRAY => shape::array(c),
        RuleId::ELEMENT_EMPTY | RuleId::ELEMENT_NULL => shape::empty(c),
        RuleId::PRIMITIVE_LEXEME => lexeme::quotes(c),
        RuleId::PRIMITIVE_WHITESPACE => value::trimmed(c),
        RuleId::CANONICAL_VERSION => value::without_bar(c),
        RuleId::DISPLAY => value::display(c),
        RuleId::ELEMENT_MIN if !only_safe => add::missing(c),
        RuleId::ELEMENT_UNKNOWN if !only_safe => return rename::near(c),
        RuleId::BINDING_REQUIRED | RuleId::BINDING_EXTENSIBLE | RuleId::BINDING_MAX if !only_safe => {
            return code::members(c);
        }
        _ => syntax::fix(c),
    };
    fix.into_iter().filter(|f| f.is_safe || !only_safe).collect()
}

#[cfg(test)]
#[path = "fixes_tests.rs"]
mod tests;
