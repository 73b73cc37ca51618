//! The functions that FHIR adds to FHIRPath (<https://hl7.org/fhir/R4/fhirpath.html#functions>).

use super::{Env, Eval, Logic, Sink, Step, Stop};
use crate::fhirpath::code::Op;
use crate::fhirpath::context::{Conformance, ErrorKind, Question, Resolved};
use crate::fhirpath::functions;
use crate::fhirpath::item::{Collection, Item};
use crate::instance::{NameId, Node};
use crate::model::TypeId;
use crate::xhtml;

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn fhir_stream(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        match op {
            Op::Extension => self.extension(at, env, sink),
            Op::Resolve => self.each(self.arg(at, 0), env, &mut |eval, item| {
                let found = eval.resolve(&item);
                found.map_or(Ok(()), |f| sink(eval, f))
            }),
            Op::CheckModifiers => self.check_modifiers(at, env, sink),
            Op::Outside => self.outside(at, env, sink),
            Op::Slice => self.slice(at, env, sink),
            _ => self.each(self.arg(at, 0), env, &mut |eval, item| {
                let found = match item {
                    Item::Node(node, _) => eval.context.ports.element_definition(node),
                    Item::Unknown(_) => None,
                    // A value that is not part of an instance has no definition.
                    _ => return Ok(()),
                };
                let definition = found.unwrap_or_else(|| eval.unknown(Question::Definition("elementDefinition")));
                sink(eval, definition)
            }),
        }
    }

    /// The items that are in a slice of a profile.
    fn slice(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let Some(profile) = self.text_arg(self.arg(at, 1), at, env)? else { return Ok(()) };
        let Some(name) = self.text_arg(self.arg(at, 2), at, env)? else { return Ok(()) };
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            let inside = match item {
                Item::Node(node, _) => eval.context.ports.in_slice(node, &profile, &name),
                Item::Unknown(_) => None,
                _ => Some(false),
            };
            match inside {
                Some(true) => sink(eval, item),
                Some(false) => Ok(()),
                None => {
                    let open = eval.unknown(Question::Definition("slice"));
                    sink(eval, open)
                }
            }
        })
    }

    fn extension(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let Some(url) = self.text_arg(self.arg(at, 1), at, env)? else { return Ok(()) };
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            let Item::Node(node, t) = item else {
                return if matches!(item, Item::Unknown(_)) {
                    sink(eval, Item::Unknown(TypeId::UNKNOWN))
                } else {
                    Ok(())
                };
            };
            let mut seen = 0;
            for child in node.children() {
                seen += 1;
                if child.name() == NameId::EXTENSION && child.child_text(NameId::URL).as_deref() == Some(&*url) {
                    let child_type = eval.context.typing.model().type_of_child(t, child);
                    sink(eval, Item::Node(child, child_type))?;
                }
            }
            eval.spend(at, seen)
        })
    }

    /// What a Reference, uri or canonical leads to.
    fn resolve(&mut self, item: &Item<'t>) -> Option<Item<'t>> {
        let (text, from) = match item {
            Item::Node(node, _) => {
                let holder = if node.has_value() {
                    Some(*node)
                } else {
                    node.child(NameId::REFERENCE).filter(|r| r.has_value())
                };
                // A Reference with only an identifier may well name something.
                let Some(holder) = holder else {
                    return node.is_object().then(|| self.unknown(Question::Resolve(String::new())));
                };
                (holder.text(), *node)
            }
            Item::Unknown(_) => return Some(Item::Unknown(TypeId::UNKNOWN)),
            other => (other.as_str()?.to_owned().into(), self.focus.as_node()?),
        };
        match self.context.ports.resolve(&text, from) {
            Resolved::Found(node) => Some(Item::Node(node, self.context.typing.resource_type(node))),
            Resolved::Nothing => None,
            Resolved::Typed(t) => {
                self.unknown(Question::Resolve(text.into_owned()));
                Some(Item::Unknown(t))
            }
            Resolved::Unknown => {
                self.unknown(Question::Resolve(text.clone().into_owned()));
                Some(Item::Unknown(self.reference_type(&text)))
            }
        }
    }

    /// The resource type that a reference of the form `…/Type/id` names.
    fn reference_type(&self, text: &str) -> TypeId {
        let path = text.split_once("/_history/").map_or(text, |(p, _)| p);
        let mut parts = path.rsplit('/');
        parts.next();
        let model = self.context.typing.model();
        parts.next().and_then(|t| model.find(t)).filter(|t| model.is_resource(*t)).unwrap_or_default()
    }

    /// Passes the items on; a modifier extension whose url is not among the arguments is an error.
    fn check_modifiers(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let mut known = Vec::new();
        for i in 1..self.argc(at) {
            known.extend(self.text_arg(self.arg(at, i), at, env)?);
        }
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            if let Item::Node(node, _) = &item {
                for m in node.children_named(NameId::MODIFIER_EXTENSION) {
                    let url = m.child_text(NameId::URL).unwrap_or_default();
                    if !known.iter().any(|k| **k == *url) {
                        return eval.fail(at, ErrorKind::Argument, format!("unknown modifier extension `{url}`"));
                    }
                }
            }
            sink(eval, item)
        })
    }

    fn outside(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let name = self.code.text(self.extra(at));
        let input = self.gather(self.arg(at, 0), env)?;
        let mut args: Vec<Collection<'t>> = Vec::new();
        for i in 1..self.argc(at) {
            args.push(self.gather(self.arg(at, i), env)?);
        }
        if input.iter().chain(args.iter().flatten()).any(|i| matches!(i, Item::Unknown(_))) {
            return sink(self, Item::Unknown(TypeId::UNKNOWN));
        }
        if let Some(function) = functions::terminology(name) {
            return match self.context.ports.terminology(name, &args) {
                Some(items) => self.push_all(&items, sink),
                None => {
                    let open = self.unknown(Question::Definition(function.shown));
                    sink(self, open)
                }
            };
        }
        match self.context.ports.call(name, &input, &args) {
            Some(Ok(items)) => self.push_all(&items, sink),
            Some(Err(message)) => {
                self.fail(at, ErrorKind::Outside, format!("`{}{name}` failed: {message}", sign(name)))
            }
            None if name.contains('.') => self.fail(at, ErrorKind::Outside, format!("unknown function `%{name}`")),
            None => self.fail(at, ErrorKind::Name, format!("unknown function `{name}`")),
        }
    }

    pub(super) fn fhir_logic(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        match op {
            Op::HasValue => self.has_value(at, env),
            Op::MemberOf | Op::ValidIn => self.member_of(op, at, env),
            Op::ConformsTo => self.conforms_to(at, env),
            Op::HtmlChecks => self.html_checks(at, env),
            Op::HasTemplateIdOf => self.has_template_id(at, env),
            _ => {
                let left = self.single(self.arg(at, 0), env)?;
                let right = self.single(self.arg(at, 1), env)?;
                let (Some(left), Some(right)) = (left, right) else { return Ok(Logic::Empty) };
                let (a, b) = if op == Op::Subsumes { (&left, &right) } else { (&right, &left) };
                let answer = if matches!(a, Item::Unknown(_)) || matches!(b, Item::Unknown(_)) {
                    None
                } else {
                    self.context.ports.subsumes(a, b)
                };
                Ok(self.answer(answer, || Question::Subsumes))
            }
        }
    }

    fn answer(&mut self, answer: Option<bool>, question: impl FnOnce() -> Question) -> Logic {
        match answer {
            Some(b) => Logic::from(b),
            None => {
                self.unknown(question());
                Logic::Unknown
            }
        }
    }

    /// Whether the input is one primitive that has a value.
    fn has_value(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        if let (Op::This, [Item::Node(node, _)]) = (self.op(self.arg(at, 0)), env.this) {
            return Ok(Logic::from(node.has_value()));
        }
        let mut count = 0;
        let mut truth = Logic::False;
        let out = self.each(self.arg(at, 0), env, &mut |_, item| {
            count += 1;
            truth = match item {
                Item::Node(node, _) => Logic::from(node.has_value()),
                Item::Unknown(_) => Logic::Unknown,
                _ => Logic::True,
            };
            if count > 1 { Err(Stop::Done) } else { Ok(()) }
        });
        match out {
            Ok(()) => Ok(truth),
            Err(Stop::Done) => Ok(Logic::False),
            Err(e) => Err(e),
        }
    }

    fn member_of(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let Some(item) = self.single(self.arg(at, 0), env)? else { return Ok(Logic::Empty) };
        let Some(set) = self.text_arg(self.arg(at, 1), at, env)? else { return Ok(Logic::Empty) };
        let answer = match op {
            _ if matches!(item, Item::Unknown(_)) => None,
            Op::ValidIn => self.context.ports.valid_in(&item, &set),
            _ => self.context.ports.member_of(&item, &set),
        };
        Ok(self.answer(answer, || Question::MemberOf(set.to_string())))
    }

    fn conforms_to(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let Some(item) = self.single(self.arg(at, 0), env)? else { return Ok(Logic::Empty) };
        let Some(profile) = self.text_arg(self.arg(at, 1), at, env)? else { return Ok(Logic::Empty) };
        let conformance = match item {
            Item::Node(node, t) => match self.core_type(&profile) {
                // The profile that a type's own definition is: only that type can conform, and not to a sibling.
                Some(wanted) if t.is_known() && !self.context.typing.model().is_a(t, wanted) => Conformance::No,
                _ => self.context.ports.conforms_to(node, t, &profile),
            },
            _ => Conformance::Unknown,
        };
        match conformance {
            Conformance::Yes => Ok(Logic::True),
            Conformance::No => Ok(Logic::False),
            Conformance::Unknown => Ok(self.answer(None, || Question::ConformsTo(profile.to_string()))),
            Conformance::NoSuchProfile => self.fail(at, ErrorKind::Name, format!("unknown profile `{profile}`")),
        }
    }

    /// The type whose definition a canonical names.
    fn core_type(&self, profile: &str) -> Option<TypeId> {
        self.context.typing.model().find(profile.strip_prefix("http://hl7.org/fhir/StructureDefinition/")?)
    }

    fn html_checks(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let Some(item) = self.single(self.arg(at, 0), env)? else { return Ok(Logic::Empty) };
        let answer = match &item {
            Item::Unknown(_) => return Ok(Logic::Unknown),
            Item::Node(node, t) if node.has_value() && self.is_text(*node, *t) => {
                xhtml::is_allowed(&node.text(), node.outer_prefixes())
            }
            Item::Str(_) | Item::Text(_) => xhtml::is_allowed(item.as_str().unwrap_or(""), &[]),
            _ => return Ok(Logic::Empty),
        };
        Ok(self.answer(answer, || Question::Html))
    }

    /// Whether a node's value is a text, not a number or a date.
    fn is_text(&self, node: Node<'t>, t: TypeId) -> bool {
        use crate::fhirpath::typing::Class;
        match self.context.typing.class(t) {
            Class::String => true,
            Class::Unknown => node.kind() == crate::instance::Kind::String,
            _ => false,
        }
    }

    /// CDA's `hasTemplateIdOf()`: whether a `templateId` has the root that the profile's definition names.
    fn has_template_id(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let Some(item) = self.single(self.arg(at, 0), env)? else { return Ok(Logic::Empty) };
        let Some(profile) = self.text_arg(self.arg(at, 1), at, env)? else { return Ok(Logic::Empty) };
        let Some(node) = item.as_node() else { return Ok(Logic::Unknown) };
        let names = self.context.typing.value;
        let has_template = node.children().any(|c| c.name() == names.template_id || c.name_text() == "templateId");
        if !has_template {
            return Ok(Logic::False);
        }
        Ok(self.answer(None, || Question::ConformsTo(profile.to_string())))
    }
}

/// What a call of this outside function starts with.
fn sign(name: &str) -> &'static str {
    if name.contains('.') { "%" } else { "" }
}
