//! What elements demand of a node itself: constraints, values, bounds, bindings, targets.

use super::build::Plans;
use super::kinds::{Aggregation, BindingStrength, ReferenceVersioning};
use super::native::Native;
use super::node::{PlanBinding, PlanBounds, PlanConstraint, PlanFault, PlanPresence, PlanTargets, PlanValue};
use super::rows::{
    CONSTRAINT_BEST_PRACTICE, CONSTRAINT_EMPTY_HOLDS, CONSTRAINT_WARNING, ELEMENT_MUST_HAVE_VALUE, FaultRow, NONE, Run,
    STRUCTURE_CONSTRAINT, TypeRefRow,
};
use super::set::Handle;
use crate::instance::NameId;
use crate::model::TypeId;

impl Plans {
    /// What is wrong with the structures whose root elements are among these.
    pub(super) fn faults(&self, handles: &[Handle]) -> Box<[PlanFault]> {
        let set = self.set();
        let mut out = Vec::new();
        for &h in handles.iter().filter(|h| set.element(**h).is_some_and(|e| e.parent == NONE)) {
            let Some(structure) = set.structure_of(h).filter(|s| s.faults.len > 0) else { continue };
            let rows = set.layer(h.layer).faults(structure.faults);
            let fault = |(i, row): (usize, &FaultRow)| PlanFault {
                element: h,
                fault: Handle { layer: h.layer, row: structure.faults.start + i as u32 },
                overruled: row.overruled != 0,
            };
            out.extend(rows.iter().enumerate().map(fault));
        }
        out.into()
    }

    /// The constraints of these elements, each once.
    pub(super) fn constraints(&self, handles: &[Handle]) -> Box<[PlanConstraint]> {
        let set = self.set();
        let mut out: Vec<(PlanConstraint, Vec<Handle>, (&str, &str))> = Vec::new();
        for &h in handles {
            let image = set.layer(h.layer);
            let Some(e) = image.element(h.row) else { continue };
            for &row in image.links(e.constraints) {
                let Some(c) = image.constraint(row) else { continue };
                let identity = (image.str(c.key), image.str(c.expression));
                if let Some((_, handles, _)) = out.iter_mut().find(|(_, _, i)| *i == identity) {
                    handles.push(h);
                    continue;
                }
                let constraint = PlanConstraint {
                    layer: h.layer,
                    row,
                    native: Native::from_number(c.native),
                    code: c.code,
                    mask: c.mask,
                    warning: c.flags & CONSTRAINT_WARNING != 0,
                    best_practice: c.flags & CONSTRAINT_BEST_PRACTICE != 0,
                    empty_holds: c.flags & CONSTRAINT_EMPTY_HOLDS != 0,
                    handles: Box::default(),
                };
                out.push((constraint, vec![h], identity));
            }
        }
        out.into_iter().map(|(c, h, _)| PlanConstraint { handles: h.into(), ..c }).collect()
    }

    /// Fixed values and patterns.
    pub(super) fn values(&self, handles: &[Handle]) -> Box<[PlanValue]> {
        let mut out = Vec::new();
        for &h in handles {
            let Some(e) = self.set().element(h) else { continue };
            for (row, fixed) in [(e.fixed, true), (e.pattern, false)] {
                if row != NONE {
                    out.push(PlanValue { element: h, value: Handle { layer: h.layer, row }, fixed });
                }
            }
        }
        out.into()
    }

    /// Bounds of values and lengths.
    pub(super) fn bounds(&self, handles: &[Handle]) -> Box<[PlanBounds]> {
        let mut out = Vec::new();
        for &h in handles {
            let Some(e) = self.set().element(h) else { continue };
            let is_bounded = e.min_value != NONE || e.max_value != NONE || e.max_length != NONE || e.min_length > 0;
            if !is_bounded && e.controls.len == 0 {
                continue;
            }
            let value = |row: u32| (row != NONE).then_some(Handle { layer: h.layer, row });
            let max_length = (e.max_length != NONE).then_some(e.max_length);
            out.push(PlanBounds {
                element: h,
                min_value: value(e.min_value),
                max_value: value(e.max_value),
                max_length,
                min_length: e.min_length,
                controls: e.controls,
            });
        }
        out.into()
    }

