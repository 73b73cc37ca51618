//! Whether one resource meets a search query (<https://hl7.org/fhir/R4/search.html>), and whether it is in a patient's
//! compartment (<https://hl7.org/fhir/R4/compartmentdefinition.html>), told from the resource alone. Answers are
//! three-valued: what depends on a server, on other resources or on terminology is unknown, and so is what
//! servers read in different ways. Definitions come through the port [`Parameters`].

mod answer;
mod compartment;
mod contained;
mod date;
mod escape;
mod limits;
mod number;
mod parameter;
mod prefix;
mod program;
mod query;
mod reading;
mod reference;
mod test;
mod text;
mod token;
mod uri;

use std::borrow::Cow;
use std::cell::OnceCell;

pub use answer::Answer;
pub use limits::{PAIRS, QUERY_BYTES, STEPS, VALUES};
pub use parameter::{Component, Kind, Membership, Parameter, Parameters};
pub use program::Programs;

use answer::{Open, Told, all, open};
use contained::Contained;
use query::{Filter, filters};
use reading::Reading;
use test::Test;

use crate::fhirpath::{Item, Typing};
use crate::instance::{Limits, NameId, Node, read_through};
use crate::interrupt::Interrupt;

/// Answers questions about resources of one FHIR version.
pub struct Search<'a> {
    typing: &'a Typing<'a>,
    parameters: &'a dyn Parameters,
    programs: &'a Programs,
    system_names: bool,
    interrupt: &'a Interrupt,
    bases: &'a [String],
}

/// What breaks nothing off.
static NEVER: Interrupt = Interrupt::never();

