//! One resource, as the tests of parameters see it.

use std::borrow::Cow;
use std::cell::RefCell;

use super::answer::{Open, open};
use super::contained::Contained;
use super::limits::{BYTES_A_STEP, LOOK, STEPS};
use super::parameter::Parameters;
use super::program::{Program, Programs};
use crate::fhirpath::{Context, ErrorKind, Item, Options, Scratch, Typing, evaluate};
use crate::instance::{Kind, NameId, Node};
use crate::interrupt::{Interrupt, Spent, Steps};
use crate::model::Model;

/// What an expression yields.
pub(super) struct Found<'t> {
    /// The items that are known.
    pub items: Vec<Item<'t>>,
    /// Whether there may be more, which depend on what is not here.
    pub is_open: bool,
}

/// A resource with what is left of the work on it.
pub(super) struct Reading<'t> {
    pub typing: &'t Typing<'t>,
    pub parameters: &'t dyn Parameters,
    pub programs: &'t Programs,
    pub root: Node<'t>,
    pub contained: Contained<'t>,
    /// The name of the resource's type.
    pub type_name: &'t str,
    pub system_names: bool,
    pub interrupt: &'t Interrupt,
    /// The base URLs of the server that the resource is on.
    pub bases: &'t [String],
    pub work: RefCell<(Steps, Scratch)>,
}

impl<'t> Reading<'t> {
    /// The work of one question.
    pub fn work() -> RefCell<(Steps, Scratch)> {
        RefCell::new((Steps::new(STEPS), Scratch::default()))
    }

    pub fn model(&self) -> &'t Model {
        self.typing.model()
    }

    /// Takes steps.
    pub fn take(&self, steps: u64) -> Result<(), Open> {
        self.work.borrow_mut().0.take(steps, LOOK, self.interrupt).map_err(|spent| match spent {
            Spent::All => out_of_steps(),
            Spent::BrokenOff => broken_off(),
        })
    }

    /// Takes the steps of a text that is looked at in full.
    pub fn take_text(&self, text: &str) -> Result<(), Open> {
        self.take((text.len() / BYTES_A_STEP) as u64 + 1)
    }

    /// What a program yields for an item.
    pub fn items<'p>(&'p self, program: &'p Program, focus: &Item<'p>) -> Result<Found<'p>, Open>
    where
        't: 'p,
    {
        let mut work = self.work.borrow_mut();
        let (steps, scratch) = &mut *work;
        let options = Options {
            steps: steps.left(),
            system_names: self.system_names,
            addressed_types: true,
            ..Options::default()
        };
        let context = Context {
            options,
            interrupt: Some(self.interrupt),
            ..Context::new(self.typing, self.root, &self.contained)
        };
        let found = evaluate(program.code()?, focus, &context, scratch).map_err(|e| match e.kind {
            ErrorKind::Budget => out_of_steps(),
            ErrorKind::BrokenOff => broken_off(),
            _ => Open::Question("the parameter's expression fails on the resource".into()),
        });
        let used = scratch.steps().min(steps.left());
        if steps.take(used, LOOK, self.interrupt).is_err() {
            return Err(broken_off());
        }
        let found = found?;
        let is_open = found.iter().any(|i| matches!(i, Item::Unknown(_)));
        Ok(Found { items: found.into_iter().filter(|i| !matches!(i, Item::Unknown(_))).collect(), is_open })
    }

    /// The name of an item's type; of values that the expression made that of FHIRPath's.
    pub fn type_of<'n>(&self, item: &Item<'n>) -> &'n str
    where
        't: 'n,
    {
        item.type_name(self.typing)
    }

    /// The one child of this name.
    ///
    /// # Errors
    /// Where there are several.
    pub fn child<'n>(&self, node: Node<'n>, name: &str) -> Result<Option<Node<'n>>, Open> {
        let mut all = self.children(node, name);
        match (all.next(), all.next()) {
            (_, Some(_)) => open(REPEATED),
            (found, None) => Ok(found),
        }
    }

    /// The children of this name.
    pub fn children<'n>(&self, node: Node<'n>, name: &str) -> impl Iterator<Item = Node<'n>> {
        let name = self.model().names().find(name.as_bytes());
        name.into_iter().flat_map(move |name| node.children_named(name))
    }

    /// The text of the child of this name; `None` where there is no such child, or it has no value.
    pub fn child_text<'n>(&self, node: Node<'n>, name: &str) -> Result<Option<Cow<'n, str>>, Open> {
        self.child(node, name)?.map_or(Ok(None), text_of)
    }

    /// Refuses an item that stands beside another where only one may be: readers differ in which they take.
    pub fn regular(&self, item: &Item<'_>) -> Result<(), Open> {
        let Some(node) = item.as_node() else { return Ok(()) };
        let way = node.way();
        let types = self.model().types_along(&way);
        for ((parent, parent_type), node) in way.iter().zip(&types).zip(way.iter().skip(1)) {
            self.take(1)?;
            let Some(row) = self.model().child(*parent_type, node.name()) else { continue };
            let is_repeated = !row.is_list() && parent.children_named(node.name()).nth(1).is_some();
            let is_doubled = row.is_choice() && {
                let base = |n: NameId| self.model().child(*parent_type, n).map(|r| r.choice_base);
                let names = parent.children().map(Node::name);
                names.filter(|n| *n != node.name()).any(|n| base(n) == Some(row.choice_base))
            };
            if is_repeated || is_doubled {
                return open(REPEATED);
            }
        }
        Ok(())
    }
}

const REPEATED: &str = "the resource has several values where one may be";

/// The text of an element that is to be one; `None` where it has no value.
pub(super) fn text_of<'n>(node: Node<'n>) -> Result<Option<Cow<'n, str>>, Open> {
    match node.kind() {
        Kind::String => Ok(Some(node.text())),
        Kind::Null | Kind::Absent => Ok(None),
        Kind::Object if node.tape().is_xml() => Ok(None),
        _ => open("an element of the resource has a value of another type"),
    }
}

/// The children of an element that is to have some.
pub(super) fn complex(node: Node<'_>) -> Result<Node<'_>, Open> {
    if node.is_object() { Ok(node) } else { open("an element of the resource has a value in place of members") }
}

fn out_of_steps() -> Open {
    Open::Limit(format!("the search takes more than {STEPS} steps").into())
}

fn broken_off() -> Open {
    Open::Limit("the search was broken off".into())
}