    /// What is asked where a primitive has no value: of the primitive, or of its value.
    pub(super) fn presence(&self, handles: &[Handle]) -> Box<[PlanPresence]> {
        let mut out = Vec::new();
        for &h in handles {
            let Some(e) = self.set().element(h) else { continue };
            let is_own_value = e.name == NameId::VALUE && handles.contains(&Handle { layer: h.layer, row: e.parent });
            // A value that nothing may stand for has no alternatives.
            if e.flags & ELEMENT_MUST_HAVE_VALUE != 0 || (is_own_value && e.min > 0) {
                out.push(PlanPresence { element: h, alternatives: Run::default() });
            } else if e.value_alternatives.len > 0 {
                out.push(PlanPresence { element: h, alternatives: e.value_alternatives });
            }
        }
        out.into()
    }

    /// Bindings, the strongest of each value set.
    pub(super) fn bindings(&self, handles: &[Handle]) -> Box<[PlanBinding]> {
        let mut out: Vec<PlanBinding> = Vec::new();
        for &h in handles {
            let image = self.set().layer(h.layer);
            let Some(b) = image.element(h.row).and_then(|e| image.binding(e.binding)) else { continue };
            let additional = image.links(b.additional).iter().filter_map(|i| image.binding(*i));
            for (canonical, strength, is_max) in std::iter::once(b)
                .chain(additional)
                .flat_map(|b| [(b.value_set, b.strength(), false), (b.max, BindingStrength::Required, true)])
            {
                let canonical = image.str(canonical);
                if canonical.is_empty() || strength == BindingStrength::Example {
                    continue;
                }
                let value_set = self.set().find_value_set(canonical, Some(h.layer));
                let same = |o: &&mut PlanBinding| {
                    o.is_max == is_max
                        && (o.value_set.is_some() && o.value_set == value_set || o.canonical == canonical)
                };
                if let Some(known) = out.iter_mut().find(same) {
                    if strength < known.strength {
                        known.strength = strength;
                        known.element = h;
                    }
                    continue;
                }
                out.push(PlanBinding { element: h, strength, is_max, canonical: canonical.to_owned(), value_set });
            }
        }
        out.into()
    }

    /// What references and canonicals may point to.
    pub(super) fn targets(&self, handles: &[Handle], type_name: &str) -> Box<[PlanTargets]> {
        if !matches!(type_name, "Reference" | "CodeableReference" | "canonical") {
            return Box::default();
        }
        let mut out = Vec::new();
        for &h in handles {
            let image = self.set().layer(h.layer);
            let Some(e) = image.element(h.row) else { continue };
            let refs: Vec<&TypeRefRow> =
                image.type_refs(e.types).iter().filter(|t| image.str(t.code) == type_name).collect();
            let mut targets: Vec<&str> = Vec::new();
            for t in &refs {
                let list = if t.targets.len > 0 {
                    t.targets
                } else if type_name == "Reference" {
                    t.profiles
                } else {
                    continue;
                };
                targets.extend(image.list(list));
            }
            let aggregation = refs.iter().fold(Aggregation::ANY, |a, t| a.with(t.aggregation()));
            let versioning = refs.iter().map(|t| t.versioning()).max().unwrap_or(ReferenceVersioning::Either);
            if targets.is_empty() && aggregation.is_any() && versioning == ReferenceVersioning::Either {
                continue;
            }
            let (mut types, mut profiles) = (Vec::new(), Vec::new());
            for url in &targets {
                match self.target(h.layer, url) {
                    Some((t, profile)) => {
                        types.push(t);
                        profiles.extend(profile.map(|p| (t, p)));
                    }
                    None => types.push(TypeId::UNKNOWN),
                }
            }
            out.push(PlanTargets {
                element: h,
                types: types.into(),
                profiles: profiles.into(),
                aggregation,
                versioning,
            });
        }
        out.into()
    }

    /// The type of a target, and the root of its profile where it is more than the type.
    fn target(&self, layer: u32, url: &str) -> Option<(TypeId, Option<Handle>)> {
        let set = self.set();
        let structure = set.find_structure(url, Some(layer));
        let Some(s) = structure else {
            return url
                .strip_prefix("http://hl7.org/fhir/StructureDefinition/")
                .and_then(|n| set.model().find(n))
                .map(|t| (t, None));
        };
        let row = set.structure(s)?;
        let type_id = set.model().find(set.str(s.layer, row.type_name))?;
        // A profile without a snapshot is treated like one that is not loaded.
        let profile = if row.flags & STRUCTURE_CONSTRAINT != 0 { Some(set.root(s)?) } else { None };
        Some((type_id, profile))
    }
}
