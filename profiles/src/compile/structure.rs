//! StructureDefinition to rows: the tree of elements with their slices.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::compiler::Compiler;
use super::context;
use super::facets;
use super::invariant::invariants;
use super::json::text;
use super::terminology::status;
use super::writer::Writer;
use crate::instance::NameId;
use crate::plan::Section;
use crate::plan::element_row::ElementHead;
use crate::plan::marks::STATUS_OLD;
use crate::plan::rows::{
    ELEMENT_CHOICE, ELEMENT_LIST, ELEMENT_MODIFIER, ELEMENT_MUST_HAVE_VALUE, ELEMENT_MUST_SUPPORT, ELEMENT_SUMMARY,
    ELEMENT_SUMMARY_SAID, ElementRow, NONE, Run, STRUCTURE_ABSTRACT, STRUCTURE_CONSTRAINT, STRUCTURE_EXPERIMENTAL,
    STRUCTURE_EXTENSION, STRUCTURE_LOGICAL, STRUCTURE_MODIFIER, STRUCTURE_OBLIGATIONS, STRUCTURE_PRIMITIVE,
    STRUCTURE_RESOURCE, STRUCTURE_STATUS, StructureRow,
};
use crate::snapshot::{DefinitionIssue, Problem};

impl Compiler<'_> {
    /// The row of a StructureDefinition, its elements and its faults written.
    pub(super) fn structure_of(&self, w: &mut Writer, number: u32, sd: &Arc<Value>) -> StructureRow {
        self.current.replace(Arc::clone(sd));
        let own = sd.pointer("/snapshot/element").and_then(Value::as_array).filter(|e| !e.is_empty());
        let elements = own.map_or_else(|| Cow::Owned(self.snapshot(sd)), |own| self.published(sd, own));
        self.invariants(sd, &elements);
        let row = structure(self, w, number, sd, &elements);
        StructureRow { faults: self.write_faults(w), ..row }
    }

    fn invariants(&self, sd: &Value, elements: &[Value]) {
        for issue in invariants(sd, elements, &self.typing) {
            self.problem(issue);
        }
    }

    /// The elements of a snapshot that is generated; where it cannot be, those of the type.
    fn snapshot(&self, sd: &Value) -> Vec<Value> {
        match self.generator.generate(sd) {
            Ok(s) => {
                let matters = |i: &DefinitionIssue| !i.problem.is_harmless() || i.problem.is_overruled();
                s.inherited.into_iter().chain(s.issues).filter(matters).for_each(|i| self.fault(i));
                s.elements
            }
            Err(e) => self.without_snapshot(sd, &e),
        }
    }
}

/// Writes a structure and its elements; gives its row, which the caller sorts into its section.
fn structure(c: &Compiler<'_>, w: &mut Writer, number: u32, sd: &Value, elements: &[Value]) -> StructureRow {
    let url = text(sd, "url");
    let kind = text(sd, "kind");
    let type_name = {
        let t = text(sd, "type");
        let t = if t.is_empty() { text(sd, "name") } else { t };
        t.rsplit('/').next().unwrap_or(t)
    };
    let constraint = text(sd, "derivation") == "constraint";
    let mut flags = (status(sd) & STATUS_OLD) << STRUCTURE_STATUS;
    for (flag, on) in [
        (STRUCTURE_CONSTRAINT, constraint),
        (STRUCTURE_ABSTRACT, sd["abstract"].as_bool() == Some(true)),
        (STRUCTURE_RESOURCE, kind == "resource"),
        (STRUCTURE_PRIMITIVE, kind == "primitive-type"),
        (STRUCTURE_LOGICAL, kind == "logical"),
        (STRUCTURE_EXTENSION, type_name == "Extension" && constraint),
        (STRUCTURE_EXPERIMENTAL, sd["experimental"].as_bool() == Some(true)),
        (STRUCTURE_MODIFIER, elements.first().is_some_and(|e| e["isModifier"].as_bool() == Some(true))),
        (STRUCTURE_OBLIGATIONS, only_obliges(sd)),
    ] {
        flags |= if on { flag } else { 0 };
    }
    let root = Tree {
        c,
        url,
        w,
        structure: number,
        is_resource: kind == "resource",
        base: 0,
        rows: Vec::new(),
        stack: Vec::new(),
    }
    .elements(elements);
    let contexts = context::contexts(c, w, sd);
    let context_invariants = context::invariants(c, w, sd);
    let imposed: Vec<&str> = facets::extensions(sd, "structuredefinition-imposeProfile")
        .filter_map(|e| e["valueCanonical"].as_str())
        .collect();
    let imposed = w.list(imposed);
    StructureRow {
        url: w.str(url),
        version: w.str(text(sd, "version")),
        type_name: w.str(type_name),
        base: w.str(text(sd, "baseDefinition")),
        root,
        flags,
        contexts,
        context_invariants,
        imposed,
        faults: Run::default(),
        versions: context::versions(sd).word(),
    }
}

