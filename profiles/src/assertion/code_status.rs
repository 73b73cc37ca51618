//! What definitions say against codes that they have: inactive and deprecated codes, codes written in another case
//! (<https://hl7.org/fhir/R4/codesystem-concept-properties.html>), value sets and code systems that are retired,
//! drafts, or for experiments (<https://hl7.org/fhir/R4/versions.html#std-process>).

use super::display::{married, parts};
use super::example::{Example, example};
use super::text::Describe;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Weight};
use crate::model::Role;
use crate::plan::concepts::ConceptRow;
use crate::plan::marks::{
    CONCEPT_ANY_CASE, CONCEPT_DEPRECATED, CONCEPT_DEPRECATED_MEMBER, CONCEPT_DOUBTFUL, CONCEPT_EXCLUDED,
    CONCEPT_INACTIVE, STATUS_DEPRECATED, STATUS_DRAFT, STATUS_EXPERIMENTAL, STATUS_OLD, STATUS_RETIRED,
    STATUS_UNSUPPLEMENTED, STATUS_WITHDRAWN,
};
use crate::plan::rows::Run;
use crate::plan::{Handle, Image, PlanBinding};

const CODE_SYSTEM: &str = "code system";
const VALUE_SET: &str = "value set";

/// Warns of a code that is inactive or deprecated in its code system.
pub(super) fn old_code<'t>(j: &mut Judge<'_, 't>, code: Node<'t>, system: &str, flags: u32) {
    let rule = match flags & (CONCEPT_INACTIVE | CONCEPT_DEPRECATED) {
        0 => return,
        CONCEPT_DEPRECATED => RuleId::CODE_DEPRECATED,
        _ => RuleId::CODE_INACTIVE,
    };
    told(j, (rule, Weight::Warning), code, system, CODE_SYSTEM);
}

fn told<'t>(j: &mut Judge<'_, 't>, (rule, weight): (RuleId, Weight), code: Node<'t>, canonical: &str, kind: &str) {
    j.find(rule, weight, code, &[], || Detail::Code {
        canonical: canonical.to_owned(),
        found: code.text().into_owned(),
        reason: kind.to_owned(),
    });
}

/// Tells what a code system says against a code of its own that an instance has.
#[cold]
pub(super) fn own_code<'t>(
    j: &mut Judge<'_, 't>,
    code: Node<'t>,
    system: &str,
    (image, slots): (&Image, Run),
    concept: &ConceptRow,
) {
    old_code(j, code, system, concept.flags);
    let text = code.text();
    let is_same = |c: &ConceptRow| image.bytes(c.code) == text.as_bytes();
    if concept.flags & CONCEPT_ANY_CASE == 0
        || is_same(concept)
        || image.concepts_of(slots, text.as_bytes()).any(|c| is_same(&c))
    {
        return;
    }
    j.find(RuleId::CODE_CASE, Weight::Note, code, &[], || Detail::Code {
        canonical: system.to_owned(),
        found: text.clone().into_owned(),
        reason: image.str(concept.code).to_owned(),
    });
}

/// Warns of the codes of a node that belong to a value set in which, or in their code system, they are about to go.
#[cold]
pub(super) fn old_member<'t>(
    j: &mut Judge<'_, 't>,
    binding: &PlanBinding,
    codes: impl Iterator<Item = Coded<'t>>,
    n: Node<'t>,
) {
    let set = j.set;
    let Some((image, row)) = binding.value_set.and_then(|v| Some((set.layer(v.layer), set.value_set(v)?))) else {
        return;
    };
    for c in codes {
        let same = |row: &ConceptRow| match (&c.coding, &c.system) {
            (None, _) => true,
            (_, system) => system.as_ref().is_some_and(|s| s.as_bytes() == image.bytes(row.system)),
        };
        let members = || {
            let all = image.concepts_of(row.slots, c.code.as_bytes());
            all.filter(same).filter(|c| c.flags & (CONCEPT_DOUBTFUL | CONCEPT_EXCLUDED) == 0)
        };
        let Some(member) = members().next() else { continue };
        // The code of a primitive may be that of another system.
        let flags = members().fold(u32::MAX, |all, m| all & m.flags);
        let code = c.coding.and_then(|c| c.child(crate::instance::NameId::CODE)).unwrap_or(n);
        old_code(j, code, image.str(member.system), flags);
        if flags & CONCEPT_DEPRECATED_MEMBER != 0 {
            told(j, (RuleId::CODE_DEPRECATED, Weight::Warning), code, &binding.canonical, VALUE_SET);
        }
    }
}

/// Tells that a code system which a code is looked for in is retired, deprecated or withdrawn.
#[cold]
pub(super) fn old_system<'t>(j: &mut Judge<'_, 't>, system: Node<'t>, status: u32) {
    let url = system.text();
    tell_status(j, system, &[], (&url, CODE_SYSTEM), status & STATUS_OLD);
}

