//! The narrative of a resource: its markup, and its links into the resource (https://hl7.org/fhir/R4/narrative.html).

use rustc_hash::FxHashSet;

use super::example::{Example, example};
use super::text::{Describe, Message, MessageContext};
use super::xhtml::{self, LinkKind, Links, XhtmlFaultKind as Kind};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};

/// Judges the `div` of a narrative.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    if !n.has_value() {
        return;
    }
    let text = n.text();
    let outer = n.outer_prefixes();
    let (faults, links) = if !outer.is_empty() {
        xhtml::check_inside(&text, outer)
    } else if memchr::memchr(b'#', n.raw_bytes()).is_some() {
        xhtml::check_with_targets(&text)
    } else {
        (xhtml::check(&text), Links::default())
    };
    for f in faults {
        let rule = match f.kind {
            Kind::NoContent => RuleId::NARRATIVE_EMPTY,
            k if k.is_syntax() => RuleId::NARRATIVE_SYNTAX,
            _ => RuleId::NARRATIVE_CONTENT,
        };
        // What lies deeper than is read was not examined.
        let weight = match f.kind {
            Kind::TooDeep => Weight::Question,
            k if k.is_error() => Weight::Error,
            _ => Weight::Warning,
        };
        let found = text.get(f.range).unwrap_or("");
        j.find(rule, weight, n, &at.plan.handles, || Detail::Fault {
            kind: f.kind as u8,
            found: found.chars().take(60).collect(),
        });
    }
    linked(j, at, &links);
}

/// A link into the resource leads to an anchor of the narrative, or to what has this id elsewhere in the resource. `#` alone
/// leads to the top, except as an image's source.
fn linked<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, links: &Links) {
    if links.links.is_empty() {
        return;
    }
    let anchors: FxHashSet<&str> = links.anchors.iter().map(|a| a.text.as_str()).collect();
    for link in &links.links {
        let target = link.target.as_str();
        let to_top = target.is_empty() && link.kind == LinkKind::Href;
        if !to_top && !anchors.contains(target) && !j.has_id(at.frame.root, target) {
            j.error(RuleId::NARRATIVE_LINK, at.node, &[], || Detail::Text(target.to_owned()));
        }
    }
}

/// What is said of a fault.
fn faulty(t: MessageContext<'_>) -> Message {
    let Detail::Fault { kind, found } = &t.finding.detail else { return Message::default() };
    let Some(kind) = Kind::from_number(*kind) else { return Message::default() };
    match kind {
        Kind::NotWellFormed => format!("the markup of the narrative is not well-formed at `{found}`"),
        Kind::EndTag => format!("the end tag of `{found}` closes another element of the narrative"),
        Kind::Unclosed => format!("`{found}` is not closed in the narrative"),
        Kind::Doctype => "a document type declaration stands in the narrative".to_owned(),
        Kind::Entity => format!("`{found}` is no entity of XML"),
        Kind::CharacterReference => format!("`{found}` refers to no character of XML"),
        Kind::Root => format!("the root of the narrative is `{found}`, not `div`"),
        Kind::Namespace => format!("`{found}` in the narrative is not of the XHTML namespace"),
        Kind::Element => format!("a narrative may not hold the element `{found}`"),
        Kind::Attribute => format!("the attribute `{found}` may not stand there in a narrative"),
        Kind::DuplicateAttribute => format!("the attribute `{found}` stands twice in one tag of the narrative"),
        Kind::Placement => format!("`{found}` stands outside of the element that it needs around it"),
        Kind::Content => format!("`{found}` stands in an element that does not take it"),
        Kind::Block => format!("the block `{found}` stands inside an element of text"),
        Kind::UrlCharacters => format!("the link `{found}` holds characters that no url has"),
        Kind::EmptyLink => "a link of the narrative is empty".to_owned(),
        Kind::ActiveLink => format!("the link `{found}` runs a script"),
        Kind::LinkScheme => format!("the link `{found}` has a scheme that no browser follows"),
        Kind::NoContent => "the narrative holds neither text nor an image".to_owned(),
        Kind::ControlCharacter => "a control character stands in the narrative".to_owned(),
        Kind::TooDeep => format!("the narrative is nested too deeply at `{found}`"),
    }
    .into()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::NARRATIVE_SYNTAX, faulty),
    (RuleId::NARRATIVE_CONTENT, faulty),
    (RuleId::NARRATIVE_EMPTY, faulty),
    (RuleId::NARRATIVE_LINK, |t| format!("the link `#{}` leads to nothing in this resource", t.given()).into()),
];

/// A narrative with this inside.
macro_rules! narrated {
    ($inside:literal) => {
        concat!(r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">"#, $inside, r#"</div>"}}"#)
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::NARRATIVE_SYNTAX, narrated!("a§b"), "&bogus;", "&amp;"),
    example(RuleId::NARRATIVE_CONTENT, narrated!("<§>a</§>"), "script", "p"),
    example(RuleId::NARRATIVE_EMPTY, narrated!("§"), " ", "a"),
    example(RuleId::NARRATIVE_LINK, narrated!(r##"<p id=\"a\">a <a href=\"#§\">b</a></p>"##), "c", "a"),
];
