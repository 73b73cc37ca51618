//! Questionnaires and responses to them: which items there are, how often, enabled or not, and what their answers may
//! be (<https://hl7.org/fhir/R4/questionnaireresponse.html#link>).
//!
//! Both are read once into lists, so that each look-up costs the same however many items there are. Work that grows
//! with answers and options together is counted as visits of nodes are.

mod answer;
mod bound;
mod condition;
mod derived;
mod enable;
mod form;
mod item;
mod parts;
mod text;
mod value;

use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;

pub(super) use answer::answer_types;
pub use condition::conditions;
pub use derived::derived;
use form::Form;
use parts::Parts;
pub use text::{EXAMPLES, MESSAGES};

use crate::fhirpath::{Precision, Temporal};
use crate::instance::{Limits, Node, parse};
use crate::issue::RuleId;
use crate::judge::{Detail, Frame, Judge, Place, Target, Truth, Weight};
use crate::model::Role;

/// A response with its questionnaire. They may be on different tapes.
struct Sheet<'q, 't> {
    form: Form<'q>,
    parts: Parts<'t>,
    frame: Frame<'t>,
    /// The response is in progress, or was given up: what is missing is no error
    /// (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.required>).
    is_partial: bool,
    /// Results so far.
    memory: RefCell<Memory<'q>>,
}

#[derive(Default)]
struct Memory<'q> {
    enabled: enable::Known,
    options: answer::Known<'q>,
}

/// The first child of this name.
pub(super) fn named<'n>(n: Node<'n>, name: &str) -> Option<Node<'n>> {
    n.children().find(|c| c.name_text() == name)
}

/// The children of this name.
pub(super) fn all_named<'n>(n: Node<'n>, name: &'static str) -> impl Iterator<Item = Node<'n>> {
    n.children().filter(move |c| c.name_text() == name)
}

/// The text of the first child of this name, where it has a value.
pub(super) fn text_of<'n>(n: Node<'n>, name: &str) -> Option<Cow<'n, str>> {
    named(n, name).filter(|c| c.has_value()).map(Node::text)
}

/// Whether any of these is true, each a step of work.
fn any<'t, T>(j: &mut Judge<'_, 't>, at: Node<'t>, all: impl Iterator<Item = T>, holds: impl Fn(T) -> Truth) -> Truth {
    let mut any = Truth::False;
    for one in all {
        if !j.step(at) {
            return Truth::Unknown;
        }
        any = any.or(holds(one));
        if any == Truth::True {
            break;
        }
    }
    any
}

/// Judges a QuestionnaireResponse by the questionnaire that it names, where that is contained or known.
pub fn response<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let Some(name) = named(at.node, "questionnaire") else {
        return j.find(RuleId::QUESTIONNAIRE_UNKNOWN, Weight::Note, at.node, &[], || Detail::None);
    };
    // Before R4 it is a Reference.
    let name = if name.has_value() { Some(name) } else { named(name, "reference").filter(|r| r.has_value()) };
    let Some(name) = name else { return };
    let canonical = name.text();
    if canonical.starts_with('#') {
        let model = j.model();
        match j.resolve_text(&canonical, at.node, at.frame) {
            Target::Found(q) if model.role(model.resource_type(q)) == Role::Questionnaire => sheet(j, at, q),
            _ => unknown(j, name),
        }
        return;
    }
    let set = j.set;
    let Some(text) = set.find_content(&canonical, "Questionnaire") else {
        unknown(j, name);
        return;
    };
    let tape = parse(text.as_bytes(), set.model().names(), &Limits::default());
    match tape.root().filter(|_| !tape.is_fatal()) {
        Some(questionnaire) => sheet(j, at, questionnaire),
        None => unknown(j, name),
    }
}

fn unknown<'t>(j: &mut Judge<'_, 't>, name: Node<'t>) {
    j.question(RuleId::QUESTIONNAIRE_UNKNOWN, name, &[], || Detail::Text(name.text().into_owned()));
}

fn sheet<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, questionnaire: Node<'_>) {
    in_effect(j, at.node, questionnaire);
    of_subject(j, at, questionnaire);
    let form = Form::new(questionnaire);
    let parts = Parts::new(at.node, &form);
    let partial = ["in-progress", "stopped", "entered-in-error"];
    let is_partial = text_of(at.node, "status").is_some_and(|s| partial.contains(&&*s));
    let sheet = Sheet { form, parts, frame: *at.frame, is_partial, memory: RefCell::default() };
    item::items(j, &sheet, form::ROOT, parts::ROOT);
}

/// The subject of a response is of a type that its questionnaire is about, where the reference shows its type.
fn of_subject<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>, questionnaire: Node<'_>) {
    let Some(subject) = named(at.node, "subject").filter(|_| named(questionnaire, "subjectType").is_some()) else {
        return;
    };
    let model = j.model();
    let found = match j.resolve(subject, at.frame) {
        Target::Found(resource) => model.resource_type(resource),
        Target::Typed(t) => t,
        Target::Missing | Target::Unknown => return,
    };
    let name = model.type_name(found);
    let mut wanted = all_named(questionnaire, "subjectType").filter(|t| t.has_value());
    if found.is_known() && !wanted.any(|t| t.text() == name) {
        j.find(RuleId::QUESTIONNAIRE_SUBJECT, Weight::Warning, subject, &[], || Detail::Text(name.to_owned()));
    }
}

/// A response was written while its questionnaire was in effect, as far as the dates tell.
fn in_effect<'t>(j: &mut Judge<'_, 't>, response: Node<'t>, questionnaire: Node<'_>) {
    let (Some(authored), Some(period)) = (named(response, "authored"), named(questionnaire, "effectivePeriod")) else {
        return;
    };
    let read = |n: Node<'_>| Temporal::date_time(&n.text());
    let bound = |name: &str| named(period, name).and_then(read);
    let Some(at) = read(authored) else { return };
    let early = bound("start").is_some_and(|start| at.compare(start) == Some(Ordering::Less));
    let late = bound("end").is_some_and(|end| {
        let end_in_days = at.to_date().filter(|_| end.precision <= Precision::Day).unwrap_or(at);
        end_in_days.compare(end) == Some(Ordering::Greater)
    });
    if early || late {
        j.find(RuleId::QUESTIONNAIRE_PERIOD, Weight::Warning, authored, &[], || {
            Detail::Text(authored.text().into_owned())
        });
    }
}
