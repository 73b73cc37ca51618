//! The texts of issues: lower case, no full stop, the user's input in backticks.

use super::{narrative, slices};
use crate::evaluate::{Detail, Finding};
use crate::instance::{Kind, Node};
use crate::issue::{RuleId, rule};
use crate::plan::rows::{NONE, ValueRow};
use crate::plan::{Handle, Image, ImageSet};

/// What is said of a finding.
pub struct Said {
    pub text: String,
    pub constraint: Option<String>,
    pub evidence: Vec<(String, String)>,
}

/// The text and evidence of a finding.
pub fn finding(set: &ImageSet, node: Node<'_>, f: &Finding) -> Said {
    let names = set.model().names();
    let mut said = Said { text: String::new(), constraint: None, evidence: Vec::new() };
    said.text = match &f.detail {
        Detail::Child { name, found, bound } if f.rule == RuleId::ELEMENT_MIN => format!("`{}` is missing: found {found}, at least {bound} wanted", names.text(*name)),
        Detail::Child { name, found, bound } => format!("`{}` occurs too often: found {found}, at most {bound} wanted", names.text(*name)),
        Detail::Name(name) => format!("the property `{name}` is not known here"),
        Detail::Slice { slice, found, bound } => {
            if f.rule != RuleId::SLICE_MAX {
                said.evidence = slices::missing(set, node, *slice);
            }
            slice_text(set, f.rule, *slice, *found, *bound)
        }
        Detail::NoSlice(h) if f.rule == RuleId::SLICE_UNDECIDED => format!("it cannot be said whether the entry belongs to `{}`", element_id(set, *h)),
        Detail::NoSlice(h) => {
            said.evidence = slices::unmatched(set, node, *h);
            format!("the entry matches no slice of `{}`", element_id(set, *h))
        }
        Detail::Constraint { layer, row, error } => {
            let image = set.layer(*layer);
            let Some(c) = image.constraint(*row) else { return said };
            let (key, expression) = (image.str(c.key), image.str(c.expression));
            said.constraint = Some(key.to_owned());
            said.evidence.push(("expression".to_owned(), expression.to_owned()));
            if let Some(e) = error {
                said.evidence.push(("error".to_owned(), e.clone()));
            }
            constraint_text(f.rule, key, expression, human(set, Handle { layer: *layer, row: *row }, &f.handles))
        }
        Detail::Value(h) => {
            let value = beside(set, node, *h);
            said.evidence.push(("found".to_owned(), value.clone()));
            let wanted = value_text(set, *h);
            said.evidence.push(("wanted".to_owned(), wanted.clone()));
            match f.rule {
                RuleId::FIXED => format!("{value} is not the fixed value {wanted}"),
                RuleId::PATTERN => format!("{value} does not hold the pattern {wanted}"),
                RuleId::MIN_VALUE => format!("{value} is less than the minimum {wanted}"),
                _ => format!("{value} is more than the maximum {wanted}"),
            }
        }
        Detail::Code { canonical, found, reason } => code_text(f.rule, canonical, found, reason),
        Detail::Site(s) => {
            said.evidence.push(("script".to_owned(), s.file.clone()));
            s.text.clone()
        }
        Detail::Narrative { kind, found } => narrative::text(*kind, found),
        Detail::Text(t) => text_of(f.rule, node, t),
        Detail::None => shape(f.rule, node),
    };
    said
}

fn constraint_text(id: RuleId, key: &str, expression: &str, human: Option<&str>) -> String {
    let verb = match id {
        RuleId::INVARIANT => "does not hold",
        RuleId::INVARIANT_BROKEN => "cannot be evaluated",
        _ => "cannot be decided",
    };
    match human {
        Some(human) => format!("the constraint {key} {verb}: \"{human}\" (`{expression}`)"),
        None => format!("the constraint {key} {verb}: `{expression}`"),
    }
}

/// What a constraint says to people, in the words of its package or of another that lays the same one on the element.
fn human<'s>(set: &'s ImageSet, constraint: Handle, elements: &[Handle]) -> Option<&'s str> {
    let image = set.layer(constraint.layer);
    let row = image.constraint(constraint.row)?;
    let same = |image: &Image, link: u32| {
        image.constraint(link).is_some_and(|c| image.str(c.key) == set.str(constraint.layer, row.key) && image.str(c.expression) == set.str(constraint.layer, row.expression))
    };
    let elsewhere = |h: &Handle| {
        let image = set.layer(h.layer);
        let links = image.links(set.element(*h)?.constraints);
        links.iter().filter(|link| same(image, **link)).find_map(|link| image.human(*link))
    };
    image.human(constraint.row).or_else(|| elements.iter().find_map(elsewhere))
}

