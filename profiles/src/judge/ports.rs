//! What FHIRPath may ask of a validation: membership, references, conformance, functions of a site.

use super::answers::Withheld;
use super::codes::codes_of;
use super::elsewhere::Elsewhere;
use super::membership::Coded;
use super::place::Frame;
use super::reference::Target;
use super::scene::{Judge, Scene};
use super::truth::Truth;
use crate::fhirpath::{Collection, Conformance, Context, Item, Options, Outcome, Ports, Resolved, Scratch};
use crate::instance::{NameId, Node};
use crate::model::TypeId;
use crate::plan::Handle;
use crate::release::release;
use crate::script::View;

/// A validation as FHIRPath sees it from a place.
#[derive(Clone, Copy)]
pub struct JudgePorts<'a> {
    scene: Scene<'a, 'a>,
    frame: Frame<'a>,
    /// How many trials enclose the expression.
    trials: u32,
}

impl<'a> JudgePorts<'a> {
    /// Whether a code is in a value set that no package has.
    fn member_elsewhere(&self, coded: &Item<'a>, canonical: &str) -> Truth {
        let scene = &self.scene;
        let member = |c: &Coded<'_>, need_system| scene.member_elsewhere(canonical, c, need_system);
        match coded {
            _ if scene.held.is_none() && !scene.can_ask() => Truth::Unknown,
            Item::Node(n, t) => {
                let role = scene.model().role(*t);
                Truth::any(codes_of(*n, role).map(|c| member(&c, !role.is_primitive())))
            }
            other => other
                .as_str()
                .map_or(Truth::Unknown, |code| member(&Coded { system: None, code: code.into(), coding: None }, false)),
        }
    }

    /// Whether the display of the one code or Coding of a collection, which is one of this code system, is one of the
    /// code's names.
    fn is_named(&self, items: &[Item<'a>], system: &str) -> Truth {
        let [Item::Node(n, _)] = items else { return Truth::True };
        match n.child_text(NameId::CODE).filter(|_| n.is_object()) {
            Some(code) => self.scene.is_named(&Coded { system: Some(system.into()), code, coding: Some(*n) }, None),
            None => Truth::True,
        }
    }

    fn judge(&self) -> Judge<'a, 'a> {
        Judge::apart(self.scene, self.trials)
    }

    /// What an expression sees at a node of the frame's resource.
    pub fn context(&'a self) -> Context<'a> {
        let options = Options {
            system_names: release(self.scene.set.fhir_version()).system_names,
            steps: self.scene.policies.work.expression.min(self.scene.shared.steps_left.get()),
            ..Options::default()
        };
        Context {
            root_resource: self.frame.root,
            options,
            now: self.scene.now,
            interrupt: Some(&self.scene.shared.interrupt),
            ..Context::new(self.scene.typing, self.frame.resource, self)
        }
    }

    /// What a script sees at a node of the frame's resource.
    pub fn view(&'a self, n: Node<'a>, type_id: TypeId) -> View<'a> {
        let context = self.context();
        View {
            typing: self.scene.typing,
            ports: self,
            focus: (n, type_id),
            resource: context.resource,
            root_resource: context.root_resource,
            options: context.options,
        }
    }
}

impl<'t> Judge<'_, 't> {
    /// The ports of expressions in a frame.
    pub fn ports<'a>(&'a self, frame: &Frame<'t>) -> JudgePorts<'a>
    where
        't: 'a,
    {
        JudgePorts { scene: self.scene, frame: *frame, trials: self.ledger.trials() }
    }

    /// The steps that expressions may still take in this validation.
    pub fn steps_left(&self) -> u64 {
        self.shared.steps_left.get()
    }

    /// Counts steps of expressions that were looked at without being evaluated.
    pub fn spend_steps(&self, steps: u64) {
        let left = &self.shared.steps_left;
        left.set(left.get().saturating_sub(steps));
    }

    /// Lends the memory of expressions to `work`, and counts the steps that it took.
    pub fn with_scratch<T>(&self, work: impl FnOnce(&mut Scratch) -> T) -> T {
        let mut scratch = self.shared.fhirpath.take();
        let out = work(&mut scratch);
        self.spend_steps(scratch.steps());
        self.shared.fhirpath.replace(scratch);
        out
    }
}

fn known(truth: Truth) -> Option<bool> {
    match truth {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    }
}

