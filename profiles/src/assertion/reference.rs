//! References: what they lead to, and whether that is allowed (<https://hl7.org/fhir/R4/references.html>).

use super::example::{Example, example};
use super::reference_form;
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Answer, Detail, Elsewhere, Judge, Place, Question, References, Target, Truth, type_in};
use crate::model::{Role, TypeId};
use crate::plan::{Aggregation, Handle, ImageSet, PlanTargets, ReferenceVersioning};

/// Where a reference names several resources of its Bundle: how many of them are looked at.
const RIVALS: usize = 8;

/// Judges a Reference element.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let text = n.child_text(NameId::REFERENCE);
    let text = text.as_deref().filter(|t| !t.is_empty());
    let named = text.and_then(|t| type_in(j.model(), t));
    if !reference_form::check(j, at, text, named) {
        return;
    }
    let target = match text {
        Some(t) => j.resolve_typed(t, || named, n, at.frame),
        None => j.resolve(n, at.frame),
    };
    if let (Target::Missing, Some(t)) = (target, text) {
        j.error(RuleId::REFERENCE_UNRESOLVED, n, &at.plan.handles, || told(t));
        return;
    }
    let (one, several);
    let here: &[Node<'t>] = match target {
        Target::Found(r) => {
            one = [r];
            &one
        }
        _ => {
            several = text.map_or_else(Vec::new, |t| rivals(j, at, t));
            &several
        }
    };
    stated_type(j, n, here, text);
    if let Some(t) = text {
        manner(j, at, !here.is_empty(), t);
    }
    let mut apart = None;
    if here.is_empty() {
        if j.policies.references == References::None {
            return;
        }
        apart = text.and_then(|t| elsewhere(j, at, t));
    }
    let found = match (here.first(), apart, target) {
        (Some(r), ..) => j.model().resource_type(*r),
        (None, Some(t), _) | (None, None, Target::Typed(t)) => t,
        _ => return,
    };
    let whole = match text.filter(|_| apart.is_some() && j.policies.references == References::Valid) {
        Some(text) => Whole::Elsewhere(text),
        None => Whole::Here(here),
    };
    for t in targets(at) {
        let model = j.model();
        let fits =
            !found.is_known() || t.types.is_empty() || t.types.iter().any(|w| !w.is_known() || model.is_a(found, *w));
        if !fits {
            j.error(RuleId::REFERENCE_TARGET, n, &[t.element], || told(model.type_name(found)));
        } else if found.is_known() && !matches!(whole, Whole::Here([])) {
            profile(j, n, whole, found, t);
        }
    }
}

/// The targets that are allowed for a Reference. For that of a CodeableReference the element around says them
/// (<https://hl7.org/fhir/R5/references.html#codeablereference>).
fn targets<'p>(at: &Place<'p, '_>) -> impl Iterator<Item = &'p PlanTargets> {
    let around = at.up.filter(|up| up.plan.role == Role::CodeableReference && at.node.name() == NameId::REFERENCE);
    at.plan.targets.iter().chain(around.into_iter().flat_map(|up| &up.plan.targets))
}

/// A target whose content can be looked at.
#[derive(Clone, Copy)]
enum Whole<'a, 't> {
    /// In the instance: it, or those that it may be.
    Here(&'a [Node<'t>]),
    /// Somebody holds what this reference leads to.
    Elsewhere(&'a str),
}

fn told(text: &str) -> Detail {
    Detail::Text(text.to_owned())
}

/// The resources of the Bundle around that a reference names, where it names several: they share a fullUrl. No more
/// than one beyond [`RIVALS`].
fn rivals<'t>(j: &Judge<'_, 't>, at: &Place<'_, 't>, text: &str) -> Vec<Node<'t>> {
    let Some(bundle) = at.frame.bundle.filter(|_| !text.starts_with('#')) else { return Vec::new() };
    let index = j.entries(bundle);
    if !index.has_shared_urls() {
        return Vec::new();
    }
    let found = j.entries_named(&index, bundle, text, at.node);
    found.iter().filter(|_| found.len() > 1).take(RIVALS + 1).map(|i| j.tape.node(*i)).collect()
}

/// `Reference.type` says what the reference's target or text says.
fn stated_type<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, here: &[Node<'t>], text: Option<&str>) {
    let model = j.model();
    let Some(stated) = j.declared_type(n) else {
        // Absolute urls are of logical models, to which no resource refers.
        if let Some(name) = n.child_text(NameId::TYPE).filter(|t| text.is_some() && !t.is_empty()) {
            j.error(RuleId::REFERENCE_TYPE, n, &[], || told(&name));
        }
        return;
    };
    let found = match here.first() {
        Some(r) => model.resource_type(*r),
        None => text.and_then(|t| type_in(model, t)).unwrap_or_default(),
    };
    if found.is_known() && !model.is_a(found, stated) {
        j.error(RuleId::REFERENCE_TYPE, n, &[], || told(model.type_name(stated)));
    }
}

