//! What extensions demand of a narrative: of a profile, that its content names its source or is divided into languages
//! (<https://hl7.org/fhir/extensions/StructureDefinition-narrative-source-control.html>,
//! <https://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html>); of the narrative itself,
//! that its links to data have both ends (<https://hl7.org/fhir/extensions/StructureDefinition-textLink.html>).
//!
//! From the plan: the controls of [`PlanBounds`].

use super::example::{Example, example};
use super::text::Describe;
use crate::fhirpath;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::plan::{Handle, PlanBounds};
use crate::xhtml::{Outline, outline};

const TEXT_LINK: &str = "http://hl7.org/fhir/StructureDefinition/textLink";
/// The classes that tell the source of content (<https://hl7.org/fhir/R5/narrative.html#classes>).
const SOURCES: [&str; 6] = ["generated", "boilerplate", "original", "dynamic", "extensions", "additional"];

/// Judges a narrative.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let controlled = at.plan.bounds.iter().any(|b| b.controls.len > 0);
    let is_link = |x: &Node<'t>| x.child_text(NameId::URL).is_some_and(|u| u == TEXT_LINK);
    let links: Vec<Node<'t>> = at.node.children_named(NameId::EXTENSION).filter(is_link).collect();
    if !controlled && links.is_empty() {
        return;
    }
    let div = at.node.child(NameId::DIV).filter(|d| d.has_value()).map(Node::text);
    let content = div.as_deref().map(outline);
    for link in links {
        self::link(j, at.node, link, content.as_ref());
    }
    let (Some(content), set) = (content, j.set) else { return };
    for PlanBounds { element, controls, .. } in &at.plan.bounds {
        for control in set.layer(element.layer).list(*controls) {
            match control.split_once(' ') {
                Some(("narrative-source-control", level)) => sources(j, at, *element, &content, level),
                Some(("narrative-language-control", wanted)) => languages(j, at, *element, &content, wanted),
                _ => {}
            }
        }
    }
}

/// What is directly inside the `div` names its source by its class.
fn sources<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, by: Handle, content: &Outline, level: &str) {
    let weight = match level {
        "fatal" | "error" => Weight::Error,
        "warning" | "information" => Weight::Warning,
        _ => return,
    };
    let is_told = |class: &str| class.split_whitespace().any(|c| SOURCES.contains(&c));
    for part in content.parts.iter().filter(|p| !p.text.is_empty() && !is_told(&p.class)) {
        j.find(RuleId::NARRATIVE_SOURCE, weight, at.node, &[by], || Detail::Text(part.text.clone()));
    }
}

/// The narrative has the language sections that a profile wants: none (`_no`), some (`_yes`), one in the language of
/// the resource (`_resource`), or one in a language.
fn languages<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, by: Handle, content: &Outline, wanted: &str) {
    let sections: Vec<&str> =
        content.parts.iter().filter(|p| p.name == "div").filter_map(|p| p.language.as_deref()).collect();
    let of_resource = at.frame.resource.children().find(|c| c.name_text() == "language").filter(|l| l.has_value());
    let of_resource = of_resource.map(Node::text);
    let language = if wanted == "_resource" { of_resource.as_deref() } else { Some(wanted) };
    let (weight, told) = match (wanted, language) {
        ("_no", _) if !sections.is_empty() => {
            (Weight::Error, format!("the narrative has sections for {}, but may have none", sections.join(", ")))
        }
        ("_yes", _) if sections.is_empty() => (Weight::Error, "the narrative has no language sections".to_owned()),
        ("_no" | "_yes", _) => return,
        (_, None) => (Weight::Warning, "the resource has no language, in which its narrative should be".to_owned()),
        (_, Some(l)) if sections.is_empty() => (Weight::Warning, format!("the narrative has no section for `{l}`")),
        (_, Some(l)) if !sections.iter().any(|s| is_in(s, l)) => {
            (Weight::Error, format!("the narrative has no section for `{l}`, only for {}", sections.join(", ")))
        }
        _ => return,
    };
    j.find(RuleId::NARRATIVE_LANGUAGE, weight, at.node, &[by], || Detail::Text(told));
}

