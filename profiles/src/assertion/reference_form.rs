//! The form of references: relative, absolute, fragment, urn, or in a transaction a search
//! (<https://hl7.org/fhir/R4/references.html#literal>), and what is doubtful about one that has it.

use super::example::{Example, example};
use super::text::Describe;
use crate::definition::FhirVersion;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight, unversioned};
use crate::model::{TypeId, is_absolute_uri};

/// Judges the form of a Reference with this text, which names a resource of this type. Returns whether it has one; an
/// error says so where it has none.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, text: Option<&str>, named: Option<TypeId>) -> bool {
    let Some(text) = text else {
        if j.set.fhir_version() < FhirVersion::R5 && says_nothing(at.node) {
            j.find(RuleId::REFERENCE_EMPTY, Weight::Warning, at.node, &[], || Detail::None);
        }
        return true;
    };
    if has_space(text) || !fits(j, text, at) {
        j.error(RuleId::REFERENCE_FORMAT, at.node, &at.plan.handles, || Detail::Text(text.to_owned()));
        return false;
    }
    if text.starts_with('#') {
        return true;
    }
    if named.is_none() && !is_absolute_uri(text) && memchr::memchr(b'?', text.as_bytes()).is_none() {
        j.find(RuleId::REFERENCE_RELATIVE, Weight::Warning, at.node, &[], || Detail::Text(text.to_owned()));
    } else if let Some(bundle) = at.frame.bundle {
        among_entries(j, at.node, bundle, text);
    }
    true
}

/// Whether there is whitespace in a text; most texts are ASCII without any.
fn has_space(text: &str) -> bool {
    text.bytes().any(|b| b <= b' ' || !b.is_ascii()) && text.contains(char::is_whitespace)
}

/// Whether a Reference has neither text, identifier nor display, and no extension in their place. From R5 on a
/// constraint says it.
fn says_nothing(reference: Node<'_>) -> bool {
    let says = |c: Node<'_>| {
        matches!(c.name(), NameId::REFERENCE | NameId::EXTENSION) || matches!(c.name_text(), "identifier" | "display")
    };
    reference.is_object() && reference.children().next().is_some() && !reference.children().any(says)
}

/// A reference of a Bundle names one entry, in the version that it asks for. For documents the first is a rule of their
/// own; a history has the versions of one resource under one fullUrl.
fn among_entries<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, bundle: Node<'t>, text: &str) {
    let plain = unversioned(text);
    let index = j.entries(bundle);
    if plain == text && !index.has_shared_urls() {
        return;
    }
    let found = j.entries_named(&index, bundle, text, n);
    if found.len() > 1 {
        let kind = bundle.child_text(NameId::TYPE).unwrap_or_default();
        if !matches!(&*kind, "document" | "history") {
            j.find(RuleId::REFERENCE_AMBIGUOUS, Weight::Warning, n, &[], || Detail::Text(text.to_owned()));
        }
        return;
    }
    if plain == text || !found.is_empty() {
        return;
    }
    let others = j.entries_named(&index, bundle, plain, n);
    let has_version = |at: &u32| {
        let meta = j.tape.node(*at).child(NameId::META);
        meta.is_some_and(|m| m.child(NameId::VERSION_ID).is_some())
    };
    if !others.is_empty() && !others.iter().any(has_version) {
        j.find(RuleId::REFERENCE_VERSION, Weight::Warning, n, &[], || Detail::Text(text.to_owned()));
    }
}

/// Whether a relative reference has the form that its place allows: inside a Bundle it is `Type/id`, maybe with a
/// version, or in a transaction or batch a search; on its own it is no search
/// (<https://hl7.org/fhir/R4/bundle.html#references>, <https://hl7.org/fhir/R4/http.html#trules>).
fn fits(j: &Judge<'_, '_>, text: &str, at: &Place<'_, '_>) -> bool {
    let model = j.model();
    if is_absolute_uri(text) || text.starts_with('#') {
        return true;
    }
    let search = text.split_once('?');
    let of_type = |name: &str| model.find(name).is_some_and(|t| model.is_resource(t));
    if let Some((name, query)) = search {
        return match at.frame.bundle {
            // Searches came with STU3; on its own, what is none of them may be an address of the server's own.
            None => j.set.fhir_version() < FhirVersion::Stu3 || !of_type(name),
            Some(_) => {
                in_transaction(at.node) && of_type(name) && query.trim_end_matches('&').split('&').all(is_criterion)
            }
        };
    }
    if at.frame.bundle.is_none() {
        return true;
    }
    let mut parts = text.split('/');
    match [parts.next(), parts.next(), parts.next(), parts.next(), parts.next()] {
        [Some(t), Some(id), None, ..] => !t.is_empty() && !id.is_empty(),
        [Some(t), Some(id), Some("_history"), Some(version), None] => {
            !t.is_empty() && !id.is_empty() && !version.is_empty()
        }
        _ => false,
    }
}