fn meaning(id: RuleId) -> String {
    rule(id.0).map_or_else(String::new, |r| format!("this does not hold: {}", r.meaning))
}

/// What is wrong with the JSON around a value.
fn shape(id: RuleId, node: Node<'_>) -> String {
    let name = node.name_text();
    match id {
        RuleId::ELEMENT_ARRAY if node.kind() == Kind::NestedArray => format!("an array stands inside the array of `{name}`"),
        RuleId::ELEMENT_ARRAY if node.in_array() => format!("`{name}` does not repeat, but stands in an array"),
        RuleId::ELEMENT_ARRAY => format!("`{name}` may repeat, but does not stand in an array"),
        RuleId::ELEMENT_EMPTY => format!("`{name}` is empty"),
        RuleId::ELEMENT_NULL => format!("`{name}` is null"),
        RuleId::ELEMENT_OBJECT => format!("`{name}` is not written as an object"),
        RuleId::ELEMENT_TYPE => format!("the profile does not allow `{name}` here"),
        RuleId::XML_ORDER => format!("`{name}` stands after elements that follow it in its definition"),
        RuleId::SLICE_ORDER => format!("this `{name}` stands after one of a later slice"),
        RuleId::SLICE_END => format!("this `{name}` of a slice stands after one without a slice"),
        RuleId::EXTENSION_URL => "the extension has no url".to_owned(),
        RuleId::CONTAINED_ID => "the contained resource has no id".to_owned(),
        RuleId::BUNDLE_UNREACHABLE => "no reference leads from the first entry to this one, nor back".to_owned(),
        RuleId::CODE_SYSTEM_CONTENT => "a concept stands in a code system that says that its content is not present".to_owned(),
        RuleId::SEARCH_COMPOSITE => "the composite search parameter has fewer than two components".to_owned(),
        _ => meaning(id),
    }
}

fn slice_text(set: &ImageSet, id: RuleId, slice: Handle, found: u32, bound: u32) -> String {
    let name = element_id(set, slice);
    match id {
        RuleId::SLICE_MIN => format!("the slice `{name}` is missing: found {found}, at least {bound} wanted"),
        RuleId::SLICE_MAX => format!("the slice `{name}` occurs too often: found {found}, at most {bound} wanted"),
        _ => format!("it cannot be decided whether the slice `{name}` is there"),
    }
}

fn code_text(id: RuleId, canonical: &str, found: &str, reason: &str) -> String {
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    match id {
        RuleId::BINDING_REQUIRED | RuleId::BINDING_MAX if found.is_empty() => format!("a code of the value set `{canonical}` is wanted, none was found"),
        RuleId::BINDING_REQUIRED | RuleId::BINDING_MAX => format!("`{found}` is not in the value set `{canonical}`"),
        RuleId::BINDING_EXTENSIBLE => format!("`{found}` is not in the value set `{canonical}`; another code may be used only where none of the set fits"),
        RuleId::BINDING_UNDECIDED => format!("it cannot be decided here whether `{found}` is in the value set `{canonical}`{because}"),
        RuleId::BINDING_VALUE_SET => format!("the value set `{canonical}` is not known, so `{found}` was not looked up"),
        RuleId::CODE_SYSTEM_UNKNOWN => format!("`{found}` is of a code system that is not here, so whether the code exists was not checked"),
        RuleId::CODE_UNKNOWN => format!("the code `{found}` is not in the code system `{canonical}`"),
        RuleId::DISPLAY => format!("`{found}` is no display of the code in `{canonical}`; wanted `{reason}`"),
        _ => format!("`{found}` in `{canonical}`{because}"),
    }
}

