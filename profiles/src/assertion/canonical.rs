//! What canonicals and urls name: a definition by its full url, or a part of the containing resource by a fragment
//! (<https://hl7.org/fhir/R4/references.html#canonical>).

use super::address;
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Target, Weight};
use crate::model::{Primitive, is_absolute_uri};

/// Judges what the value of a canonical, url or uri names.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive) {
    let n = at.node;
    if !n.has_value() {
        return;
    }
    if p == Primitive::Canonical {
        let text = n.text();
        if is_absolute_uri(&text) {
            target(j, at, &text);
            if text.ends_with('|') {
                j.error(RuleId::CANONICAL_VERSION, n, &at.plan.handles, || Detail::Text(text.into_owned()));
            }
        } else if !text.is_empty() && !text.starts_with('#') && !text.contains(char::is_whitespace) {
            j.error(RuleId::CANONICAL_ABSOLUTE, n, &at.plan.handles, || Detail::Text(text.into_owned()));
        }
    }
    if p != Primitive::Canonical
        && let Some(x) = n.parent().filter(|x| x.name() == NameId::EXTENSION)
        && x.child_text(NameId::URL).is_some_and(|url| url == NARRATIVE_LINK)
    {
        in_entry(j, at);
    }
    if matches!(n.raw_bytes(), [b'#', _, ..]) && (p == Primitive::Canonical || points_inside(n)) {
        fragment(j, at, p);
    }
}

/// A canonical names a definition of a kind that its element allows; one that is not loaded may name any.
fn target<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, canonical: &str) {
    if at.plan.targets.iter().all(|t| t.types.is_empty()) {
        return;
    }
    let model = j.model();
    let kinds = j.kinds(canonical);
    let Some(first) = kinds.first() else {
        address::canonical(j, at.node, canonical);
        return;
    };
    for t in at.plan.targets.iter().filter(|t| !t.types.is_empty()) {
        let fits =
            |kind: &str| model.find(kind).is_none_or(|k| t.types.iter().any(|w| !w.is_known() || model.is_a(k, *w)));
        if !kinds.iter().any(|kind| fits(kind)) {
            j.error(RuleId::REFERENCE_TARGET, at.node, &[t.element], || Detail::Text(first.to_string()));
        }
    }
}

/// The extension by which an element says where a narrative tells it, maybe that of another entry of its Bundle
/// (<https://hl7.org/fhir/extensions/StructureDefinition-narrativeLink.html>).
const NARRATIVE_LINK: &str = "http://hl7.org/fhir/StructureDefinition/narrativeLink";

/// A url that names an entry of the Bundle around, and something in it by its fragment: there is one such thing.
fn in_entry<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let text = at.node.text();
    let Some((bundle, (url, fragment))) = at.frame.bundle.zip(text.split_once('#')) else { return };
    if url.is_empty() || fragment.is_empty() {
        return;
    }
    let index = j.entries(bundle);
    let [entry] = j.entries_named(&index, bundle, url, at.node) else { return };
    let used = j.id_use(j.tape.node(*entry), fragment);
    let (weight, told) = match used.elements.saturating_add(used.in_narratives) {
        0 => (Weight::Error, "nothing in this entry has this id"),
        1 => return,
        _ => (Weight::Warning, "several elements of this entry have this id"),
    };
    j.find(RuleId::NARRATIVE_LINK, weight, at.node, &[], || Detail::Text(format!("link `{text}`: {told}")));
}

/// The extensions whose values are uris of elements of the resource, some in a part of this name
/// (<https://hl7.org/fhir/extensions/StructureDefinition-textLink.html>,
/// <https://hl7.org/fhir/R4/extension-targetelement.html>).
const POINTERS: [(&str, &str); 2] = [
    ("http://hl7.org/fhir/StructureDefinition/textLink", "data"),
    ("http://hl7.org/fhir/StructureDefinition/targetElement", ""),
];