/// Whether a language is another, or one of its regions (<https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1>).
fn is_in(language: &str, wanted: &str) -> bool {
    let head = language.get(..wanted.len()).is_some_and(|head| head.eq_ignore_ascii_case(wanted));
    head && matches!(language.as_bytes().get(wanted.len()), None | Some(b'-'))
}

/// A link between the narrative and data names ids of the narrative, and data; its selector is an expression. Whether
/// the data is there is a rule of its url.
fn link<'t>(j: &mut Judge<'_, 't>, narrative: Node<'t>, link: Node<'t>, content: Option<&Outline>) {
    let Some(content) = content else {
        return text_link(j, narrative, || "the narrative has a text link, but no text".to_owned());
    };
    for id in values(link, "htmlid").map(Node::text) {
        if !content.ids.contains(&*id) {
            text_link(j, narrative, || format!("no element of the narrative has the id `{id}`"));
        }
    }
    if values(link, "data").next().is_none() {
        text_link(j, narrative, || "the text link names no data".to_owned());
    }
    for selector in values(link, "selector") {
        if let Err(e) = fhirpath::parse(&selector.text()) {
            text_link(j, narrative, || format!("the selector of the text link is not valid FHIRPath: {}", e.message));
        }
    }
}

fn text_link<'t>(j: &mut Judge<'_, 't>, at: Node<'t>, told: impl FnOnce() -> String) {
    j.error(RuleId::NARRATIVE_TEXT_LINK, at, &[], || Detail::Text(told()));
}

/// The values of the nested extensions of this name.
fn values<'t>(x: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    let named = move |x: &Node<'t>| x.child_text(NameId::URL).is_some_and(|u| u == name);
    let nested = x.children_named(NameId::EXTENSION).filter(named);
    nested.filter_map(|x| x.children().find(|c| c.name_text().starts_with("value") && c.has_value()))
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::NARRATIVE_SOURCE, |t| {
        format!("the class of `{}` does not name the source: generated, boilerplate or original", t.given()).into()
    }),
    (RuleId::NARRATIVE_LANGUAGE, |t| t.given().into()),
    (RuleId::NARRATIVE_TEXT_LINK, |t| t.given().into()),
];

/// A patient with a language and a narrative with this inside.
macro_rules! narrated {
    ($inside:literal) => {
        concat!(
            r#"<Patient xmlns="http://hl7.org/fhir"><language value="en"/><text><status value="generated"/>
            <div xmlns="http://www.w3.org/1999/xhtml">"#,
            $inside,
            "</div></text></Patient>"
        )
    };
}

/// A patient whose narrative has a text link.
macro_rules! linked {
    ($nested:literal) => {
        concat!(
            r#"{"resourceType":"Patient","name":[{"id":"n","text":"a"}],"text":{"extension":[{
            "url":"http://hl7.org/fhir/StructureDefinition/textLink","extension":["#,
            $nested,
            r#"]}],"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p id=\"p\">a</p></div>"}}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::NARRATIVE_SOURCE, narrated!(r#"<h1 class="x boilerplate">a</h1><!-- b --><p class="§">c</p>"#),
        "source", "x generated").profile(r#"{"id":"Patient.text","path":"Patient.text","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/narrative-source-control","valueCode":"error"}]}"#),
    example(RuleId::NARRATIVE_LANGUAGE, narrated!(r#"<div lang="§" xml:lang="§">a</div>
        <div lang="de" xml:lang="de">b</div>"#), "pt", "en")
        .profile(r#"{"id":"Patient.text","path":"Patient.text","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/narrative-language-control","valueCode":"_resource"}]}"#),
    example(RuleId::NARRATIVE_TEXT_LINK, linked!(r##"{"url":"htmlid","valueString":"§"},{"url":"data",
        "valueUri":"#n"}"##), "q", "p"),
    example(RuleId::NARRATIVE_TEXT_LINK, linked!(r##"{"url":"htmlid","valueString":"p"},{"url":"§",
        "valueUri":"#n"}"##), "date", "data"),
    example(RuleId::NARRATIVE_TEXT_LINK, linked!(r##"{"url":"htmlid","valueString":"p"},{"url":"data","valueUri":"#n"},
        {"url":"selector","valueString":"text§"}"##), "..", ".first()"),
];
