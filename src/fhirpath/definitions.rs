//! The definitions behind an instance, read as instances themselves: what `elementDefinition()` yields.

use std::collections::BTreeSet;

use fhir_accord_profiles::fhirpath::{Expr, ExprKind, Item};
use fhir_accord_profiles::instance::{Limits, NameId, Node, Tape, parse};
use fhir_accord_profiles::model::{Model, TypeId};
use fhir_accord_profiles::registry::{Definition, PackageGraph};
use rustc_hash::FxHashSet;

const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Whether an expression asks for definitions.
pub fn asks_for_definitions(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call { name, .. } if &**name == "elementDefinition")
        || expr.children().any(asks_for_definitions)
}

/// The structures of an instance's types and of the profiles that it claims, as far as the packages have them.
pub struct Definitions<'g> {
    model: &'g Model,
    tapes: Vec<(String, Tape<'g>)>,
}

/// The most definitions that are read for one instance.
const MAX_DEFINITIONS: usize = 200;

impl<'g> Definitions<'g> {
    /// Reads what belongs to an instance.
    pub fn of(instance: &Tape<'_>, graph: &'g PackageGraph, model: &'g Model) -> Definitions<'g> {
        let mut urls: BTreeSet<String> = BTreeSet::new();
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let mut open: Vec<(Node<'_>, TypeId)> =
            instance.root().map(|r| (r, model.resource_type(r))).into_iter().collect();
        while let Some((node, t)) = open.pop() {
            if node.name() == NameId::META {
                urls.extend(
                    node.children_named(NameId::PROFILE).filter(|p| p.has_value()).map(|p| p.text().into_owned()),
                );
            }
            if seen.insert(t.0) {
                urls.insert(format!("{BASE}{}", type_root(model.type_name(t))));
            }
            if urls.len() >= MAX_DEFINITIONS {
                break;
            }
            open.extend(node.children().map(|c| (c, model.type_of_child(t, c))));
        }
        let mut tapes = Vec::new();
        for canonical in urls {
            let (url, version) = canonical.split_once('|').map_or((canonical.as_str(), None), |(u, v)| (u, Some(v)));
            let is = |d: &&Definition| {
                d.url == url
                    && d.resource_type == "StructureDefinition"
                    && version.is_none_or(|v| d.version.as_deref() == Some(v))
            };
            let found = graph.packages().iter().find_map(|p| p.definitions.iter().find(is));
            if let Some(found) = found {
                tapes.push((canonical, parse(found.text(), model.names(), &Limits::default())));
            }
        }
        Definitions { model, tapes }
    }

    /// The ElementDefinition of an element: of a profile that its resource claims, else of its type.
    pub fn element(&'g self, node: Node<'_>) -> Option<Item<'g>> {
        let way = node.way();
        let types = self.model.types_along(&way);
        let resource = types.iter().rposition(|t| self.model.is_resource(*t))?;
        let (root, root_type) = (way.get(resource)?, *types.get(resource)?);
        let path = way
            .iter()
            .skip(resource + 1)
            .zip(types.iter().skip(resource))
            .fold(self.model.type_name(root_type).to_owned(), |p, (n, t)| format!("{p}.{}", self.step(*n, *t)));
        let claimed = root.child(NameId::META).into_iter().flat_map(|m| m.children_named(NameId::PROFILE));
        let by_profile = claimed.filter(|p| p.has_value()).find_map(|p| self.find(&p.text(), &path));
        by_profile.or_else(|| {
            let parent = types.len().checked_sub(2).filter(|parent| *parent >= resource).and_then(|p| types.get(p));
            let of_type = match parent {
                Some(parent) => format!("{}.{}", self.model.type_name(*parent), self.step(node, *parent)),
                None => path.clone(),
            };
            self.find(&format!("{BASE}{}", type_root(&of_type)), &of_type)
        })
    }

    /// The name of a step as definitions write it.
    fn step(&self, node: Node<'_>, parent: TypeId) -> String {
        match self.model.child(parent, node.name()) {
            Some(row) if row.is_choice() => format!("{}[x]", self.model.names().text(row.choice_base)),
            _ => node.name_text().to_owned(),
        }
    }

    /// The element of a path in the snapshot of a structure; of the slices none.
    fn find(&'g self, canonical: &str, path: &str) -> Option<Item<'g>> {
        let (_, tape) = self.tapes.iter().find(|(url, _)| url == canonical)?;
        let named = |n: Node<'g>, name: &str| n.children().find(|c| c.name_text() == name);
        let snapshot = named(tape.root()?, "snapshot")?;
        let is = |e: &Node<'g>| {
            named(*e, "path").is_some_and(|p| p.text() == path)
                && named(*e, "id").is_none_or(|i| !i.text().contains(':'))
        };
        let element = snapshot.children().filter(|c| c.name_text() == "element").find(is)?;
        Some(Item::node(element, self.model.find("ElementDefinition").unwrap_or_default()))
    }
}

/// The type whose definition holds a type that is part of it: `Patient` of `Patient.contact`.
fn type_root(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