/// Whether a node is in a transaction or batch, however deep.
fn in_transaction(mut n: Node<'_>) -> bool {
    while let Some(around) = n.parent() {
        let is_kind = |t: &str| matches!(t, "transaction" | "batch");
        if around.child_text(NameId::RESOURCE_TYPE).is_some_and(|t| t == "Bundle")
            && around.child_text(NameId::TYPE).is_some_and(|t| is_kind(&t))
        {
            return true;
        }
        n = around;
    }
    false
}

/// Whether a part of a query is a search parameter with its value: a name, maybe with modifiers and a chain, `=`, and
/// what is searched for (<https://hl7.org/fhir/R4/search.html#parameters>). A server may have parameters of its own.
fn is_criterion(part: &str) -> bool {
    let Some((name, value)) = part.split_once('=') else { return false };
    let is_name = |n: &str| {
        n.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && n.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    !value.is_empty() && name.split(['.', ':']).all(is_name)
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::REFERENCE_FORMAT, |t| {
        if t.given().contains('?') && !t.given().contains(char::is_whitespace) && !is_absolute_uri(t.given()) {
            return format!("`{}` is not a valid reference: only in a transaction may it be a search", t.given())
                .into();
        }
        format!("`{}` is not a valid reference", t.given()).into()
    }),
    (RuleId::REFERENCE_EMPTY, |_| "the reference has neither a reference, an identifier nor a display".into()),
    (RuleId::REFERENCE_RELATIVE, |t| {
        format!("relative reference `{}` is not a resource type and an id", t.given()).into()
    }),
    (RuleId::REFERENCE_VERSION, |t| {
        format!("`{}` asks for a version, but the entry with this fullUrl does not say which it is", t.given()).into()
    }),
];

/// A complete observation with further members.
macro_rules! observation {
    ($content:literal) => {
        concat!(r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"#, $content, "}")
    };
}

/// A collection of an observation with this subject, and further entries.
macro_rules! collected {
    ($reference:literal, $more:literal) => {
        concat!(
            r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.test/Observation/o",
                "resource":"#,
            r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},"subject":{"reference":""#,
            $reference,
            r#""}}}"#,
            $more,
            "]}"
        )
    };
}

/// A transaction that creates an observation of the subject that a search finds.
macro_rules! conditional {
    ($reference:literal) => {
        concat!(
            r#"{"resourceType":"Bundle","type":"transaction","entry":[{
            "fullUrl":"urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b","request":{"method":"POST","url":"Observation"},
            "resource":{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":""#,
            $reference,
            r#""}}}]}"#
        )
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::REFERENCE_FORMAT, observation!(r#""subject":{"reference":"Patient§1"}"#), " ", "/"),
    example(RuleId::REFERENCE_FORMAT, observation!(r#""subject":{"reference":"Patient§1"}"#), "?identifier=", "/"),
    example(RuleId::REFERENCE_FORMAT, collected!("§", ""), "Patient", "Patient/1"),
    example(RuleId::REFERENCE_FORMAT, collected!("§Patient/1", ""), "/", "http://a.test/"),
    example(RuleId::REFERENCE_FORMAT, r#"{"resourceType":"Bundle","type":"§",
        "entry":[{"fullUrl":"urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b","request":{"method":"POST",
        "url":"Observation"},"resource":{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "subject":{"reference":"Patient?identifier=a"}}}]}"#, "history", "transaction"),
    example(RuleId::REFERENCE_FORMAT, conditional!("Patient?identifier=a§"), "&?==", "&birthdate=ge2020"),
    example(RuleId::REFERENCE_FORMAT, conditional!("Patient?§=a"), "", "general-practitioner:Practitioner.name:exact"),
    example(RuleId::REFERENCE_FORMAT, conditional!("§?identifier=a"), "Pateint", "Patient"),
    example(RuleId::REFERENCE_EMPTY, observation!(r#""subject":{"type":"Patient"§}"#), "", r#","display":"a""#),
    example(RuleId::REFERENCE_RELATIVE, observation!(r#""subject":{"reference":"§/1"}"#), "Patients", "Patient"),
    example(RuleId::REFERENCE_RELATIVE, observation!(r#""subject":{"reference":"§a"}"#), "", "urn:uuid:"),
    example(RuleId::REFERENCE_AMBIGUOUS, collected!("Patient/p", r#",{"fullUrl":"http://a.test/Patient/p",
        "resource":{"resourceType":"Patient","id":"p","meta":{"versionId":"1"}}},{"fullUrl":"http://§.test/Patient/p",
        "resource":{"resourceType":"Patient","id":"p","meta":{"versionId":"2"}}}"#), "a", "b"),
    example(RuleId::REFERENCE_VERSION, collected!("Patient/p/_history/2", r#",{"fullUrl":"http://a.test/Patient/p",
        "resource":{"resourceType":"Patient","id":"p"§}}"#), "", r#","meta":{"versionId":"2"}"#),
];