fn text_of(id: RuleId, node: Node<'_>, t: &str) -> String {
    let value = shown(node);
    match id {
        RuleId::PRIMITIVE_EMPTY => format!("the {t} is empty"),
        RuleId::PRIMITIVE_LEXEME => format!("{} is not written as JSON writes the type {t}", written(node)),
        RuleId::PRIMITIVE_FORMAT | RuleId::PRIMITIVE_WHITESPACE if node.is_object() => format!("the data or the hash of `{}` is no valid {t}", node.name_text()),
        RuleId::PRIMITIVE_FORMAT | RuleId::ID_FORMAT => format!("{value} is no valid {t}"),
        RuleId::PRIMITIVE_WHITESPACE => format!("{value} holds white space where the type {t} allows none"),
        RuleId::PRIMITIVE_RANGE => format!("{value} is out of the range of the type {t}"),
        RuleId::PRIMITIVE_YEAR => format!("the year of {value} is not plausible"),
        RuleId::ELEMENT_SIMPLE => format!("an object stands where a simple {t} is wanted"),
        RuleId::RESOURCE_TYPE if t.is_empty() => "the resource does not say its type".to_owned(),
        RuleId::RESOURCE_TYPE => format!("`{t}` is no resource type of this FHIR version"),
        RuleId::PROFILE_UNKNOWN => format!("the profile `{t}` is not known, so it was not checked"),
        RuleId::PROFILE_TYPE => format!("the profile `{t}` is not of this resource's type"),
        RuleId::EXTENSION_UNKNOWN => format!("the extension `{t}` is not known, so its content was not checked"),
        RuleId::EXTENSION_MODIFIER_UNKNOWN => format!("the modifier extension `{t}` is not known: it may change the meaning of what is around it"),
        RuleId::EXTENSION_EXAMPLE => format!("`{t}` is an example url"),
        RuleId::EXTENSION_SUB_UNKNOWN => format!("the extension around does not define the sub-extension `{t}`"),
        RuleId::EXTENSION_URL_ABSOLUTE => format!("the extension url `{t}` is not absolute"),
        RuleId::EXTENSION_CONTEXT => format!("the extension `{t}` may not stand here"),
        RuleId::EXTENSION_MODIFIER => format!("the extension `{t}` stands among the wrong kind of extensions"),
        RuleId::REFERENCE_FORMAT => format!("`{t}` is no reference"),
        RuleId::REFERENCE_TARGET => format!("a reference to a {t} is not allowed here"),
        RuleId::REFERENCE_PROFILE => format!("the target does not conform to `{t}`"),
        RuleId::REFERENCE_UNRESOLVED => format!("the reference `{t}` leads to nothing in this instance"),
        RuleId::REFERENCE_UNDECIDED => format!("the reference `{t}` was not followed"),
        RuleId::CANONICAL_ABSOLUTE => format!("the canonical `{t}` is neither absolute nor a fragment"),
        RuleId::CODING_SYSTEM_ABSOLUTE | RuleId::IDENTIFIER_SYSTEM_ABSOLUTE => format!("the system `{t}` is not absolute"),
        RuleId::IDENTIFIER_URI => format!("the identifier's value `{t}` is no full uri"),
        RuleId::CODING_SYSTEM_VALUE_SET => format!("`{t}` is a value set, not a code system"),
        RuleId::CONTAINED_UNUSED => format!("the contained resource `{t}` is not referred to"),
        RuleId::CONTAINED_ID => format!("another contained resource has the id `{t}` too"),
        RuleId::BUNDLE_FULL_URL if t.is_empty() => "the entry has no fullUrl".to_owned(),
        RuleId::REFERENCE_BUNDLE => format!("the reference `{t}` names no entry of the document, though one has this type and id: the fullUrls do not agree"),
        RuleId::REFERENCE_AMBIGUOUS => format!("the reference `{t}` names several entries of the document"),
        RuleId::REFERENCE_AGGREGATION => format!("the reference is {t}, which is not allowed here"),
        RuleId::REFERENCE_VERSIONING => format!("the reference is version-{t}, which is not allowed here"),
        RuleId::REFERENCE_TYPE => format!("the reference says that it points to `{t}`, but does not"),
        RuleId::QUESTIONNAIRE_CONDITION | RuleId::CODE_SYSTEM_PROPERTY => t.to_owned(),
        RuleId::ELEMENT_PROFILE => format!("`{}` conforms to none of the profiles that are allowed here: {t}", node.name_text()),
        RuleId::JSON_TWIN => format!("`_{}` {t}", node.name_text()),
        RuleId::ATTACHMENT_HASH => format!("the hash of the attachment is given as {t}"),
        RuleId::ATTACHMENT_SIZE => format!("the size of the attachment is given as {t}"),
        RuleId::BUNDLE_FULL_URL => format!("the fullUrl `{t}` is not absolute, or does not agree with the resource's type and id"),
        RuleId::NARRATIVE_LINK => format!("the link `#{t}` leads to nothing in this resource"),
        RuleId::SCRIPT_FAILED => format!("a script of the site failed, so its rules were not checked: {t}"),
        RuleId::SCRIPT_UNDECIDED => format!("a rule of the site cannot be decided here: {t}"),
        RuleId::MIN_LENGTH => format!("the value is shorter than {t} characters"),
        RuleId::MAX_LENGTH => format!("the value is longer than {t} characters"),
        RuleId::CODING_SYSTEM_SUPPLEMENT => format!("`{t}` is a supplement of a code system, not a code system"),
        RuleId::CODE_SYSTEM_SUPPLEMENT => format!("the code system supplements another, but its content is `{t}`"),
        RuleId::BUNDLE_ENTRY => format!("the search mode, the type and the id of the entry do not agree: `{t}`"),
        _ => questionnaire(id, t).unwrap_or_else(|| format!("{}: {t}", meaning(id))),
    }
}

