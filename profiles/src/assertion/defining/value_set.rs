//! Value sets: the systems that they include and exclude are those of code systems, and have the codes that are listed
//! (<https://hl7.org/fhir/R4/valueset.html#compositions>).

use super::super::example::{Example, example};
use super::super::extension::is_example;
use super::super::text::Describe;
use super::{expansion, filter, import, named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Level, Place, Truth, Weight};
use crate::model::is_absolute_uri;
use crate::plan::marks::CODE_SYSTEM_IDENTIFIER;
use crate::plan::rows::CodeSystemRow;
use crate::plan::{CodeSystemContent, Handle};
use crate::terminology::{DisplayFit, Grammar, check_display};

/// Judges a ValueSet.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let parameters = filter::parameters(at.node);
    let mut importer = import::Importer::new(at.node);
    import::supplements(j, at.node);
    for include in named(at.node, "compose").flat_map(|c| named(c, "include").chain(named(c, "exclude"))) {
        if j.shared.look() {
            return;
        }
        importer.check(j, include);
        let Some(system) = include.child_text(NameId::SYSTEM).filter(|s| !s.is_empty()) else { continue };
        if !is_absolute_uri(&system) {
            j.error(RuleId::CODING_SYSTEM_ABSOLUTE, include, &[], || Detail::Text(system.into_owned()));
            continue;
        }
        if system.contains('|') {
            j.error(RuleId::VALUE_SET_SYSTEM, include, &[], || Detail::Text(system.into_owned()));
            continue;
        }
        let version = include.child_text(NameId::VERSION);
        let known = match &version {
            Some(version) => j.code_system_version(&system, version),
            None => j.code_system(&system),
        };
        if known.is_none() && j.is_value_set(&system) && j.code_system(&system).is_none() {
            j.error(RuleId::CODING_SYSTEM_VALUE_SET, include, &[], || Detail::Text(system.into_owned()));
            continue;
        }
        if known.is_some_and(|(_, row)| row.content() == CodeSystemContent::Supplement) {
            j.error(RuleId::CODING_SYSTEM_SUPPLEMENT, include, &[], || Detail::Text(system.into_owned()));
            continue;
        }
        content(j, include, (&system, version.as_deref()), known);
        displays(j, include, known);
        if let Some(known) = known {
            codes(j, include, &system, known);
        }
        for filter in named(include, "filter") {
            filter::check(j, &parameters, filter, &system, known);
        }
    }
    expansion::check(j, at.node);
}

/// Whether the code system of an include is loaded with all its codes, and is a real one.
fn content<'t>(
    j: &mut Judge<'_, 't>,
    include: Node<'t>,
    (system, version): (&str, Option<&str>),
    known: Option<(Handle, &CodeSystemRow)>,
) {
    if is_example(system) {
        let weight = match j.policies.example_urls {
            Level::Allow => Weight::Note,
            Level::Warn => Weight::Warning,
            Level::Error => Weight::Error,
        };
        j.find(RuleId::EXTENSION_EXAMPLE, weight, include, &[], || Detail::Text(system.to_owned()));
    }
    if known.is_some_and(|(_, row)| row.is_complete())
        || Grammar::of_system(system).is_some()
        || j.held.is_some_and(|h| h.system(system, version).is_some())
    {
        return;
    }
    if known.is_none()
        && let Some(urls) = j.set.find_content(system, CODE_SYSTEM_IDENTIFIER)
    {
        let urls = urls.replace('\n', "` or `");
        j.find(RuleId::CODING_SYSTEM_ADDRESS, Weight::Error, include, &[], || {
            Detail::Text(format!("`{system}` is another identifier of a code system, whose url is `{urls}`"))
        });
        return;
    }
    let told = match (known, version) {
        (Some(_), _) => format!("not all codes of `{system}` are loaded"),
        (None, Some(version)) if j.code_system(system).is_some() => {
            format!("version `{version}` of `{system}` is not loaded")
        }
        (None, _) => format!("`{system}` is not loaded"),
    };
    j.find(RuleId::VALUE_SET_CONTENT, Weight::Note, include, &[], || {
        Detail::Text(format!("{told}, so codes and filters could not be checked"))
    });
    if known.is_some() {
        return;
    }
    for filter in named(include, "filter") {
        let Some(property) = text(filter, "property").filter(|p| !filter::is_usual(j, p)) else { continue };
        j.find(RuleId::VALUE_SET_CONTENT, Weight::Note, filter, &[], || {
            Detail::Text(format!("`{system}` is not loaded, so whether it has a property `{property}` is not known"))
        });
    }
}