/// Tells how far a value set, and the code systems of these codes, may be relied on: of a draft or an experiment only
/// where the value set is none itself.
pub(super) fn bound_status<'t>(
    j: &mut Judge<'_, 't>,
    n: Node<'t>,
    role: Role,
    binding: &PlanBinding,
    codes: impl Iterator<Item = Coded<'t>>,
) {
    let set = j.set;
    let Some(status) = binding.value_set.and_then(|v| set.value_set(v)).map(|row| row.status) else { return };
    tell_status(j, n, &[binding.element], (&binding.canonical, VALUE_SET), status & STATUS_OLD);
    if status & STATUS_UNSUPPLEMENTED != 0 {
        j.find(RuleId::VALUE_SET_CONTENT, Weight::Note, n, &[binding.element], || {
            Detail::Text(format!("a supplement that the value set `{}` needs is not loaded", binding.canonical))
        });
    }
    if role.is_primitive() {
        return;
    }
    let other = (STATUS_DRAFT | STATUS_EXPERIMENTAL) & !status;
    for url in codes.filter_map(|c| c.system) {
        let of_system = j.code_system(&url).map_or(0, |(_, row)| row.status);
        tell_status(j, n, &[binding.element], (&url, CODE_SYSTEM), of_system & other);
    }
}

/// The words for a status; `None` for one that tells nothing.
pub(super) fn named(status: u32) -> Option<&'static str> {
    Some(match status {
        0 => return None,
        s if s & STATUS_WITHDRAWN != 0 => "withdrawn",
        s if s & STATUS_DEPRECATED != 0 => "deprecated",
        s if s & STATUS_RETIRED != 0 => "retired",
        s if s & STATUS_EXPERIMENTAL != 0 => "experimental",
        _ => "a draft",
    })
}

fn tell_status<'t>(
    j: &mut Judge<'_, 't>,
    n: Node<'t>,
    handles: &[Handle],
    (canonical, kind): (&str, &str),
    status: u32,
) {
    let Some(is) = named(status) else { return };
    j.find(RuleId::TERMINOLOGY_STATUS, Weight::Note, n, handles, || Detail::Code {
        canonical: canonical.to_owned(),
        found: kind.to_owned(),
        reason: is.to_owned(),
    });
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::CODE_INACTIVE, |t| {
        let (system, code, _) = parts(t);
        format!("code `{code}` is inactive in code system `{system}`").into()
    }),
    (RuleId::CODE_DEPRECATED, |t| {
        let (canonical, code, kind) = parts(t);
        format!("code `{code}` is deprecated in {kind} `{canonical}`").into()
    }),
    (RuleId::CODE_CASE, |t| {
        let (system, code, wanted) = parts(t);
        format!("code `{code}` is written `{wanted}` in code system `{system}`, which ignores case").into()
    }),
    (RuleId::TERMINOLOGY_STATUS, |t| {
        let (canonical, kind, status) = parts(t);
        format!("the {kind} `{canonical}` is {status}").into()
    }),
];

const AGES: &str = r#"{"resourceType":"CodeSystem","id":"ages","url":"http://firing.test/ages","status":"retired",
    "content":"complete","caseSensitive":false,"property":[{"code":"status","type":"code",
    "uri":"http://hl7.org/fhir/concept-properties#status"}],"concept":[{"code":"now"},
    {"code":"old","property":[{"code":"status","valueCode":"retired"}]},
    {"code":"going","property":[{"code":"status","valueCode":"deprecated"}]}]}"#;
const SOON: &str = r#"{"resourceType":"ValueSet","id":"soon","url":"http://firing.test/ValueSet/soon","status":"active",
    "compose":{"include":[{"system":"http://firing.test/ages","concept":[{"code":"now","extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/valueset-deprecated","valueBoolean":true}]}]},
        {"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"}]}}"#;

const MORE: &str = r#"{"resourceType":"ValueSet","id":"more","url":"http://firing.test/ValueSet/more","status":"active",
    "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-supplement",
    "valueCanonical":"http://firing.test/absent-supplement"}],"compose":{"include":[{
    "system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::CODE_INACTIVE, married!(r#""system":"http://firing.test/ages","code":"§""#), "old", "now")
        .with(&[AGES]),
    example(RuleId::CODE_DEPRECATED, married!(r#""system":"http://firing.test/ages","code":"§""#), "going", "now")
        .with(&[AGES]),
    // The value set says so.
    example(RuleId::CODE_DEPRECATED, married!(r#""system":"http://§","code":"now""#), "firing.test/ages",
        "terminology.hl7.org/CodeSystem/v3-MaritalStatus")
        .profile(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required",
            "valueSet":"http://firing.test/ValueSet/soon"}}"#).with(&[AGES, SOON]),
    example(RuleId::CODE_CASE, married!(r#""system":"http://firing.test/ages","code":"§""#), "Now", "now")
        .with(&[AGES]),
    example(RuleId::VALUE_SET_CONTENT,
        married!(r#""system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus§""#), r#"","code":"M"#, "")
        .profile(r#"{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required",
            "valueSet":"http://firing.test/ValueSet/more"}}"#).with(&[MORE]),
    example(RuleId::TERMINOLOGY_STATUS, married!(r#""system":"http://§","code":"M""#), "firing.test/ages",
        "terminology.hl7.org/CodeSystem/v3-MaritalStatus").with(&[AGES]),
];
