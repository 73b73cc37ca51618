//! Resources: which profiles each is judged by, and the rules of a resource as a whole.

use crate::assertion::envelope::{self, Envelope};
use crate::assertion::{
    bundle, contained, defining, definition_status, element_id, measure_report, meta, observation, parameters,
    publication, publisher, questionnaire, resource, shape, site,
};
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Frame, Judge, Place};
use crate::model::{Role, TypeId};
use crate::plan::{Handle, PlanChild};

/// Judges the root of the instance under the profiles asked for.
pub fn root<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, asked: &[Handle]) {
    let frame = j.frame_of(n);
    // A profile asks for a resource: with one, the instance has to be one itself.
    if let Some(kind) = Envelope::of(n).filter(|_| asked.is_empty()) {
        for resource in envelope::check(j, n, kind) {
            judge(j, None, resource, &j.frame_of(resource), &[]);
        }
        return;
    }
    let mut handles = Vec::new();
    for root in asked {
        let Some(structure) = j.set.element(*root).map(|e| Handle { layer: root.layer, row: e.structure }) else {
            continue;
        };
        profile(j, n, n, frame.type_id, structure, &mut handles);
    }
    judge(j, None, n, &frame, &handles);
}

/// Judges a resource inside an element (`contained`, `entry.resource`, `parameter.resource`).
pub fn nested<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, n: Node<'t>, child: &PlanChild, slices: &[Handle]) {
    let frame = j.frame(n, Some(at.frame));
    if !j.entries.is_empty() && j.of_entry(n).next().is_some() {
        let mut handles = [&*child.handles, slices].concat();
        for canonical in j.of_entry(n) {
            match j.structure(canonical) {
                Some(structure) => profile(j, n, n, frame.type_id, structure, &mut handles),
                None => j.question(RuleId::PROFILE_UNKNOWN, n, &[], || Detail::Text(canonical.to_owned())),
            }
        }
        judge(j, Some(at), n, &frame, &handles);
        return;
    }
    if slices.is_empty() {
        judge(j, Some(at), n, &frame, &child.handles);
    } else {
        judge(j, Some(at), n, &frame, &[&*child.handles, slices].concat());
    }
}

fn judge<'t>(j: &mut Judge<'_, 't>, up: Option<&Place<'_, 't>>, n: Node<'t>, frame: &Frame<'t>, demands: &[Handle]) {
    if j.shared.is_broken_off() {
        return;
    }
    if !n.is_object() {
        shape::no_object(j, n, demands);
        return;
    }
    let type_id = frame.type_id;
    let named = n.child(NameId::RESOURCE_TYPE);
    let malformed = named.is_some_and(|t| t.in_array() || (t.has_value() && t.kind() != Kind::String));
    if !type_id.is_known() || j.is_abstract(type_id) || malformed {
        j.error(RuleId::RESOURCE_TYPE, n, demands, || {
            Detail::Text(named.map(|t| t.text().into_owned()).unwrap_or_default())
        });
        return;
    }
    let mut handles = demands.to_vec();
    claimed(j, n, type_id, &mut handles);
    if !frame.contained {
        handles.extend(j.plans.globals(type_id));
        let plans = j.plans;
        for canonical in plans.unknown_globals(type_id) {
            j.question(RuleId::PROFILE_UNKNOWN, n, &[], || Detail::Text(canonical.to_owned()));
        }
    }
    if j.policies.vital_signs && j.model().role(type_id) == Role::Observation {
        by_code(j, n, &mut handles);
    }
    let plan = j.plan(type_id, &handles);
    let at = Place { node: n, plan: &plan, up, frame };
    resource::allowed(j, n, type_id, demands);
    (j.calls.visit)(j, &at);
    if !j.shared.is_broken_off() {
        whole(j, &at);
    }
}