/// Whether a profile says of itself that it only adds obligations.
fn only_obliges(sd: &Value) -> bool {
    let mut said =
        ["obligation-profile-flag", "obligation-profile"].into_iter().flat_map(|n| facets::extensions(sd, n));
    said.any(|x| x["valueBoolean"].as_bool() == Some(true))
}

struct Tree<'a, 'c> {
    c: &'a Compiler<'c>,
    /// The url of the structure.
    url: &'a str,
    w: &'a mut Writer,
    structure: u32,
    is_resource: bool,
    base: u32,
    rows: Vec<ElementRow>,
    /// The innermost element at each depth: row and path.
    stack: Vec<u32>,
}

impl Tree<'_, '_> {
    /// Writes the elements; gives the row of the root.
    fn elements(mut self, elements: &[Value]) -> u32 {
        self.base = self.w.count::<ElementHead>(Section::Elements);
        let mut paths: Vec<String> = Vec::new();
        for e in elements {
            let path = text(e, "path");
            let depth = path.matches('.').count();
            if depth > self.stack.len() {
                let id = e["id"].as_str().unwrap_or(path);
                self.c.element_fault(id, Problem::Path, "the element has no parent in the snapshot".to_owned());
                continue;
            }
            self.stack.truncate(depth);
            let number = self.rows.len() as u32;
            let row = self.element(e, path);
            self.rows.push(row);
            self.link(number, text(e, "sliceName"));
            self.stack.push(number);
            paths.push(path.to_owned());
        }
        self.content(elements, &paths);
        for r in &mut self.rows {
            for link in
                [&mut r.parent, &mut r.first_child, &mut r.next, &mut r.first_slice, &mut r.next_slice, &mut r.content]
            {
                if *link != NONE {
                    *link += self.base;
                }
            }
        }
        for r in &self.rows {
            self.w.element(r);
        }
        self.base
    }