/// The element allows this kind of reference: where its target is, and whether it names a version
/// (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation>).
fn manner<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, is_here: bool, text: &str) {
    let is_fragment = text.starts_with('#');
    // A target in the Bundle is also outside the resource.
    let (places, found) = match (is_fragment, is_here) {
        (true, _) => (Aggregation::CONTAINED, "contained"),
        (false, true) => (Aggregation::REFERENCED.with(Aggregation::BUNDLED), "bundled"),
        (false, false) => (Aggregation::REFERENCED, "external"),
    };
    let specific = text.contains("/_history/");
    for t in targets(at) {
        if !t.aggregation.allows(places) {
            j.error(RuleId::REFERENCE_AGGREGATION, at.node, &[t.element], || told(found));
        }
        if t.versioning != ReferenceVersioning::Either
            && !is_fragment
            && specific != (t.versioning == ReferenceVersioning::Specific)
        {
            j.error(RuleId::REFERENCE_VERSIONING, at.node, &[t.element], || {
                told(if specific { "specific" } else { "independent" })
            });
        }
    }
}

/// The type of a target outside the instance, where somebody holds it; what the reference says of its type is true.
/// That there is none is told, if it has to exist.
fn elsewhere<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, text: &str) -> Option<TypeId> {
    let has_to_exist = j.policies.references >= References::Exists;
    match j.resources.map_or(Elsewhere::Unknown, |r| r.find(text)) {
        Elsewhere::Here(name) => {
            let model = j.model();
            let found = model.find(&name).unwrap_or_default();
            let stated = j.declared_type(at.node).or_else(|| type_in(model, text));
            if let Some(stated) = stated.filter(|s| found.is_known() && !model.is_a(found, *s)) {
                j.error(RuleId::REFERENCE_TYPE, at.node, &[], || told(model.type_name(stated)));
            }
            if found.is_known() {
                return Some(found);
            }
            // A resource of a type that nobody knows.
            j.question(RuleId::REFERENCE_UNDECIDED, at.node, &at.plan.handles, || told(text));
        }
        Elsewhere::Absent if has_to_exist => {
            j.error(RuleId::REFERENCE_UNRESOLVED, at.node, &at.plan.handles, || told(text));
        }
        Elsewhere::Unknown if has_to_exist => exists(j, at, text),
        _ => {}
    }
    None
}

/// Whether a target outside the instance exists is for the caller to answer.
fn exists<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, text: &str) {
    match j.ask(Question::Reference(text.to_owned())).and_then(Answer::truth) {
        // Whether it conforms, too, nobody was asked.
        Some(true) if j.policies.references != References::Valid => {}
        Some(false) => j.error(RuleId::REFERENCE_UNRESOLVED, at.node, &at.plan.handles, || told(text)),
        _ => j.question(RuleId::REFERENCE_UNDECIDED, at.node, &at.plan.handles, || told(text)),
    }
}

/// A target that is present conforms to one of the profiles that are allowed for its type.
fn profile<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, whole: Whole<'_, 't>, found: TypeId, t: &PlanTargets) {
    let (model, set) = (j.model(), j.set);
    let allowed = t.types.iter().filter(|w| model.is_a(found, **w)).count();
    let profiles = t.profiles.iter().filter(|(w, _)| model.is_a(found, *w)).count();
    // Each profile is paired with its type: a further type without a profile allows any instance of it.
    if allowed > profiles {
        return;
    }
    // Whether the target conforms to an unknown profile cannot be determined.
    let has_unknown = t.types.iter().any(|w| !w.is_known());
    let Some(first) = t.profiles.iter().find(|(w, _)| model.is_a(found, *w)).map(|(_, h)| *h) else {
        if has_unknown {
            j.question(RuleId::REFERENCE_PROFILE_UNDECIDED, n, &[t.element], || {
                Detail::Text(unknown_profile(set, t.element))
            });
        }
        return;
    };
    match conform(j, whole, found, t).or(if has_unknown { Truth::Unknown } else { Truth::False }) {
        Truth::True => {}
        Truth::False => j.error(RuleId::REFERENCE_PROFILE, n, &[t.element], || Detail::Text(set.canonical_of(first))),
        Truth::Unknown => {
            let limit = match whole {
                Whole::Elsewhere(_) if !has_unknown => j.resources.and_then(|r| r.limit()),
                _ => None,
            };
            let url = || if has_unknown { unknown_profile(set, t.element) } else { set.canonical_of(first) };
            j.question(RuleId::REFERENCE_PROFILE_UNDECIDED, n, &[t.element], || match limit {
                Some(reason) => Detail::Code { canonical: url(), found: String::new(), reason },
                None => Detail::Text(url()),
            });
        }
    }
}

