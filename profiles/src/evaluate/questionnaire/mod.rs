//! Responses against their questionnaires: which items there are, how often, enabled or not, and what their answers may be
//! (https://hl7.org/fhir/R4/questionnaireresponse.html#link).

mod answer;
mod bound;
mod enable;
mod item;
mod value;

use super::finding::{Detail, Weight};
use super::walk::Walk;
use crate::instance::{Limits, Node, parse};
use crate::issue::RuleId;

/// A response and its questionnaire. They may stand on different tapes.
struct Form<'t, 'q> {
    response: Node<'t>,
    questionnaire: Node<'q>,
    /// What is missing from a response in progress is not yet an error.
    in_progress: bool,
}

/// The first child of this name.
fn named<'n>(n: Node<'n>, name: &str) -> Option<Node<'n>> {
    n.children().find(|c| c.name_text() == name)
}

/// The children of this name.
fn all_named<'n>(n: Node<'n>, name: &str) -> impl Iterator<Item = Node<'n>> {
    n.children().filter(move |c| c.name_text() == name)
}

/// The text of the first child of this name that has a value.
fn text_of<'n>(n: Node<'n>, name: &str) -> Option<std::borrow::Cow<'n, str>> {
    named(n, name).filter(|c| c.has_value()).map(Node::text)
}

fn is_true(n: Node<'_>, name: &str) -> bool {
    text_of(n, name).is_some_and(|t| t == "true")
}

impl<'t> Walk<'_, 't> {
    /// Judges a QuestionnaireResponse against the questionnaire that it names, where that is contained or known.
    pub fn questionnaire_response(&mut self, n: Node<'t>) {
        let Some(at) = named(n, "questionnaire").filter(|q| q.has_value()) else { return };
        let canonical = at.text();
        if let Some(id) = canonical.strip_prefix('#') {
            let contained = all_named(n, "contained").find(|c| text_of(*c, "id").is_some_and(|i| i == id));
            if let Some(questionnaire) = contained.filter(|q| text_of(*q, "resourceType").is_some_and(|t| t == "Questionnaire")) {
                self.form(n, questionnaire);
            }
            return;
        }
        let Some(text) = self.set.find_content(&canonical, "Questionnaire") else {
            self.find(RuleId::QUESTIONNAIRE_UNKNOWN, Weight::Note, at, &[], Detail::Text(canonical.into_owned()));
            return;
        };
        let tape = parse(text.as_bytes(), self.model().names(), &Limits::default());
        if let Some(questionnaire) = tape.root().filter(|_| !tape.is_fatal()) {
            self.form(n, questionnaire);
        }
    }

    fn form(&mut self, response: Node<'t>, questionnaire: Node<'_>) {
        let in_progress = text_of(response, "status").is_some_and(|s| s == "in-progress");
        let form = Form { response, questionnaire, in_progress };
        self.items(&form, questionnaire, response);
    }
}