/// The codes that are listed are of the code system. The value set may be ahead of the version that is loaded, so this
/// is a warning.
fn codes<'t>(j: &mut Judge<'_, 't>, include: Node<'t>, system: &str, known: (Handle, &CodeSystemRow)) {
    for code in named(include, "concept").flat_map(|c| named(c, "code")).filter(|c| c.has_value()) {
        let text = code.text();
        if j.has_code(known, &text) == Truth::False {
            j.find(RuleId::CODE_UNKNOWN, Weight::Warning, code, &[], || Detail::Code {
                canonical: system.to_owned(),
                found: text.into_owned(),
                reason: String::new(),
            });
        }
    }
}

/// The displays of listed codes: all have one or none has, and those that the code system does not have are told, the
/// first with how many there are. A value set may use displays of its own.
fn displays<'t>(j: &mut Judge<'_, 't>, include: Node<'t>, known: Option<(Handle, &CodeSystemRow)>) {
    let (mut with, mut without, mut other) = (0usize, 0usize, 0usize);
    let mut first = None;
    for concept in named(include, "concept") {
        let Some(display) = concept.child(NameId::DISPLAY).filter(|d| d.has_value()) else {
            without += 1;
            continue;
        };
        with += 1;
        let (Some((handle, row)), Some(code)) = (known, concept.child_text(NameId::CODE)) else { continue };
        let image = j.set.layer(handle.layer);
        let Some(own) = image.concepts_of(row.slots, code.as_bytes()).next() else { continue };
        let names = std::iter::once(image.str(own.display)).chain(image.texts(own.designations));
        if check_display(&display.text(), names.filter(|n| !n.is_empty())) == DisplayFit::Wrong {
            other += 1;
            first.get_or_insert((display, image.str(own.display)));
        }
    }
    if with > 0 && without > 0 {
        j.find(RuleId::VALUE_SET_DISPLAY, Weight::Note, include, &[], || {
            Detail::Text(format!("{with} of the listed codes have a display, {without} do not"))
        });
    }
    if let Some((display, wanted)) = first {
        let more = if other > 1 { format!("; so are {} other displays here", other - 1) } else { String::new() };
        j.find(RuleId::VALUE_SET_DISPLAY, Weight::Note, display, &[], || {
            Detail::Text(format!(
                "`{}` is not a display of the code in its code system, which has `{wanted}`{more}",
                display.text()
            ))
        });
    }
}

pub const MESSAGES: &[(RuleId, Describe)] =
    &[(RuleId::VALUE_SET_CONTENT, |t| t.given().into()), (RuleId::VALUE_SET_DISPLAY, |t| t.given().into())];

const SUPPLEMENT: &str = r#"{"resourceType":"CodeSystem","id":"supplement",
    "url":"http://firing.test/CodeSystem/supplement","status":"active","content":"supplement",
    "supplements":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","concept":[{"code":"M"}]}"#;

/// A value set with one include.
macro_rules! including {
    ($include:literal) => {
        concat!(r#"{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"#, $include, "}]}}")
    };
}

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODING_SYSTEM_SUPPLEMENT, including!(r#""system":"§""#),
        "http://firing.test/CodeSystem/supplement", "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus")
        .with(&[SUPPLEMENT]),
    example(RuleId::CODING_SYSTEM_ADDRESS, including!(r#""system":"urn:oid:2.16.840.1.113883.4.642.§""#), "4.2", "9.9"),
    example(RuleId::EXTENSION_EXAMPLE, including!(r#""system":"http://§/a""#), "example.org", "a.test"),
    example(RuleId::VALUE_SET_CONTENT, including!(r#""system":"§""#), "http://a.test/absent",
        "http://hl7.org/fhir/administrative-gender"),
    example(RuleId::VALUE_SET_CONTENT, including!(r#""system":"§""#), "http://loinc.org",
        "http://hl7.org/fhir/administrative-gender"),
    example(RuleId::VALUE_SET_CONTENT, including!(r#""system":"http://hl7.org/fhir/administrative-gender"§"#),
        r#","version":"0.0.1""#, ""),
    example(RuleId::VALUE_SET_DISPLAY, including!(r#""system":"http://hl7.org/fhir/administrative-gender",
        "concept":[{"code":"male","display":"Male"},{"code":"female"§}]"#), "", r#","display":"Female""#),
    example(RuleId::VALUE_SET_DISPLAY, including!(r#""system":"http://hl7.org/fhir/administrative-gender",
        "concept":[{"code":"male","display":"§"}]"#), "Female", "Male"),
];