impl<'a> Search<'a> {
    /// A search by these definitions; `programs` belong to the same model.
    pub fn new(typing: &'a Typing<'a>, parameters: &'a dyn Parameters, programs: &'a Programs) -> Search<'a> {
        Search { typing, parameters, programs, system_names: false, interrupt: &NEVER, bases: &[] }
    }

    /// Whether expressions may call the types of FHIR's primitives by FHIRPath's names, as `as(DateTime)`.
    pub fn with_system_names(self, system_names: bool) -> Search<'a> {
        Search { system_names, ..self }
    }

    /// The same, broken off by an interrupt.
    pub fn under(self, interrupt: &'a Interrupt) -> Search<'a> {
        Search { interrupt, ..self }
    }

    /// The same, of a server with these base URLs, without a slash at the end: what a reference says below one of them
    /// is read as a relative one.
    pub fn at(self, bases: &'a [String]) -> Search<'a> {
        Search { bases, ..self }
    }

    /// Whether a resource, in JSON or XML, meets a query: the part of an address behind the question mark,
    /// percent-encoded. Parameters that only shape an answer, as `_count`, are passed over; a query without any other
    /// is met by every resource.
    pub fn meets(&self, resource: &[u8], query: &str) -> Answer {
        self.read(resource, |reading| {
            let filters = filters(query)?;
            all(filters.iter().map(|filter| reading.filter(filter.as_ref().map_err(Clone::clone)?)))
        })
    }

    /// Whether a resource, in JSON or XML, is in the compartment of the patient with this id.
    pub fn in_patient_compartment(&self, resource: &[u8], patient: &str) -> Answer {
        self.read(resource, |reading| compartment::holds(reading, patient))
    }

    fn read(&self, resource: &[u8], ask: impl FnOnce(&Reading<'_>) -> Told) -> Answer {
        let limits = Limits { interrupt: self.interrupt.clone(), ..Limits::default() };
        let mended = OnceCell::new();
        let tape = read_through(resource, &mended, self.typing.model().names(), &limits);
        // Of two members of one name each reader takes the one that it likes.
        if tape.fault_count() > 0 {
            return Answer::Unknown("the resource is not well-formed".to_owned());
        }
        let named = tape.root().and_then(|root| Some((root, stated_type(root)?)));
        let Some((root, name)) = named.filter(|(root, _)| self.typing.resource_type(*root).is_known()) else {
            return Answer::Unknown("the resource is of no known type".to_owned());
        };
        let reading = Reading {
            typing: self.typing,
            parameters: self.parameters,
            programs: self.programs,
            root,
            contained: Contained::of(root),
            type_name: &name,
            system_names: self.system_names,
            interrupt: self.interrupt,
            bases: self.bases,
            work: Reading::work(),
        };
        Answer::from(ask(&reading))
    }
}

/// What a resource says that it is.
fn stated_type(root: Node<'_>) -> Option<String> {
    let stated = root.child(NameId::RESOURCE_TYPE)?;
    (stated.has_value() && !stated.in_array()).then(|| stated.text().into_owned())
}

/// The parameter that compares texts by their sound; its definition says so in words only.
const PHONETIC: &str = "phonetic";
/// The longest name of a parameter that is told.
const TOLD_NAME: usize = 64;

/// What is said of a filter; the name is told where it can be one.
fn about(filter: &Filter<'_>, why: &str) -> Cow<'static, str> {
    let is_name = |text: &str| {
        text.len() <= TOLD_NAME && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    match &filter.modifier {
        Some(modifier) if is_name(&filter.code) && is_name(modifier) => {
            format!("`{}:{modifier}`: {why}", filter.code).into()
        }
        None if is_name(&filter.code) => format!("`{}`: {why}", filter.code).into(),
        _ => why.to_owned().into(),
    }
}

impl<'t> Reading<'t> {
    /// Whether the resource meets a filter.
    fn filter(&self, filter: &Filter<'_>) -> Told {
        self.filtered(filter).map_err(|e| match e {
            Open::Question(why) => Open::Question(about(filter, &why)),
            limit @ Open::Limit(_) => limit,
        })
    }

    fn filtered(&self, filter: &Filter<'_>) -> Told {
        self.take(1)?;
        if filter.code.contains('.') || filter.modifier.as_ref().is_some_and(|m| m.contains('.')) {
            return open("a chain leads to other resources");
        }
        if matches!(&*filter.code, "_contained") && &*filter.value == "false" {
            return Ok(true);
        }
        let Some(parameter) = self.parameters.named(self.type_name, &filter.code) else {
            return open("the definitions have no one search parameter of this name");
        };
        let focus = self.focus();
        let modifier = filter.modifier.as_deref();
        if parameter.kind == Kind::Special || parameter.expression.is_empty() || filter.code == PHONETIC {
            return open("what the parameter means is not defined by its expression and type");
        }
        if modifier == Some("missing") {
            return self.missing(&parameter.expression, &filter.value);
        }
        let test = Test::of(self, &parameter, modifier, filter.values())?;
        let found = test.found(self, &parameter.expression, &focus);
        if modifier == Some("not") { found.map(|holds| !holds) } else { found }
    }

    /// The resource, as expressions see it.
    fn focus(&self) -> Item<'t> {
        Item::node(self.root, self.typing.resource_type(self.root))
    }

    /// Whether the elements of a parameter are missing, or are there.
    fn missing(&self, expression: &str, value: &str) -> Told {
        let wanted = match value {
            "true" => true,
            "false" => false,
            _ => return open("`:missing` has another value than true and false"),
        };
        let program = self.programs.get(expression, self.typing);
        let found = self.items(&program, &self.focus())?;
        let has_content = |item: &Item<'_>| {
            let children = |name: NameId| name != NameId::ID && name != NameId::EXTENSION;
            item.as_node().is_none_or(|n| n.has_value() || n.children().any(|c| children(c.name())))
        };
        if found.items.iter().any(has_content) {
            return Ok(!wanted);
        }
        if found.is_open {
            return open(test::ELSEWHERE);
        }
        if !found.items.is_empty() {
            return open("an element has extensions in place of a value");
        }
        Ok(wanted)
    }
}