    fn element(&mut self, e: &Value, path: &str) -> ElementRow {
        let last = path.rsplit('.').next().unwrap_or(path);
        let (choice_base, choice) = last.strip_suffix("[x]").map_or((last, false), |s| (s, true));
        let count = |v: &Value| v.as_str().map_or(1, |m| m.parse().unwrap_or(u32::MAX));
        let max = count(&e["max"]);
        let list = e.pointer("/base/max").map_or(max, count) > 1 && path.contains('.');
        let mut flags = 0;
        for (flag, on) in [
            (ELEMENT_CHOICE, choice),
            (ELEMENT_LIST, list),
            (ELEMENT_MODIFIER, e["isModifier"].as_bool() == Some(true)),
            (ELEMENT_MUST_SUPPORT, e["mustSupport"].as_bool() == Some(true)),
            (ELEMENT_MUST_HAVE_VALUE, facets::must_have_value(e)),
            (ELEMENT_SUMMARY, e["isSummary"].as_bool() == Some(true)),
            (ELEMENT_SUMMARY_SAID, e["isSummary"].is_boolean()),
        ] {
            flags |= if on { flag } else { 0 };
        }
        let (w, c) = (&mut *self.w, self.c);
        ElementRow {
            name: c.model.names().find(choice_base.as_bytes()).unwrap_or(NameId::NONE),
            id: w.str(e["id"].as_str().unwrap_or(path)),
            slice_name: w.str(text(e, "sliceName")),
            structure: self.structure,
            min: e["min"].as_u64().unwrap_or(0) as u32,
            max,
            flags,
            parent: NONE,
            first_child: NONE,
            next: NONE,
            first_slice: NONE,
            next_slice: NONE,
            types: facets::types(w, e, path, self.is_resource, self.url),
            constraints: facets::constraints(c, w, e),
            slicing: facets::slicing(w, e),
            binding: facets::binding(c, w, e),
            fixed: facets::value(c, w, e, "fixed"),
            pattern: facets::value(c, w, e, "pattern"),
            min_value: facets::value(c, w, e, "minValue"),
            max_value: facets::value(c, w, e, "maxValue"),
            max_length: e["maxLength"].as_u64().map_or(NONE, |n| n as u32),
            min_length: facets::extensions(e, "minLength")
                .next()
                .and_then(|x| x["valueInteger"].as_u64())
                .map_or(0, |n| n as u32),
            value_alternatives: facets::value_alternatives(w, e),
            obligations: facets::obligations(w, e),
            controls: facets::controls(w, e),
            content: NONE,
        }
    }

    /// Hangs an element on its parent: as a child, as a slice of its sibling, or as a reslice of a slice.
    #[allow(clippy::indexing_slicing, reason = "links between rows are indices that this function itself wrote")]
    fn link(&mut self, number: u32, slice: &str) {
        let Some(&parent) = self.stack.last() else { return };
        self.rows[number as usize].parent = parent;
        let name = self.rows[number as usize].name;
        let mut sibling = self.rows[parent as usize].first_child;
        let mut last = NONE;
        while sibling != NONE {
            if self.rows[sibling as usize].name == name && (!slice.is_empty() || name != NameId::NONE) {
                break;
            }
            last = sibling;
            sibling = self.rows[sibling as usize].next;
        }
        if sibling == NONE || slice.is_empty() {
            match last {
                _ if sibling != NONE => {
                    while self.rows[sibling as usize].next != NONE {
                        sibling = self.rows[sibling as usize].next;
                    }
                    self.rows[sibling as usize].next = number;
                }
                NONE => self.rows[parent as usize].first_child = number,
                last => self.rows[last as usize].next = number,
            }
            return;
        }
        let mut owner = sibling;
        // A name with slashes names the slices around it, from the outermost on.
        for (end, _) in slice.match_indices('/') {
            let outer = self.w.str(&slice[..end]);
            let mut s = self.rows[owner as usize].first_slice;
            while s != NONE && self.rows[s as usize].slice_name != outer {
                s = self.rows[s as usize].next_slice;
            }
            if s != NONE {
                owner = s;
            }
        }
        let mut at = self.rows[owner as usize].first_slice;
        if at == NONE {
            self.rows[owner as usize].first_slice = number;
            return;
        }
        while self.rows[at as usize].next_slice != NONE {
            at = self.rows[at as usize].next_slice;
        }
        self.rows[at as usize].next_slice = number;
    }

    /// Resolves content references inside the structure.
    fn content(&mut self, elements: &[Value], paths: &[String]) {
        for (i, e) in elements.iter().enumerate().take(self.rows.len()) {
            let Some(reference) = e.get("contentReference").and_then(Value::as_str) else { continue };
            let target = reference.rsplit('#').next().unwrap_or(reference);
            let by_id = elements.iter().position(|x| x["id"].as_str() == Some(target));
            let found = by_id.or_else(|| paths.iter().position(|p| p == target));
            match found {
                Some(t) => {
                    if let Some(row) = self.rows.get_mut(i) {
                        row.content = t as u32;
                    }
                }
                None => {
                    let id = e["id"].as_str().unwrap_or_else(|| text(e, "path"));
                    self.c.element_fault(
                        id,
                        Problem::Absent,
                        format!("content reference `{reference}` does not resolve"),
                    );
                }
            }
        }
    }
}
