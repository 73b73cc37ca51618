//! Instances of a profile, judged: the smallest, the fullest, those at the limits.

use super::build::Generator;
use super::draft::{Draft, Extent};
use super::{FaultDetail, Generated, Instance, Judge, Judged, JudgedFault, Kind, Unbuildable, Verdict, Wish};
use crate::model::{TypeId, TypeKind};
use crate::plan::Handle;
use crate::plan::rows::NONE;

/// How many faults of an instance that is not valid are told.
const TOLD: usize = 5;

impl Generator<'_> {
    /// Instances of a profile, at most `count` of them: each judged, and where an invariant fails mended by a
    /// bounded search.
    /// `profile` is the root element of a structure. The same seed gives the same instances; seed 0 the plainest.
    pub fn instances(&self, profile: Handle, kind: Kind, count: usize, seed: u64, judge: &mut dyn Judge) -> Generated {
        let mut out = Generated::default();
        let type_id = match self.type_of(profile) {
            Ok(t) => t,
            Err(e) => {
                out.unbuildable.push(e);
                return out;
            }
        };
        match kind {
            Kind::Boundary => self.boundary((profile, type_id), count, seed, judge, &mut out),
            Kind::Minimal | Kind::Full => {
                let extent = if kind == Kind::Full { Extent::Supported } else { Extent::Smallest };
                for nth in 0..count {
                    self.one((profile, type_id, extent), seed.wrapping_add(nth as u64), judge, &mut out);
                }
            }
        }
        out
    }

    /// Adds one instance, or why there is none.
    fn one(&self, what: (Handle, TypeId, Extent), seed: u64, judge: &mut dyn Judge, out: &mut Generated) {
        match self.mended(what, &[], seed, judge) {
            Ok((instance, left_out)) => {
                left_out.into_iter().for_each(|u| out.tell(u));
                if !instance.judged.is_valid() {
                    let faults = instance.judged.faults.iter().take(TOLD);
                    faults.for_each(|f| out.tell(self.not_mended(what.0, f)));
                } else if !out.instances.iter().any(|i| i.value == instance.value) {
                    out.instances.push(instance);
                }
            }
            Err(e) => out.tell(e),
        }
    }

    /// What kept an instance from being valid.
    fn not_mended(&self, profile: Handle, fault: &JudgedFault) -> Unbuildable {
        let element = self.telling(&fault.handles).unwrap_or(profile);
        let path: Vec<String> =
            fault.path.iter().map(|s| s.index.map_or_else(|| s.name.clone(), |i| format!("{}[{i}]", s.name))).collect();
        let about = match &fault.detail {
            FaultDetail::None => String::new(),
            FaultDetail::Child(name) => format!(", `{name}`"),
            FaultDetail::Slice(slice) => format!(", `{}`", self.unbuildable(Some(*slice), "").element),
            FaultDetail::Constraint { key, .. } => format!(", `{key}`"),
            FaultDetail::Text(text) => format!(", {text}"),
        };
        let place = if path.is_empty() { String::new() } else { format!(" at `{}`", path.join(".")) };
        self.unbuildable(Some(element), format!("no valid instance was found: `{}`{about}{place}", fault.rule.as_str()))
    }

    /// The type of a profile's instances.
    fn type_of(&self, profile: Handle) -> Result<TypeId, Unbuildable> {
        let element = Some(profile);
        let named = self.set.structure_of(profile).map(|s| self.set.str(profile.layer, s.type_name));
        let type_id = named.and_then(|n| self.model.find(n));
        match type_id.map(|t| (t, self.model.kind(t))) {
            _ if self.set.element(profile).is_none_or(|e| e.parent != NONE) => {
                Err(self.unbuildable(element, "this is not the root of a profile"))
            }
            Some((t, Some(TypeKind::Resource | TypeKind::Complex | TypeKind::Primitive))) => Ok(t),
            Some(_) => Err(self.unbuildable(element, "an abstract type has no instances")),
            None => Err(self.unbuildable(element, "the type of the profile is not known")),
        }
    }

    /// Builds an instance and judges it.
    pub(super) fn judged(
        &self,
        (profile, type_id, extent): (Handle, TypeId, Extent),
        wishes: &[Wish],
        seed: u64,
        judge: &mut dyn Judge,
    ) -> Result<(Instance, Vec<Unbuildable>), Unbuildable> {
        let (value, left_out) = self.draft(type_id, &[profile], wishes, Draft::new(extent, seed))?;
        let judged = judge.judge(&value.to_string(), profile);
        Ok((Instance { value, judged, wishes: wishes.to_vec() }, left_out))
    }
}

impl Generated {
    /// Notes what could not be built, each once.
    pub(super) fn tell(&mut self, what: Unbuildable) {
        if !self.unbuildable.contains(&what) {
            self.unbuildable.push(what);
        }
    }
}

impl Judged {
    /// Whether the instance is valid.
    pub fn is_valid(&self) -> bool {
        self.verdict == Verdict::Valid
    }

    /// How far from valid it is: the errors, then the questions.
    pub(super) fn distance(&self) -> usize {
        self.faults.len()
    }
}
