//! The narrative of a resource: its markup, and its links into the resource (<https://hl7.org/fhir/R4/narrative.html>).

use rustc_hash::FxHashSet;

use super::example::{Example, example};
use super::narrative_text;
use super::text::{Describe, Message, MessageContext};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::release::release;
use crate::xhtml::{self, LinkKind, Marks, XhtmlFaultKind as Kind};

/// Judges the `div` of a narrative.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    if !n.has_value() {
        return;
    }
    let text = n.text();
    let (faults, marks) = xhtml::read(&text, n.outer_prefixes());
    narrative_text::check(j, at, &text, &marks);
    let bare = !j.tape.is_xml() && !release(j.set.fhir_version()).narrative_namespace;
    for f in faults {
        if bare && f.kind == Kind::Namespace && text.get(f.range.clone()) == Some("div") {
            continue;
        }
        let rule = match f.kind {
            Kind::NoContent => RuleId::NARRATIVE_EMPTY,
            k if k.is_note() => RuleId::NARRATIVE_UNUSUAL,
            k if k.is_syntax() => RuleId::NARRATIVE_SYNTAX,
            _ => RuleId::NARRATIVE_CONTENT,
        };
        // What is nested more deeply than the limit was not examined.
        let weight = match f.kind.is_allowed() {
            None => Weight::Question,
            Some(false) => Weight::Error,
            Some(true) if f.kind.is_note() => Weight::Note,
            Some(true) => Weight::Warning,
        };
        let found = text.get(f.range).unwrap_or("");
        j.find(rule, weight, n, &at.plan.handles, || Detail::Fault {
            kind: f.kind as u8,
            found: found.chars().take(60).collect(),
        });
    }
    linked(j, at, &marks);
}

/// A link into the resource points to an anchor of the narrative, or to an element with this id in the resource. `#` by
/// itself points to the top, except as an image's source.
fn linked<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, marks: &Marks) {
    if marks.links.is_empty() {
        return;
    }
    let anchors: FxHashSet<&str> = marks.anchors.iter().map(|a| a.text.as_str()).collect();
    for link in &marks.links {
        let target = link.target.as_str();
        let to_top = target.is_empty() && link.kind == LinkKind::Href;
        if to_top {
            continue;
        }
        match (anchors.contains(target), j.has_id(at.frame.root, target)) {
            (false, false) if j.id_use(at.frame.root, target).in_narratives == 0 => {
                j.error(RuleId::NARRATIVE_LINK, at.node, &[], || {
                    Detail::Text(format!("link `#{target}` does not resolve within this resource"))
                });
            }
            // Which of the two is meant is for the reader to guess.
            (true, true) => j.find(RuleId::NARRATIVE_LINK, Weight::Warning, at.node, &[], || {
                Detail::Text(format!("link `#{target}` names both an anchor of the narrative and an element"))
            }),
            _ => {}
        }
    }
}

/// The message for a fault.
fn faulty(t: MessageContext<'_>) -> Message {
    let Detail::Fault { kind, found } = &t.finding.detail else { return Message::default() };
    let Some(kind) = Kind::from_number(*kind) else { return Message::default() };
    match kind {
        Kind::NotWellFormed => format!("the narrative is not well-formed at `{found}`"),
        Kind::EndTag => format!("end tag `{found}` of the narrative does not match the open element"),
        Kind::Unclosed => format!("element `{found}` of the narrative is not closed"),
        Kind::Doctype => "the narrative contains a document type declaration".to_owned(),
        Kind::Entity => format!("`&{found};` is not an XML entity; use the character itself"),
        Kind::CharacterReference => format!("`&{found};` does not refer to an XML character"),
        Kind::Root => format!("expected `div` as the root of the narrative, found `{found}`"),
        Kind::Namespace => format!("`{found}` in the narrative is not in the XHTML namespace"),
        Kind::Element => format!("element `{found}` is not allowed in a narrative"),
        Kind::Attribute => format!("attribute `{found}` is not allowed here in a narrative"),
        Kind::DuplicateAttribute => format!("attribute `{found}` occurs twice in one tag of the narrative"),
        Kind::Placement => format!("`{found}` is outside the parent element that it requires"),
        Kind::Content => format!("`{found}` is in an element that does not allow it"),
        Kind::Block => format!("block element `{found}` is inside an element that allows only text"),
        Kind::UrlCharacters => format!("link `{found}` contains characters that a url cannot have"),
        Kind::EmptyLink => "a link in the narrative is empty".to_owned(),
        Kind::ActiveLink => format!("link `{found}` runs a script"),
        Kind::LinkScheme => format!("link `{found}` has a scheme that browsers do not follow"),
        Kind::NoContent => "the narrative has neither text nor an image".to_owned(),
        Kind::ControlCharacter => "the narrative contains a control character".to_owned(),
        Kind::UnusualScheme => format!("link `{found}` has a scheme that readers may not know"),
        Kind::XmlSpace => format!("`xml:space` is `{found}`, which browsers pass over; use css for white space"),
        Kind::TooDeep => format!("the narrative is nested too deeply at `{found}`"),
    }
    .into()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::NARRATIVE_SYNTAX, faulty),
    (RuleId::NARRATIVE_CONTENT, faulty),
    (RuleId::NARRATIVE_EMPTY, faulty),
    (RuleId::NARRATIVE_UNUSUAL, faulty),
    (RuleId::NARRATIVE_LINK, |t| t.given().into()),
];

/// A narrative with this inside.
macro_rules! narrated {
    ($inside:literal) => {
        concat!(
            r#"{"resourceType":"Patient","text":{"status":"generated",
            "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">"#,
            $inside,
            r#"</div>"}}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::NARRATIVE_SYNTAX, narrated!("a§b"), "&bogus;", "&amp;"),
    example(RuleId::NARRATIVE_CONTENT, narrated!("<§>a</§>"), "script", "p"),
    example(RuleId::NARRATIVE_EMPTY, narrated!("§"), " ", "a"),
    example(RuleId::NARRATIVE_LINK, narrated!(r##"<p id=\"a\">a <a href=\"#§\">b</a></p>"##), "c", "a"),
    example(RuleId::NARRATIVE_LINK, r##"{"resourceType":"Patient","name":[{"id":"§","text":"a"}],"text":{
        "status":"generated",
        "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p id=\"a\"><a href=\"#a\">b</a></p></div>"}}"##, "a", "b"),
    example(RuleId::NARRATIVE_UNUSUAL, narrated!(r#"<a href=\"§a\">b</a>"#), "foo:", "mailto:"),
    example(RuleId::NARRATIVE_UNUSUAL, narrated!(r#"<p§>b</p>"#), r#" xml:space=\"preserve\""#, ""),
];
