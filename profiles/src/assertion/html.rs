//! HTML tags in strings and markdown: a policy, for readers that show them unescaped
//! (<https://hl7.org/fhir/R4/security.html#narrative>).

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Weight};
use crate::model::Primitive;

/// Judges the text of a string or markdown.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive) {
    let weight = match j.policies.html {
        Level::Allow => return,
        Level::Warn => Weight::Warning,
        Level::Error => Weight::Error,
    };
    if matches!(p, Primitive::String | Primitive::Markdown)
        && let Some(tag) = tag(at.node)
    {
        j.find(RuleId::HTML, weight, at.node, &[], || Detail::Text(tag));
    }
}

/// The start of the first tag, comment or declaration in a text.
fn tag(n: Node<'_>) -> Option<String> {
    // The mark that begins a tag may be escaped.
    if !n.is_escaped() && memchr::memchr(b'<', n.raw_bytes()).is_none() {
        return None;
    }
    let text = n.text();
    let begins = |(at, _): &(usize, &str)| {
        let rest = &text[at + 1..];
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?'))
            || rest.strip_prefix('/').is_some_and(|r| r.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    let (at, _) = text.match_indices('<').find(begins)?;
    Some(text[at..].chars().take(20).collect())
}

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::HTML, |t| format!("the text appears to contain HTML, at `{}`", t.given()).into())];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::HTML, r#"{"resourceType":"Patient","name":[{"text":"a <§"}]}"#, "b>c", " b")
        .policies(|p| p.html = Level::Error),
    example(RuleId::HTML, r#"{"resourceType":"Communication","status":"unknown","note":[{"text":"a \u003c/§>"}]}"#, "b",
        "1").policies(|p| p.html = Level::Warn),
];
