//! What a published snapshot must not say: elements and types that the type does not have, a cardinality wider than the
//! base's. Snapshots that are generated are checked while they are made (`snapshot`).

use std::borrow::Cow;

use serde_json::Value;

use super::compiler::Compiler;
use super::json::text;
use crate::model::{ChildRow, TypeId, TypeKind};
use crate::snapshot::Problem;

impl Compiler<'_> {
    /// The elements of a published snapshot with the base's cardinality where theirs is wider.
    pub(super) fn published<'e>(&self, sd: &Value, elements: &'e [Value]) -> Cow<'e, [Value]> {
        if text(sd, "derivation") != "constraint" || text(sd, "kind") == "logical" {
            return Cow::Borrowed(elements);
        }
        self.known(sd, elements);
        self.narrowed(sd, elements)
    }

    /// Names the elements that the type does not have, and the types that an element cannot be of.
    fn known(&self, sd: &Value, elements: &[Value]) {
        let root = self.model.find(text(sd, "type"));
        // The types of the innermost elements; unknown where that cannot be determined.
        let mut open: Vec<TypeId> = Vec::new();
        for e in elements {
            let path = text(e, "path");
            let depth = path.matches('.').count();
            open.truncate(depth);
            let Some(parent) = open.last().copied() else {
                open.push(root.unwrap_or(TypeId::UNKNOWN));
                continue;
            };
            if depth != open.len() {
                continue;
            }
            open.push(self.type_below(parent, e, path));
        }
    }

    /// The type of an element below one of type `parent`. Faults are noted.
    fn type_below(&self, parent: TypeId, e: &Value, path: &str) -> TypeId {
        let names = self.model.names();
        if !matches!(self.model.kind(parent), Some(TypeKind::Complex | TypeKind::Resource | TypeKind::Backbone)) {
            return TypeId::UNKNOWN;
        }
        let name = path.rsplit('.').next().unwrap_or(path);
        let choice_base = name.strip_suffix("[x]").unwrap_or(name);
        let rows: Vec<&ChildRow> = self
            .model
            .children(parent)
            .iter()
            .filter(|r| names.text(r.choice_base) == choice_base || names.text(r.name) == choice_base)
            .collect();
        let id = e["id"].as_str().unwrap_or(path);
        if rows.is_empty() {
            self.element_fault(
                id,
                Problem::UnknownElement,
                format!("`{}` has no element `{name}`", self.model.type_name(parent)),
            );
            return TypeId::UNKNOWN;
        }
        let mut codes: Vec<&str> =
            e["type"].as_array().into_iter().flatten().filter_map(|t| t["code"].as_str()).collect();
        codes.dedup();
        for code in codes.iter().filter(|c| !c.contains(':')) {
            if let Some(t) = self.model.find(code)
                && !rows.iter().any(|r| self.model.is_a(t, r.type_id) || self.model.is_a(r.type_id, t))
            {
                self.element_fault(id, Problem::Type, format!("the base does not allow the type `{code}`"));
            }
        }
        match (&codes[..], &rows[..]) {
            (["BackboneElement" | "Element"], [row]) => row.type_id,
            ([code], [row]) => self.model.find(code).unwrap_or(row.type_id),
            (_, [row]) => row.type_id,
            ([code], _) => self.model.find(code).unwrap_or(TypeId::UNKNOWN),
            _ => TypeId::UNKNOWN,
        }
    }

    /// The elements, none with a wider cardinality than the base gives it.
    fn narrowed<'e>(&self, sd: &Value, elements: &'e [Value]) -> Cow<'e, [Value]> {
        let mut out = Cow::Borrowed(elements);
        let base = self.generator.cardinalities(text(sd, "baseDefinition"));
        for (i, e) in elements.iter().enumerate() {
            let id = e["id"].as_str().unwrap_or_else(|| text(e, "path"));
            let Some((base_min, base_max)) = base.get(id).copied() else { continue };
            let (min, max) = (e["min"].as_u64().unwrap_or(0), text(e, "max"));
            let mut narrow = |key: &str, value: Value, message: String| {
                self.element_fault(id, Problem::Loosened, message);
                if let Some(members) = out.to_mut().get_mut(i).and_then(Value::as_object_mut) {
                    members.insert(key.to_owned(), value);
                }
            };
            if min < base_min {
                narrow("min", base_min.into(), format!("the minimum {min} is below the base's {base_min}"));
            }
            if !max.is_empty() && max.parse().unwrap_or(u64::MAX) > base_max {
                narrow("max", base_max.to_string().into(), format!("the maximum {max} is above the base's {base_max}"));
            }
        }
        out
    }
}
