//! Code systems: the metadata agrees with the content (<https://hl7.org/fhir/R4/codesystem.html>).

use super::super::example::{Example, example};
use super::super::text::Describe;
use super::concept::{concepts, loaded};
use super::{code_property, code_system_set, named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Scene, Truth, Weight};
use crate::plan::Handle;
use crate::plan::rows::CodeSystemRow;
use crate::terminology::{DisplayFit, check_display};

/// Judges a CodeSystem.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let content = named(n, "content").find(|c| c.has_value());
    practice(j, at);
    designations(j, n);
    let Some(content) = content else {
        code_property::check(j, n, "");
        return;
    };
    let kind = content.text();
    // https://hl7.org/fhir/R4/codesystem.html#supplements
    match (&*kind, text(n, "supplements")) {
        ("supplement", None) => {
            j.error(RuleId::CODE_SYSTEM_SUPPLEMENT, content, &[], || Detail::Text(String::new()));
        }
        ("supplement", Some(_)) | (_, None) => {}
        (_, Some(_)) => j.error(RuleId::CODE_SYSTEM_SUPPLEMENT, content, &[], || Detail::Text(kind.to_string())),
    }
    match (&*kind, named(n, "concept").next()) {
        ("not-present", Some(concept)) => j.error(RuleId::CODE_SYSTEM_CONTENT, concept, &[], || Detail::None),
        // The codes of a grammar are nowhere listed.
        ("complete", None) if text(n, "compositional").is_none_or(|c| c != "true") => {
            j.find(RuleId::CODE_SYSTEM_CONTENT, Weight::Warning, content, &[], || {
                Detail::Text("the content is `complete`, but the code system has no concepts".into())
            });
        }
        _ => {}
    }
    code_property::check(j, n, &kind);
    code_system_set::check(j, n, &kind);
    count(j, n, &kind);
    if kind == "supplement" {
        supplemented(j, n);
    }
}

/// A code system stands where Codings can name it, and says whether case matters.
fn practice<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let is_practice = j.policies.best_practice != Level::Allow;
    let is_supplement = text(n, "content").is_some_and(|c| c == "supplement");
    let mut note = |n: Node<'t>, told: &str| {
        j.find(RuleId::CODE_SYSTEM_PRACTICE, Weight::Note, n, &[], || Detail::Text(told.into()));
    };
    if at.frame.contained {
        note(n, "Codings name a code system by its url, so it is better not contained in another resource");
    }
    if !is_practice {
        return;
    }
    match named(n, "caseSensitive").find(|c| c.has_value()) {
        None if !is_supplement => note(n, "the code system does not state whether case matters in its codes"),
        Some(stated) if is_supplement => {
            note(stated, "whether case matters in its codes is stated by the code system, not by a supplement");
        }
        _ => {}
    }
}

/// Designations differ from the display by their use or language
/// (<https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.concept.designation>): the first that does not is
/// told, with how many there are.
fn designations<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let language = text(n, "language");
    let is_alike = |d: &Node<'t>| {
        named(*d, "use").next().is_none() && text(*d, "language").is_none_or(|own| language.as_ref() == Some(&own))
    };
    let mut alike =
        concepts(n).filter(|c| text(*c, "display").is_some()).flat_map(|c| named(c, "designation")).filter(is_alike);
    let Some(first) = alike.next() else { return };
    let more = match alike.count() {
        0 => String::new(),
        more => format!("; so do {more} others"),
    };
    let of = if text(first, "language").is_some() {
        "no use, and the language of the display"
    } else {
        "no use and no language"
    };
    j.find(RuleId::CODE_SYSTEM_DESIGNATION, Weight::Warning, first, &[], || {
        Detail::Text(format!("the designation has {of}, so nothing sets it apart from the display{more}"))
    });
}

/// The count equals the number of concepts, if the content is complete
/// (<https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.count>).
fn count<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, content: &str) {
    let Some(node) = named(n, "count").find(|c| c.has_value()) else { return };
    let Ok(stated) = node.text().parse::<u64>() else { return };
    if text(n, "compositional").is_some_and(|c| c == "true") {
        // Whoever defines a grammar says what its codes are counted by.
        return;
    }
    let found = concepts(n).count() as u64;
    let told = |found: u64| format!("the count is {stated}, but the code system has {found} concepts");
    let (weight, text) = match content {
        "complete" if found != stated => (Weight::Error, told(found)),
        "fragment" | "example" if found > stated => (Weight::Warning, told(found)),
        "not-present" if stated == 0 => (
            Weight::Warning,
            "the count is 0, but the content is `not-present`, not `complete` without concepts".into(),
        ),
        "supplement" if found != stated => match base_count(j, n) {
            Some(base) if base != stated => (
                Weight::Warning,
                format!("the count is {stated}, but the supplemented code system has {base} concepts"),
            ),
            _ => return,
        },
        _ => return,
    };
    j.find(RuleId::CODE_SYSTEM_COUNT, weight, node, &[], || Detail::Text(text));
}

/// How many concepts the code system has that another supplements; `None` where it is not loaded completely.
fn base_count(scene: &Scene<'_, '_>, n: Node<'_>) -> Option<u64> {
    let (_, row) = loaded(scene, &text(n, "supplements")?).filter(|(_, row)| row.is_complete())?;
    Some(u64::from(row.count))
}