/// Whether a fragment in this uri or url names something inside the resource. It does so for the url of an Attachment,
/// for a system, and for some extensions; elsewhere it may be a part of something else, as in `meta.source`, or of a
/// definition, as in `contentReference`.
fn points_inside(n: Node<'_>) -> bool {
    match n.name() {
        NameId::URL => return n.parent().is_some_and(|p| p.name() != NameId::EXTENSION),
        NameId::SYSTEM => return true,
        _ => {}
    }
    let Some(x) = n.parent().filter(|x| x.name() == NameId::EXTENSION) else { return false };
    let url = x.child_text(NameId::URL).unwrap_or_default();
    POINTERS.iter().any(|(extension, part)| match *part {
        "" => url == *extension,
        part => {
            let outer = x.parent().and_then(|o| o.child_text(NameId::URL));
            url == part && outer.is_some_and(|o| o == *extension)
        }
    })
}

/// A url that is a fragment names something inside the resource. Nothing says that the url of an Attachment must.
fn fragment<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, p: Primitive) {
    let text = at.node.text();
    if !j.id_use(at.frame.root, text.strip_prefix('#').unwrap_or(&text)).is_any() {
        let weight = if at.node.name() == NameId::URL { Weight::Warning } else { Weight::Error };
        let told = || Detail::Text(text.into_owned());
        j.find(RuleId::REFERENCE_UNRESOLVED, weight, at.node, &at.plan.handles, told);
    } else if p == Primitive::Canonical {
        inside(j, at, &text);
    }
}

/// A canonical that is a fragment names a contained resource of a kind that its element allows.
fn inside<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, fragment: &str) {
    if at.plan.targets.iter().all(|t| t.types.is_empty()) {
        return;
    }
    let Target::Found(resource) = j.resolve_text(fragment, at.node, at.frame) else { return };
    let model = j.model();
    let kind = model.resource_type(resource);
    if !kind.is_known() {
        return;
    }
    for t in at.plan.targets.iter().filter(|t| !t.types.is_empty()) {
        if !t.types.iter().any(|w| !w.is_known() || model.is_a(kind, *w)) {
            let told = || Detail::Text(model.type_name(kind).to_owned());
            j.error(RuleId::REFERENCE_TARGET, at.node, &[t.element], told);
        }
    }
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CANONICAL_ABSOLUTE, |t| format!("canonical `{}` is neither absolute nor a fragment", t.given()).into()),
    (RuleId::CANONICAL_VERSION, |t| format!("canonical `{}` has no version after its `|`", t.given()).into()),
];

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CANONICAL_ABSOLUTE, r#"{"resourceType":"QuestionnaireResponse","status":"completed",
        "questionnaire":"§"}"#, "q", "http://a.test/q"),
    example(RuleId::CANONICAL_VERSION, r#"{"resourceType":"QuestionnaireResponse","status":"completed",
        "questionnaire":"http://a.test/q|§"}"#, "", "1"),
    example(RuleId::REFERENCE_TARGET, r##"{"resourceType":"Questionnaire","status":"active",
        "contained":[{"resourceType":"§","id":"a","status":"active"}],
        "item":[{"linkId":"a","type":"choice","answerValueSet":"#a"}]}"##, "Questionnaire", "ValueSet"),
    example(RuleId::NARRATIVE_LINK, r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"http://a.test/Patient/p","resource":{"resourceType":"Patient","id":"p","text":{"status":"generated",
        "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p id=\"a\">a</p></div>"}}},
        {"fullUrl":"http://a.test/Basic/b","resource":{"resourceType":"Basic","id":"b","code":{"text":"a"},
        "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/narrativeLink",
        "valueUrl":"http://a.test/Patient/p#§"}]}}]}"#,
        "b", "a"),
    example(RuleId::CANONICAL_VERSION, r#"<ImplementationGuide xmlns="http://hl7.org/fhir"><dependsOn><uri
        value="http://a.test/g§"/></dependsOn></ImplementationGuide>"#, "|", "|1.0"),
];
