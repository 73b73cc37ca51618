//! Instances at the limits of a profile: one limit each, then several together, chosen by the seed.

use super::build::Generator;
use super::chance::Chance;
use super::draft::Extent;
use super::{Generated, Judge, Kind, Step, Want, Wish};
use crate::instance::NameId;
use crate::model::TypeId;
use crate::plan::rows::{CONSTRAINT_EMPTY_HOLDS, ELEMENT_CHOICE, ElementRow, NONE};
use crate::plan::{BindingStrength, Handle};

/// How many limits of a profile are tried.
const LIMITS: usize = 4000;
/// How deep the elements may be whose limits are tried.
const DEPTH: usize = 8;
/// How many entries stand for as many as one likes.
const MANY: u32 = 2;
/// How many instances are tried for one that is wanted.
const TRIES: usize = 4;
/// How many limits are put together at most.
const TOGETHER: usize = 4;

impl Generator<'_> {
    /// Adds valid instances at the limits of what the profile allows.
    pub(super) fn boundary(
        &self,
        (profile, type_id): (Handle, TypeId),
        count: usize,
        seed: u64,
        judge: &mut dyn Judge,
        out: &mut Generated,
    ) {
        let mut limits = Vec::new();
        self.limits(profile, &mut Vec::new(), &mut limits);
        let mut chance = Chance::new(seed);
        let from = chance.place(limits.len());
        limits.rotate_left(from);
        let mut known: Vec<String> = Vec::new();
        for nth in 0..count.saturating_mul(TRIES).saturating_add(limits.len()) {
            if out.instances.len() >= count || limits.is_empty() {
                break;
            }
            let wishes = match limits.get(nth) {
                Some(one) => vec![one.clone()],
                None => several(&limits, &mut Chance::new(seed ^ (nth as u64 + 1))),
            };
            let full = nth >= limits.len() && nth % 3 == 0;
            let extent = if full { Extent::Supported } else { Extent::Smallest };
            let own = if nth < limits.len() && seed == 0 { 0 } else { seed.wrapping_add(nth as u64 + 1) };
            let Ok((instance, _)) = self.mended((profile, type_id, extent), &wishes, own, judge) else { continue };
            let text = instance.value.to_string();
            if instance.judged.is_valid() && !known.contains(&text) {
                known.push(text);
                out.instances.push(instance);
            }
        }
        if out.instances.is_empty() {
            let smallest = self.instances(profile, Kind::Minimal, 1, seed, judge);
            out.instances.extend(smallest.instances);
            smallest.unbuildable.into_iter().for_each(|u| out.tell(u));
        }
    }

    /// The limits of the elements below one, in the order of the definition.
    fn limits(&self, element: Handle, path: &mut Vec<Step>, out: &mut Vec<Wish>) {
        let Some(row) = self.set.element(element) else { return };
        let image = self.set.layer(element.layer);
        let mut at = row.first_child;
        while let Some(child) = image.element(at).filter(|_| at != NONE && out.len() < LIMITS) {
            let own = Handle { layer: element.layer, row: at };
            if child.name != NameId::ID {
                path.push(Step::Child(child.name));
                self.own_limits(own, &child, path, out);
                let mut slice = child.first_slice;
                while let Some(s) = image.element(slice).filter(|_| slice != NONE) {
                    let inner = Handle { layer: element.layer, row: slice };
                    path.push(Step::Slice(inner));
                    self.own_limits(inner, &s, path, out);
                    path.pop();
                    slice = s.next_slice;
                }
                path.pop();
            }
            at = child.next;
        }
    }

    /// The limits of one element or slice, and of what is in it.
    fn own_limits(&self, own: Handle, row: &ElementRow, path: &mut Vec<Step>, out: &mut Vec<Wish>) {
        if row.max == 0 {
            return;
        }
        let mut add = |want: Want| out.push(Wish { path: path.clone(), want });
        add(Want::Present);
        if row.min == 0 {
            add(Want::Absent);
        }
        if row.max > 1 {
            add(Want::Count(row.max.min(row.min.saturating_add(MANY))));
        }
        if row.max > 1 && row.first_slice != NONE {
            add(Want::ExtraEntry);
        }
        let image = self.set.layer(own.layer);
        let types = image.type_refs(row.types);
        let type_ids = types.iter().filter_map(|t| self.model.find(image.str(t.code)));
        // Where an empty result satisfies a constraint by leniency alone, the types that give one are left out.
        let mut constraints = image.links(row.constraints).iter().filter_map(|c| image.constraint(*c));
        let is_lenient = constraints.any(|c| c.flags & CONSTRAINT_EMPTY_HOLDS != 0);
        if (row.flags & ELEMENT_CHOICE != 0 || types.len() > 1) && !is_lenient {
            type_ids.clone().for_each(|t| add(Want::Type(t)));
        }
        for t in types {
            let named = image.list(t.targets).filter_map(|url| {
                let s = self.set.find_structure(url, Some(own.layer))?;
                self.model.find(self.set.str(s.layer, self.set.structure(s)?.type_name))
            });
            named.for_each(|t| add(Want::TargetType(t)));
        }
        let is_told = row.fixed != NONE || row.pattern != NONE;
        let needs_code = image.binding(row.binding).is_some_and(|b| b.strength() == BindingStrength::Required);
        if type_ids.clone().any(|t| self.model.is_primitive(t)) && !is_told && !needs_code {
            add(Want::NoValue);
        }
        self.codes(own, row, &mut add);
        if path.len() < DEPTH {
            self.limits(own, path, out);
        }
    }

    /// The first and the last code of a binding, and one that is not in it where the strength allows that.
    fn codes(&self, own: Handle, row: &ElementRow, add: &mut dyn FnMut(Want)) {
        let image = self.set.layer(own.layer);
        let Some(binding) = image.binding(row.binding) else { return };
        let value_set = self.set.find_value_set(image.str(binding.value_set), Some(own.layer));
        let members = value_set.map(|v| self.members(v)).unwrap_or_default();
        let ends = members.first().into_iter().chain(members.last().filter(|_| members.len() > 1));
        for c in ends {
            let system = Some(c.system.to_string()).filter(|s| !s.is_empty());
            add(Want::Code { system, code: c.code.to_string() });
        }
        if binding.strength() != BindingStrength::Required {
            add(Want::OtherCode);
        }
    }
}

/// Some of the limits, at places that do not exclude each other.
fn several(limits: &[Wish], chance: &mut Chance) -> Vec<Wish> {
    let mut out: Vec<Wish> = Vec::new();
    for _ in 0..chance.place(TOGETHER) + 1 {
        let Some(wish) = limits.get(chance.place(limits.len())) else { continue };
        if out.iter().all(|w| !w.path.starts_with(&wish.path) && !wish.path.starts_with(&w.path)) {
            out.push(wish.clone());
        }
    }
    out
}