/// Whether the target, whichever of these it is, conforms to any of the profiles for its type.
fn conform<'t>(j: &mut Judge<'_, 't>, whole: Whole<'_, 't>, found: TypeId, t: &PlanTargets) -> Truth {
    let model = j.model();
    let roots: Vec<Handle> = t.profiles.iter().filter(|(w, _)| model.is_a(found, *w)).map(|(_, root)| *root).collect();
    let here = match whole {
        Whole::Here(here) if here.len() <= RIVALS => here,
        Whole::Here(_) => return Truth::Unknown,
        Whole::Elsewhere(text) => return j.resources.map_or(Truth::Unknown, |r| r.conforms(text, &roots)),
    };
    let mut agreed = None;
    for r in here {
        let any = j.conforms(*r, j.frame_of(*r), found, &roots);
        if agreed.is_some_and(|known| known != any) {
            return Truth::Unknown;
        }
        agreed = Some(any);
    }
    agreed.unwrap_or(Truth::Unknown)
}

/// The first target of an element that is not known.
fn unknown_profile(set: &ImageSet, element: Handle) -> String {
    let image = set.layer(element.layer);
    let types = image.element(element.row).map(|e| image.type_refs(e.types)).unwrap_or_default();
    let references = types.iter().filter(|t| image.str(t.code) == "Reference");
    let mut targets = references.flat_map(|t| image.list(if t.targets.len > 0 { t.targets } else { t.profiles }));
    targets.find(|url| set.find_structure(url, Some(element.layer)).is_none()).unwrap_or_default().to_owned()
}

pub const MESSAGES: &[(RuleId, Describe)] = &[
    (RuleId::REFERENCE_TARGET, |t| format!("a reference to a {} is not allowed here", t.given()).into()),
    (RuleId::REFERENCE_PROFILE, |t| format!("the target does not conform to `{}`", t.given()).into()),
    (RuleId::REFERENCE_PROFILE_UNDECIDED, |t| match &t.finding.detail {
        Detail::Code { canonical, reason, .. } => {
            format!("cannot determine whether the target conforms to `{canonical}`: {reason}").into()
        }
        _ => format!("cannot determine whether the target conforms to `{}`", t.given()).into(),
    }),
    (RuleId::REFERENCE_UNRESOLVED, |t| {
        let place = if t.given().starts_with('#') { " within this resource" } else { "" };
        format!("reference `{}` does not resolve{place}", t.given()).into()
    }),
    (RuleId::REFERENCE_UNDECIDED, |t| format!("reference `{}` was not resolved", t.given()).into()),
    (RuleId::REFERENCE_AGGREGATION, |t| format!("the reference is {}, which is not allowed here", t.given()).into()),
    (RuleId::REFERENCE_VERSIONING, |t| {
        format!("the reference is version-{}, which is not allowed here", t.given()).into()
    }),
    (RuleId::REFERENCE_TYPE, |t| {
        format!("the reference states type `{}`, which is not the type of its target", t.given()).into()
    }),
];

/// A complete observation with further members.
macro_rules! observation {
    ($content:literal) => {
        concat!(r#"{"resourceType":"Observation","status":"final","code":{"text":"a"},"#, $content, "}")
    };
}

const BORN: &str = r#"{"resourceType":"StructureDefinition","id":"born",
    "url":"http://firing.test/StructureDefinition/born","name":"Born","status":"active",
    "fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
    "differential":{"element":[{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::REFERENCE_TARGET, observation!(r#""subject":{"reference":"§/1"}"#), "Practitioner", "Patient"),
    example(RuleId::REFERENCE_PROFILE, observation!(r##""contained":[{"resourceType":"Patient","id":"p"§}],
        "subject":{"reference":"#p"}"##), "", r#","birthDate":"2020""#)
        .profile(r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference",
            "targetProfile":["http://firing.test/StructureDefinition/born"]}]}"#).with(&[BORN]),
    example(RuleId::REFERENCE_PROFILE_UNDECIDED, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],
        "focus":[{"reference":"#p"}],"subject":{"reference":"§p"}"##), "#", "Patient/")
        .profile(r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference",
            "targetProfile":["http://firing.test/StructureDefinition/absent"]}]}"#),
    example(RuleId::REFERENCE_AGGREGATION, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],
        "focus":[{"reference":"#p"}],"subject":{"reference":"§p"}"##), "Patient/", "#")
        .profile(r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference",
            "aggregation":["contained"]}]}"#),
    example(RuleId::REFERENCE_VERSIONING, observation!(r#""subject":{"reference":"Patient/p§"}"#), "", "/_history/1")
        .profile(r#"{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference",
            "versioning":"specific"}]}"#),
    example(RuleId::REFERENCE_TYPE, observation!(r#""subject":{"reference":"Patient/1","type":"§"}"#), "Group",
        "Patient"),
    example(RuleId::REFERENCE_TYPE, observation!(r#""subject":{"reference":"Patient/1","type":"§"}"#), "Nonsense",
        "Patient"),
    example(RuleId::REFERENCE_TYPE, observation!(r#""subject":{"reference":"Patient/1","type":"http://§"}"#),
        "a.test/Patient", "hl7.org/fhir/StructureDefinition/Patient"),
    example(RuleId::REFERENCE_UNRESOLVED, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],
        "subject":{"reference":"#§"}"##), "q", "p"),
    example(RuleId::REFERENCE_UNDECIDED, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],
        "subject":{"reference":"§p"}"##), "Patient/", "#")
        .policies(|p| p.references = References::Exists),
];
