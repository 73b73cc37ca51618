//! What is known of a map while its rules are judged: its structures and groups, and the variables in scope.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

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
#[derive(PartialEq)]
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

/// Types, and none of what is no type of FHIR.
type Types = FxHashSet<Option<TypeId>>;

/// The groups that apply by types, as the types from which they lead with those to which they do.
#[derive(Default)]
pub struct Defaults {
    all: FxHashMap<Option<TypeId>, Types>,
    /// The types to which groups lead from a type that was asked for.
    from: RefCell<FxHashMap<Option<TypeId>, Rc<Types>>>,
}

impl Defaults {
    fn add(&mut self, from: Option<TypeId>, to: Option<TypeId>) {
        self.all.entry(from).or_default().insert(to);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a group leads from a type to another, by what fits a type. Each type is looked up once.
    pub fn has(
        &self,
        (from, to): (Option<TypeId>, Option<TypeId>),
        fits: impl Fn(Option<TypeId>, Option<TypeId>) -> bool,
    ) -> bool {
        let known = self.from.borrow().get(&from).map(Rc::clone);
        let targets = known.unwrap_or_else(|| {
            let fitting = self.all.iter().filter(|(source, _)| fits(from, **source));
            let targets = Rc::new(fitting.flat_map(|(_, targets)| targets.iter().copied()).collect());
            self.from.borrow_mut().insert(from, Rc::clone(&targets));
            targets
        });
        targets.iter().any(|target| fits(to, *target))
    }
}

/// What is known of a map.
#[derive(Default)]
pub struct Map<'t> {
    structures: FxHashMap<Cow<'t, str>, Vec<Structure>>,
    /// The groups by name, with the inputs of each.
    pub groups: FxHashMap<Cow<'t, str>, Vec<Input<'t>>>,
    /// The groups that apply by the types of their inputs: from which type to which.
    pub defaults: Defaults,
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
            let all = map.structures.entry(alias).or_default();
            let structure = Structure { side, ty };
            // However many there are, they differ by side and type only.
            if !all.contains(&structure) {
                all.push(structure);
            }
        }
        for group in named(n, "group") {
            map.collect(group);
            let inputs: Vec<Input<'t>> = named(group, "input").map(|i| map.input(scene, i)).collect();
            let is_default = text(group, "typeMode").is_some_and(|m| m == "types" || m == "type-and-types");
            if let ([from, to], true) = (&*inputs, is_default) {
                map.defaults.add(from.ty, to.ty);
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
    /// Where it is known.
    pub ty: Option<TypeId>,
}

/// A variable, and what its name means from it on.
#[derive(Clone, Copy)]
struct Made {
    variable: Variable,
    /// The last one of this name that is read, and the last one that is made.
    source: Option<Variable>,
    target: Option<Variable>,
}

/// The variables in scope: by name those that are called so, the inner ones last.
#[derive(Default)]
pub struct Scope<'t> {
    variables: FxHashMap<Cow<'t, str>, Vec<Made>>,
    made: Vec<Cow<'t, str>>,
}

impl<'t> Scope<'t> {
    pub fn add(&mut self, name: Option<Cow<'t, str>>, side: Option<Side>, ty: Option<TypeId>) {
        let Some(name) = name else { return };
        let variable = Variable { ty };
        let all = self.variables.entry(name.clone()).or_default();
        let (source, target) = all.last().map_or((None, None), |before| (before.source, before.target));
        all.push(match side {
            Some(Side::Source) => Made { variable, source: Some(variable), target },
            Some(Side::Target) => Made { variable, source, target: Some(variable) },
            None => Made { variable, source, target },
        });
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
        let last = self.variables.get(name)?.last()?;
        let fitting = match side {
            Some(Side::Source) => last.source,
            Some(Side::Target) => last.target,
            None => None,
        };
        Some(fitting.unwrap_or(last.variable))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Option<TypeId> = Some(TypeId(1));
    const MADE: Option<TypeId> = Some(TypeId(2));

    #[test]
    fn a_name_means_the_innermost_variable_of_its_side() {
        let mut scope = Scope::default();
        let of = |scope: &Scope<'_>, side| scope.get("v", side).map(|v| v.ty);
        assert_eq!(of(&scope, None), None);
        scope.add(Some("v".into()), Some(Side::Source), READ);
        let outer = scope.count();
        scope.add(Some("v".into()), Some(Side::Target), MADE);
        assert_eq!((of(&scope, Some(Side::Source)), of(&scope, None)), (Some(READ), Some(MADE)));
        scope.keep(outer);
        // Where there is none of the side, the other is meant.
        assert_eq!(of(&scope, Some(Side::Target)), Some(READ));
    }

    #[test]
    fn many_variables_of_one_name_are_no_work() {
        // A search through them would not end.
        let (mut scope, count) = (Scope::default(), 300_000);
        scope.add(Some("v".into()), Some(Side::Target), MADE);
        for _ in 0..count {
            scope.add(Some("v".into()), Some(Side::Source), READ);
            assert!(scope.get("v", Some(Side::Target)).is_some_and(|v| v.ty == MADE));
        }
        assert_eq!(scope.count(), count + 1);
    }

    #[test]
    fn groups_that_apply_by_types_are_looked_up_once_for_each_type() {
        let mut defaults = Defaults::default();
        (0..1000).for_each(|_| defaults.add(None, None));
        let asked = std::cell::Cell::new(0);
        for _ in 0..1000 {
            assert!(defaults.has((None, None), |_, _| {
                asked.set(asked.get() + 1);
                true
            }));
        }
        assert_eq!(asked.get(), 1001);
    }
}