/// The profiles of `meta.profile`.
fn claimed<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, type_id: TypeId, handles: &mut Vec<Handle>) {
    let Some(meta) = n.child(NameId::META) else { return };
    for p in meta.children_named(NameId::PROFILE).filter(|p| p.has_value()) {
        let canonical = p.text();
        match j.structure(&canonical) {
            Some(structure) => {
                definition_status::profile(j, p, structure);
                profile(j, n, p, type_id, structure, handles);
            }
            None => match type_of_version(j, &canonical) {
                Some(wanted) if j.model().is_a(type_id, wanted) => {}
                Some(_) => j.error(RuleId::PROFILE_TYPE, n, &[], || Detail::Text(canonical.into_owned())),
                None => j.question(RuleId::PROFILE_UNKNOWN, p, &[], || Detail::Text(canonical.into_owned())),
            },
        }
    }
}

/// The type whose definition a canonical names with this FHIR version in it
/// (`http://hl7.org/fhir/4.0/StructureDefinition/Patient`, <https://hl7.org/fhir/R4/versions.html#extensions>).
fn type_of_version(j: &Judge<'_, '_>, canonical: &str) -> Option<TypeId> {
    let (version, name) = canonical.strip_prefix("http://hl7.org/fhir/")?.split_once("/StructureDefinition/")?;
    let own = j.set.fhir_version().number();
    let is_own = version.len() == 3 && own.starts_with(version);
    j.model().find(name).filter(|t| is_own && j.model().is_resource(*t))
}

/// Adds a profile's root to the demands on a resource. `at` is what asks for it.
fn profile<'t>(
    j: &mut Judge<'_, 't>,
    n: Node<'t>,
    at: Node<'t>,
    type_id: TypeId,
    structure: Handle,
    handles: &mut Vec<Handle>,
) {
    let set = j.set;
    let Some(row) = set.structure(structure) else { return };
    let wanted = j.model().find(set.str(structure.layer, row.type_name));
    if type_id.is_known() && wanted.is_none_or(|w| !j.model().is_a(type_id, w)) {
        j.error(RuleId::PROFILE_TYPE, n, &[], || Detail::Text(set.canonical(structure)));
        return;
    }
    let Some(root) = set.root(structure) else {
        j.question(RuleId::PROFILE_UNKNOWN, at, &[], || Detail::Text(set.canonical(structure)));
        return;
    };
    if !handles.contains(&root) {
        handles.push(root);
    }
}

/// The profiles that the FHIR version lays on observations by their codes.
fn by_code<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, handles: &mut Vec<Handle>) {
    let Some(code) = n.child(NameId::CODE) else { return };
    for c in code.children_named(NameId::CODING) {
        let Some((system, code)) = c.child_text(NameId::SYSTEM).zip(c.child_text(NameId::CODE)) else { continue };
        if let Some(root) = j.plans.by_code(&system, &code)
            && !handles.contains(&root)
        {
            handles.push(root);
        }
    }
}

/// The rules of resources that no definition states.
fn whole<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    contained::ids(j, at);
    resource::own_url(j, at);
    resource::plain_id(j, at);
    element_id::unique(j, at);
    meta::check(j, at);
    publication::check(j, at);
    publisher::check(j, at);
    match at.plan.role {
        Role::Bundle => bundle::check(j, at),
        Role::ValueSet => defining::value_set::check(j, at),
        Role::SearchParameter => defining::search_parameter::check(j, at),
        Role::CodeSystem => defining::code_system::check(j, at),
        Role::ConceptMap => defining::concept_map::check(j, at),
        Role::CapabilityStatement => defining::capability::check(j, at),
        Role::OperationDefinition => defining::operation::check(j, at),
        Role::ImplementationGuide => defining::guide::check(j, at),
        Role::StructureDefinition => defining::structure::check(j, at),
        Role::StructureMap => defining::structure_map::check(j, at),
        Role::Questionnaire => {
            questionnaire::conditions(j, at);
            questionnaire::derived(j, at);
            defining::questionnaire::check(j, at);
        }
        Role::QuestionnaireResponse => questionnaire::response(j, at),
        Role::Measure => defining::measure::check(j, at),
        Role::Parameters => parameters::check(j, at),
        Role::Observation => observation::check(j, at),
        Role::MeasureReport => measure_report::check(j, at),
        _ => {}
    }
    site::check(j, at);
}