/// The concepts of a supplement are concepts of what it supplements
/// (<https://hl7.org/fhir/R4/codesystem.html#supplements>).
fn supplemented<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(node) = named(n, "supplements").find(|s| s.has_value()) else { return };
    let canonical = node.text();
    let Some(system) = loaded(j, &canonical) else {
        j.find(RuleId::CODE_SYSTEM_BASE, Weight::Note, node, &[], || {
            Detail::Text(format!("`{canonical}` is not loaded, so the concepts of the supplement were not checked"))
        });
        return;
    };
    hierarchy(j, n, system);
    displays(j, n, system);
    if !system.1.is_complete() {
        return;
    }
    for code in concepts(n).flat_map(|c| named(c, "code")).filter(|c| c.has_value()) {
        let text = code.text();
        if j.has_code(system, &text) == Truth::False {
            j.error(RuleId::CODE_UNKNOWN, code, &[], || Detail::Code {
                canonical: canonical.to_string(),
                found: text.into_owned(),
                reason: String::new(),
            });
        }
    }
}

/// A supplement leaves the hierarchy of the code system as it is.
fn hierarchy<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, (handle, row): (Handle, &CodeSystemRow)) {
    let Some(node) = named(n, "hierarchyMeaning").find(|h| h.has_value()) else { return };
    let (own, base) = (node.text(), j.set.str(handle.layer, row.hierarchy));
    if !base.is_empty() && own != base {
        j.error(RuleId::CODE_SYSTEM_BASE, node, &[], || {
            Detail::Text(format!("the hierarchy of the supplement means `{own}`, that of the code system `{base}`"))
        });
    }
}

/// A display in the language of the code system is the one that a concept has there: the first that is not is told,
/// with how many there are.
fn displays<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, (handle, row): (Handle, &CodeSystemRow)) {
    let image = j.set.layer(handle.layer);
    let language = image.str(row.language);
    if text(n, "language").unwrap_or_default() != language {
        return;
    }
    let mut other = concepts(n).filter_map(|c| {
        let (code, display) = (text(c, "code")?, named(c, "display").find(|d| d.has_value())?);
        let known = image.str(image.concepts_of(row.slots, code.as_bytes()).next()?.display);
        (!known.is_empty() && check_display(&display.text(), std::iter::once(known)) == DisplayFit::Wrong)
            .then_some((display, known))
    });
    let Some((first, known)) = other.next() else { return };
    let more = match other.count() {
        0 => String::new(),
        more => format!("; so are {more} other displays"),
    };
    j.find(RuleId::CODE_SYSTEM_BASE, Weight::Warning, first, &[], || {
        Detail::Text(format!("`{}` is not the display in the code system, which has `{known}`{more}", first.text()))
    });
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CODE_SYSTEM_CONTENT, |t| match t.given() {
        "" => "the code system has concepts, but its content is `not-present`".into(),
        told => told.into(),
    }),
    (RuleId::CODE_SYSTEM_BASE, |t| t.given().into()),
    (RuleId::CODE_SYSTEM_DESIGNATION, |t| t.given().into()),
];

const TREE: &str = r#"{"resourceType":"CodeSystem","id":"tree","url":"http://firing.test/CodeSystem/tree",
    "status":"active","language":"de","content":"complete","hierarchyMeaning":"is-a",
    "concept":[{"code":"a","display":"Baum"}]}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODE_SYSTEM_CONTENT, r#"{"resourceType":"CodeSystem","status":"active","content":"§"}"#,
        "complete", "not-present"),
    example(RuleId::CODE_SYSTEM_COUNT, r#"{"resourceType":"CodeSystem","status":"active","content":"not-present",
        "count":§}"#, "0", "7"),
    example(RuleId::CODE_SYSTEM_COUNT, r#"{"resourceType":"CodeSystem","status":"active","content":"supplement",
        "supplements":"http://hl7.org/fhir/administrative-gender","count":§}"#, "9", "4"),
    example(RuleId::CODE_SYSTEM_BASE, r#"{"resourceType":"CodeSystem","status":"active","content":"supplement",
        "supplements":"http://§"}"#, "a.test/absent", "hl7.org/fhir/administrative-gender"),
    example(RuleId::CODE_SYSTEM_BASE, r#"{"resourceType":"CodeSystem","status":"active","content":"supplement",
        "supplements":"http://firing.test/CodeSystem/tree","hierarchyMeaning":"§"}"#, "part-of", "is-a").with(&[TREE]),
    example(RuleId::CODE_SYSTEM_BASE, r#"{"resourceType":"CodeSystem","status":"active","content":"supplement",
        "language":"de","supplements":"http://firing.test/CodeSystem/tree","concept":[{"code":"a","display":"§"}]}"#,
        "Busch", "Baum").with(&[TREE]),
    example(RuleId::CODE_SYSTEM_PRACTICE, r#"{"resourceType":"CodeSystem","status":"active","caseSensitive":true,
        "content":"§","supplements":"http://hl7.org/fhir/administrative-gender"}"#, "supplement", "not-present")
        .policies(|p| p.best_practice = Level::Warn),
    example(RuleId::CODE_SYSTEM_DESIGNATION, r#"{"resourceType":"CodeSystem","status":"active","content":"complete",
        "language":"en","concept":[{"code":"a","display":"A","designation":[{§"value":"B"}]}]}"#,
        r#""language":"en","#, r#""language":"de","#),
    example(RuleId::CODE_SYSTEM_DESIGNATION, r#"{"resourceType":"CodeSystem","status":"active","content":"complete",
        "concept":[{"code":"a","display":"A","designation":[{§"value":"B"}]}]}"#, "",
        r#""use":{"system":"http://terminology.hl7.org/CodeSystem/designation-usage","code":"display"},"#),
];
