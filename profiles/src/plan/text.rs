//! A plan as text: one line per element, with what the profile demands there beyond the type itself.

use std::fmt::Write;

use super::build::Plans;
use super::kinds::ValueKind;
use super::node::{Check, PlanChild, PlanNode, PlanSlice, PlanSlicing, SliceTest, Step};
use super::rows::{NONE, ValueRow};
use super::set::{Handle, ImageSet};
use crate::model::TypeId;

/// How deep below the resource elements are printed.
const DEPTH: usize = 5;

impl Plans {
    /// What a profile demands beyond its type, an element a line, for people to review; `None` where the profile or its
    /// type is not loaded.
    pub fn text(&self, canonical: &str) -> Option<String> {
        let set: &ImageSet = self.set();
        let structure = set.find_structure(canonical, None)?;
        let type_name = set.str(structure.layer, set.structure(structure)?.type_name);
        let type_id = set.model().find(type_name)?;
        let profile = self.node(type_id, &[set.root(structure)?]);
        let base = self.node(type_id, &[set.root(set.core_type(type_name)?)?]);
        let printer = Printer { plans: self, set };
        let mut out = format!("{}\n", set.canonical(structure));
        printer.line(type_name, &more(printer.node(&profile), &printer.node(&base)), &mut out);
        printer.children(&profile, &base, type_name, DEPTH, &mut out);
        Some(out)
    }
}

/// A value of a definition as text, without quotes around the names of its parts.
pub(crate) fn value_text(set: &ImageSet, value: Handle) -> String {
    set.value(value).map(|row| value_row(set, value.layer, row)).unwrap_or_default()
}

/// What tells that an entry is in a slice.
pub(crate) fn slice_text(set: &ImageSet, slice: &PlanSlice) -> String {
    slice.tests.iter().map(|t| test_text(set, t)).collect::<Vec<_>>().join(" and ")
}

/// Prints the plans of one package set.
struct Printer<'p> {
    plans: &'p Plans,
    set: &'p ImageSet,
}

impl Printer<'_> {
    fn line(&self, path: &str, demands: &[String], out: &mut String) {
        if !demands.is_empty() {
            let _ = writeln!(out, "{path}: {}", demands.join("; "));
        }
    }

    fn children(&self, node: &PlanNode, base: &PlanNode, path: &str, depth: usize, out: &mut String) {
        if depth == 0 {
            return;
        }
        for (child, below) in node.children.iter().zip(&base.children) {
            let path = format!("{path}.{}", self.set.model().names().text(child.name));
            let mut demands = more(self.child(child), &self.child(below));
            let slicings: Vec<&PlanSlicing> = child.slicings.iter().skip(below.slicings.len()).collect();
            let nodes: Vec<_> = child
                .variants
                .iter()
                .zip(&below.variants)
                .filter(|(v, b)| v.refused.len() == b.refused.len() && !v.is_resource)
                .map(|(v, b)| (v, self.plans.variant(child, v), self.plans.variant(below, b)))
                .collect();
            for (_, node, base) in &nodes {
                demands.extend(more(self.node(node), &self.node(base)));
            }
            demands.sort();
            demands.dedup();
            self.line(&path, &demands, out);
            for slicing in slicings {
                self.slices(slicing, &path, out);
            }
            for (_, node, base) in nodes.iter().filter(|(_, node, base)| node.handles != base.handles) {
                self.children(node, base, &path, depth - 1, out);
            }
        }
    }

    /// The slices of an element: how often they may occur, and what tells them.
    fn slices(&self, slicing: &PlanSlicing, path: &str, out: &mut String) {
        let ordered = if slicing.ordered { ", ordered" } else { "" };
        let _ = writeln!(out, "{path} is sliced ({:?}{ordered})", slicing.rules);
        for slice in &slicing.slices {
            let row = self.set.element(slice.element);
            let name = row.map_or("", |row| self.set.str(slice.element.layer, row.slice_name));
            let _ = writeln!(out, "  {name} {}: {}", cardinality(slice.min, slice.max), slice_text(self.set, slice));
        }
    }

    /// What is demanded of an element as a whole.
    fn child(&self, child: &PlanChild) -> Vec<String> {
        let allowed = child.variants.iter().filter(|v| v.refused.is_empty());
        let types: Vec<&str> = allowed.map(|v| self.type_name(v.type_id)).collect();
        vec![cardinality(child.min, child.max), format!("type {}", types.join(" or "))]
    }

    /// What is demanded of one node.
    fn node(&self, node: &PlanNode) -> Vec<String> {
        let mut out = Vec::new();
        for c in &node.constraints {
            let key = self.set.layer(c.layer).constraint(c.row).map(|row| self.set.str(c.layer, row.key));
            out.push(format!("constraint {}", key.unwrap_or("?")));
        }
        for b in &node.bindings {
            out.push(format!("{:?} binding {}", b.strength, b.canonical));
        }
        for v in &node.values {
            out.push(format!("{} {}", if v.fixed { "fixed" } else { "pattern" }, value_text(self.set, v.value)));
        }
        for t in &node.targets {
            let profiles = t.profiles.iter().map(|(_, root)| self.set.canonical_of(*root));
            let types = t.types.iter().map(|t| self.type_name(*t).to_owned());
            out.push(format!("target {}", types.chain(profiles).collect::<Vec<_>>().join(" or ")));
        }
        for a in &node.alternatives {
            let roots: Vec<String> = a.roots.iter().map(|r| self.set.canonical_of(*r)).collect();
            out.push(format!("conforms to {}", roots.join(" or ")));
        }
        out
    }

    fn type_name(&self, type_id: TypeId) -> &str {
        self.set.model().type_name(type_id)
    }
}

