//! One answer: its type, and whether it is among the options of its question.

use super::super::finding::{Detail, Weight};
use super::super::truth::Truth;
use super::super::walk::Walk;
use super::value::{choice, equal, extension, extensions, is_coding};
use super::{all_named, text_of};
use crate::instance::Node;
use crate::issue::RuleId;

/// The types that the answers to a question of this kind may have, as the element's name writes them.
fn types(kind: &str) -> &'static [&'static str] {
    match kind {
        "boolean" => &["Boolean"],
        "decimal" => &["Decimal"],
        "integer" => &["Integer"],
        "date" => &["Date"],
        "dateTime" => &["DateTime"],
        "time" => &["Time"],
        "string" | "text" => &["String"],
        "url" => &["Uri"],
        "attachment" => &["Attachment"],
        "reference" => &["Reference"],
        "quantity" => &["Quantity"],
        "choice" => &["Coding"],
        "open-choice" => &["Coding", "String"],
        _ => &[],
    }
}

impl<'t> Walk<'_, 't> {
    /// Judges an answer by itself.
    pub(super) fn answer(&mut self, definition: Node<'_>, kind: &str, answer: Node<'t>) {
        let Some((value, found)) = choice(answer, "value") else { return };
        let options: Vec<Node<'_>> = all_named(definition, "answerOption").collect();
        let choosing = matches!(kind, "choice" | "open-choice");
        let of_option = choosing && options.iter().any(|o| choice(*o, "value").is_some_and(|(_, k)| k == found));
        if !types(kind).contains(&found) && !of_option {
            self.error(RuleId::QUESTIONNAIRE_TYPE, value, &[], Detail::Text(kind.to_owned()));
            return;
        }
        let free = kind == "open-choice" && found == "String";
        if !options.is_empty() && !free {
            self.option(&options, answer, value, found);
        }
        if let Some(set) = text_of(definition, "answerValueSet").filter(|_| !free) {
            self.in_value_set(&set, answer, value, found);
        }
        self.answer_bounds(definition, answer, value, found);
        match found {
            "Quantity" => self.unit(definition, value),
            "Reference" => self.answer_target(definition, value),
            _ => {}
        }
    }

    fn option(&mut self, options: &[Node<'_>], answer: Node<'t>, value: Node<'t>, found: &str) {
        let all = options.iter().filter_map(|o| choice(*o, "value")).filter(|(_, k)| *k == found);
        if Truth::any(all.map(|(o, _)| equal(value, o, found))) == Truth::False {
            let at = if found == "Coding" { answer } else { value };
            self.error(RuleId::QUESTIONNAIRE_OPTION, at, &[], Detail::Text(shown(value)));
        }
    }

    fn in_value_set(&mut self, canonical: &str, answer: Node<'t>, value: Node<'t>, found: &str) {
        let set = if canonical.starts_with('#') { None } else { self.set.find_value_set(canonical, None) };
        let Some(set) = set else {
            self.find(RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, Weight::Note, answer, &[], Detail::Text(canonical.to_owned()));
            return;
        };
        let (truth, at) = match found {
            "Coding" => (self.model().find("Coding").map_or(Truth::Unknown, |t| self.member(value, t, Some(set))), answer),
            _ => (self.code_in(&value.text(), set), value),
        };
        match truth {
            Truth::True => {}
            Truth::False => self.error(RuleId::QUESTIONNAIRE_OPTION, at, &[], Detail::Text(shown(value))),
            Truth::Unknown => self.find(RuleId::QUESTIONNAIRE_OPTION_UNDECIDED, Weight::Question, at, &[], Detail::Text(shown(value))),
        }
    }

    /// The unit of a quantity is one of those that the question offers.
    fn unit(&mut self, definition: Node<'_>, value: Node<'t>) {
        let (system, code) = (text_of(value, "system"), text_of(value, "code"));
        let mut offered = extensions(definition, "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption").peekable();
        if offered.peek().is_some() && !code.as_deref().is_some_and(|c| offered.any(|o| is_coding(o, system.as_deref(), c))) {
            self.error(RuleId::QUESTIONNAIRE_OPTION, value, &[], Detail::Text(shown(value)));
        }
        let Some(canonical) = extension(definition, "http://hl7.org/fhir/StructureDefinition/questionnaire-unitValueSet").map(Node::text) else { return };
        let Some(set) = self.set.find_value_set(&canonical, None) else { return };
        let truth = match code {
            Some(_) => self.model().find("Quantity").map_or(Truth::Unknown, |t| self.member(value, t, Some(set))),
            None => Truth::False,
        };
        if truth == Truth::False {
            self.error(RuleId::QUESTIONNAIRE_OPTION, value, &[], Detail::Text(shown(value)));
        }
    }

    /// A reference leads to one of the resource types that the question takes.
    fn answer_target(&mut self, definition: Node<'_>, value: Node<'t>) {
        let wanted: Vec<_> = extensions(definition, "http://hl7.org/fhir/StructureDefinition/questionnaire-referenceResource").map(Node::text).collect();
        let Some(found) = text_of(value, "reference").and_then(|r| self.type_in(&r)).filter(|_| !wanted.is_empty()) else { return };
        let name = self.model().type_name(found);
        if !wanted.iter().any(|w| w == name) {
            self.error(RuleId::QUESTIONNAIRE_TYPE, value, &[], Detail::Text(name.to_owned()));
        }
    }
}

/// A value for a text.
fn shown(value: Node<'_>) -> String {
    match text_of(value, "code") {
        Some(code) => format!("{}#{code}", text_of(value, "system").unwrap_or_default()),
        None => value.text().into_owned(),
    }
}