impl<'a> Ports<'a> for JudgePorts<'a> {
    fn member_of(&self, coded: &Item<'a>, value_set: &str) -> Option<bool> {
        if self.scene.is_withheld(Withheld::Function) {
            return None;
        }
        let Some(handle) = self.scene.set.find_value_set(value_set, None) else {
            return known(self.member_elsewhere(coded, value_set));
        };
        known(match coded {
            Item::Node(n, t) => self.scene.member(*n, *t, handle),
            other => {
                self.scene
                    .membership(handle, &Coded { system: None, code: other.as_str()?.into(), coding: None }, false)
                    .truth
            }
        })
    }

    fn valid_in(&self, coded: &Item<'a>, value_set: &str) -> Option<bool> {
        match coded {
            Item::Node(..) if self.scene.is_withheld(Withheld::Function) => None,
            Item::Node(n, t) => known(self.scene.is_valid_in(*n, *t, value_set)),
            _ => self.member_of(coded, value_set),
        }
    }

    fn resolve(&self, reference: &str, from: Node<'a>) -> Resolved<'a> {
        if self.scene.is_withheld(Withheld::Function) {
            return Resolved::Unknown;
        }
        let frame = if is_inside(from, self.frame.resource) { self.scene.frame_of(from) } else { self.frame };
        match self.scene.resolve_text(reference, from, &frame) {
            Target::Found(n) => Resolved::Found(n),
            Target::Missing => Resolved::Nothing,
            // Somebody holds it: at least its type is known, whatever its address says.
            Target::Typed(_) | Target::Unknown => match self.scene.resources.map(|r| r.find(reference)) {
                Some(Elsewhere::Here(name)) => {
                    self.scene.model().find(&name).map_or(Resolved::Unknown, Resolved::Typed)
                }
                _ => Resolved::Unknown,
            },
        }
    }

    fn call(&self, name: &str, _input: &[Item<'a>], args: &[Collection<'a>]) -> Option<Outcome<'a>> {
        let (scripts, budget) = self.scene.scripts?;
        let ports = *self;
        let frame = self.frame;
        let view = View {
            typing: self.scene.typing,
            ports: &ports,
            focus: (frame.resource, frame.type_id),
            resource: frame.resource,
            root_resource: frame.root,
            options: Options {
                system_names: release(self.scene.set.fhir_version()).system_names,
                ..Options::default()
            },
        };
        let answer = scripts.call(name, args, &view, budget)?;
        Some(answer.and_then(|a| a.items(self.scene.tape)))
    }

    fn terminology(&self, name: &str, args: &[Collection<'a>]) -> Option<Collection<'a>> {
        let (system, codes) = args.split_first()?;
        let system = word(system)?;
        let found = self.scene.code_system(&system).filter(|_| !self.scene.is_withheld(Withheld::Function))?;
        // Where case does not tell codes apart, another spelling may be one.
        let is_exact = found.1.case_sensitive != 0;
        let has = |code: &str| known(self.scene.has_code(found, code)).filter(|has| *has || is_exact);
        let answer = match (name, codes) {
            ("terminologies.validateCS.result", [coded]) => {
                let has = Truth::of(has(&code_in(coded, &system)?)?);
                Item::Bool(known(has.and(self.is_named(coded, &system)))?)
            }
            // Packages have the codes of a system, but not how they are ordered.
            ("terminologies.subsumes", [a, b]) => {
                let (a, b) = (code_in(a, &system)?, code_in(b, &system)?);
                (a == b && has(&a)?).then_some(Item::Str("equivalent"))?
            }
            _ => return None,
        };
        Some(Collection::from_iter([answer]))
    }

    fn conforms_to(&self, node: Node<'a>, type_id: TypeId, profile: &str) -> Conformance {
        let set = self.scene.set;
        if self.scene.is_withheld(Withheld::Function) {
            return Conformance::Unknown;
        }
        let Some(structure) = set.find_structure(profile, None) else { return Conformance::NoSuchProfile };
        let Some(root) = set.root(structure) else { return Conformance::Unknown };
        match self.judge().conforms(node, self.scene.frame_of(node), type_id, &[root]) {
            Truth::True => Conformance::Yes,
            Truth::False => Conformance::No,
            Truth::Unknown => Conformance::Unknown,
        }
    }

    fn in_slice(&self, node: Node<'a>, profile: &str, slice: &str) -> Option<bool> {
        let structure = self.scene.set.find_structure(profile, None)?;
        known(self.judge().in_slice(node, structure, slice))
    }
}

/// The text of the one item of a collection.
fn word(items: &[Item<'_>]) -> Option<String> {
    match items {
        [Item::Node(n, _)] => n.has_value().then(|| n.text().into_owned()),
        [one] => one.as_str().map(str::to_owned),
        _ => None,
    }
}

/// The code of the one code or Coding of a collection, where it is one of this code system.
fn code_in(items: &[Item<'_>], system: &str) -> Option<String> {
    match items {
        [Item::Node(n, _)] if n.is_object() => {
            let is_of_system = n.child_text(NameId::SYSTEM).is_none_or(|s| s == system);
            // The version that it names may have other codes.
            let is_open = n.child_text(NameId::VERSION).is_some_and(|v| !v.is_empty());
            n.child_text(NameId::CODE).filter(|_| is_of_system && !is_open).map(|c| c.into_owned())
        }
        _ => word(items),
    }
}

/// Whether a node is in a resource (or is its root).
fn is_inside(n: Node<'_>, resource: Node<'_>) -> bool {
    n.index() >= resource.index() && n.span().end <= resource.span().end
}

impl<'t> Judge<'_, 't> {
    /// Whether a node is in the slice of this name that a profile lays on the node's place, seen from the nearest
    /// element around it that is of the profile's type.
    fn in_slice(&mut self, n: Node<'t>, structure: Handle, name: &str) -> Truth {
        let model = self.model();
        let wanted = self.set.structure(structure).and_then(|s| model.find(self.set.str(structure.layer, s.type_name)));
        let (Some(wanted), Some(root)) = (wanted, self.set.root(structure)) else { return Truth::Unknown };
        let way = n.way();
        let types = model.types_along(&way);
        let Some((own, above)) = types.split_last() else { return Truth::False };
        let Some(around) = above.iter().rposition(|t| model.is_a(*t, wanted)) else { return Truth::False };
        let mut plan = self.plans.node(above.get(around).copied().unwrap_or_default(), &[root]);
        for (i, step) in way.iter().enumerate().skip(around + 1) {
            let Some((child, variant)) = plan.child(step.name()) else { return Truth::False };
            if i + 1 == way.len() {
                let (in_slice, frame) = (self.calls.in_slice, self.frame_of(n));
                return in_slice(self, child, n, *own, frame, name);
            }
            let next = self.plans.variant(child, variant);
            plan = next;
        }
        Truth::False
    }
}

/// What may be asked about an instance outside a walk along its plan.
pub struct Session<'s> {
    ports: JudgePorts<'s>,
}

impl<'s> Session<'s> {
    /// A session over a scene, seen from the instance's root.
    pub fn new(scene: Scene<'s, 's>, root: Node<'s>) -> Session<'s> {
        Session { ports: JudgePorts { scene, frame: scene.frame_of(root), trials: 0 } }
    }

    /// The ports for expressions on the instance.
    pub fn ports(&self) -> JudgePorts<'s> {
        self.ports
    }

    /// Whether a resource in the instance conforms to a profile (the root of a structure), seen from where it is.
    pub fn conforms_at(&self, resource: Node<'s>, profile: Handle) -> Truth {
        let frame = self.ports.scene.frame_of(resource);
        self.ports.judge().conforms(resource, frame, frame.type_id, &[profile])
    }

    /// The references in a resource of a Bundle that name resources of that Bundle, each with the one that it names;
    /// `None` where it names several.
    pub fn leads_inside(&self, resource: Node<'s>) -> Vec<(String, Option<Node<'s>>)> {
        let scene = &self.ports.scene;
        let Some(bundle) = scene.frame_of(resource).bundle else { return Vec::new() };
        let index = scene.entries(bundle);
        let (mut all, mut ways) = (Vec::new(), vec![resource]);
        while let Some(n) = ways.pop() {
            ways.extend(n.children());
            if n.name() != NameId::REFERENCE || !n.has_value() {
                continue;
            }
            let text = n.text();
            match scene.entries_named(&index, bundle, &text, n) {
                [] => {}
                [one] => all.push((text.into_owned(), Some(scene.tape.node(*one)))),
                _ => all.push((text.into_owned(), None)),
            }
        }
        all
    }

    /// Whether the instance conforms to a profile (the root of a structure), whatever else it claims.
    pub fn conforms(&self, profile: Handle) -> Truth {
        let frame = self.ports.frame;
        self.ports.judge().conforms(frame.resource, frame, frame.type_id, &[profile])
    }
}
