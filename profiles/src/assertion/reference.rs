//! References: their form, what they lead to, and whether that is allowed (<https://hl7.org/fhir/R4/references.html>).

use super::example::{Example, example};
use super::text::Describe;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Answer, Detail, Judge, Place, Question, References, Target, Truth, type_in};
use crate::model::{Model, TypeId, is_absolute_uri};
use crate::plan::{Aggregation, Handle, ImageSet, PlanTargets, ReferenceVersioning};

/// Where a reference names several resources of its Bundle: how many of them are looked at.
const RIVALS: usize = 8;

/// Judges a Reference element.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let n = at.node;
    let text = n.child_text(NameId::REFERENCE);
    let text = text.as_deref().filter(|t| !t.is_empty());
    if let Some(t) = text
        && !(well_formed(t) && fits_bundle(j.model(), t, at))
    {
        j.error(RuleId::REFERENCE_FORMAT, n, &at.plan.handles, || told(t));
        return;
    }
    let target = j.resolve(n, at.frame);
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
    if here.is_empty() {
        match (j.policies.references, text) {
            (References::None, _) => return,
            (References::Exists, Some(t)) => exists(j, at, t),
            _ => {}
        }
    }
    let found = match (here.first(), target) {
        (Some(r), _) => j.model().resource_type(*r),
        (None, Target::Typed(t)) => t,
        _ => return,
    };
    for t in &at.plan.targets {
        let model = j.model();
        let fits =
            !found.is_known() || t.types.is_empty() || t.types.iter().any(|w| !w.is_known() || model.is_a(found, *w));
        if !fits {
            j.error(RuleId::REFERENCE_TARGET, n, &[t.element], || told(model.type_name(found)));
        } else if !here.is_empty() && found.is_known() {
            profile(j, n, here, found, t);
        }
    }
}

fn told(text: &str) -> Detail {
    Detail::Text(text.to_owned())
}

/// Whether a reference has one of the forms of the specification: relative, absolute, fragment, urn.
fn well_formed(text: &str) -> bool {
    !text.contains(char::is_whitespace)
}

/// Inside a Bundle a relative reference is `Type/id`, maybe with a version, or in a transaction or batch a search
/// (<https://hl7.org/fhir/R4/bundle.html#references>, <https://hl7.org/fhir/R4/http.html#transaction>).
fn fits_bundle(model: &Model, text: &str, at: &Place<'_, '_>) -> bool {
    if is_absolute_uri(text) || text.starts_with('#') {
        return true;
    }
    let Some(bundle) = at.frame.bundle else { return true };
    if let Some((wanted, query)) = text.split_once('?') {
        return bundle.child_text(NameId::TYPE).is_some_and(|t| matches!(&*t, "transaction" | "batch"))
            && model.find(wanted).is_some_and(|t| model.is_resource(t))
            && query.trim_end_matches('&').split('&').all(is_criterion);
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
        if let Some(name) =
            n.child_text(NameId::TYPE).filter(|t| text.is_some() && !t.is_empty() && !is_absolute_uri(t))
        {
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
    for t in &at.plan.targets {
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

/// Whether a target outside the instance exists is for the caller to answer.
fn exists<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, text: &str) {
    match j.ask(Question::Reference(text.to_owned())).and_then(Answer::truth) {
        Some(true) => {}
        Some(false) => j.error(RuleId::REFERENCE_UNRESOLVED, at.node, &at.plan.handles, || told(text)),
        None => j.question(RuleId::REFERENCE_UNDECIDED, at.node, &at.plan.handles, || told(text)),
    }
}

/// A target that is present conforms to one of the profiles that are allowed for its type.
fn profile<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, here: &[Node<'t>], found: TypeId, t: &PlanTargets) {
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
    match conform(j, here, found, t).or(if has_unknown { Truth::Unknown } else { Truth::False }) {
        Truth::True => {}
        Truth::False => j.error(RuleId::REFERENCE_PROFILE, n, &[t.element], || Detail::Text(set.canonical_of(first))),
        Truth::Unknown => {
            let url = || if has_unknown { unknown_profile(set, t.element) } else { set.canonical_of(first) };
            j.question(RuleId::REFERENCE_PROFILE_UNDECIDED, n, &[t.element], || Detail::Text(url()));
        }
    }
}

/// Whether the target, whichever of these it is, conforms to any of the profiles for its type.
fn conform<'t>(j: &mut Judge<'_, 't>, here: &[Node<'t>], found: TypeId, t: &PlanTargets) -> Truth {
    if here.len() > RIVALS {
        return Truth::Unknown;
    }
    let model = j.model();
    let roots: Vec<Handle> = t.profiles.iter().filter(|(w, _)| model.is_a(found, *w)).map(|(_, root)| *root).collect();
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
    (RuleId::REFERENCE_FORMAT, |t| format!("`{}` is not a valid reference", t.given()).into()),
    (RuleId::REFERENCE_TARGET, |t| format!("a reference to a {} is not allowed here", t.given()).into()),
    (RuleId::REFERENCE_PROFILE, |t| format!("the target does not conform to `{}`", t.given()).into()),
    (RuleId::REFERENCE_PROFILE_UNDECIDED, |t| {
        format!("cannot determine whether the target conforms to `{}`", t.given()).into()
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

/// A collection of an observation with this subject.
macro_rules! collected {
    ($reference:literal) => {
        concat!(
            r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.test/Observation/o",
                "resource":"#,
            r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"a"},"subject":{"reference":""#,
            $reference,
            r#""}}}]}"#
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

const BORN: &str = r#"{"resourceType":"StructureDefinition","id":"born",
    "url":"http://firing.test/StructureDefinition/born","name":"Born","status":"active",
    "fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
    "differential":{"element":[{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}"#;

#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(RuleId::REFERENCE_FORMAT, observation!(r#""subject":{"reference":"Patient§1"}"#), " ", "/"),
    example(RuleId::REFERENCE_FORMAT, collected!("§"), "Patient", "Patient/1"),
    example(RuleId::REFERENCE_FORMAT, collected!("§Patient/1"), "/", "http://a.test/"),
    example(RuleId::REFERENCE_FORMAT, r#"{"resourceType":"Bundle","type":"§",
        "entry":[{"fullUrl":"urn:uuid:6e5b5b5e-6b1c-4c1e-9d2b-1b1b1b1b1b1b","request":{"method":"POST",
        "url":"Observation"},"resource":{"resourceType":"Observation","status":"final","code":{"text":"a"},
        "subject":{"reference":"Patient?identifier=a"}}}]}"#, "history", "transaction"),
    example(RuleId::REFERENCE_FORMAT, conditional!("Patient?identifier=a§"), "&?==", "&birthdate=ge2020"),
    example(RuleId::REFERENCE_FORMAT, conditional!("Patient?§=a"), "", "general-practitioner:Practitioner.name:exact"),
    example(RuleId::REFERENCE_FORMAT, conditional!("§?identifier=a"), "Pateint", "Patient"),
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
    example(RuleId::REFERENCE_UNRESOLVED, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],
        "subject":{"reference":"#§"}"##), "q", "p"),
    example(RuleId::REFERENCE_UNDECIDED, observation!(r##""contained":[{"resourceType":"Patient","id":"p"}],
        "subject":{"reference":"§p"}"##), "Patient/", "#")
        .policies(|p| p.references = References::Exists),
];