fn test_text(set: &ImageSet, test: &SliceTest) -> String {
    let steps: Vec<String> = test.path.iter().map(|s| step_text(set, s)).collect();
    let place = if steps.is_empty() { "$this".to_owned() } else { steps.join(".") };
    format!("{place} {}", check_text(set, &test.check))
}

fn step_text(set: &ImageSet, step: &Step) -> String {
    match step {
        Step::Child(name) => set.model().names().text(*name).to_owned(),
        Step::Extension(url) => format!("extension('{url}')"),
        Step::Resolve => "resolve()".to_owned(),
        Step::OfType(t) => format!("ofType({})", set.model().type_name(*t)),
    }
}

fn check_text(set: &ImageSet, check: &Check) -> String {
    match check {
        Check::Value { value, .. } => value_text(set, *value),
        Check::Binding { canonical, .. } => format!("in {canonical}"),
        Check::Exists(true) => "exists".to_owned(),
        Check::Exists(false) => "is absent".to_owned(),
        Check::Text(text) => format!("\"{text}\""),
        Check::Type(types) => {
            format!("is {}", types.iter().map(|t| set.model().type_name(*t)).collect::<Vec<_>>().join(" or "))
        }
        Check::Profile(roots) => {
            let urls: Vec<String> = roots.iter().map(|r| set.canonical_of(*r)).collect();
            format!("conforms to {}", urls.join(" or "))
        }
        Check::All(tests) => tests.iter().map(|t| test_text(set, t)).collect::<Vec<_>>().join(" and "),
        Check::Nothing => "is anything".to_owned(),
        Check::Unsupported(why) => format!("cannot be tested: {why}"),
    }
}

fn value_row(set: &ImageSet, layer: u32, row: &ValueRow) -> String {
    match row.kind() {
        ValueKind::Object => {}
        ValueKind::String => return format!("\"{}\"", set.str(layer, row.text)),
        _ => return set.str(layer, row.text).to_owned(),
    }
    let image = set.layer(layer);
    let mut parts = Vec::new();
    let mut at = row.first_child;
    while let Some(c) = image.value(at).filter(|_| at != NONE) {
        parts.push(format!("{}: {}", set.model().names().text(c.name), value_row(set, layer, c)));
        at = c.next;
    }
    format!("{{{}}}", parts.join(", "))
}

/// The demands that the base does not make.
fn more(demands: Vec<String>, base: &[String]) -> Vec<String> {
    demands.into_iter().filter(|d| !base.contains(d)).collect()
}

fn cardinality(min: u32, max: u32) -> String {
    if max == u32::MAX { format!("{min}..*") } else { format!("{min}..{max}") }
}
