//! What is doubtful about the text of a narrative: its language is not that of the resource, ids in it that are not
//! unique, text beside the sections for languages (<https://hl7.org/fhir/R4/narrative.html#lang>,
//! <https://hl7.org/fhir/R5/narrative.html>).

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::xhtml::{Marks, Outline, Part, outline, root_languages};

/// Judges the text of a narrative's `div`, given what it marks.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, div: &str, marks: &Marks) {
    tagged(j, at, div);
    if marks.languages > 1 {
        sections(j, at, &outline(div));
    }
    if let Some(id) = &marks.repeated_id {
        j.find(RuleId::NARRATIVE_ID, Weight::Warning, at.node, &[], || Detail::Text(id.clone()));
    }
}

/// Where the resource has a language, the `div` of its own narrative has it too, as HTML and as XML.
fn tagged<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, div: &str) {
    if at.node.parent().and_then(Node::parent) != Some(at.frame.resource) {
        return;
    }
    let own = at.frame.resource.children().find(|c| c.name_text() == "language").filter(|l| l.has_value());
    let Some(own) = own.map(Node::text) else { return };
    let root = root_languages(div);
    let missing: Vec<&str> =
        ["lang", "xml:lang"].into_iter().zip(&root).filter(|(_, l)| l.is_none()).map(|(name, _)| name).collect();
    let other = root.into_iter().flatten().find(|l| !is_same(l, &own));
    let told = match (other, &*missing) {
        (Some(other), _) => format!("the narrative is in `{other}`, but the resource in `{own}`"),
        (None, []) => return,
        (None, missing) => format!("the resource is in `{own}`, but its narrative has no {}", missing.join(" and no ")),
    };
    j.find(RuleId::NARRATIVE_LANGUAGE_TAG, Weight::Warning, at.node, &[], || Detail::Text(told));
}

/// Whether two languages are the same, or one a region or script of the other.
fn is_same(a: &str, b: &str) -> bool {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let begins = long.get(..short.len()).is_some_and(|head| head.eq_ignore_ascii_case(short));
    begins && matches!(long.as_bytes().get(short.len()), None | Some(b'-'))
}

/// A narrative that is divided into sections for languages has no text outside of them.
fn sections<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, content: &Outline) {
    let of_language = |p: &&Part| p.name == "div" && p.language.is_some();
    let first = content.parts.iter().find(of_language).and_then(|p| p.language.as_deref());
    let several = content.parts.iter().filter(of_language).any(|p| p.language.as_deref() != first);
    let outside = content.parts.iter().find(|p| !of_language(p) && !p.text.is_empty());
    if let Some(part) = outside.filter(|_| several) {
        j.find(RuleId::NARRATIVE_SECTIONS, Weight::Warning, at.node, &[], || Detail::Text(part.text.clone()));
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::NARRATIVE_LANGUAGE_TAG, |t| t.given().into()),
    (RuleId::NARRATIVE_ID, |t| format!("several elements of the narrative have the id `{}`", t.given()).into()),
    (RuleId::NARRATIVE_SECTIONS, |t| {
        format!("the narrative has sections for languages, but `{}` is outside of them", t.given()).into()
    }),
];

/// A patient with this language, and a narrative with these attributes and this inside.
macro_rules! narrated {
    ($language:literal, $attributes:literal, $inside:literal) => {
        concat!(
            r#"{"resourceType":"Patient""#,
            $language,
            r#","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\""#,
            $attributes,
            ">",
            $inside,
            r#"</div>"}}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::NARRATIVE_LANGUAGE_TAG, narrated!(r#","language":"en""#, "§", "a"), r#" lang=\"en\""#,
        r#" lang=\"en\" xml:lang=\"en\""#),
    example(RuleId::NARRATIVE_LANGUAGE_TAG, narrated!(r#","language":"en""#, r#" lang=\"§\" xml:lang=\"en\""#, "a"),
        "fr", "en-GB"),
    example(RuleId::NARRATIVE_ID, narrated!("", "", r#"<p id=\"a\">a</p><p id=\"§\">b</p>"#), "a", "b"),
    example(RuleId::NARRATIVE_SECTIONS, narrated!("", "",
        r#"<div lang=\"en\" xml:lang=\"en\">a</div><div lang=\"fr\" xml:lang=\"fr\">b</div>§"#), "<p>c</p>", ""),
];
