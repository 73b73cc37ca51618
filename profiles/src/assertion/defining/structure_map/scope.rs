//! What is known of a map while its rules are judged: its structures and groups, and the variables in scope.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{named, text};
use crate::instance::Node;
use crate::judge::Scene;
use crate::model::TypeId;

const TYPES: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Whether data is read or made (<https://hl7.org/fhir/R4/valueset-map-model-mode.html>).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Source,
    Target,
}

impl Side {
    /// The side that a mode says; `None` where it says none.
    pub fn of(mode: Option<&str>) -> Option<Side> {
        match mode {
            Some("source" | "queried") => Some(Side::Source),
            Some("target" | "produced") => Some(Side::Target),
            _ => None,
        }
    }
}

/// A structure that a map declares.
struct Structure {
    side: Option<Side>,
    /// `None` of a structure that is no type of FHIR.
    ty: Option<TypeId>,
}

/// An input of a group.
pub struct Input<'t> {
    pub name: Cow<'t, str>,
    pub side: Option<Side>,
    pub ty: Option<TypeId>,
}

/// What is known of a map.
#[derive(Default)]
pub struct Map<'t> {
    structures: FxHashMap<Cow<'t, str>, Vec<Structure>>,
    /// The groups by name, with the inputs of each.
    pub groups: FxHashMap<Cow<'t, str>, Vec<Input<'t>>>,
    /// The groups that apply by the types of their inputs: from which type to which.
    pub defaults: Vec<(Option<TypeId>, Option<TypeId>)>,
    pub imports: bool,
    /// The names of rules, and of the groups or rules that rules call.
    pub rules: FxHashSet<Cow<'t, str>>,
    pub called: FxHashSet<Cow<'t, str>>,
    /// All structures are types of FHIR.
    pub is_closed: bool,
}

impl<'t> Map<'t> {
    /// Reads what a StructureMap declares.
    pub fn new(scene: &Scene<'_, 't>, n: Node<'t>) -> Map<'t> {
        let mut map = Map { imports: named(n, "import").next().is_some(), is_closed: true, ..Map::default() };
        for structure in named(n, "structure") {
            let Some(url) = text(structure, "url") else { continue };
            let ty = url.strip_prefix(TYPES).and_then(|name| scene.model().find(name));
            map.is_closed &= ty.is_some();
            let alias =
                text(structure, "alias").unwrap_or_else(|| url.rsplit('/').next().unwrap_or("").to_owned().into());
            let side = Side::of(text(structure, "mode").as_deref());
            map.structures.entry(alias).or_default().push(Structure { side, ty });
        }
        for group in named(n, "group") {
            map.collect(group);
            let inputs: Vec<Input<'t>> = named(group, "input").map(|i| map.input(scene, i)).collect();
            let is_default = text(group, "typeMode").is_some_and(|m| m == "types" || m == "type-and-types");
            if let ([from, to], true) = (&*inputs, is_default) {
                map.defaults.push((from.ty, to.ty));
            }
            if let Some(name) = text(group, "name") {
                map.groups.entry(name).or_insert(inputs);
            }
        }
        map
    }

    fn input(&self, scene: &Scene<'_, 't>, input: Node<'t>) -> Input<'t> {
        let side = Side::of(text(input, "mode").as_deref());
        let ty = text(input, "type").and_then(|ty| self.type_of(scene, &ty, side));
        Input { name: text(input, "name").unwrap_or_default(), side, ty }
    }

    /// The names of the rules of a group or rule, and of what they call.
    fn collect(&mut self, of: Node<'t>) {
        for rule in named(of, "rule") {
            self.rules.extend(text(rule, "name"));
            self.called.extend(named(rule, "dependent").filter_map(|d| text(d, "name")));
            self.collect(rule);
        }
    }

    /// Whether a name is the alias of a structure.
    pub fn is_alias(&self, name: &str) -> bool {
        self.structures.contains_key(name)
    }

    /// Whether an alias is one of structures on the other side only.
    pub fn is_other_side(&self, name: &str, side: Side) -> bool {
        self.structures.get(name).is_some_and(|all| all.iter().all(|s| s.side.is_some_and(|s| s != side)))
    }

    /// The type that a name in the map stands for: an alias, or a type of FHIR.
    pub fn type_of(&self, scene: &Scene<'_, '_>, name: &str, side: Option<Side>) -> Option<TypeId> {
        let Some(all) = self.structures.get(name) else { return scene.model().find(name) };
        // Both sides may have structures of one alias.
        let fits = |s: &&Structure| side.is_none() || s.side == side;
        let is_split = all.iter().any(|s| fits(&s));
        let mut found = all.iter().filter(|s| !is_split || fits(s)).map(|s| s.ty);
        let first = found.next()?;
        first.filter(|_| found.all(|ty| ty == first))
    }
}

/// A variable.
#[derive(Clone, Copy)]
pub struct Variable {
    pub side: Option<Side>,
    /// Where it is known.
    pub ty: Option<TypeId>,
}

/// The variables in scope: by name those that are called so, the inner ones last.
#[derive(Default)]
pub struct Scope<'t> {
    variables: FxHashMap<Cow<'t, str>, Vec<Variable>>,
    made: Vec<Cow<'t, str>>,
}

impl<'t> Scope<'t> {
    pub fn add(&mut self, name: Option<Cow<'t, str>>, side: Option<Side>, ty: Option<TypeId>) {
        let Some(name) = name else { return };
        self.variables.entry(name.clone()).or_default().push(Variable { side, ty });
        self.made.push(name);
    }

    /// How many variables were made.
    pub fn count(&self) -> usize {
        self.made.len()
    }

    /// Forgets the variables made after the first `count`.
    pub fn keep(&mut self, count: usize) {
        for name in self.made.drain(count..) {
            self.variables.get_mut(&name).map(Vec::pop);
        }
    }

    /// The variable of a name: that of the side that is asked for, where there are both.
    pub fn get(&self, name: &str, side: Option<Side>) -> Option<Variable> {
        let all = self.variables.get(name)?;
        let fits = |v: &&Variable| side.is_none() || v.side == side;
        all.iter().rev().find(fits).or_else(|| all.last()).copied()
    }
}