/// What is said of a response to a questionnaire.
fn questionnaire(id: RuleId, t: &str) -> Option<String> {
    Some(match id {
        RuleId::QUESTIONNAIRE_UNKNOWN => format!("the questionnaire `{t}` is not known, so the answers were not checked"),
        RuleId::QUESTIONNAIRE_ITEM => format!("the questionnaire has no item `{t}` here"),
        RuleId::QUESTIONNAIRE_ORDER => format!("the item `{t}` stands after one that follows it in the questionnaire"),
        RuleId::QUESTIONNAIRE_REQUIRED => format!("the item `{t}` is required, but not answered"),
        RuleId::QUESTIONNAIRE_OCCURS => format!("the item `{t}` or its answers occur more or less often than the questionnaire allows"),
        RuleId::QUESTIONNAIRE_DISABLED => format!("the item `{t}` is not enabled by the answers that it depends on"),
        RuleId::QUESTIONNAIRE_PLACE => format!("an item of the type `{t}` holds answers or items that it may not hold"),
        RuleId::QUESTIONNAIRE_TYPE => format!("the type of the answer is not the one that the question asks for: `{t}`"),
        RuleId::QUESTIONNAIRE_OPTION => format!("`{t}` is not among the options of the question"),
        RuleId::QUESTIONNAIRE_OPTION_UNDECIDED => format!("it cannot be decided here whether the answer is among the options of the question: `{t}`"),
        RuleId::QUESTIONNAIRE_BOUND => format!("the answer is out of the bounds that the question sets: `{t}`"),
        _ => return None,
    })
}

/// A node's value for a text: short, in backticks.
pub(super) fn shown(node: Node<'_>) -> String {
    format!("`{}`", short(node))
}

/// As [`shown`], with the quotes that tell a string from a number and a word.
fn written(node: Node<'_>) -> String {
    if node.kind() == Kind::String { format!("`\"{}\"`", short(node)) } else { shown(node) }
}

/// A node's value beside the one that is wanted. XML writes every value alike; there the definition tells what is a string.
pub(super) fn beside(set: &ImageSet, node: Node<'_>, wanted: Handle) -> String {
    let bare = node.tape().is_xml() && set.value(wanted).is_some_and(|row| row.kind > 1);
    if bare { shown(node) } else { written(node) }
}

fn short(node: Node<'_>) -> String {
    let text = if node.has_value() { node.text().into_owned() } else { String::from_utf8_lossy(node.raw_bytes()).into_owned() };
    let short: String = text.chars().take(80).collect();
    if short.len() < text.len() { short + "…" } else { short }
}

fn element_id(set: &ImageSet, h: Handle) -> String {
    set.element(h).map_or_else(String::new, |e| set.str(h.layer, e.id).to_owned())
}

/// A fixed value or pattern as compact JSON.
pub(super) fn value_text(set: &ImageSet, h: Handle) -> String {
    fn write(set: &ImageSet, layer: u32, row: &ValueRow, out: &mut String) {
        let text = set.str(layer, row.text);
        match row.kind {
            0 => {
                out.push('{');
                let mut at = row.first_child;
                while let Some(c) = set.layer(layer).value(at).filter(|_| at != NONE) {
                    if !out.ends_with('{') {
                        out.push_str(", ");
                    }
                    out.push_str(set.model().names().text(c.name));
                    out.push_str(": ");
                    write(set, layer, c, out);
                    at = c.next;
                }
                out.push('}');
            }
            1 => {
                out.push('"');
                out.push_str(text);
                out.push('"');
            }
            _ => out.push_str(text),
        }
    }
    let mut out = String::from("`");
    if let Some(row) = set.value(h) {
        write(set, h.layer, row, &mut out);
    }
    out.push('`');
    out
}
