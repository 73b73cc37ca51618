//! What may mend a fault of an instance: wishes about the elements that it names.

use serde_json::Value;

use super::build::Generator;
use super::named::{Named, named};
use super::{FaultDetail, JudgedFault, PathStep, Step, Want, Wish};
use crate::model::TypeId;

impl Generator<'_> {
    /// The steps of a wish to a node of an instance.
    pub(super) fn way(&self, type_id: TypeId, instance: &Value, path: &[PathStep]) -> Option<Vec<Step>> {
        let (mut type_id, mut at) = (type_id, instance);
        let mut steps = Vec::new();
        for step in path {
            let name = self.model.names().find(step.name.as_bytes())?;
            let row = self.model.child(type_id, name)?;
            steps.push(Step::Child(row.choice_base));
            at = at.get(&step.name).unwrap_or(&Value::Null);
            if let Some(nth) = step.index {
                steps.push(Step::Entry(nth));
                at = at.get(usize::try_from(nth).ok()?).unwrap_or(&Value::Null);
            }
            type_id = row.type_id;
            if self.model.is_resource(type_id) {
                type_id = self.model.find(at.get("resourceType")?.as_str()?)?;
            }
        }
        Some(steps)
    }

    /// What may mend one fault.
    pub(super) fn remedies(&self, place: &[Step], fault: &JudgedFault) -> Vec<Wish> {
        let at = |more: &[Step], want: Want| Wish { path: [place, more].concat(), want };
        let mut out = Vec::new();
        match &fault.detail {
            FaultDetail::Constraint { layer, row, .. } => {
                let image = self.set.layer(*layer);
                let expression = image.constraint(*row).map_or("", |c| image.str(c.expression));
                for n in named(expression) {
                    out.extend(self.by_name(place, &n));
                }
                // An element without its value is the last resort.
                let present: Vec<Wish> = out.iter().filter(|w| w.want == Want::Present).cloned().collect();
                out.extend(present.into_iter().map(|w| Wish { want: Want::NoValue, ..w }));
            }
            FaultDetail::Child(name) => {
                let child = self.model.names().find(name.as_bytes()).map(Step::Child);
                out.extend(child.map(|c| at(&[c], Want::Present)));
                out.extend(child.map(|c| at(&[c], Want::Absent)));
            }
            FaultDetail::Slice(slice) => {
                let name = self.set.element(*slice).map(|e| e.name);
                let steps = name.map(|n| [Step::Child(n), Step::Slice(*slice)]);
                out.extend(steps.map(|s| at(&s, Want::Present)));
            }
            FaultDetail::Text(_) | FaultDetail::None => {}
        }
        if !place.is_empty() {
            out.push(at(&[], Want::OtherCode));
            out.push(at(&[], Want::NoValue));
            out.push(at(&[], Want::Absent));
        }
        out
    }

    /// What may be done about an element that an expression names.
    fn by_name(&self, place: &[Step], n: &Named) -> Vec<Wish> {
        let steps: Option<Vec<Step>> =
            n.names.iter().map(|name| self.model.names().find(name.as_bytes()).map(Step::Child)).collect();
        let Some(steps) = steps else { return Vec::new() };
        let place = if n.of_resource { &[][..] } else { place };
        let path = [place, steps.as_slice()].concat();
        let mut out = Vec::new();
        out.extend(n.value.iter().map(|v| Wish { path: path.clone(), want: Want::Value(v.clone()) }));
        if n.value.is_none() {
            out.push(Wish { path: path.clone(), want: Want::Present });
            out.push(Wish { path, want: Want::Absent });
        }
        out
    }
}
